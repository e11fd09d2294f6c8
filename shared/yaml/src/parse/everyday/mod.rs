//! The YAML that most files are written in, read in one pass over its bytes: block and flow collections, scalars of one
//! line, literal and folded blocks, comments, anchors and aliases.
//!
//! Whatever else a text holds makes the reader give up, and the event parser reads it from the start. So this reader
//! knows no errors; what it does read, it must read as the event parser would.

mod block;
mod flow;
mod scalar;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use compact_str::CompactString;

use self::scalar::Scalar;
use super::{builder::Builder, outdented::Padding};
use crate::{Alias, Comment, Document, Kind, Span, Style};

/// Reads a text; none when it holds anything unusual.
pub(super) fn read(text: &str) -> Option<Vec<Document>> {
    // Whole chunks, so that the compiler looks at many bytes at once.
    let is_usual = |chunk: &[u8]| chunk.iter().fold(true, |usual, byte| usual & is_usual(*byte));
    if !text.as_bytes().chunks(64).all(is_usual) || !text.is_ascii() && !text.chars().all(is_visible) {
        return None;
    }
    let padding = Padding::default();
    let mut builder = Builder::new(text, 0, &padding);
    let likely_nodes = (text.len() / 12).min(MOST_RESERVED);
    builder.current = Some(Document { nodes: Vec::with_capacity(likely_nodes), ..Document::default() });
    let mut reader =
        Reader { text, at: 0, line: 0, column: 0, builder, anchor: None, anchors: HashMap::new() };
    reader.next_line();
    if reader.column()? != 0 {
        return None;
    }
    reader.block()?;
    if reader.column().is_some() {
        return None;
    }
    reader.builder.close_document();
    Some(reader.builder.finish())
}

const fn is_usual(byte: u8) -> bool {
    byte >= b' ' && byte != 0x7f || byte == b'\n'
}

/// Neither a blank nor a line break, in any reading.
fn is_visible(c: char) -> bool {
    c.is_ascii()
        || !(c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}'))
}

/// Nodes that are made room for at once; a long text may hold few.
const MOST_RESERVED: usize = 65_536;

/// The event parser takes no longer keys.
const MAX_KEY: usize = 1000;

struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Where the line around `at` starts.
    line: usize,
    /// The column of the key or dash before the flow collection at hand.
    column: usize,
    builder: Builder<'t>,
    /// The anchor of the node that comes next.
    anchor: Option<(&'t str, Span)>,
    /// The number of the last anchor of each name.
    anchors: HashMap<&'t str, usize>,
}

