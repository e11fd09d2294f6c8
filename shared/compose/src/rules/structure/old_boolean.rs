//! CY207: `yes` and `off` for true and false.

use composeyard_yaml::NodeId;

use super::Walk;
use crate::Severity;
use crate::rules::Rule;

pub(super) static RULE: Rule = Rule {
    code: "CY207",
    name: "old-boolean",
    severity: Severity::Warning,
    what: "`yes`, `no`, `on` or `off` stands for true or false.",
    why: "YAML 1.2 reads these words as text. Compose still understands them and warns; other tools do not.",
    how: "Write `true` or `false`.",
    link: "https://yaml.org/spec/1.2.2/#1032-tag-resolution",
    example: "services:\n  app:\n    image: nginx:1.27\n    init: yes\n",
    good: "services:\n  app:\n    image: nginx:1.27\n    init: true\n",
};

/// What an old word stands for.
pub(super) fn meant(text: &str) -> Option<&'static str> {
    match text.to_ascii_lowercase().as_str() {
        "y" | "yes" | "on" => Some("true"),
        "n" | "no" | "off" => Some("false"),
        _ => None,
    }
}

impl Walk<'_> {
    pub(super) fn old_boolean(&mut self, id: NodeId, text: &str, meant: &'static str) {
        let span = self.document.node(id).span();
        let finding = RULE
            .at(self.file, span, &self.path, format!("`{text}` is an old word for `{meant}`"))
            .with_help("YAML 1.2 knows `true` and `false` only.")
            .with_edit(format!("Change to `{meant}`"), span, meant);
        self.report(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, fixed, service};

    #[test]
    fn an_old_word_is_replaced() {
        let text = service("init: yes");
        assert_eq!(check(&text), ["CY207 services.app.init: `yes` is an old word for `true`"]);
        assert_eq!(fixed(&text), service("init: true"));
    }
}
