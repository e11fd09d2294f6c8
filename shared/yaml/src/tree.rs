//! The spanned tree: nodes in one arena, addressed by [`NodeId`], in document order.

use std::collections::HashMap;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// A byte range of the source text, end exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range from `start` up to, not including, `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// An empty range, a place between two bytes.
    pub const fn at(offset: usize) -> Self {
        Self { start: offset, end: offset }
    }

    /// The smallest range that holds both.
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// True when `offset` lies inside, or at the end: where a cursor would touch the range.
    pub const fn touches(self, offset: usize) -> bool {
        self.start <= offset && offset <= self.end
    }

    /// The text of the range; empty when the range does not fit `source`.
    pub fn of(self, source: &str) -> &str {
        source.get(self.start..self.end).unwrap_or_default()
    }
}

/// The address of a node in its [`Document`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(crate) u32);

/// How a node is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// `plain`
    Plain,
    /// `'single'`
    SingleQuoted,
    /// `"double"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
    /// A collection over several lines by indentation.
    Block,
    /// `[a, b]` or `{a: b}`
    Flow,
}

/// A key and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key's node.
    pub key: NodeId,
    /// The value's node; an absent value is an empty plain scalar with an empty span.
    pub value: NodeId,
}

/// What a node holds. No larger than a scalar's text: a file has tens of thousands of nodes, nearly all of them scalars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A scalar's text after quotes, escapes and folding are undone.
    Scalar(CompactString),
    /// A list.
    Sequence(Box<[NodeId]>),
    /// A mapping, in source order, duplicate keys included.
    Mapping(Box<[Entry]>),
    /// `*name`
    Alias(Box<Alias>),
}

/// What an alias says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The anchor's name without `*`.
    pub name: String,
    /// The node that carries the anchor; absent when no such anchor stands before.
    pub target: Option<NodeId>,
}

/// `!tag` before a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// As written, with its `!`.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// One node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it holds.
    pub kind: Kind,
    /// How it is written.
    pub style: Style,
    /// Its first byte. A file is shorter than four gigabytes; half of a [`Span`] is enough.
    start: u32,
    end: u32,
    /// Few nodes have any; they would double the size of the others.
    pub(crate) properties: Option<Box<Properties>>,
}

/// What stands before a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Properties {
    pub(crate) tag: Option<Tag>,
    pub(crate) anchor: Option<(String, Span)>,
}

impl Node {
    pub(crate) const fn new(
        kind: Kind,
        style: Style,
        span: Span,
        properties: Option<Box<Properties>>,
    ) -> Self {
        Self { kind, style, start: span.start as u32, end: span.end as u32, properties }
    }

    /// From its first to its last byte: quotes and brackets included; tag, anchor and trailing comments not.
    /// A block collection runs from its first key or dash to the end of its last child.
    pub const fn span(&self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }

    pub(crate) const fn set_span(&mut self, span: Span) {
        self.start = span.start as u32;
        self.end = span.end as u32;
    }

    /// `!tag`, if any.
    pub fn tag(&self) -> Option<&Tag> {
        self.properties.as_ref()?.tag.as_ref()
    }

    /// `&anchor` (name without `&`) and where it stands, if any.
    pub fn anchor(&self) -> Option<&(String, Span)> {
        self.properties.as_ref()?.anchor.as_ref()
    }
}

/// A `# comment`, from `#` to the end of its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Where it stands, without the line break.
    pub span: Span,
    /// True when nothing but blanks stands before it on its line.
    pub own_line: bool,
}

/// How much a node holds when every alias in it is replaced by what it stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// Keys, values and items, the node itself included.
    pub nodes: u64,
    /// Levels of collections, 1 for a scalar.
    pub depth: u32,
}

impl Weight {
    pub(crate) const LEAF: Self = Self { nodes: 1, depth: 1 };

    /// Takes in a child.
    pub(crate) fn hold(&mut self, child: Self) {
        self.nodes = self.nodes.saturating_add(child.nodes);
        self.depth = self.depth.max(child.depth.saturating_add(1));
    }
}

