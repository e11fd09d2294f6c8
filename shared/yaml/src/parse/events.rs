//! The event parser's events to nodes. It places some spans for its own needs (block collections, block scalars, absent
//! values); here they are moved to the bytes that a reader of the file would point at.

use granit_parser::{Event, ScalarStyle, ScanError, StructureStyle};

use super::{
    BOM, SyntaxError,
    builder::{Builder, Open},
};
use crate::{
    Document, Span,
    message::plain_words,
    tree::{Alias, Comment, Kind, Node, Style},
};

/// What YAML takes for blanks and line breaks; other white space is text.
const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

impl Builder<'_> {
    pub(super) fn accept(&mut self, event: Event<'_>, span: granit_parser::Span) -> Result<(), SyntaxError> {
        let tag = span.tag_span().map(|tag| self.span(tag));
        let span = self.span(span);
        match event {
            Event::DocumentStart(is_explicit, _) => {
                self.anchors.clear();
                if is_explicit {
                    self.cursor = self.cursor.max(span.end);
                }
                self.current = Some(Document::default());
            }
            Event::DocumentEnd => self.close_document(),
            Event::Comment(..) => self.comments.push(self.comment(span)),
            Event::Anchor(id, name) => self.anchor(id, name.into_owned(), span),
            Event::Alias(id) => {
                let name = span.of(self.text).trim_start_matches('*').to_owned();
                let target = self.anchors.get(&id).copied().filter(|target| !self.is_open(*target));
                self.leaf(Kind::Alias(Box::new(Alias { name, target })), Style::Plain, span, None)?;
            }
            Event::UnresolvedAlias(name) => {
                let alias = Alias { name: name.into_owned(), target: None };
                self.leaf(Kind::Alias(Box::new(alias)), Style::Plain, span, None)?;
            }
            Event::Scalar(text, style, _, _) => self.scalar(text.into_owned(), style, span, tag)?,
            Event::SequenceStart(style, ..) => {
                self.start(Kind::Sequence(Box::default()), style, span, tag)?;
            }
            Event::MappingStart(style, ..) => self.start(Kind::Mapping(Box::default()), style, span, tag)?,
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            _ => {}
        }
        Ok(())
    }

    fn span(&self, span: granit_parser::Span) -> Span {
        Span::new(self.offset(span.start), self.offset(span.end))
    }

    pub(super) fn offset(&self, marker: granit_parser::Marker) -> usize {
        let at = self.base + marker.byte_offset().unwrap_or_default();
        self.padding.original(at).min(self.text.len())
    }

    pub(super) fn explain(&self, error: &ScanError) -> SyntaxError {
        let at = self.offset(*error.marker());
        let (message, span) = plain_words(error.kind(), self.text, at, self.cursor);
        SyntaxError { message, span }
    }

    fn comment(&self, span: Span) -> Comment {
        let line = self.text[..span.start].rfind('\n').map_or(self.base, |at| at + 1);
        let text = span.of(self.text).trim_end_matches('\r');
        Comment {
            span: Span::new(span.start, span.start + text.len()),
            own_line: self.text[line..span.start].trim_start_matches(BLANKS).is_empty(),
        }
    }

    fn scalar(
        &mut self,
        text: String,
        style: ScalarStyle,
        span: Span,
        tag: Option<Span>,
    ) -> Result<(), SyntaxError> {
        let (style, span, text) = match style {
            ScalarStyle::Plain if span.start == span.end => {
                (Style::Plain, Span::at(self.absent(tag)), String::new())
            }
            ScalarStyle::Plain => (Style::Plain, span, text),
            ScalarStyle::SingleQuoted => (Style::SingleQuoted, span, text),
            ScalarStyle::DoubleQuoted => (Style::DoubleQuoted, span, text),
            ScalarStyle::Literal => self.block(Style::Literal, span, text),
            ScalarStyle::Folded => self.block(Style::Folded, span, text),
        };
        self.leaf(Kind::Scalar(text.into()), style, span, tag)
    }

    /// Where an absent key or value would start: after the `:` or `-` that it belongs to, and after its tag.
    fn absent(&self, tag: Option<Span>) -> usize {
        let at = skip_blank(self.text, self.cursor);
        let around = self.open.last().zip(self.current.as_ref());
        let found =
            around.is_some_and(|(open, document)| self.is_indicator(open, document.node(open.id), at));
        let after = if found { at + 1 } else { self.cursor };
        tag.map_or(after, |tag| tag.end.max(after))
    }

    /// True where the `:` or `-` stands that the next node of an open collection belongs to.
    fn is_indicator(&self, open: &Open, node: &Node, at: usize) -> bool {
        let mut rest = self.text[at..].chars();
        let (indicator, after) = (rest.next(), rest.next());
        let in_flow = node.style == Style::Flow;
        let stands_alone = after.is_none_or(|c| BLANKS.contains(&c) || in_flow && ",[]{}".contains(c));
        if !stands_alone {
            return false;
        }
        if !open.is_mapping {
            return indicator == Some('-');
        }
        // What follows an absent key is its value's, and a `:` further left belongs to a mapping around this one.
        indicator == Some(':')
            && self.awaits_value(open)
            && (in_flow || self.column(at) >= self.column(node.span().start))
    }

    /// Characters before a place on its line.
    fn column(&self, at: usize) -> usize {
        let line = self.text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1);
        self.text[line..at].trim_start_matches(BOM).chars().count()
    }

    /// A block that the file ends in without a line break has none at its end, as other readers have it.
    fn block(&self, style: Style, content: Span, mut text: String) -> (Style, Span, String) {
        let span = self.block_scalar(content);
        if text.ends_with('\n') && !self.text[span.end..].contains(['\n', '\r']) {
            text.pop();
        }
        (style, span, text)
    }

    /// From the `|` or `>` to the end of the last line that holds more than blanks.
    fn block_scalar(&self, content: Span) -> Span {
        let header = find_indicator(self.text, self.cursor, &['|', '>']).unwrap_or(content.start);
        let header_end = self.text[header..].find(['\n', '\r']).map_or(self.text.len(), |at| header + at);
        let end = content.end.max(header_end);
        let kept = self.text[header..end].trim_end_matches(BLANKS).len();
        Span::new(header, header + kept)
    }

    fn start(
        &mut self,
        kind: Kind,
        style: StructureStyle,
        span: Span,
        tag: Option<Span>,
    ) -> Result<(), SyntaxError> {
        let style = match style {
            StructureStyle::Flow => Style::Flow,
            StructureStyle::Block => Style::Block,
        };
        let span = if style == Style::Block && matches!(kind, Kind::Sequence(_)) {
            // Behind `: ` the dash stands where the event parser says, and the next one is another item's.
            let dash = self.first_dash().filter(|dash| *dash <= span.start);
            Span::new(dash.unwrap_or(span.start), span.end)
        } else {
            span
        };
        self.open(kind, style, span, tag)
    }

    /// The first dash of a list below a key or `?`; the event parser reports the place after it when the list is not
    /// indented deeper than that.
    fn first_dash(&self) -> Option<usize> {
        self.open.last().filter(|open| open.is_mapping)?;
        find_indicator(self.text, self.cursor, &['-'])
    }
}

/// The first place from here on that is no blank, line break or comment.
fn skip_blank(text: &str, mut at: usize) -> usize {
    loop {
        let rest = text[at..].trim_start_matches(BLANKS);
        at = text.len() - rest.len();
        let may_comment = text[..at].chars().next_back().is_none_or(|c| c == BOM || BLANKS.contains(&c));
        if !may_comment || !rest.starts_with('#') {
            return at;
        }
        // A carriage return ends a line too, be it alone.
        at += rest.find(['\n', '\r']).unwrap_or(rest.len());
    }
}

/// The first of these characters from here on, past other indicators, tags, anchors and comments.
pub(super) fn find_indicator(text: &str, mut at: usize, wanted: &[char]) -> Option<usize> {
    loop {
        at = skip_blank(text, at);
        match text[at..].chars().next()? {
            c if wanted.contains(&c) => return Some(at),
            '&' | '!' => at += text[at..].find(BLANKS)?,
            c => at += c.len_utf8(),
        }
    }
}
