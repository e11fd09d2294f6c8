//! CY309: a number in the environment or a label that arrives as another text.

use std::collections::BTreeMap;

use crate::{Diagnostic, Severity};

use super::context::join;
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
    for (name, service) in &project.services {
        let mut look = |key: &str, variable: &str, arrives: &str| {
            let steps = ["services", name.as_str(), key, variable];
            findings.extend(changed(context, &steps, arrives));
        };
        for (variable, value) in &service.environment {
            if let Some(value) = value {
                look("environment", variable, value);
            }
        }
        each(&service.labels, |label, value| look("labels", label, value));
        each(&service.annotations, |label, value| look("annotations", label, value));
        if let Some(build) = &service.build {
            for (argument, value) in &build.args {
                if let Some(value) = value {
                    look("build.args", argument, value);
                }
            }
        }
    }
}

fn each(map: &BTreeMap<String, String>, mut look: impl FnMut(&str, &str)) {
    map.iter().for_each(|(key, value)| look(key, value));
}

fn changed(context: &Context<'_>, steps: &[&str], arrives: &str) -> Option<Diagnostic> {
    let written = context.written(&join(steps))?;
    let looks_like_a_number = written.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
        && written.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-._".contains(&b));
    if written == arrives || !looks_like_a_number {
        return None;
    }
    let place = context.value(&join(steps))?;
    let message = format!("`{written}` arrives as `{arrives}`");
    Some(
        context
            .finding(&RULE, steps, message)
            .with_help(
                "Without quotes YAML reads it as a number and writes it anew. Quotes keep it as it is.",
            )
            .with_edit("Put it in quotes", place.span, format!("\"{written}\"")),
    )
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
