//! Values as text, in the style of the file they go to.

use crate::tree::{Document, Kind, NodeId, Style};

use super::{scalar::scalar, value::Value};

/// How the file is written.
pub(super) struct Writer {
    pub(super) newline: &'static str,
    /// Columns from a key to the keys below it.
    pub(super) step: usize,
    /// Columns from a key to the dashes below it.
    list_step: usize,
    /// The quotes that the file uses most.
    quotes: Style,
}

impl Writer {
    /// Reads the habits of a file; two columns and double quotes where it has none.
    pub(super) fn of(source: &str, document: &Document) -> Self {
        let newline = if source.contains("\r\n") { "\r\n" } else { "\n" };
        let column = |id: NodeId| {
            let start = document.node(id).span().start;
            source[..start].rfind('\n').map_or(start, |at| start - at - 1)
        };
        let (mut step, mut list_step) = (None, None);
        let (mut single, mut double) = (0, 0);
        for (_, node) in document.nodes() {
            match (&node.kind, node.style) {
                (_, Style::SingleQuoted) => single += 1,
                (_, Style::DoubleQuoted) => double += 1,
                (Kind::Mapping(entries), Style::Block) => {
                    for entry in entries {
                        let value = document.node(entry.value);
                        let inner = column(entry.value).checked_sub(column(entry.key));
                        match (&value.kind, value.style) {
                            (Kind::Mapping(_), Style::Block) => step = step.or(inner),
                            (Kind::Sequence(_), Style::Block) => list_step = list_step.or(inner),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        let step = step.filter(|step| *step > 0).unwrap_or(2);
        let quotes = if single > double { Style::SingleQuoted } else { Style::DoubleQuoted };
        Self { newline, step, list_step: list_step.unwrap_or(step), quotes }
    }

    /// A scalar value; none for collections. `like` is the style of what it replaces or stands beside.
    pub(super) fn scalar(&self, value: &Value, like: Option<Style>, in_flow: bool) -> Option<String> {
        let quoted = like.filter(|style| matches!(style, Style::SingleQuoted | Style::DoubleQuoted));
        match value {
            Value::Typed(text) => Some(text.clone()),
            Value::Text(text) => Some(scalar(text, quoted.unwrap_or(Style::Plain), in_flow)),
            Value::Quoted(text) => Some(scalar(text, quoted.unwrap_or(self.quotes), in_flow)),
            Value::List(_) | Value::Map(_) | Value::Flow(_) | Value::Tagged(..) => None,
        }
    }

    pub(super) fn key(text: &str, in_flow: bool) -> String {
        scalar(text, Style::Plain, in_flow)
    }

    /// What follows `key:` whose key stands at `column`, with the space or line break before it.
    pub(super) fn after_key(&self, value: &Value, column: usize) -> String {
        match value {
            Value::Map(entries) if !entries.is_empty() => {
                let inner = column + self.step;
                entries
                    .iter()
                    .map(|(key, value)| self.on_line(inner, &self.entry(key, value, inner)))
                    .collect()
            }
            Value::List(items) if !items.is_empty() => {
                let inner = column + self.list_step;
                items.iter().map(|item| self.on_line(inner, &self.item(item, inner, None))).collect()
            }
            Value::Typed(text) if text.is_empty() => String::new(),
            value => format!(" {}", self.flow(value, None)),
        }
    }

    /// `key: value` in block style, its key at `column`.
    pub(super) fn entry(&self, key: &str, value: &Value, column: usize) -> String {
        format!("{}:{}", Self::key(key, false), self.after_key(value, column))
    }

    /// `- item` in block style, its dash at `column`.
    pub(super) fn item(&self, value: &Value, column: usize, like: Option<Style>) -> String {
        const DASH: usize = 2;
        match value {
            Value::Map(entries) if !entries.is_empty() => {
                let inner = column + DASH;
                let lines = entries.iter().map(|(key, value)| self.entry(key, value, inner));
                let separator = self.on_line(inner, "");
                format!("- {}", lines.collect::<Vec<_>>().join(&separator))
            }
            value => match self.scalar(value, like, false) {
                Some(text) if text.is_empty() => "-".to_owned(),
                Some(text) => format!("- {text}"),
                None => format!("- {}", self.flow(value, None)),
            },
        }
    }

    /// `text` on a line of its own, behind the line before.
    pub(super) fn on_line(&self, column: usize, text: &str) -> String {
        format!("{}{:column$}{text}", self.newline, "")
    }

    /// A value in flow style.
    pub(super) fn flow(&self, value: &Value, like: Option<Style>) -> String {
        match value {
            Value::Flow(value) => self.flow(value, like),
            Value::Tagged(tag, value) => format!("{tag} {}", self.flow(value, like)),
            Value::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.flow(item, like)).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Map(entries) if entries.is_empty() => "{}".to_owned(),
            Value::Map(entries) => {
                let entries: Vec<String> =
                    entries.iter().map(|(key, value)| self.flow_entry(key, value)).collect();
                format!("{{ {} }}", entries.join(", "))
            }
            value => {
                // Inside a flow collection an item must not be empty, and `,[]{}` need quotes.
                self.scalar(value, like, true).unwrap_or_default()
            }
        }
    }

    /// `key: value` in flow style.
    pub(super) fn flow_entry(&self, key: &str, value: &Value) -> String {
        let text = self.flow(value, None);
        let space = if text.is_empty() { "" } else { " " };
        format!("{}:{space}{text}", Self::key(key, true))
    }
}
