//! The corpus's labels of errors, and the codes that say the same.

const KIND: &[&str] = &["CY006", "CY013", "CY015", "CY020", "CY026", "CY202", "CY203", "CY206", "CY208"];

const CLASSES: [(&str, &[&str]); 28] = [
    ("bad-ip", &["CY063", "CY073"]),
    ("bad-value", KIND),
    ("bad-volume", &["CY024"]),
    ("container-name-conflict", &["CY118", "CY122"]),
    ("dependency-cycle", &["CY106"]),
    ("empty-file", &["CY009"]),
    ("external-conflict", &["CY060", "CY067", "CY068"]),
    ("extends-cycle", &["CY042"]),
    ("file-not-found", &["CY008", "CY009", "CY050", "CY051"]),
    ("include-cycle", &["CY046"]),
    ("missing-property", &["CY020", "CY066", "CY205"]),
    ("missing-value-source", &["CY062", "CY121"]),
    ("mount-conflict", &["CY120"]),
    ("mutually-exclusive", &["CY061", "CY064", "CY111", "CY113", "CY115"]),
    ("no-image-no-build", &["CY110"]),
    ("non-string-key", &["CY006"]),
    ("out-of-range", &["CY020", "CY023", "CY024", "CY026", "CY116", "CY203", "CY206"]),
    ("platform-mismatch", &["CY112"]),
    ("project-name", &["CY030"]),
    ("undefined-config", &["CY105"]),
    ("undefined-network", &["CY102"]),
    ("undefined-secret", &["CY104"]),
    ("undefined-service", &["CY041", "CY101", "CY108", "CY109"]),
    ("undefined-volume", &["CY103"]),
    ("unknown-property", &["CY020", "CY201"]),
    ("watch-target", &["CY119"]),
    ("wrong-type", KIND),
    ("yaml", &["CY001", "CY002", "CY003", "CY004", "CY005", "CY007"]),
];

/// One of these codes says what the label says. Labels that the table lacks take any code.
pub fn is_of_class(class: &str, codes: &[&str]) -> Result<(), String> {
    match CLASSES.iter().find(|(label, _)| *label == class) {
        Some((_, fitting)) if !codes.iter().any(|code| fitting.contains(code)) => {
            Err(format!("refused with {codes:?}, which do not say {class}"))
        }
        _ => Ok(()),
    }
}
