//! Short and long forms: how a file writes what a path in long form means.

use composeyard_yaml::{
    Document, NodeId,
    edit::{Path, Step, Value, copied},
    tree::Kind,
};

use super::{desk::node_at, walk::items};
use crate::facts::{self, Shape};

/// How a path of the long form is to be read in a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Long already, or not there at all.
    AsItIs,
    /// One value stands for the path: `build: ./app` for `build.context`.
    Short { place: Path },
    /// One value stands there, which becomes these entries first: `build: ./app` for `build.target`.
    Lengthen { place: Path, entries: Vec<(String, Value)> },
    /// A list of `NAME=value` stands for the mapping.
    Pair { list: Path, item: Option<usize>, name: String, separator: char },
    /// A list of names stands for a mapping with these keys; `below` when the path goes on behind the name.
    Names { list: Path, item: Option<usize>, name: String, below: bool },
}

/// Reads a path in a file.
pub(super) fn form_of(document: &Document, path: &Path) -> Form {
    for depth in 1..path.0.len() {
        let Step::Key(next) = &path.0[depth] else { continue };
        let place = Path(path.0[..depth].to_vec());
        let Some(node) = node_at(document, &place).map(|node| document.resolve(node)) else { break };
        match &document.node(node).kind {
            Kind::Scalar(text) if !is_null(document, node, text) => {
                let last = depth + 1 == path.0.len();
                return short(document, node, place, next, last).unwrap_or(Form::AsItIs);
            }
            Kind::Sequence(_) => {
                let below = depth + 1 < path.0.len();
                return listed(document, node, place, next, below).unwrap_or(Form::AsItIs);
            }
            _ => {}
        }
    }
    Form::AsItIs
}

fn is_null(document: &Document, node: NodeId, text: &str) -> bool {
    use composeyard_yaml::Style;
    document.node(node).style == Style::Plain && matches!(text, "" | "~" | "null")
}

/// The key of the long form that one value stands for.
fn short_key(place: &Path) -> Option<&'static str> {
    let keys: Vec<&str> =
        place.0.iter().map(|step| if let Step::Key(key) = step { key.as_str() } else { "[]" }).collect();
    match keys.as_slice() {
        ["services", _, "build"] => Some("context"),
        ["services", _, "extends"] => Some("service"),
        ["services", _, "env_file", "[]"] | ["include", "[]"] => Some("path"),
        ["services", _, "secrets" | "configs", "[]"] | ["services", _, "build", "secrets", "[]"] => {
            Some("source")
        }
        _ => None,
    }
}

fn short(document: &Document, node: NodeId, place: Path, next: &str, last: bool) -> Option<Form> {
    let value = copied(document, node)?;
    if matches!(place.0.as_slice(), [_, _, Step::Key(key), _] if key == "ulimits") {
        let other = if next == "soft" { "hard" } else { "soft" };
        return Some(Form::Lengthen { place, entries: vec![(other.to_owned(), value)] });
    }
    let key = short_key(&place)?;
    if key == next && last {
        return Some(Form::Short { place });
    }
    Some(Form::Lengthen { place, entries: vec![(key.to_owned(), value)] })
}

fn listed(document: &Document, list: NodeId, place: Path, name: &str, below: bool) -> Option<Form> {
    let values = shape(&place)?.values()?;
    let texts: Vec<Option<&str>> =
        items(document, list).into_iter().map(|item| document.text(item)).collect();
    if values.object().is_some() {
        let item = texts.iter().position(|text| *text == Some(name));
        return Some(Form::Names { list: place, item, name: name.to_owned(), below });
    }
    let hosts = matches!(place.0.last(), Some(Step::Key(key)) if key == "extra_hosts");
    let with_colon = texts.iter().flatten().any(|text| !text.contains('='));
    let separator = if hosts && with_colon { ':' } else { '=' };
    let key_of = |text: &str| text.split(['=', separator]).next().map(str::to_owned);
    let item = texts.iter().position(|text| text.and_then(key_of).as_deref() == Some(name));
    Some(Form::Pair { list: place, item, name: name.to_owned(), separator })
}

/// What the table of keys says of a path of a real file.
pub(super) fn shape(path: &Path) -> Option<&'static Shape> {
    let step = |step: &Step| match step {
        // Names that users choose may hold what separates steps.
        Step::Key(key) => format!(".{}", key.replace(['.', '['], "_")),
        Step::Index(_) => "[]".to_owned(),
    };
    let pattern: String = path.0.iter().map(step).collect();
    facts::shape_at(pattern.trim_start_matches('.'))
}

/// The entries that a list of names stands for.
pub(super) fn long_names(document: &Document, list: &Path) -> Vec<(String, Value)> {
    let depends_on = matches!(list.0.last(), Some(Step::Key(key)) if key == "depends_on");
    let long = || {
        if depends_on {
            Value::Map(vec![("condition".to_owned(), Value::text("service_started"))])
        } else {
            Value::null()
        }
    };
    let names = node_at(document, list).map(|list| items(document, list)).unwrap_or_default();
    names.into_iter().map(|item| (document.text(item).unwrap_or_default().to_owned(), long())).collect()
}
