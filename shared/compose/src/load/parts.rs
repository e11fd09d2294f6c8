//! A document in parts: each service by itself, and the rest. Until the services of a project are held against each
//! other, nothing that is made of one depends on another one; so a check can keep what it made of a service whose text
//! did not change ([`super::memory`]).

use composeyard_yaml::{Document, Entry, Kind, Node, NodeId, Span, Style};
use foldhash::{HashSet, HashSetExt};

use super::read::is_text;

/// A part of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part<'a> {
    /// Some entries of the mapping `services`.
    Services { services: NodeId, entries: &'a [Entry] },
    /// Everything else; `services` is there, but empty.
    Rest { services: NodeId },
}

/// Values that the aliases of a document may stand for, all together. With so few of them, the guard against alias bombs
/// has nothing to find in the whole document, and need not look at its parts.
const MOST_ALIASED: u64 = 20_000;
/// The guard also refuses what hardly holds anything but aliases, some 99 of 100 values. One alias of no more than these
/// is never that much beside itself, though each value in it may be behind one more alias; nor are all aliases together
/// of no more than [`FEW_ALIASED`], of which the guard takes a thousand unseen.
const LIGHT_ALIAS: u64 = 49;
const FEW_ALIASED: u64 = 495;
/// Levels that an alias may add.
const DEEPEST_ALIASED: u32 = 100;

/// A document whose services do not depend on each other's text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts<'a> {
    document: &'a Document,
    services: NodeId,
    entries: &'a [Entry],
    /// From the first service to the next key of the document.
    span: Span,
    /// Where the key of the services stands.
    key: Span,
}

impl<'a> Parts<'a> {
    /// None for a document whose services share text, by anchors among them or with other files, or stand in unusual
    /// places.
    pub(crate) fn of(document: &'a Document, text: &str) -> Option<Self> {
        let root = bare_mapping(document, document.root()?)?;
        let mut found = None;
        for (index, entry) in root.iter().enumerate() {
            match bare_text(document, entry.key)? {
                "<<" | "include" => return None,
                "services" if found.is_some() => return None,
                "services" => found = Some((index, *entry)),
                _ => {}
            }
        }
        let (index, Entry { key, value: services }) = found?;
        let end = root.get(index + 1).map_or(text.len(), |next| document.node(next.key).span().start);
        let span = Span::new(document.node(services).span().start, end);
        let key = document.node(key).span();
        let parts = Self { document, services, entries: bare_mapping(document, services)?, span, key };
        (parts.has_plain_names() && parts.shares_no_anchor() && parts.has_few_aliases()).then_some(parts)
    }

    fn has_plain_names(&self) -> bool {
        let mut names = HashSet::with_capacity(self.entries.len());
        self.entries.iter().all(|entry| {
            bare_text(self.document, entry.key).is_some_and(|name| name != "<<" && names.insert(name))
        })
    }

    fn shares_no_anchor(&self) -> bool {
        let services = self.document.node(self.services).span();
        let is_inside = |id: NodeId| {
            let span = self.document.node(id).span();
            services.start <= span.start && span.end <= services.end
        };
        !self.document.anchored().any(is_inside)
    }

    fn has_few_aliases(&self) -> bool {
        let (mut nodes, mut heaviest) = (0, 0);
        let few = self.document.aliases().all(|(_, target)| {
            let weight = self.document.weight(target).unwrap_or_default();
            nodes += weight.nodes;
            heaviest = heaviest.max(weight.nodes);
            nodes <= MOST_ALIASED && weight.depth <= DEEPEST_ALIASED
        });
        few && (heaviest <= LIGHT_ALIAS || nodes <= FEW_ALIASED)
    }

    /// The services in source order.
    pub(crate) fn services(&self) -> impl Iterator<Item = Service<'a>> {
        let parts = *self;
        let start = move |entry: &Entry| parts.document.node(entry.key).span().start;
        let ends = self.entries.iter().skip(1).map(start).chain([self.span.end]);
        self.entries.iter().zip(ends).map(move |(entry, end)| Service {
            name: parts.document.text(entry.key).unwrap_or_default(),
            part: Part::Services { services: parts.services, entries: std::slice::from_ref(entry) },
            span: Span::new(start(entry), end),
        })
    }

    /// All services in parts of so many.
    pub(crate) fn of_services(&self, many: usize) -> Vec<Part<'a>> {
        let services = self.services;
        self.entries.chunks(many).map(|entries| Part::Services { services, entries }).collect()
    }

    /// How many services there are.
    pub(crate) const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Everything but the services.
    pub(crate) const fn rest(&self) -> Part<'a> {
        Part::Rest { services: self.services }
    }

    /// The bytes of all services, with the comments behind them.
    pub(crate) const fn span(&self) -> Span {
        self.span
    }

    /// The text before and behind the services.
    pub(crate) fn around(&self, text: &str) -> (String, String) {
        (text[..self.key.start].to_owned(), text[self.span.end..].to_owned())
    }

    /// True when services may hold values from elsewhere in the file.
    pub(crate) fn has_aliases(&self) -> bool {
        self.document.aliases().next().is_some()
    }
}

/// One of the services of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Service<'a> {
    pub(crate) name: &'a str,
    pub(crate) part: Part<'a>,
    /// From its key to the next service, comments behind it included.
    pub(crate) span: Span,
}

/// The entries of a block mapping that nothing stands before.
fn bare_mapping(document: &Document, id: NodeId) -> Option<&[Entry]> {
    let node = document.node(id);
    match &node.kind {
        Kind::Mapping(entries) if node.style == Style::Block && is_bare(node) => Some(entries),
        _ => None,
    }
}

/// The text of a key that can be a name.
fn bare_text(document: &Document, id: NodeId) -> Option<&str> {
    let node = document.node(id);
    match &node.kind {
        Kind::Scalar(text) if is_bare(node) && is_text(node, text) => Some(text),
        _ => None,
    }
}

fn is_bare(node: &Node) -> bool {
    node.tag().is_none() && node.anchor().is_none()
}
