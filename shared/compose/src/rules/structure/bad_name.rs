//! CY204: the name of a service, network, volume, secret or config that nobody can use.

use super::{Pair, Walk};
use crate::Severity;
use crate::rules::Rule;

pub(super) static RULE: Rule = Rule {
    code: "CY204",
    name: "invalid-name",
    severity: Severity::Error,
    what: "The name of a service, network, volume, secret, config or model has a character it may not have.",
    why: "Names become parts of container names, host names and file names.",
    how: "Use letters, digits, dots, hyphens and underscores only.",
    link: "https://docs.docker.com/reference/compose-file/services/",
    example: "services:\n  my app:\n    image: nginx:1.27\n",
    good: "services:\n  my-app:\n    image: nginx:1.27\n",
};

impl<'a> Walk<'a> {
    pub(super) fn bad_name(&mut self, pair: &Pair<'a>) {
        let span = self.key_span(pair);
        let (message, help) = match pair.name {
            "" => ("a name is missing here".to_owned(), "Write a name before the colon."),
            name => (
                format!("`{name}` is not a valid name"),
                "Names take letters, digits, dots, hyphens and underscores.",
            ),
        };
        let mut finding = RULE.at(self.file, span, &self.path, message).with_help(help);
        let mended = mend(pair.name);
        if !mended.is_empty() {
            finding = finding.with_edit(format!("Rename to `{mended}`"), span, mended);
        }
        self.report(finding);
    }
}

fn mend(name: &str) -> String {
    let dashed = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
    name.trim().chars().map(dashed).collect::<String>().trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, fixed};

    #[test]
    fn a_space_in_a_service_name_is_refused_and_can_be_mended() {
        let text = "services:\n  my app:\n    image: nginx:1.27\n";
        assert_eq!(check(text), ["CY204 services.my app: `my app` is not a valid name"]);
        assert_eq!(fixed(text), "services:\n  my-app:\n    image: nginx:1.27\n");
    }

    #[test]
    fn labels_and_variables_have_a_name() {
        let text = "services:\n  app:\n    image: nginx:1.27\n    labels:\n      \"\": 1\n";
        assert_eq!(check(text), ["CY204 services.app.labels.: a name is missing here"]);
    }

    #[test]
    fn environment_variables_may_be_called_anything() {
        let text = "services:\n  app:\n    image: nginx:1.27\n    environment:\n      my var: 1\n";
        assert!(check(text).is_empty());
    }
}
