//! The lines of a file that silence findings.

use std::collections::BTreeSet;

use composeyard_yaml::{Comment, Document, Kind, LineIndex, NodeId, Span};

use crate::load::Parsed;

const COMMENT: &str = "composeyard: ignore";
const WHOLE_FILE: &str = "composeyard: ignore-file";
const KEY: &str = "x-composeyard";

/// One line that silences findings.
pub(super) struct Silence<'t> {
    /// Each code with its place and whether it has silenced anything; none for all codes.
    pub(super) codes: Vec<(&'t str, Span, bool)>,
    pub(super) reach: Reach,
    pub(super) span: Span,
    /// The comment it is; none for `x-composeyard`.
    pub(super) comment: Option<Span>,
    pub(super) silenced_any: bool,
}

/// How far it reaches.
pub(super) enum Reach {
    File,
    /// From 1.
    Line(u32),
    Below(Span),
}

impl Silence<'_> {
    /// True when it silences a code; notes that it did.
    pub(super) fn uses(&mut self, code: &str) -> bool {
        let named = self.codes.iter_mut().filter(|(known, ..)| *known == code);
        let named = named.fold(false, |_, (_, _, used)| {
            *used = true;
            true
        });
        let silences = named || self.codes.is_empty();
        self.silenced_any |= silences;
        silences
    }
}

/// False for nearly every file, which then need not be searched.
pub(super) fn may_silence(text: &str) -> bool {
    text.contains(COMMENT) || text.contains(KEY)
}

/// All such lines of a Compose file.
pub(super) fn silences<'t>(source: &'t Parsed, lines: &LineIndex<'_>) -> Vec<Silence<'t>> {
    let mut silences = Vec::new();
    for document in &source.documents {
        in_comments(&source.text, &document.comments, lines, &mut silences);
        if let Some(root) = document.root() {
            below(document, root, None, &mut silences);
        }
    }
    silences
}

/// All such lines of another file that a service reads: a configuration of nginx, an env file.
pub(super) fn silences_of_other<'t>(text: &'t str, lines: &LineIndex<'_>) -> Vec<Silence<'t>> {
    let mut silences = Vec::new();
    in_comments(text, &comments(text), lines, &mut silences);
    silences
}

/// From `#` at the start of a line or behind a blank to the end of the line, as nginx and env files have it. One that
/// stands in quotes is no comment, but then it would have to say `composeyard: ignore` as well.
fn comments(text: &str) -> Vec<Comment> {
    let mut start = 0;
    let lines = text.split_inclusive('\n').filter_map(|line| {
        let begin = start;
        start += line.len();
        let line = line.trim_end();
        let at = line.match_indices('#').map(|(at, _)| at);
        let at = at.into_iter().find(|at| line[..*at].chars().next_back().is_none_or(char::is_whitespace))?;
        let own_line = line[..at].trim().is_empty();
        Some(Comment { span: Span::new(begin + at, begin + line.len()), own_line })
    });
    lines.collect()
}

fn in_comments<'t>(
    source: &'t str,
    comments: &[Comment],
    lines: &LineIndex<'_>,
    found: &mut Vec<Silence<'t>>,
) {
    let own_lines: BTreeSet<u32> = comments
        .iter()
        .filter(|comment| comment.own_line)
        .map(|comment| lines.line(comment.span.start))
        .collect();
    for comment in comments {
        let text = comment.span.of(source);
        let Some(at) = text.find(COMMENT) else { continue };
        let line = lines.line(comment.span.start);
        let next = || (line + 1..).find(|line| !own_lines.contains(line)).unwrap_or(line);
        let (reach, length) = match text[at..].starts_with(WHOLE_FILE) {
            true => (Reach::File, WHOLE_FILE.len()),
            false => (Reach::Line(if comment.own_line { next() } else { line }), COMMENT.len()),
        };
        let list = &text[at + length..];
        let start = comment.span.start + at + length;
        let words = list.split([' ', ',']).scan(start, |at, word| {
            let span = Span::new(*at, *at + word.len());
            *at = span.end + 1;
            Some((word, span, false))
        });
        let codes = words.filter(|(word, ..)| word.starts_with("CY"));
        found.push(Silence {
            codes: codes.collect(),
            reach,
            span: comment.span,
            comment: Some(comment.span),
            silenced_any: false,
        });
    }
}

/// `x-composeyard` in a mapping and in all that it holds; `around` is the mapping with its key, none for the top level.
fn below<'t>(document: &'t Document, node: NodeId, around: Option<Span>, found: &mut Vec<Silence<'t>>) {
    match &document.node(node).kind {
        Kind::Sequence(items) => {
            for item in items {
                below(document, *item, Some(document.node(*item).span()), found);
            }
        }
        Kind::Mapping(entries) => {
            for entry in entries {
                let key = document.node(entry.key).span();
                if document.text(entry.key) != Some(KEY) {
                    below(document, entry.value, Some(key.to(document.node(entry.value).span())), found);
                } else if let Some(ignore) = document.entry(entry.value, "ignore") {
                    found.push(Silence {
                        codes: codes(document, ignore.value),
                        reach: around.map_or(Reach::File, Reach::Below),
                        span: key,
                        comment: None,
                        silenced_any: false,
                    });
                }
            }
        }
        Kind::Scalar(_) | Kind::Alias(_) => {}
    }
}

fn codes(document: &Document, value: NodeId) -> Vec<(&str, Span, bool)> {
    let one = |node: NodeId| Some((document.text(node)?, document.node(node).span(), false));
    match &document.node(document.resolve(value)).kind {
        Kind::Sequence(items) => items.iter().filter_map(|item| one(*item)).collect(),
        _ => one(value).into_iter().collect(),
    }
}
