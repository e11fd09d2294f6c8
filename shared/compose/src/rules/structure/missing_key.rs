//! CY205: a mapping without a key that it cannot do without.

use composeyard_yaml::NodeId;

use super::{Pair, Walk};
use crate::Severity;
use crate::facts::Object;
use crate::{rules::Rule, words::article};

pub(super) static RULE: Rule = Rule {
    code: "CY205",
    name: "missing-key",
    severity: Severity::Error,
    what: "A key is missing that this mapping cannot do without.",
    why: "Compose refuses the file.",
    how: "Add the key.",
    link: "https://docs.docker.com/reference/compose-file/services/",
    example: "services:\n  app:\n    image: myapp:1.0\n    depends_on:\n      db:\n        restart: true\n  db:\n    image: postgres:17\n    volumes:\n      - data:/var/lib/postgresql/data\nvolumes:\n  data:\n",
    good: "services:\n  app:\n    image: myapp:1.0\n    depends_on:\n      db:\n        condition: service_started\n        restart: true\n  db:\n    image: postgres:17\n    volumes:\n      - data:/var/lib/postgresql/data\nvolumes:\n  data:\n",
};

impl<'a> Walk<'a> {
    pub(super) fn missing_keys(&mut self, id: NodeId, object: &'static Object, pairs: &[Pair<'a>]) {
        for key in object.keys.iter().filter(|key| key.required) {
            if pairs.iter().any(|pair| pair.name == key.name) {
                continue;
            }
            let message = format!("{} needs the key `{}`", article(object.name), key.name);
            let words = key.shape.scalar().map_or(&[][..], |scalar| scalar.meaning.words());
            let choices = match words {
                [] => String::new(),
                words => format!(" One of: `{}`.", words.join("`, `")),
            };
            let span = pairs
                .first()
                .map_or_else(|| self.document.node(id).span, |pair| self.document.node(pair.key).span);
            let path = if self.path.is_empty() {
                key.name.to_owned()
            } else {
                format!("{}.{}", self.path, key.name)
            };
            let finding = RULE.at(self.file, span, &path, message).with_help(format!("{}{choices}", key.doc));
            self.report(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn a_dependency_in_long_form_must_say_what_to_wait_for() {
        let text = "services:\n  app:\n    image: a:1\n    depends_on:\n      db:\n        restart: true\n";
        assert_eq!(
            check(text),
            ["CY205 services.app.depends_on.db.condition: A dependency needs the key `condition`"]
        );
    }

    #[test]
    fn a_key_that_a_merge_brings_is_not_missing() {
        let text = "x-wait: &wait\n  condition: service_healthy\nservices:\n  app:\n    image: a:1\n    depends_on:\n      db:\n        <<: *wait\n        restart: true\n";
        assert!(check(text).is_empty());
    }
}
