//! CY309: a number in the environment or a label that arrives as another text.

use crate::load::tree::Value;
use crate::{Diagnostic, Severity};

use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY309",
    name: "changed-number",
    severity: Severity::Warning,
    what: "A variable or label without quotes is read as a number and arrives as another text.",
    why: "`1.10` becomes `1.1`, `0123` becomes `83`, `0x10` becomes `16`, `1e6` becomes `1e+06`.",
    how: "Put the value in quotes.",
    link: "https://docs.docker.com/reference/compose-file/services/#environment",
    example: "services:\n  app:\n    image: myapp:1.0\n    environment:\n      API_VERSION: 1.10\n",
    good: "services:\n  app:\n    image: myapp:1.0\n    environment:\n      API_VERSION: \"1.10\"\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(project) = context.project() else { return };
    let Some(services) = context.loaded.origins.value("services") else { return };
    for (name, service) in &project.services {
        let Some(written) = services.get(name.as_str()) else { continue };
        let environment = |key: &str| service.environment.get(key)?.as_deref();
        findings.extend(changed(context, &["services", name.as_str(), "environment"], written, environment));
        let label = |key: &str| service.labels.get(key).map(String::as_str);
        findings.extend(changed(context, &["services", name.as_str(), "labels"], written, label));
        let annotation = |key: &str| service.annotations.get(key).map(String::as_str);
        findings.extend(changed(context, &["services", name.as_str(), "annotations"], written, annotation));
        if let (Some(build), Some(written)) = (&service.build, written.get("build")) {
            let argument = |key: &str| build.args.get(key)?.as_deref();
            findings.extend(changed(
                context,
                &["services", name.as_str(), "build", "args"],
                written,
                argument,
            ));
        }
    }
}

/// The numbers in one mapping of texts, which stands under the last of the steps, that arrive as something else.
fn changed<'a>(
    context: &Context<'_>,
    steps: &[&str],
    parent: &Value,
    arrives: impl Fn(&str) -> Option<&'a str>,
) -> Vec<Diagnostic> {
    let texts = steps.last().and_then(|key| parent.get(key)?.map());
    let found = texts.into_iter().flatten().filter_map(|(key, value)| {
        let (place, written) =
            context.written_at(value).filter(|(_, written)| looks_like_a_number(written))?;
        let arrives = arrives(key).filter(|arrives| *arrives != written)?;
        let steps = [steps, &[key]].concat();
        let finding = context.finding(&RULE, &steps, format!("`{written}` arrives as `{arrives}`"));
        let help = "Without quotes YAML reads it as a number and writes it anew. Quotes keep it as it is.";
        let quoted = format!("\"{written}\"");
        Some(finding.with_help(help).with_edit("Put it in quotes", place.span, quoted))
    });
    found.collect()
}

fn looks_like_a_number(written: &str) -> bool {
    written.starts_with(|c: char| matches!(c, '0'..='9' | '+' | '-' | '.'))
        && written.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-._".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{fixed, found};

    fn value(value: &str) -> String {
        format!("services:\n  app:\n    image: a:1\n    environment:\n      ZIP: {value}\n")
    }

    #[test]
    fn numbers_that_change_are_quoted() {
        for (written, arrives) in [("1.10", "1.1"), ("0123", "83"), ("0x10", "16")] {
            let message = format!("CY309 services.app.environment.ZIP: `{written}` arrives as `{arrives}`");
            assert_eq!(found(&value(written)), [message]);
            assert_eq!(fixed(&value(written)), value(&format!("\"{written}\"")));
        }
    }

    #[test]
    fn what_stays_the_same_is_left_alone() {
        for written in ["8080", "1.5", "\"0123\"", "1.2.3", "yes", "true", "2024-01-01", "-1"] {
            assert!(found(&value(written)).is_empty(), "{written}");
        }
    }

    #[test]
    fn items_of_a_list_are_text_anyway() {
        let text = "services:\n  app:\n    image: a:1\n    environment:\n      - ZIP=0123\n";
        assert!(found(text).is_empty());
    }
}
