//! CY308: a port mapping that older YAML readers take for a time of day.

use composeyard_yaml::{Kind, Style};

use crate::{Diagnostic, Severity};

use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY308",
    name: "yaml-time-port",
    severity: Severity::Hint,
    what: "A port mapping without quotes can be read as a number in base 60.",
    why: "Current Compose reads it as text, but YAML 1.1 readers (older Compose, many editors and scripts) make `2222:22` the number 133342.",
    how: "Put port mappings in quotes.",
    link: "https://docs.docker.com/reference/compose-file/services/#ports",
    example: "services:\n  git:\n    image: gitea/gitea:1.22\n    ports:\n      - 2222:22\n",
    good: "services:\n  git:\n    image: gitea/gitea:1.22\n    ports:\n      - \"2222:22\"\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (source, document) in context.documents() {
        let Some(services) = document.at(&["services"]) else { continue };
        let Kind::Mapping(services) = &document.node(document.resolve(services)).kind else { continue };
        for service in services {
            let name = document.text(service.key).unwrap_or_default();
            let Some(ports) = document.entry(service.value, "ports") else { continue };
            let Kind::Sequence(items) = &document.node(document.resolve(ports.value)).kind else { continue };
            for (index, item) in items.iter().enumerate() {
                let node = document.node(*item);
                let Kind::Scalar(text) = &node.kind else { continue };
                if node.style == Style::Plain && is_base_60(text) {
                    let path = format!("services.{name}.ports[{index}]");
                    let message = format!("`{text}` without quotes can be read as a number");
                    let finding = RULE
                        .at(&source.name, node.span(), &path, message)
                        .with_help("YAML 1.1 readers take digits with colons for base 60, as in 20:30:00. Quotes make it text everywhere.")
                        .with_edit("Put it in quotes", node.span(), format!("\"{text}\""));
                    findings.push(finding);
                }
            }
        }
    }
}

/// `[1-9][0-9]*(:[0-5]?[0-9])+`
fn is_base_60(text: &str) -> bool {
    let mut parts = text.split(':');
    let first = parts.next().unwrap_or_default();
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let rest: Vec<&str> = parts.collect();
    digits(first)
        && !first.starts_with('0')
        && !rest.is_empty()
        && rest.iter().all(|part| digits(part) && part.len() <= 2 && part.parse::<u8>().is_ok_and(|n| n < 60))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{fixed, found};

    fn port(port: &str) -> String {
        format!("services:\n  git:\n    image: git:1\n    ports:\n      - {port}\n")
    }

    #[test]
    fn a_mapping_that_could_be_a_time_wants_quotes() {
        assert_eq!(
            found(&port("2222:22")),
            ["CY308 services.git.ports[0]: `2222:22` without quotes can be read as a number"]
        );
        assert_eq!(fixed(&port("2222:22")), port("\"2222:22\""));
    }

    #[test]
    fn other_mappings_do_not_need_them() {
        for mapping in ["8080:80", "\"2222:22\"", "22", "127.0.0.1:2222:22", "2222:22/tcp"] {
            assert!(found(&port(mapping)).is_empty(), "{mapping}");
        }
    }
}
