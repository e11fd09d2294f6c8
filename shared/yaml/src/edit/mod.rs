//! Text edits: the only way any part of Composeyard changes a user's file.
//!
//! A [`Change`] says what the tree should become; [`Draft::change`] finds the few bytes to replace, applies them,
//! parses the result and compares it with what was meant. Only then does the edit count.
//!
//! | module | what it does |
//! |---|---|
//! | `change` | [`Path`], [`Change`] and why one is refused |
//! | `value` | [`Value`]: what is written, free of style |
//! | `tree` | what a text means, for the comparison before and after |
//! | `draft` | one file with the edits made to it so far |
//! | `scalar` | quotes: kept, and added where they are needed |
//! | `write` | a value as block or flow text, in the style of the file |
//! | `place` | lines, columns, indentation, the comments that belong to an entry |
//! | `written` | where nodes are written, and what they stand for |
//! | `put`, `push`, `remove`, `splice`, `reorder`, `retype` | one family of changes each |

mod change;
mod draft;
mod place;
mod push;
mod put;
mod remove;
mod reorder;
mod retype;
mod scalar;
mod splice;
mod tree;
mod value;
mod write;
mod written;

use serde::{Deserialize, Serialize};

pub use change::{Change, EditError, Path, Step};
pub use draft::{Draft, Reach};
pub use scalar::{looks_typed, scalar_text};
pub use splice::locate;
pub use value::Value;
pub use written::{copied, written_paths};

use crate::Span;

/// Replaces a byte range of one text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextEdit {
    /// The bytes to replace; empty to insert.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

impl TextEdit {
    fn insert(at: usize, text: impl Into<String>) -> Self {
        Self { span: Span::at(at), text: text.into() }
    }

    fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    fn delete(start: usize, end: usize) -> Self {
        Self { span: Span::new(start, end), text: String::new() }
    }
}

/// Applies edits that do not overlap, in any order. Returns nothing when they overlap or do not fit the text.
pub fn apply(source: &str, edits: &[TextEdit]) -> Option<String> {
    let mut sorted: Vec<&TextEdit> = edits.iter().collect();
    sorted.sort_by_key(|edit| edit.span);
    let mut result = String::with_capacity(source.len());
    let mut done = 0;
    for edit in sorted {
        if edit.span.start < done {
            return None;
        }
        result.push_str(source.get(done..edit.span.start)?);
        result.push_str(&edit.text);
        source.get(edit.span.start..edit.span.end)?;
        done = edit.span.end;
    }
    result.push_str(source.get(done..)?);
    Some(result)
}
