//! The event parser's errors in plain words, at the place a reader would look first.

use granit_parser::ErrorKind;

use crate::Span;

/// The message for an error at byte `at`; `read` is the end of what was understood before it.
pub(crate) fn plain_words(kind: &ErrorKind, text: &str, at: usize, read: usize) -> (String, Span) {
    let here = word_at(text, at);
    match kind {
        ErrorKind::TabInIndentation
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabNotAllowed
        | ErrorKind::TabAtBlockScalarStart => {
            ("a tab is used for indentation; use spaces instead".to_owned(), tab_near(text, at))
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => missing_colon(text, at),
        ErrorKind::MappingValueNotAllowed => extra_colon(text, at),
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::DocumentIndicatorInQuotedScalar => unclosed_quote(text, at, read),
        ErrorKind::ExpectedBlockMappingKey if is_list_item(text, at) => (
            "a list item stands among keys; indent it below the key it belongs to".to_owned(),
            line_at(text, at),
        ),
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidIndentation => {
            ("this line is indented differently from the lines it belongs to".to_owned(), line_at(text, at))
        }
        ErrorKind::ExpectedBlockSequenceEntry => (
            "a key stands among list items; indent it below an item, or start it with \"- \"".to_owned(),
            line_at(text, at),
        ),
        ErrorKind::BlockSequenceEntryNotAllowed => {
            ("a list cannot start here; put each \"- item\" on its own line".to_owned(), here)
        }
        ErrorKind::UnclosedFlowCollection { open } => {
            (format!("the {open:?} that opens here is never closed"), Span::new(at, at + open.len_utf8()))
        }
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            (format!("the {open:?} that opens here is closed by {close:?}"), Span::new(at, at + 1))
        }
        ErrorKind::MisplacedFlowCollectionEnd => {
            ("a bracket is closed here that was never opened".to_owned(), here)
        }
        ErrorKind::InvalidColonPlacement
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator => {
            ("a \",\" or a closing bracket is missing before this".to_owned(), here)
        }
        ErrorKind::UnexpectedCharacter { character } if character.is_control() => {
            (format!("the control character {character:?} cannot stand in YAML"), here)
        }
        ErrorKind::UnexpectedCharacter { character } => {
            (format!("a value cannot start with {character:?}; put it in quotes"), here)
        }
        ErrorKind::UnknownQuotedScalarEscape => (
            "unknown escape in double quotes; write \"\\\\\" for a backslash, or use single quotes"
                .to_owned(),
            here,
        ),
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => (
            "text follows the closing quote; put all of it inside, writing '' for ' in single quotes"
                .to_owned(),
            here,
        ),
        ErrorKind::RecursionLimitExceeded => ("the file nests too many levels deep".to_owned(), here),
        kind => (kind.to_string(), here),
    }
}

fn missing_colon(text: &str, at: usize) -> (String, Span) {
    let line = line_at(text, at);
    (format!("{:?} has no \":\"; write \"key: value\"", shortened(line.of(text))), line)
}

/// A `: ` inside a value, or a key below a value.
fn extra_colon(text: &str, at: usize) -> (String, Span) {
    let line = line_at(text, at);
    let before = text.get(line.start..at).unwrap_or_default();
    let message = if before.contains(": ") {
        "a second \": \" on this line; put the value in quotes if it belongs to it"
    } else {
        "a key cannot stand here: it is indented too deep, or the line above lacks \": \""
    };
    (message.to_owned(), line)
}

fn unclosed_quote(text: &str, at: usize, read: usize) -> (String, Span) {
    let open = text.get(read..).and_then(|rest| rest.find(['"', '\''])).map_or(at, |quote| read + quote);
    let line = line_at(text, open);
    let quote = text[open..].chars().next().unwrap_or('"');
    (format!("the quote {quote} that opens here is never closed"), Span::new(open, line.end.max(open)))
}

fn is_list_item(text: &str, at: usize) -> bool {
    line_at(text, at).of(text).starts_with("- ")
}

fn shortened(text: &str) -> String {
    let mut characters = text.chars();
    let start: String = characters.by_ref().take(40).collect();
    if characters.next().is_some() { start + "…" } else { start }
}

/// The run of tabs on the line of `at`.
fn tab_near(text: &str, at: usize) -> Span {
    let start = line_start(text, at);
    let rest = &text[start..];
    let until = rest.find('\n').unwrap_or(rest.len());
    let start = rest[..until].find('\t').map_or(at, |tab| start + tab);
    let tabs = text[start..].len() - text[start..].trim_start_matches('\t').len();
    Span::new(start, start + tabs)
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// The line of a byte, without its indentation and trailing blanks.
fn line_at(text: &str, at: usize) -> Span {
    let start = line_start(text, at);
    let line = text[start..].split('\n').next().unwrap_or_default();
    let indent = line.len() - line.trim_start().len();
    Span::new(start + indent, start + indent + line.trim().len())
}

/// The word at a byte.
fn word_at(text: &str, at: usize) -> Span {
    let rest = &text[at..];
    let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
    Span::new(at, at + length)
}
