//! CY310: `restart: no` without quotes.

use composeyard_yaml::{Kind, Style};

use crate::{Diagnostic, Severity};

use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY310",
    name: "unquoted-no",
    severity: Severity::Hint,
    what: "`restart: no` stands without quotes.",
    why: "YAML 1.1 readers (older Compose, many editors and scripts) take `no` for false, which is no restart policy.",
    how: "Write `restart: \"no\"`.",
    link: "https://docs.docker.com/reference/compose-file/services/#restart",
    example: "services:\n  job:\n    image: myjob:1.0\n    restart: no\n",
    good: "services:\n  job:\n    image: myjob:1.0\n    restart: \"no\"\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (source, document) in context.documents() {
        let Some(services) = document.at(&["services"]) else { continue };
        let Kind::Mapping(services) = &document.node(document.resolve(services)).kind else { continue };
        for service in services {
            let Some(restart) = document.entry(service.value, "restart") else { continue };
            let node = document.node(restart.value);
            if node.style == Style::Plain && node.kind == Kind::Scalar("no".into()) {
                let path = format!("services.{}.restart", document.text(service.key).unwrap_or_default());
                let finding = RULE
                    .at(&source.name, node.span(), &path, "`no` without quotes can be read as false")
                    .with_help("Current Compose reads it as text; YAML 1.1 readers do not. Quotes make it text everywhere.")
                    .with_edit("Put it in quotes", node.span(), "\"no\"");
                findings.push(finding);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{fixed, found};

    #[test]
    fn no_wants_quotes() {
        let text = "services:\n  job:\n    image: a:1\n    restart: no\n";
        assert_eq!(found(text), ["CY310 services.job.restart: `no` without quotes can be read as false"]);
        assert_eq!(fixed(text), "services:\n  job:\n    image: a:1\n    restart: \"no\"\n");
    }

    #[test]
    fn quotes_and_other_policies_are_fine() {
        assert!(found("services:\n  a:\n    image: a:1\n    restart: 'no'\n  b:\n    image: a:1\n    restart: always\n").is_empty());
    }
}
