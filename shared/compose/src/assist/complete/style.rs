//! How a file is written: what an insertion follows.

use composeyard_yaml::edit::looks_typed;

use super::super::sketch::{Sketch, Step};
use crate::facts::Shape;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Style {
    /// Columns from a key to the keys below it.
    pub(super) step: usize,
    /// Columns from a key to the dashes below it.
    pub(super) dash: usize,
    /// What ends a line.
    pub(super) line_break: &'static str,
}

impl Style {
    pub(super) fn of(sketch: &Sketch<'_>) -> Self {
        let block = || sketch.nodes.iter().filter(|node| !node.in_flow);
        let holder = |parent: Option<usize>| parent.map(|parent| &sketch.nodes[parent]);
        let step = block().find_map(|node| match (node.step, holder(node.parent)) {
            (Step::Key(_), Some(above)) if matches!(above.step, Step::Key(_)) => {
                node.column.checked_sub(above.column).filter(|step| *step > 0)
            }
            _ => None,
        });
        let dash = block().find_map(|node| match (node.step, holder(node.parent)) {
            (Step::Item(_), Some(above)) if matches!(above.step, Step::Key(_)) => {
                node.column.checked_sub(above.column)
            }
            _ => None,
        });
        let step = step.unwrap_or(2);
        let line_break = if sketch.text.contains("\r\n") { "\r\n" } else { "\n" };
        Self { step, dash: dash.unwrap_or(step), line_break }
    }

    /// Behind a key in some column: a new line for its keys.
    pub(super) fn below(self, column: usize) -> String {
        format!("{}{}", self.line_break, " ".repeat(column + self.step))
    }

    /// Behind a key in some column: a new line for its first item.
    pub(super) fn item_below(self, column: usize) -> String {
        format!("{}{}- ", self.line_break, " ".repeat(column + self.dash))
    }
}

/// A text as a value: in quotes where YAML would read something else.
pub(super) fn scalar(text: &str, shape: &Shape, in_flow: bool) -> String {
    let keeps_type = shape.scalar().is_some_and(|scalar| scalar.boolean && matches!(text, "true" | "false"));
    let special = text.starts_with(['*', '&', '!', '%', '@', '`', '{', '[', '"', '\'', '#', '|', '>'])
        || text.contains(": ")
        || text.contains(" #")
        || (in_flow && text.contains([',', ']', '}', '[', '{']));
    let bare = keeps_type || !(special || looks_typed(text));
    if bare { text.to_owned() } else { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) }
}
