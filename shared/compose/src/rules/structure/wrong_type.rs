//! CY202: a list where text belongs, a number where a string belongs.

use composeyard_yaml::{Kind, Node, NodeId, Span, Style};

use super::found::Found;
use super::{Walk, empty_value};
use crate::facts::{Meaning, Scalar, Shape};
use crate::rules::Rule;
use crate::{Diagnostic, Severity};

pub(super) static RULE: Rule = Rule {
    code: "CY202",
    name: "wrong-type",
    severity: Severity::Error,
    what: "A value has a type that its key does not take: text for a list, a number for text.",
    why: "Compose refuses the file.",
    how: "Write the value as the message says; where it is safe, the fix does so.",
    link: "https://docs.docker.com/reference/compose-file/services/",
    example: "services:\n  app:\n    image: nginx:1.27\n    ports: 8080:80\n",
    good: "services:\n  app:\n    image: nginx:1.27\n    ports: [\"8080:80\"]\n",
};

impl Walk<'_> {
    pub(super) fn wrong_type(&mut self, id: NodeId, shape: &'static Shape) {
        let node = self.document.node(id);
        let found = Found::of(node);
        let expected = shape.takes();
        let subject = self.subject();
        let (rule, message) = match found {
            Found::Null => (&empty_value::RULE, format!("{subject} is empty, but takes {expected}")),
            found => (&RULE, format!("{subject} takes {expected}, not {}", found.words())),
        };
        // An absent value has no bytes to underline: the finding goes to its key.
        let span =
            if node.span().start == node.span().end { self.before(node.span().start) } else { node.span() };
        let finding = rule.at(self.file, span, &self.path, message).with_help(help(shape, found));
        let finding = self.mend_type(finding, id, shape, found);
        self.report(finding);
    }

    /// The key or dash that stands before an absent value.
    fn before(&self, at: usize) -> Span {
        let line = self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let indent = self.text[line..at].len() - self.text[line..at].trim_start().len();
        let key = self.text[line + indent..at].trim_end_matches(|c: char| c == ':' || c.is_whitespace());
        if key.is_empty() { Span::at(at) } else { Span::new(line + indent, line + indent + key.len()) }
    }

    fn mend_type(&self, finding: Diagnostic, id: NodeId, shape: &Shape, found: Found) -> Diagnostic {
        let node = self.document.node(id);
        let source = node.span().of(self.text);
        match (found, shape.scalar(), shape.items().and_then(Shape::scalar)) {
            (Found::Integer, Some(scalar), _) if matches!(scalar.meaning, Meaning::Duration) => {
                finding.with_edit(format!("Write {source} seconds"), node.span(), format!("{source}s"))
            }
            (Found::Integer | Found::Float | Found::Bool, Some(scalar), _) if scalar.text => {
                finding.with_edit("Put it in quotes", node.span(), format!("\"{source}\""))
            }
            (Found::Text, Some(Scalar { text: false, boolean: true, .. }), _) => match &node.kind {
                Kind::Scalar(text) if matches!(text.as_str(), "true" | "false") && is_only_quoted(node) => {
                    finding.with_edit("Remove the quotes", node.span(), text.clone())
                }
                _ => finding,
            },
            (Found::Text | Found::Integer, None, Some(item))
                if item.text && !source.is_empty() && !source.contains('\n') =>
            {
                let quoted = if source.starts_with(['"', '\'']) {
                    source.to_owned()
                } else {
                    format!("\"{}\"", source.replace('\\', "\\\\").replace('"', "\\\""))
                };
                finding.with_edit("Make it a list of one", node.span(), format!("[{quoted}]"))
            }
            (Found::Mapping, Some(scalar), _) if scalar.text && finding.path.ends_with(']') => {
                match self.pair_as_text(id) {
                    Some(text) => finding.with_edit(format!("Write `{text}`"), node.span(), text),
                    None => finding,
                }
            }
            _ => finding,
        }
    }

    /// `- KEY: value` in a list of `KEY=value`: the text that was meant.
    fn pair_as_text(&self, id: NodeId) -> Option<String> {
        let Kind::Mapping(entries) = &self.document.node(id).kind else { return None };
        let [entry] = &entries[..] else { return None };
        let (key, value) = (self.document.text(entry.key)?, self.document.text(entry.value)?);
        let list = self.path.rsplit('.').next()?.split('[').next()?;
        let joint = match list {
            "environment" | "labels" | "args" | "annotations" | "sysctls" | "options" => '=',
            "ports" | "volumes" | "extra_hosts" | "devices" => ':',
            _ => return None,
        };
        let plain = |text: &str| {
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-./".contains(&b))
        };
        (plain(key) && plain(value)).then(|| match joint {
            ':' => format!("\"{key}:{value}\""),
            joint => format!("{key}{joint}{value}"),
        })
    }
}