/// From here on, keys are looked up by their order.
const MANY_KEYS: usize = 32;

/// One YAML document of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    pub(crate) nodes: Vec<Node>,
    pub(crate) root: Option<NodeId>,
    /// For mappings of many keys, the positions of their entries ordered by key.
    pub(crate) ordered: HashMap<NodeId, Vec<u32>>,
    /// How much stands below each anchor.
    pub(crate) weights: HashMap<NodeId, Weight>,
    /// All comments in source order.
    pub comments: Vec<Comment>,
}

impl Document {
    /// The top node; none for an empty document.
    pub const fn root(&self) -> Option<NodeId> {
        self.root
    }

    /// The node at an address of this document.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// All nodes in source order.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().map(|(index, node)| (NodeId(index as u32), node))
    }

    /// The node with exactly this span: the outermost one when a collection and its first child share it.
    pub fn spanning(&self, span: Span) -> Option<NodeId> {
        let first = self.nodes.partition_point(|node| node.span().start < span.start);
        let near = self.nodes[first..].iter().take_while(|node| node.span().start == span.start);
        near.zip(first..).find(|(node, _)| node.span() == span).map(|(_, index)| NodeId(index as u32))
    }

    /// The scalar text of a node, through an alias; none for collections.
    pub fn text(&self, id: NodeId) -> Option<&str> {
        match &self.node(self.resolve(id)).kind {
            Kind::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// Follows an alias to its target. Anchors stand before their aliases, so one step is enough.
    pub fn resolve(&self, id: NodeId) -> NodeId {
        match &self.node(id).kind {
            Kind::Alias(alias) => alias.target.unwrap_or(id),
            _ => id,
        }
    }

    /// The weight of an anchored node; none for a node without an anchor.
    pub fn weight(&self, anchored: NodeId) -> Option<Weight> {
        self.weights.get(&anchored).copied()
    }

    /// The nodes with an anchor, in no order.
    pub fn anchored(&self) -> impl Iterator<Item = NodeId> {
        self.weights.keys().copied()
    }

    /// Every alias with the anchored node it stands for, in source order.
    pub fn aliases(&self) -> impl Iterator<Item = (NodeId, NodeId)> {
        let nodes = if self.weights.is_empty() { &[][..] } else { &self.nodes[..] };
        nodes.iter().enumerate().filter_map(|(index, node)| match &node.kind {
            Kind::Alias(alias) => Some((NodeId(index as u32), alias.target?)),
            _ => None,
        })
    }

    /// The last entry with this key in a mapping node, through an alias; merge keys are not followed.
    pub fn entry(&self, mapping: NodeId, key: &str) -> Option<Entry> {
        let mapping = self.resolve(mapping);
        let Kind::Mapping(entries) = &self.node(mapping).kind else { return None };
        let is_named = |entry: &Entry| self.text(entry.key) == Some(key);
        let Some(order) = self.ordered.get(&mapping) else {
            return entries.iter().rev().copied().find(is_named);
        };
        let behind = order.partition_point(|at| self.text(entries[*at as usize].key) <= Some(key));
        let last = order[..behind].last()?;
        Some(entries[*last as usize]).filter(is_named)
    }

    /// Notes the order of a finished mapping's keys when a search through all of them would take long.
    pub(crate) fn order(&mut self, mapping: NodeId) {
        let Kind::Mapping(entries) = &self.node(mapping).kind else { return };
        if entries.len() < MANY_KEYS {
            return;
        }
        let mut order: Vec<u32> = (0..entries.len() as u32).collect();
        order.sort_by_key(|at| self.text(entries[*at as usize].key));
        self.ordered.insert(mapping, order);
    }

    /// Walks keys from the root: `at(&["services", "app"])`.
    pub fn at(&self, path: &[&str]) -> Option<NodeId> {
        path.iter().try_fold(self.root?, |node, key| Some(self.entry(node, key)?.value))
    }
}
