//! What is written, free of style.

use serde::{Deserialize, Serialize};

use crate::{
    parse,
    tree::{Document, Kind, NodeId, Style},
};

use super::scalar::looks_typed;

/// A value to write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// A number, boolean or null as it stands in the file; empty for no value at all.
    Typed(String),
    /// Text; in quotes only where it needs them or its neighbours have them.
    Text(String),
    /// Text that always stands in quotes: `"80:80"`.
    Quoted(String),
    /// Items.
    List(Vec<Value>),
    /// Entries.
    Map(Vec<(String, Value)>),
    /// A list or mapping that stays on one line, as a person typed it: `["CMD", "true"]`.
    Flow(Box<Value>),
    /// A value behind a tag: `!reset null`.
    Tagged(String, Box<Value>),
}

impl Value {
    /// No value: `key:`.
    pub const fn null() -> Self {
        Self::Typed(String::new())
    }

    /// Text as a [`Value::Text`].
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Reads what a person types into a field: `[a, b]` and `{a: b}` are collections, whole numbers and `true` and
    /// `false` keep their type, all else is text.
    pub fn typed_in(text: &str) -> Self {
        let trimmed = text.trim();
        if trimmed.starts_with(['[', '{'])
            && let (documents, None) = parse(trimmed)
            && let [document] = documents.as_slice()
            && let Some(root) = document.root()
            && let Some(value) = from_node(document, root)
        {
            return Self::Flow(Box::new(value));
        }
        if is_whole_number(trimmed) || is_boolean(trimmed) {
            Self::Typed(trimmed.to_owned())
        } else {
            Self::text(text)
        }
    }
}

/// Decimal, without sign or leading zero: what every reader of YAML takes for the same number.
pub(super) fn is_whole_number(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'))
}

/// In the one spelling that every reader of YAML takes for a boolean.
pub(super) fn is_boolean(text: &str) -> bool {
    matches!(text, "true" | "false")
}

/// None for aliases and keys that are no scalars.
fn from_node(document: &Document, id: NodeId) -> Option<Value> {
    let node = document.node(id);
    Some(match &node.kind {
        Kind::Scalar(text) if node.style == Style::Plain && looks_typed(text) => {
            Value::Typed(text.to_string())
        }
        Kind::Scalar(text) if node.style == Style::Plain => Value::Text(text.to_string()),
        Kind::Scalar(text) => Value::Quoted(text.to_string()),
        Kind::Sequence(items) => {
            Value::List(items.iter().map(|item| from_node(document, *item)).collect::<Option<_>>()?)
        }
        Kind::Mapping(entries) => Value::Map(
            entries
                .iter()
                .map(|entry| Some((document.text(entry.key)?.to_owned(), from_node(document, entry.value)?)))
                .collect::<Option<_>>()?,
        ),
        Kind::Alias(_) => return None,
    })
}
