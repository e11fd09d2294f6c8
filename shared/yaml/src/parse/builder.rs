//! The spanned tree as it grows, node by node, for whichever reader reads the text.

use std::collections::HashMap;

use compact_str::CompactString;

use super::{MAX_DEPTH, MAX_NODES, SyntaxError, outdented::Padding};
use crate::{
    Document, Span,
    tree::{Comment, Entry, Kind, Node, NodeId, Properties, Style, Tag, Weight},
};

/// A collection that has been opened and not yet closed.
pub(super) struct Open {
    pub(super) id: NodeId,
    pub(super) is_mapping: bool,
    /// Where its children start on the stack of children.
    pub(super) from: usize,
    pub(super) weight: Weight,
}

/// What was read so far.
pub(super) struct Builder<'text> {
    pub(super) text: &'text str,
    /// Bytes before the text that the event parser sees.
    pub(super) base: usize,
    /// Blanks in that text that this one does not have.
    pub(super) padding: &'text Padding,
    pub(super) documents: Vec<Document>,
    pub(super) current: Option<Document>,
    pub(super) open: Vec<Open>,
    /// The children of all open collections, in a mapping keys and values in turn: they move into their collection once
    /// it is known how many they are.
    pub(super) children: Vec<NodeId>,
    pub(super) anchors: HashMap<usize, NodeId>,
    pub(super) comments: Vec<Comment>,
    /// End of the last key, value, dash or bracket read: where the search for the next one starts.
    pub(super) cursor: usize,
    pub(super) count: usize,
}

impl<'text> Builder<'text> {
    pub(super) fn new(text: &'text str, base: usize, padding: &'text Padding) -> Self {
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

    pub(super) fn is_open(&self, id: NodeId) -> bool {
        self.open.iter().any(|open| open.id == id)
    }

    pub(super) fn leaf(
        &mut self,
        kind: Kind,
        style: Style,
        span: Span,
        tag: Option<Span>,
    ) -> Result<(), SyntaxError> {
        let weight = match &kind {
            Kind::Alias(alias) => alias.target.map_or(Weight::LEAF, |target| self.weight(target)),
            _ => Weight::LEAF,
        };
        let id = self.push(kind, style, span, tag)?;
        self.cursor = self.cursor.max(span.end);
        self.attach(id, weight);
        Ok(())
    }

    pub(super) fn open(
        &mut self,
        kind: Kind,
        style: Style,
        span: Span,
        tag: Option<Span>,
    ) -> Result<(), SyntaxError> {
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

    pub(super) fn end(&mut self, span: Span) {
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

    /// True in a mapping whose last key has no value yet.
    pub(super) const fn awaits_value(&self, open: &Open) -> bool {
        open.is_mapping && (self.children.len() - open.from) % 2 == 1
    }

    /// A key whose value was not reached gets an absent one.
    pub(super) fn fill_value(&mut self, open: &Open) {
        if !self.awaits_value(open) {
            return;
        }
        let at = Span::at(self.cursor);
        if let Ok(value) = self.push(Kind::Scalar(CompactString::default()), Style::Plain, at, None) {
            self.children.push(value);
        }
    }

    pub(super) fn push(
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

    pub(super) fn weight(&self, anchored: NodeId) -> Weight {
        self.current.as_ref().and_then(|document| document.weight(anchored)).unwrap_or(Weight::LEAF)
    }

    pub(super) fn anchor(&mut self, id: usize, name: String, span: Span) {
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

    /// Hangs a finished node into the collection around it.
    pub(super) fn attach(&mut self, id: NodeId, weight: Weight) {
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

    pub(super) fn close_document(&mut self) {
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

    pub(super) fn finish(mut self) -> Vec<Document> {
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
