//! YAML text to a spanned tree, a line index and minimal edits. Knows nothing of Compose.
//!
//! The tree keeps the exact byte range of every scalar, key, tag, anchor and comment, never expands an alias,
//! and holds scalars as the text they stand for: what `0644` or `yes` means is the reader's business.

pub mod edit;
pub mod lines;
mod message;
mod parse;
pub mod tree;

pub use edit::TextEdit;
pub use lines::{LineIndex, Position};
pub use parse::{MAX_BYTES, MAX_DEPTH, MAX_NODES, SyntaxError, parse};
pub use tree::{Alias, Comment, Document, Entry, Kind, Node, NodeId, Span, Style, Tag, Weight};
