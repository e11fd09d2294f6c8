//! CY203: a value of the right type that its key does not know.

use composeyard_yaml::{Kind, NodeId};

use super::found::Found;
use super::{Walk, bad_unit, old_boolean};
use crate::facts::{Meaning, Scalar, Shape};
use crate::rules::Rule;
use crate::rules::similar::closest;
use crate::{Diagnostic, Severity, words};

pub(super) static RULE: Rule = Rule {
    code: "CY203",
    name: "invalid-value",
    severity: Severity::Error,
    what: "A value is none of those that its key knows, or lies outside its range.",
    why: "Compose or the engine refuses it.",
    how: "Choose one of the values that the message lists.",
    link: "https://docs.docker.com/reference/compose-file/services/",
    example: "services:\n  app:\n    image: nginx:1.27\n    restart: allways\n",
    good: "services:\n  app:\n    image: nginx:1.27\n    restart: always\n",
};

impl Walk<'_> {
    pub(super) fn scalar(&mut self, id: NodeId, shape: &'static Shape) {
        let node = self.document.node(id);
        let Kind::Scalar(text) = &node.kind else { return };
        let Some(scalar) = shape.scalar() else {
            return self.wrong_type(id, shape);
        };
        if has_variable(text) {
            return;
        }
        let found = Found::of(node);
        let fits = match found {
            Found::Null => scalar.null,
            Found::Bool => scalar.boolean,
            Found::Integer | Found::Float => scalar.number,
            _ => scalar.text,
        };
        if !fits {
            return self.wrong_type(id, shape);
        }
        if found != Found::Null {
            self.meaning(id, text, scalar, found);
        }
    }

    fn meaning(&mut self, id: NodeId, text: &str, scalar: &Scalar, found: Found) {
        let problem = match scalar.meaning {
            Meaning::Text | Meaning::Path => None,
            Meaning::Flag if found == Found::Bool => None,
            Meaning::Flag if matches!(text.to_ascii_lowercase().as_str(), "true" | "false") => None,
            Meaning::Flag => match old_boolean::meant(text) {
                Some(meant) => return self.old_boolean(id, text, meant),
                None => Some("`true` or `false`".to_owned()),
            },
            Meaning::Integer(least, most) => integer_problem(text, found, least, most),
            Meaning::Number => {
                let number = found != Found::Text || text.trim().parse::<f64>().is_ok();
                (!number).then(|| "a number".to_owned())
            }
            // However it is written: `0x10` is a number of bytes.
            Meaning::Size if found == Found::Integer => None,
            Meaning::Duration | Meaning::Size => {
                let finding = bad_unit::problem(self, id, text, scalar.meaning);
                return finding.into_iter().for_each(|finding| self.report(finding));
            }
            Meaning::Choice(words) => (!words.contains(&text)).then(|| one_of(words)),
            Meaning::Form(form) => (!(form.accepts)(text)).then(|| form.looks_like.to_owned()),
        };
        let Some(expected) = problem else { return };
        let finding = self.bad_value(id, text, &expected, scalar.meaning.words());
        let loads = match scalar.meaning {
            // The reference holds no number against its bounds here; where it does, the merged model is checked.
            Meaning::Integer(..) => !matches!(found, Found::Float),
            Meaning::Form(form) => (form.loads)(text),
            _ => false,
        };
        if loads {
            self.advise(finding);
        } else {
            self.report(finding);
        }
    }

    fn bad_value(&self, id: NodeId, text: &str, expected: &str, words: &[&str]) -> Diagnostic {
        let span = self.document.node(id).span();
        let message = format!("{} cannot be `{text}`", self.subject());
        let finding =
            RULE.at(self.file, span, &self.path, message).with_help(format!("It takes {expected}."));
        match closest(text, words.iter().copied()) {
            Some(word) => {
                let written = if word == "no" { "\"no\"" } else { word };
                finding.with_edit(format!("Change to `{word}`"), span, written)
            }
            None => finding,
        }
    }
}

fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    words::list(&quoted, "or")
}

fn integer_problem(text: &str, found: Found, least: i64, most: i64) -> Option<String> {
    let expected = || match (least, most) {
        (i64::MIN, i64::MAX) => "a whole number".to_owned(),
        (0, i64::MAX) => "a whole number, 0 or more".to_owned(),
        (least, most) => format!("a whole number from {least} to {most}"),
    };
    match text.trim().parse::<i64>() {
        Ok(number) => (number < least || number > most).then(expected),
        // `0x10` and `1_000` are whole numbers too.
        Err(_) if found == Found::Integer => None,
        Err(_) => {
            let is_whole = text.trim().parse::<f64>().is_ok_and(|number| number.fract() == 0.0);
            (found != Found::Float || !is_whole).then(expected)
        }
    }
}

/// True when interpolation puts something into the text, so that it says nothing about the value yet.
fn has_variable(text: &str) -> bool {
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        // A doubled dollar stands for itself, so the byte after a dollar is read with it.
        let starts = |next: u8| next == b'{' || next == b'_' || next.is_ascii_alphabetic();
        if byte == b'$' && rest.next().is_some_and(starts) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, fixed, service};
    use super::has_variable;

    #[test]
    fn a_misspelt_restart_policy_is_offered_the_right_one() {
        let text = service("restart: allways");
        assert_eq!(check(&text), ["CY203 services.app.restart: `restart` cannot be `allways`"]);
        assert_eq!(fixed(&text), service("restart: always"));
    }

    #[test]
    fn a_condition_is_one_of_three() {
        let text = service("depends_on:\n      db:\n        condition: healthy");
        assert_eq!(
            check(&text),
            ["CY203 services.app.depends_on.db.condition: `condition` cannot be `healthy`"]
        );
    }

    #[test]
    fn numbers_keep_to_their_range() {
        assert_eq!(
            check(&service("oom_score_adj: 2000")),
            ["CY203 services.app.oom_score_adj: `oom_score_adj` cannot be `2000`"]
        );
        assert_eq!(check(&service("scale: two")), ["CY203 services.app.scale: `scale` cannot be `two`"]);
        assert_eq!(
            check(&service("deploy:\n      replicas: 1.5")),
            ["CY203 services.app.deploy.replicas: `replicas` cannot be `1.5`"]
        );
    }

    #[test]
    fn a_target_port_is_a_port() {
        assert_eq!(
            check(&service("ports:\n      - target: 70000")),
            ["CY203 services.app.ports[0].target: `target` cannot be `70000`"]
        );
    }

    #[test]
    fn a_flag_may_be_quoted() {
        assert!(check(&service("init: \"true\"\n    tty: \"false\"\n    restart: no")).is_empty());
    }

    #[test]
    fn a_doubled_dollar_is_not_a_variable() {
        assert!(has_variable("a${B}") && has_variable("$B") && has_variable("$$$B"));
        assert!(!has_variable("$$B") && !has_variable("5$") && !has_variable("$5"));
    }
}