fn help(shape: &Shape, found: Found) -> String {
    let takes_text = shape.scalar().is_some_and(|scalar| scalar.text);
    let meaning = shape.scalar().map(|scalar| scalar.meaning);
    match found {
        Found::Integer | Found::Float if matches!(meaning, Some(Meaning::Duration)) => {
            "A number alone does not say whether it counts seconds or minutes. Write the unit after it."
                .to_owned()
        }
        Found::Null => "Give it a value below or after the colon, or remove the key.".to_owned(),
        Found::Integer | Found::Float | Found::Bool if takes_text => {
            "Without quotes YAML reads it as a number or a boolean. Quotes make it text.".to_owned()
        }
        Found::Mapping if takes_text => {
            "A colon followed by a blank makes a mapping. For one item of text, write it without that blank or in quotes."
                .to_owned()
        }
        Found::Text | Found::Integer if shape.items().is_some() => {
            "Start each item on a line of its own with `- `.".to_owned()
        }
        Found::List if shape.mapping().is_some() => "Write `key: value` lines without dashes.".to_owned(),
        _ if shape.mapping().is_some() => "Write its keys on the lines below, indented deeper.".to_owned(),
        _ => "Write one value after the colon.".to_owned(),
    }
}

/// True for a scalar that is text by its quotes, and not by a tag.
fn is_only_quoted(node: &Node) -> bool {
    matches!(node.style, Style::SingleQuoted | Style::DoubleQuoted) && node.tag().is_none()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, fixed, service};

    #[test]
    fn one_port_must_still_be_a_list() {
        let text = service("ports: 8080:80");
        assert_eq!(check(&text), ["CY202 services.app.ports: `ports` takes a list, not text"]);
        assert_eq!(fixed(&text), service("ports: [\"8080:80\"]"));
    }

    #[test]
    fn a_flag_in_quotes_loses_them_and_one_that_a_tag_makes_text_stays() {
        assert_eq!(fixed(&service("use_api_socket: 'true'")), service("use_api_socket: true"));
        for tagged in [service("use_api_socket: !!str true"), service("use_api_socket: !!str 'true'")] {
            assert_eq!(fixed(&tagged), tagged);
        }
    }

    #[test]
    fn a_tag_without_a_value_is_no_item_of_a_list() {
        let text = service("ports: !!str");
        assert_eq!(fixed(&text), text);
    }

    #[test]
    fn an_unquoted_number_is_not_text() {
        let text = service("user: 1000");
        assert_eq!(check(&text), ["CY202 services.app.user: `user` takes text, not a number"]);
        assert_eq!(fixed(&text), service("user: \"1000\""));
    }

    #[test]
    fn a_bare_number_of_seconds_gets_its_unit() {
        let text = service("stop_grace_period: 20");
        assert_eq!(fixed(&text), service("stop_grace_period: 20s"));
    }

    #[test]
    fn a_variable_written_as_a_pair_in_a_list_is_explained_and_mended() {
        let text = service("environment:\n      - DEBUG: 1");
        assert_eq!(
            check(&text),
            ["CY202 services.app.environment[0]: An item of `environment` takes text, not a mapping"]
        );
        assert_eq!(fixed(&text), service("environment:\n      - DEBUG=1"));
    }

    #[test]
    fn a_key_without_value_is_pointed_at() {
        assert_eq!(
            check(&service("ports:")),
            ["CY208 services.app.ports: `ports` is empty, but takes a list"]
        );
    }

    #[test]
    fn empty_networks_volumes_commands_and_variables_are_fine() {
        let text = "services:\n  app:\n    image: a:1\n    command:\n    environment:\n      TOKEN:\n    networks:\n      back:\nnetworks:\n  back:\nvolumes:\n  data:\n";
        assert!(check(text).is_empty());
    }

    #[test]
    fn a_value_from_a_variable_may_stand_for_any_type_of_value() {
        assert!(check(&service("scale: ${N}\n    tty: \"${TTY:-true}\"\n    mem_limit: $LIMIT")).is_empty());
    }

    #[test]
    fn what_is_reset_may_have_any_value() {
        assert!(
            check(&service("ports: !reset null\n    environment: !reset {}\n    command: !override [a]"))
                .is_empty()
        );
    }
}
