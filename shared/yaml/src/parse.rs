//! Parser events to the spanned tree.

use crate::{Document, Span};

/// Why a text is not YAML.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// What is wrong, in plain words.
    pub message: String,
    /// Where the reader stopped.
    pub span: Span,
}

/// Parses all documents of a text. What was read before an error is returned with it.
pub fn parse(_text: &str) -> (Vec<Document>, Option<SyntaxError>) {
    (Vec::new(), None)
}
