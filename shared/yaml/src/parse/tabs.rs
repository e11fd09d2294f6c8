//! Tabs before the first character of a line, where the reference's reader and the event parser do not agree: the one
//! refuses them on lines that are blank or hold only a comment, the other within brackets and quotes.

use super::{
    Stop, attempt,
    outdented::{self, Padding},
};
use crate::{Comment, Document, Kind, NodeId, Span, Style, SyntaxError};

/// Texts in which the event parser stops at tabs more often are refused: each is an attempt of its own.
const MOST: usize = 32;

/// What stands before a line, as far as its tabs are concerned.
#[derive(Clone, Copy)]
enum Around {
    /// Brackets or quotes: any blanks may stand in them.
    Free,
    /// Plain text below a key or dash at this column: the blanks behind it belong to it where they are deeper.
    Plain(usize),
    /// A block whose lines start at this column, the first of them at this byte.
    Block { column: usize, first: usize },
    /// Anything else: only blanks may stand before the next thing.
    Other,
}

/// The first tab that stands where only blanks may, of a text that was read.
pub(super) fn misplaced(text: &str, documents: &[Document]) -> Option<SyntaxError> {
    if text.contains('\t') { misplaced_but(text, documents, &[]) } else { None }
}

/// Reads a text whose tabs make the event parser stop at a byte; none when they stand where only blanks may.
pub(super) fn read(text: &str, mut at: usize) -> Option<Vec<Document>> {
    let (mut filled, mut lines) = (text.to_owned(), Vec::new());
    for _ in 0..MOST {
        fill(&mut filled, at, &mut lines);
        let documents = match attempt(&filled, &mut Padding::default()) {
            (documents, None) => documents,
            (_, Some(Stop { outdented: Some(read), .. })) => outdented::read(&filled, read)?,
            (_, Some(Stop { tab: Some(next), .. })) if next > at => {
                at = next;
                continue;
            }
            _ => return None,
        };
        return misplaced_but(text, &documents, &lines).is_none().then_some(documents);
    }
    None
}

/// Puts blanks for the tabs before the line of a byte, and before those that follow it with tabs of their own.
fn fill(text: &mut String, at: usize, lines: &mut Vec<usize>) {
    let mut start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    loop {
        let rest = &text[start..];
        let indent = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if !rest[..indent].contains('\t') {
            return;
        }
        let line = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
        text.replace_range(start..start + indent, &" ".repeat(indent));
        lines.push(start);
        start += line;
    }
}

/// As [`misplaced`]; the tabs before these lines must stand in brackets or quotes.
fn misplaced_but(text: &str, documents: &[Document], lines: &[usize]) -> Option<SyntaxError> {
    let mut map = TabMap { text, lines, pieces: Vec::new(), dashed: None };
    for document in documents {
        if let Some(root) = document.root() {
            map.node(document, root, 0);
        }
        map.pieces.extend(document.comments.iter().map(|comment| map_comment(text, comment)));
    }
    map.pieces.sort_by_key(|(span, _)| span.start);
    let found = map.first_line().into_iter().chain(map.dashed).min()?;
    let tabs = text[found..].len() - text[found..].trim_start_matches('\t').len();
    let message = "a tab is used for indentation; use spaces instead".to_owned();
    Some(SyntaxError { message, span: Span::new(found, found + tabs) })
}

/// Behind a comment that has a line to itself any blanks lead to another one.
fn map_comment(text: &str, comment: &Comment) -> (Span, Around) {
    let Span { start, end } = comment.span;
    let next = end + (text[end..].len() - text[end..].trim_start().len());
    if comment.own_line && text[next..].starts_with('#') {
        return (Span::new(start, next), Around::Free);
    }
    (comment.span, Around::Other)
}

struct TabMap<'t> {
    text: &'t str,
    /// The starts of lines before which no tab may stand but in brackets or quotes.
    lines: &'t [usize],
    /// The leaves, brackets and comments of the text.
    pieces: Vec<(Span, Around)>,
    /// The first tab between a dash and its item.
    dashed: Option<usize>,
}

