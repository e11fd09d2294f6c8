//! Parser events to the spanned tree.
//!
//! The event parser places some spans for its own needs (block collections, block scalars, absent values); here they
//! are moved to the bytes that a reader of the file would point at.

mod everyday;
mod outdented;
mod tabs;

use std::collections::HashMap;

use compact_str::CompactString;
use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, StructureStyle};

use outdented::Padding;

use crate::{
    Document, Span,
    message::plain_words,
    tree::{Alias, Comment, Entry, Kind, Node, NodeId, Properties, Style, Tag, Weight},
};

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
/// What YAML takes for blanks and line breaks; other white space is text.
const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

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

/// A collection that has been opened and not yet closed.
struct Open {
    id: NodeId,
    is_mapping: bool,
    /// Where its children start on the stack of children.
    from: usize,
    weight: Weight,
}

struct Builder<'text> {
    text: &'text str,
    /// Bytes before the text that the event parser sees.
    base: usize,
    /// Blanks in that text that this one does not have.
    padding: &'text Padding,
    documents: Vec<Document>,
    current: Option<Document>,
    open: Vec<Open>,
    /// The children of all open collections, in a mapping keys and values in turn: they move into their collection once
    /// it is known how many they are.
    children: Vec<NodeId>,
    anchors: HashMap<usize, NodeId>,
    comments: Vec<Comment>,
    /// End of the last key, value, dash or bracket read: where the search for the next one starts.
    cursor: usize,
    count: usize,
}

impl<'text> Builder<'text> {
    fn new(text: &'text str, base: usize, padding: &'text Padding) -> Self {
        Self {
            text,
            base,
            padding,
            documents: Vec::new(),
            current: None,
            open: Vec::new(),
            children: Vec::new(),
            anchors: HashMap::new(),
            comments: Vec::new(),
            cursor: base,
            count: 0,
        }
    }

    fn span(&self, span: granit_parser::Span) -> Span {
        Span::new(self.offset(span.start), self.offset(span.end))
    }

    fn offset(&self, marker: granit_parser::Marker) -> usize {
        let at = self.base + marker.byte_offset().unwrap_or_default();
        self.padding.original(at).min(self.text.len())
    }

    fn explain(&self, error: &ScanError) -> SyntaxError {
        let at = self.offset(*error.marker());
        let (message, span) = plain_words(error.kind(), self.text, at, self.cursor);
        SyntaxError { message, span }
    }

