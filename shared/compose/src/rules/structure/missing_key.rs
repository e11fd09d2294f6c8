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
                .map_or_else(|| self.document.node(id).span(), |pair| self.document.node(pair.key).span());
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
    use crate::rules::tests::{checked_files, codes};

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

    /// The codes of two files merged.
    fn merged(base: &str, over: &str) -> Vec<String> {
        codes(&checked_files(&[("a.yaml", base), ("b.yaml", over)], &["a.yaml", "b.yaml"]))
    }

    #[test]
    fn an_earlier_file_may_give_the_key_and_a_later_one_may_not() {
        let wait = |line: &str| {
            format!(
                "services:\n  app:\n    image: a:1\n    depends_on:\n      job:\n        {line}\n  job:\n    image: b:1\n"
            )
        };
        let (whole, rest) =
            (wait("condition: service_started"), wait("restart: true").replace("    image: a:1\n", ""));
        let rest = rest.replace("  job:\n    image: b:1\n", "");
        assert!(merged(&whole, &rest).is_empty(), "{:?}", merged(&whole, &rest));
        assert_eq!(merged(&wait("restart: true"), &wait("condition: service_started"))[0], "CY205");
    }

    #[test]
    fn a_key_left_empty_keeps_what_an_earlier_file_gives() {
        let base = "services:\n  app:\n    image: a:1\n    ports: [\"80\"]\n";
        assert!(merged(base, "services:\n  app:\n    ports:\n").is_empty());
        assert_eq!(merged(base, "services:\n  app:\n    expose:\n"), ["CY208"]);
    }

    #[test]
    fn files_together_may_not_repeat_an_item() {
        let group = |item: &str| format!("services:\n  app:\n    image: a:1\n    group_add: [{item}]\n");
        assert!(merged(&group("audio"), &group("audio")).contains(&"CY033".to_owned()));
        assert!(!merged(&group("audio"), &group("video")).contains(&"CY033".to_owned()));
        assert!(!merged(&group("1"), &group("\"1\"")).contains(&"CY033".to_owned()));
    }
}