impl TabMap<'_> {
    fn column(&self, at: usize) -> usize {
        at - self.text[..at].rfind(['\n', '\r']).map_or(0, |newline| newline + 1)
    }

    /// Notes the pieces of a node below a key or dash at a column.
    fn node(&mut self, document: &Document, id: NodeId, column: usize) {
        let node = document.node(id);
        let around = match (&node.kind, node.style) {
            (_, Style::Flow | Style::SingleQuoted | Style::DoubleQuoted) => Around::Free,
            (Kind::Sequence(items), _) => {
                let column = self.column(node.span().start);
                for item in items {
                    self.dash(document.node(*item).span().start);
                    self.node(document, *item, column);
                }
                return;
            }
            (Kind::Mapping(entries), _) => {
                let column = self.column(node.span().start);
                for entry in entries {
                    self.pieces.push((document.node(entry.key).span(), Around::Other));
                    self.node(document, entry.value, column);
                }
                return;
            }
            (Kind::Scalar(_), Style::Literal | Style::Folded) => self.block(node.span()),
            (Kind::Scalar(text), _) if !text.is_empty() => Around::Plain(column),
            _ => Around::Other,
        };
        self.pieces.push((node.span(), around));
    }

    /// Looks for a tab between a dash and its item on the same line.
    fn dash(&mut self, item: usize) {
        let line = &self.text[item - self.column(item)..item];
        let blanks = line.len() - line.trim_end_matches([' ', '\t']).len();
        let tab = line[line.len() - blanks..].find('\t').map(|tab| item - blanks + tab);
        if line[..line.len() - blanks].ends_with('-') && self.dashed.is_none() {
            self.dashed = tab;
        }
    }

    fn block(&self, span: Span) -> Around {
        let header = span.of(self.text).lines().next().unwrap_or_default();
        if header.chars().nth(1).is_some_and(|c| c.is_ascii_digit())
            || header.ends_with(|c: char| c.is_ascii_digit())
        {
            // Its lines start where it says; deeper blanks, tabs among them, are text.
            return Around::Block { column: 0, first: 0 };
        }
        let mut at = span.start;
        for line in span.of(self.text).split_inclusive('\n') {
            let content = line.trim_start_matches(' ');
            if at > span.start && !content.trim_start_matches('\t').trim_end_matches(['\r', '\n']).is_empty()
            {
                return Around::Block { column: line.len() - content.len(), first: at };
            }
            at += line.len();
        }
        Around::Other
    }

    /// The first tab before the first character of a line that is misplaced.
    fn first_line(&self) -> Option<usize> {
        let mut pieces = self.pieces.iter().peekable();
        let (mut before, mut free) = (Around::Other, 0);
        let mut start = 0;
        for line in self.text.split_inclusive('\n') {
            let rest = line.trim_start_matches([' ', '\t']);
            let tab = line[..line.len() - rest.len()].find('\t');
            while let Some((span, around)) = pieces.next_if(|(span, _)| span.start < start) {
                before = *around;
                if matches!(around, Around::Free) {
                    free = free.max(span.end);
                }
            }
            let begins = start + line.len() - rest.len();
            let next = pieces.peek().map(|(span, _)| span.start);
            let is_refused = |column| {
                self.lines.binary_search(&start).is_ok()
                    || next == Some(begins) && !rest.starts_with('#')
                    || is_misplaced(before, column, start, rest)
            };
            if let Some(column) = tab.filter(|column| start >= free && is_refused(*column)) {
                return Some(start + column);
            }
            start += line.len();
        }
        None
    }
}

/// Whether a tab at a column of the line that starts at a byte stands where only blanks may.
fn is_misplaced(before: Around, tab: usize, line: usize, rest: &str) -> bool {
    let says_nothing = rest.trim_end().is_empty() || rest.starts_with('#');
    match before {
        Around::Block { column, first } if says_nothing => tab < column || line <= first,
        Around::Block { first, .. } => line <= first,
        Around::Plain(column) => says_nothing && tab <= column,
        Around::Free | Around::Other => says_nothing,
    }
}
