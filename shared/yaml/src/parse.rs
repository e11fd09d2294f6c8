//! A text to the spanned tree: everyday YAML in one pass over its bytes, the rest by an event parser.

mod builder;
mod events;
mod everyday;
mod outdented;
mod tabs;

use granit_parser::{ErrorKind, Parser};

use self::{builder::Builder, outdented::Padding};
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

/// Longer texts are refused unread.
pub const MAX_BYTES: usize = 10_000_000;
/// Collections inside collections.
pub const MAX_DEPTH: usize = 128;
/// Keys, values and items of one text.
pub const MAX_NODES: usize = 500_000;

const BOM: char = '\u{feff}';

/// Parses all documents of a text. What was read before an error is returned with it.
pub fn parse(text: &str) -> (Vec<Document>, Option<SyntaxError>) {
    if text.len() > MAX_BYTES {
        let message = format!("the file is larger than {} MB", MAX_BYTES / 1_000_000);
        return (Vec::new(), Some(SyntaxError { message, span: Span::at(0) }));
    }
    everyday::read(text).map_or_else(|| by_events(text), |documents| (documents, None))
}

/// Reads any text.
fn by_events(text: &str) -> (Vec<Document>, Option<SyntaxError>) {
    let (documents, stop) = attempt(text, &mut Padding::default());
    let Some(stop) = stop else {
        let error = tabs::misplaced(text, &documents);
        return (documents, error);
    };
    let read = match (stop.outdented, stop.tab) {
        (Some(read), _) => outdented::read(text, read),
        (None, Some(at)) => tabs::read(text, at),
        (None, None) => None,
    };
    match read {
        Some(documents) => (documents, None),
        None => (documents, Some(stop.error)),
    }
}

/// Reads a text with some blanks more.
fn attempt(text: &str, padding: &mut Padding) -> (Vec<Document>, Option<Stop>) {
    let filled = padding.fill(text);
    let body = filled.strip_prefix(BOM).unwrap_or(&filled);
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        max_buffered_comment_events: MAX_NODES,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut builder = Builder::new(text, filled.len() - body.len(), padding);
    for event in Parser::new_from_str_with_options(body, options) {
        let outcome = match event {
            Ok((event, span)) => builder.accept(event, span).map_err(Stop::at),
            Err(error) => Err(Stop {
                outdented: (*error.kind() == ErrorKind::InvalidQuotedScalarIndent).then_some(builder.cursor),
                tab: is_about_tabs(error.kind()).then(|| builder.offset(*error.marker())),
                error: builder.explain(&error),
            }),
        };
        if let Err(stop) = outcome {
            builder.close_document();
            return (builder.finish(), Some(stop));
        }
    }
    (builder.finish(), None)
}

/// Why an attempt ended early.
struct Stop {
    error: SyntaxError,
    /// The end of what was read before quoted text that is not indented.
    outdented: Option<usize>,
    /// Where a tab stands that the event parser does not take.
    tab: Option<usize>,
}

impl Stop {
    const fn at(error: SyntaxError) -> Self {
        Self { error, outdented: None, tab: None }
    }
}

const fn is_about_tabs(kind: &ErrorKind) -> bool {
    matches!(kind, ErrorKind::TabInIndentation | ErrorKind::TabInBlockIndentation | ErrorKind::TabNotAllowed)
}
