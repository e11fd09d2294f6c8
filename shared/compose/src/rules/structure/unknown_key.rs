//! CY201: a key that Compose does not know in this place.

use super::{Pair, Walk};
use crate::facts::{self, Key, Object};
use crate::rules::Rule;
use crate::rules::similar::{closest, likeness};
use crate::{Diagnostic, Severity, words};

pub(super) static RULE: Rule = Rule {
    code: "CY201",
    name: "unknown-key",
    severity: Severity::Error,
    what: "A key is not known in this place: misspelt, indented wrongly, or at home somewhere else.",
    why: "Compose refuses the whole file for one unknown key.",
    how: "Correct the spelling or move the key where it belongs. Notes of your own go into keys that start with `x-`.",
    link: "https://docs.docker.com/reference/compose-file/",
    example: "services:\n  app:\n    imgae: nginx:1.27\n",
    good: "services:\n  app:\n    image: nginx:1.27\n",
};

/// Words that people bring from elsewhere, and what Compose calls the thing.
const OTHER_WORDS: [(&str, &str); 10] = [
    ("env", "environment"),
    ("envs", "environment"),
    ("cmd", "command"),
    ("args", "command"),
    ("workdir", "working_dir"),
    ("cwd", "working_dir"),
    ("mounts", "volumes"),
    ("health", "healthcheck"),
    ("needs", "depends_on"),
    ("net", "network_mode"),
];

impl<'a> Walk<'a> {
    pub(super) fn unknown_key(&mut self, object: &'static Object, pair: &Pair<'a>, siblings: &[Pair<'a>]) {
        if self.lost_its_indent(object, pair, siblings) {
            return;
        }
        let span = self.key_span(pair);
        let message = format!("{} has no key `{}`", words::article(object.name), pair.name);
        let finding = RULE.at(self.file, span, &self.path, message);
        let finding = match meant(object, pair.name) {
            Some(key) => {
                if siblings.iter().any(|sibling| sibling.name == key.name) {
                    finding.with_help(format!(
                        "Did you mean `{0}`? It stands here already; bring the two together.",
                        key.name
                    ))
                } else {
                    finding.with_help(format!("Did you mean `{}`? {}", key.name, key.doc)).with_edit(
                        format!("Change to `{}`", key.name),
                        span,
                        key.name,
                    )
                }
            }
            None => finding.with_help(self.where_it_belongs(object, pair.name)),
        };
        if object.open {
            self.advise(Diagnostic { severity: Severity::Warning, ..finding });
        } else {
            self.report(finding);
        }
    }

    fn where_it_belongs(&self, object: &Object, name: &str) -> String {
        let homes: Vec<String> = facts::homes(name);
        let mut nearest: Vec<&String> = homes.iter().collect();
        let here = pattern(&self.path);
        nearest.sort_by_key(|home| std::cmp::Reverse(shared_steps(home, &here)));
        let places: Vec<String> = nearest.iter().take(2).map(|home| place(home)).collect();
        if !places.is_empty() {
            return format!("`{name}` belongs to {}.", words::list(&places, "or to"));
        }
        let keys: Vec<String> = object.keys.iter().map(|key| format!("`{}`", key.name)).collect();
        let known =
            if keys.len() <= 12 { format!("It has {}. ", words::list(&keys, "and")) } else { String::new() };
        let note = if object.extensions { "Keys of your own start with `x-`." } else { "" };
        format!("{known}{note}").trim_end().to_owned()
    }
}

/// The key of this object that was likely meant. A key that is at home elsewhere is rather misplaced than misspelt.
fn meant(object: &Object, name: &str) -> Option<&'static Key> {
    let near = closest(name, object.keys.iter().map(|key| key.name))
        .filter(|near| likeness(near, name) > 0.85 || facts::homes(name).is_empty());
    let other = || OTHER_WORDS.iter().find(|(word, _)| *word == name).map(|(_, key)| *key);
    near.or_else(other).and_then(|name| object.key(name))
}

/// How many leading steps two path patterns have in common.
fn shared_steps(a: &str, b: &str) -> usize {
    a.split('.').zip(b.split('.')).take_while(|(a, b)| a == b).count()
}

/// The pattern of a real path, good enough to compare with: the second step is a chosen name.
fn pattern(path: &str) -> String {
    let steps: Vec<&str> = path.split('.').collect();
    steps.iter().enumerate().map(|(at, step)| if at == 1 { "*" } else { step }).collect::<Vec<_>>().join(".")
}

/// A path pattern in words: `` `deploy.resources` of a service``.
fn place(home: &str) -> String {
    let (top, rest) = home.split_once('.').unwrap_or((home, ""));
    let owner = match top {
        "" => return "the top level".to_owned(),
        "services" => "a service",
        "networks" => "a top-level network",
        "volumes" => "a top-level volume",
        "secrets" => "a top-level secret",
        "configs" => "a top-level config",
        "models" => "a top-level model",
        _ => return format!("`{home}`"),
    };
    let below: Vec<&str> = rest.split('.').filter(|step| *step != "*").collect();
    match below.join(".").replace("[]", "") {
        below if below.is_empty() => owner.to_owned(),
        below => format!("`{below}` of {owner}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, fixed, help, service};

    #[test]
    fn a_misspelt_key_is_offered_the_right_one() {
        let text = "services:\n  app:\n    imgae: nginx:1.27 # web\n";
        assert_eq!(check(text), ["CY201 services.app.imgae: A service has no key `imgae`"]);
        assert_eq!(fixed(text), "services:\n  app:\n    image: nginx:1.27 # web\n");
    }

    #[test]
    fn words_from_elsewhere_are_understood() {
        assert_eq!(fixed(&service("env:\n      A: b")), service("environment:\n      A: b"));
    }

    #[test]
    fn a_misplaced_key_is_told_its_home() {
        assert_eq!(help(&service("replicas: 3")), "`replicas` belongs to `deploy` of a service.");
        assert_eq!(help(&service("dockerfile: D")), "`dockerfile` belongs to `build` of a service.");
        assert_eq!(
            help("services: {}\nimage: nginx\n"),
            "`image` belongs to a service or to `pre_start` of a service."
        );
        assert_eq!(help(&service("services: {}")), "`services` belongs to the top level.");
    }

    #[test]
    fn a_key_of_ones_own_is_told_of_extensions() {
        assert_eq!(help(&service("frobnicate: 1")), "Keys of your own start with `x-`.");
        assert!(help(&service("healthcheck:\n      foo: 1")).starts_with("It has `test`, `interval`,"));
    }

    #[test]
    fn no_fix_makes_a_key_stand_twice() {
        assert_eq!(fixed(&service("imagee: b")), service("imagee: b"));
    }

    #[test]
    fn extensions_are_left_alone_where_the_reference_leaves_them_alone() {
        assert!(
            check("x-a: 1\nservices:\n  app:\n    image: a:1\n    x-b: {}\n    build: {x-c: 1}\n").is_empty()
        );
        assert_eq!(check(&service("blkio_config: {x-a: 1}")).len(), 1);
    }

    #[test]
    fn anchored_content_is_checked_where_it_is_used_and_once() {
        let text = "x-base: &base\n  imgae: a:1\nservices:\n  a:\n    <<: *base\n  b:\n    <<: *base\n";
        assert_eq!(check(text), ["CY201 services.a.imgae: A service has no key `imgae`"]);
    }
}