/// Each step is none where the text turns out to be unusual.
impl<'t> Reader<'t> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    /// True when a blank, a line break or the end stands so many bytes ahead.
    fn is_blank(&self, ahead: usize) -> bool {
        matches!(self.peek(ahead), None | Some(b' ' | b'\n'))
    }

    /// The column of what comes next; none at the end.
    const fn column(&self) -> Option<usize> {
        if self.at < self.text.len() { Some(self.at - self.line) } else { None }
    }

    fn skip_blanks(&mut self) {
        while self.peek(0) == Some(b' ') {
            self.at += 1;
        }
    }

    fn is_dash(&self) -> bool {
        self.peek(0) == Some(b'-') && self.is_blank(1)
    }

    /// Past blanks, line breaks and comments.
    fn next_line(&mut self) {
        loop {
            self.skip_blanks();
            match self.peek(0) {
                Some(b'\n') => {
                    self.at += 1;
                    self.line = self.at;
                }
                Some(b'#') => self.comment(),
                _ => return,
            }
        }
    }

    fn comment(&mut self) {
        let end = self.text[self.at..].find('\n').map_or(self.text.len(), |length| self.at + length);
        let own_line = self.text.as_bytes()[self.line..self.at].iter().all(|byte| *byte == b' ');
        self.builder.comments.push(Comment { span: Span::new(self.at, end), own_line });
        self.at = end;
    }

    /// Past the rest of a line that holds nothing more, to the next thing.
    fn end_line(&mut self) -> Option<()> {
        let end = self.at;
        self.skip_blanks();
        match self.peek(0) {
            None | Some(b'\n') => {}
            Some(b'#') if self.at > end => {}
            _ => return None,
        }
        self.next_line();
        Some(())
    }

    fn leaf(&mut self, kind: Kind, style: Style, span: Span) -> Option<()> {
        self.builder.leaf(kind, style, span, None).ok()?;
        self.place_anchor();
        Some(())
    }

    fn scalar_leaf(&mut self, scalar: Scalar) -> Option<()> {
        self.leaf(Kind::Scalar(scalar.text), scalar.style, scalar.span)
    }

    fn absent(&mut self, at: usize) -> Option<()> {
        self.leaf(Kind::Scalar(CompactString::default()), Style::Plain, Span::at(at))
    }

    fn open(&mut self, kind: Kind, style: Style, at: usize) -> Option<()> {
        self.builder.open(kind, style, Span::at(at), None).ok()?;
        self.place_anchor();
        Some(())
    }

    fn place_anchor(&mut self) {
        if let Some((name, span)) = self.anchor.take() {
            let number = self.builder.anchors.len();
            self.builder.anchor(number, name.to_owned(), span);
            self.anchors.insert(name, number);
        }
    }

    /// A collection that starts a line.
    fn block(&mut self) -> Option<()> {
        let column = self.column()?;
        if self.is_dash() {
            return self.sequence(column);
        }
        let start = self.at;
        let key = self.scalar()?;
        self.is_colon().then_some(())?;
        self.mapping(column, start, key)
    }

    fn is_colon(&self) -> bool {
        self.peek(0) == Some(b':') && self.is_blank(1)
    }

    /// A mapping the first key of which has been read.
    fn mapping(&mut self, column: usize, start: usize, first: Scalar) -> Option<()> {
        self.open(Kind::Mapping(Box::default()), Style::Block, start)?;
        let mut key = first;
        loop {
            if !self.is_colon() || key.span.end - key.span.start > MAX_KEY {
                return None;
            }
            self.scalar_leaf(key)?;
            self.at += 1;
            self.value(column)?;
            match self.column() {
                Some(next) if next > column => return None,
                Some(next) if next == column => key = self.scalar()?,
                _ => break,
            }
        }
        self.builder.end(Span::at(self.at));
        Some(())
    }

    /// What belongs to the key of a mapping, from behind its colon.
    fn value(&mut self, column: usize) -> Option<()> {
        let colon = self.at;
        self.skip_blanks();
        if matches!(self.peek(0), None | Some(b'\n' | b'#')) {
            self.next_line();
            return match self.column() {
                Some(next) if next > column => self.block(),
                Some(next) if next == column && self.is_dash() => self.sequence(column),
                _ => self.absent(colon),
            };
        }
        if self.peek(0) == Some(b'&') {
            return self.anchored(column);
        }
        self.inline_below(column)
    }

    /// A value that begins behind its key or dash, which stands at a column.
    fn inline_below(&mut self, column: usize) -> Option<()> {
        if self.is_block_scalar() {
            return self.block_scalar(column);
        }
        self.column = column;
        self.inline()?;
        self.end_line()
    }

    /// A value behind its anchor: on the same line, or below and deeper.
    fn anchored(&mut self, column: usize) -> Option<()> {
        let start = self.at;
        self.at += 1;
        let name = self.name()?;
        let anchor = Some((name, Span::new(start, self.at)));
        self.is_blank(0).then_some(())?;
        self.skip_blanks();
        if matches!(self.peek(0), None | Some(b'\n' | b'#')) {
            self.next_line();
            if self.column()? <= column {
                return None;
            }
            self.anchor = anchor;
            return self.block();
        }
        if matches!(self.peek(0)?, b'*' | b'&') {
            return None;
        }
        self.anchor = anchor;
        self.inline_below(column)
    }

    fn sequence(&mut self, column: usize) -> Option<()> {
        self.open(Kind::Sequence(Box::default()), Style::Block, self.at)?;
        loop {
            self.at += 1;
            self.item(column)?;
            match self.column() {
                Some(next) if next > column => return None,
                Some(next) if next == column && self.is_dash() => {}
                _ => break,
            }
        }
        self.builder.end(Span::at(self.at));
        Some(())
    }

    /// What belongs to a dash.
    fn item(&mut self, column: usize) -> Option<()> {
        let dash = self.at;
        self.skip_blanks();
        if matches!(self.peek(0), None | Some(b'\n' | b'#')) {
            self.next_line();
            return match self.column() {
                Some(next) if next > column => self.block(),
                _ => self.absent(dash),
            };
        }
        let inner = self.column()?;
        if self.is_dash() {
            return self.sequence(inner);
        }
        if matches!(self.peek(0)?, b'[' | b'{' | b'*' | b'|' | b'>') {
            return self.inline_below(column);
        }
        let start = self.at;
        let scalar = self.scalar()?;
        if self.is_colon() {
            return self.mapping(inner, start, scalar);
        }
        self.scalar_leaf(scalar)?;
        self.end_line()
    }

    /// A scalar of one line, or a flow collection.
    fn inline(&mut self) -> Option<()> {
        match self.peek(0)? {
            b'[' => self.flow_sequence(),
            b'{' => self.flow_mapping(),
            b'*' => self.alias(),
            _ => {
                let scalar = self.scalar()?;
                self.scalar_leaf(scalar)
            }
        }
    }

    /// The name of an anchor or an alias.
    fn name(&mut self) -> Option<&'t str> {
        let is_named = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let length = self.text.as_bytes()[self.at..].iter().take_while(|byte| is_named(byte)).count();
        let name = &self.text[self.at..self.at + length];
        self.at += length;
        (!name.is_empty()).then_some(name)
    }

    fn alias(&mut self) -> Option<()> {
        let start = self.at;
        self.at += 1;
        let name = self.name()?;
        if !self.is_blank(0) && !matches!(self.peek(0), Some(b',' | b']' | b'}')) {
            return None;
        }
        let target = *self.builder.anchors.get(self.anchors.get(name)?)?;
        let target = Some(target).filter(|target| !self.builder.is_open(*target));
        let alias = Alias { name: name.to_owned(), target };
        self.leaf(Kind::Alias(Box::new(alias)), Style::Plain, Span::new(start, self.at))
    }
}