    fn accept(&mut self, event: Event<'_>, span: granit_parser::Span) -> Result<(), SyntaxError> {
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

    fn comment(&self, span: Span) -> Comment {
        let line = self.text[..span.start].rfind('\n').map_or(self.base, |at| at + 1);
        let text = span.of(self.text).trim_end_matches('\r');
        Comment {
            span: Span::new(span.start, span.start + text.len()),
            own_line: self.text[line..span.start].trim_start_matches(BLANKS).is_empty(),
        }
    }

    fn anchor(&mut self, id: usize, name: String, span: Span) {
        let Some(node) = self.current.as_mut().and_then(|document| document.nodes.last_mut()) else { return };
        if node.kind == Kind::Scalar(CompactString::default())
            && node.style == Style::Plain
            && node.span().end < span.end
        {
            node.set_span(Span::at(span.end));
        }
        node.properties.get_or_insert_default().anchor = Some((name, span));
        let is_leaf = matches!(node.kind, Kind::Scalar(_));
        self.cursor = self.cursor.max(span.end);
        let Some(document) = self.current.as_mut() else { return };
        let last = NodeId((document.nodes.len() - 1) as u32);
        if is_leaf {
            document.weights.insert(last, Weight::LEAF);
        }
        self.anchors.insert(id, last);
    }

    fn is_open(&self, id: NodeId) -> bool {
        self.open.iter().any(|open| open.id == id)
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

    fn leaf(&mut self, kind: Kind, style: Style, span: Span, tag: Option<Span>) -> Result<(), SyntaxError> {
        let weight = match &kind {
            Kind::Alias(alias) => alias.target.map_or(Weight::LEAF, |target| self.weight(target)),
            _ => Weight::LEAF,
        };
        let id = self.push(kind, style, span, tag)?;
        self.cursor = self.cursor.max(span.end);
        self.attach(id, weight);
        Ok(())
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

    fn open(&mut self, kind: Kind, style: Style, span: Span, tag: Option<Span>) -> Result<(), SyntaxError> {
        if self.open.len() >= MAX_DEPTH {
            let message = format!("the file nests more than {MAX_DEPTH} levels deep");
            return Err(SyntaxError { message, span: Span::at(span.start) });
        }
        let is_mapping = matches!(kind, Kind::Mapping(_));
        let id = self.push(kind, style, span, tag)?;
        self.cursor = self.cursor.max(if style == Style::Flow { span.end } else { span.start });
        self.open.push(Open { id, is_mapping, from: self.children.len(), weight: Weight::LEAF });
        Ok(())
    }

    /// True in a mapping whose last key has no value yet.
    const fn awaits_value(&self, open: &Open) -> bool {
        open.is_mapping && (self.children.len() - open.from) % 2 == 1
    }

    /// The first dash of a list below a key or `?`; the event parser reports the place after it when the list is not
    /// indented deeper than that.
    fn first_dash(&self) -> Option<usize> {
        self.open.last().filter(|open| open.is_mapping)?;
        find_indicator(self.text, self.cursor, &['-'])
    }

    fn end(&mut self, span: Span) {
        let Some(open) = self.open.pop() else { return };
        self.fill_value(&open);
        let Some(document) = self.current.as_mut() else { return };
        let children = &self.children[open.from..];
        match &mut document.nodes[open.id.0 as usize].kind {
            Kind::Sequence(items) => *items = children.into(),
            Kind::Mapping(entries) => {
                let pairs = children.chunks_exact(2);
                *entries = pairs.map(|pair| Entry { key: pair[0], value: pair[1] }).collect();
            }
            Kind::Scalar(_) | Kind::Alias(_) => {}
        }
        self.children.truncate(open.from);
        let children = children_end(document, open.id);
        let node = &mut document.nodes[open.id.0 as usize];
        let start = node.span().start;
        let end = if node.style == Style::Flow { span.end } else { children.unwrap_or(start) };
        node.set_span(Span::new(start, end));
        self.cursor = self.cursor.max(end);
        document.order(open.id);
        self.attach(open.id, open.weight);
    }

    /// A key whose value was not reached gets an absent one.
    fn fill_value(&mut self, open: &Open) {
        if !self.awaits_value(open) {
            return;
        }
        let at = Span::at(self.cursor);
        if let Ok(value) = self.push(Kind::Scalar(CompactString::default()), Style::Plain, at, None) {
            self.children.push(value);
        }
    }

    fn push(
        &mut self,
        kind: Kind,
        style: Style,
        span: Span,
        tag: Option<Span>,
    ) -> Result<NodeId, SyntaxError> {
        self.count += 1;
        if self.count > MAX_NODES {
            let message = format!("the file holds more than {MAX_NODES} keys and values");
            return Err(SyntaxError { message, span });
        }
        let properties = tag.map(|span| {
            let tag = Some(Tag { text: span.of(self.text).to_owned(), span });
            Box::new(Properties { tag, anchor: None })
        });
        let document = self.current.get_or_insert_default();
        let id = NodeId(document.nodes.len() as u32);
        document.nodes.push(Node::new(kind, style, span, properties));
        Ok(id)
    }

    fn weight(&self, anchored: NodeId) -> Weight {
        self.current.as_ref().and_then(|document| document.weight(anchored)).unwrap_or(Weight::LEAF)
    }

    /// Hangs a finished node into the collection around it.
    fn attach(&mut self, id: NodeId, weight: Weight) {
        let Some(document) = self.current.as_mut() else { return };
        if document.node(id).anchor().is_some() {
            document.weights.insert(id, weight);
        }
        let Some(parent) = self.open.last_mut() else {
            document.root.get_or_insert(id);
            return;
        };
        parent.weight.hold(weight);
        self.children.push(id);
    }

    fn close_document(&mut self) {
        while !self.open.is_empty() {
            self.end(Span::at(self.cursor));
        }
        let Some(mut document) = self.current.take() else { return };
        document.root = document.root.filter(|root| {
            let node = document.node(*root);
            node.span().start < node.span().end || node.tag().is_some() || node.anchor().is_some()
        });
        document.comments.append(&mut self.comments);
        self.documents.push(document);
    }

    fn finish(mut self) -> Vec<Document> {
        if !self.comments.is_empty() {
            let mut last = self.documents.pop().unwrap_or_default();
            last.comments.append(&mut self.comments);
            self.documents.push(last);
        }
        for document in &mut self.documents {
            document.comments.sort_by_key(|comment| comment.span);
        }
        self.documents
    }
}

fn children_end(document: &Document, id: NodeId) -> Option<usize> {
    let last = match &document.node(id).kind {
        Kind::Sequence(items) => *items.last()?,
        Kind::Mapping(entries) => entries.last()?.value,
        Kind::Scalar(_) | Kind::Alias(_) => return None,
    };
    Some(document.node(last).span().end)
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
fn find_indicator(text: &str, mut at: usize, wanted: &[char]) -> Option<usize> {
    loop {
        at = skip_blank(text, at);
        match text[at..].chars().next()? {
            c if wanted.contains(&c) => return Some(at),
            '&' | '!' => at += text[at..].find(BLANKS)?,
            c => at += c.len_utf8(),
        }
    }
}
