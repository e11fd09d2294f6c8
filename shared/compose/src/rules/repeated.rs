//! One mistake, one finding. The loader stumbles over much that the structural check and the rules explain better.

use std::collections::{BTreeMap, HashSet};

use crate::facts::SERVICE;
use crate::{Diagnostic, Severity};

/// What the loader says about a value that the structural check has already explained.
const MISFITS: [&str; 10] =
    ["CY013", "CY020", "CY022", "CY023", "CY026", "CY027", "CY040", "CY045", "CY071", "CY072"];

/// What the loader says as well as a rule, which also offers a fix.
const SAME: [(&str, &str); 1] = [("CY118", "CY303")];

/// Sorts findings by file, place and code and leaves out what says the same twice.
pub(super) fn without(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    findings.sort_by(|a, b| (&a.file, a.span, &a.code).cmp(&(&b.file, b.span, &b.code)));
    findings
        .dedup_by(|a, b| (&a.file, a.span, &a.code, &a.message) == (&b.file, b.span, &b.code, &b.message));
    let structural = findings.iter().filter(|finding| finding.code.starts_with("CY2"));
    let spans: HashSet<_> = structural.clone().map(|f| (f.file.clone(), f.span)).collect();
    let paths: HashSet<_> = structural.map(|f| (f.file.clone(), f.path.clone())).collect();
    let incomplete: HashSet<_> = findings.iter().filter_map(incomplete).map(str::to_owned).collect();
    let unread = findings.iter().any(|finding| matches!(finding.code.as_str(), "CY001" | "CY015"));
    let told: HashSet<_> = findings.iter().map(|f| (f.code.clone(), f.path.clone())).collect();
    findings.retain(|finding| {
        let code = finding.code.as_str();
        let misfit = MISFITS.contains(&code)
            && (spans.contains(&(finding.file.clone(), finding.span))
                || paths.contains(&(finding.file.clone(), finding.path.clone())));
        let same = SAME.iter().any(|(loader, rule)| {
            *loader == code && told.contains(&((*rule).to_owned(), finding.path.clone()))
        });
        // A service with a misspelt `image` has not forgotten it, and a file that cannot be read is not empty.
        let follows = (code == "CY110" && incomplete.contains(&finding.path)) || (code == "CY009" && unread);
        !misfit && !same && !follows
    });
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    let broken: BTreeMap<String, String> =
        errors.filter_map(|f| Some((f.path.clone(), broken_key(&f.path)?))).collect();
    let broken_keys: HashSet<&str> = broken.values().map(String::as_str).collect();
    findings.retain(|finding| !is_guess(finding, &broken, &broken_keys));
    findings
}

/// The path of what lacks something by another mistake: a misspelt key, a value of a wrong type, a base or an anchor
/// that is not there.
fn incomplete(finding: &Diagnostic) -> Option<&str> {
    let (parent, last) = finding.path.rsplit_once('.')?;
    match finding.code.as_str() {
        "CY003" if last != "<<" => Some(&finding.path),
        "CY003" | "CY201" => Some(parent),
        "CY202" | "CY208" if matches!(last, "image" | "build") => Some(parent),
        "CY202" | "CY208" => Some(&finding.path),
        _ => (last == "extends").then_some(parent),
    }
}

/// The key of a service that an error lies below: the `ports` of `services.app.ports[0]`.
fn broken_key(path: &str) -> Option<String> {
    path.strip_prefix("services.")?.split(['.', '[']).nth(1).map(str::to_owned)
}

/// True for "nobody uses it" where a mistake may hide the use: in a list that could not be read, under a key that is
/// not known.
fn is_guess(finding: &Diagnostic, broken: &BTreeMap<String, String>, broken_keys: &HashSet<&str>) -> bool {
    let may_hide = |key: &str, section: &str| key == section || SERVICE.key(key).is_none();
    match finding.code.as_str() {
        "CY307" => {
            let owner = finding.path.trim_end_matches(".image");
            let below = broken.range(owner.to_owned()..).take_while(|(path, _)| path.starts_with(owner));
            below.into_iter().any(|(_, key)| may_hide(key, "volumes"))
        }
        "CY315" => {
            let section = finding.path.split('.').next().unwrap_or_default();
            broken_keys.iter().any(|key| may_hide(key, section))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::checked;

    #[test]
    fn a_wrong_type_is_told_once() {
        for line in ["ports: 80", "tty: maybe", "scale: two", "mem_limit: lots", "stop_grace_period: 5x"] {
            let findings = checked(&format!("services:\n  app:\n    image: a:1\n    {line}\n"));
            assert_eq!(findings.len(), 1, "{line}: {findings:#?}");
            assert!(findings[0].code.starts_with("CY2"), "{findings:#?}");
        }
    }

    #[test]
    fn what_the_loader_and_a_rule_both_see_is_told_by_the_rule() {
        for (lines, code) in [("container_name: one\n    scale: 2", "CY303"), ("command: a && b", "CY316")] {
            let findings = checked(&format!("services:\n  app:\n    image: a:1\n    {lines}\n"));
            let codes: Vec<_> = findings.iter().map(|finding| finding.code.as_str()).collect();
            assert_eq!(codes, [code]);
        }
    }

    #[test]
    fn nothing_is_called_unused_where_a_mistake_may_hide_its_use() {
        for line in ["volumes: data:/data", "volumez: [data:/var/lib/postgresql/data]"] {
            let text = format!("services:\n  db:\n    image: postgres:17\n    {line}\nvolumes:\n  data:\n");
            let codes: Vec<_> = checked(&text).into_iter().map(|finding| finding.code).collect();
            assert_eq!(codes.len(), 1, "{codes:?}");
        }
    }

    #[test]
    fn what_follows_from_another_mistake_is_not_told() {
        for (text, code) in [
            ("services:\n  app:\n    imgae: a:1\n", "CY201"),
            ("services:\n  app: a:1\n", "CY202"),
            ("services:\n  app:\n", "CY208"),
            ("services:\n  app:\n    image:\n", "CY208"),
            ("services:\n  app:\n    extends: base\n", "CY041"),
            ("services:\n  app: *none\n", "CY003"),
            ("services:\n  app:\n    <<: *none\n", "CY003"),
            ("- a\n", "CY015"),
            ("services:\n  app: \"\n", "CY001"),
        ] {
            let codes: Vec<_> = checked(text).into_iter().map(|finding| finding.code).collect();
            assert_eq!(codes, [code], "{text}");
        }
    }
}
