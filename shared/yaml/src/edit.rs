//! Text edits: the only way any part of Composeyard changes a user's file.

use serde::{Deserialize, Serialize};

use crate::Span;

/// Replaces a byte range of one text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextEdit {
    /// The bytes to replace; empty to insert.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
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
