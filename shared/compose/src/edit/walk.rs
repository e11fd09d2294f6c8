//! Reading what services really hold: through aliases and merge keys, down to the nodes as they are written.

use composeyard_yaml::{Document, Entry, NodeId, tree::Kind};

/// Merge keys within merge keys are followed this far.
const MAX_MERGES: usize = 16;

/// The entries of a mapping, those of its merge keys last.
pub(super) fn entries(document: &Document, mapping: NodeId) -> Vec<Entry> {
    let mut found = Vec::new();
    collect(document, mapping, MAX_MERGES, &mut found);
    found
}

fn collect(document: &Document, mapping: NodeId, depth: usize, found: &mut Vec<Entry>) {
    let Kind::Mapping(entries) = &document.node(document.resolve(mapping)).kind else { return };
    let is_merge = |entry: &&Entry| document.text(entry.key) == Some("<<");
    found.extend(entries.iter().filter(|entry| !is_merge(entry)));
    if depth == 0 {
        return;
    }
    for merge in entries.iter().filter(is_merge) {
        match &document.node(document.resolve(merge.value)).kind {
            Kind::Sequence(sources) => {
                sources.iter().for_each(|source| collect(document, *source, depth - 1, found));
            }
            _ => collect(document, merge.value, depth - 1, found),
        }
    }
}

/// The entry of a key that counts: the mapping's own before a merged one.
pub(super) fn entry(document: &Document, mapping: NodeId, key: &str) -> Option<Entry> {
    let own = document.entry(mapping, key);
    own.or_else(|| entries(document, mapping).into_iter().find(|entry| document.text(entry.key) == Some(key)))
}

/// The value of a key, with aliases followed.
pub(super) fn field(document: &Document, mapping: NodeId, key: &str) -> Option<NodeId> {
    entry(document, mapping, key).map(|entry| document.resolve(entry.value))
}

/// The items of a list, with aliases followed; none when it is no list.
pub(super) fn items(document: &Document, list: NodeId) -> Vec<NodeId> {
    match &document.node(document.resolve(list)).kind {
        Kind::Sequence(items) => items.iter().map(|item| document.resolve(*item)).collect(),
        _ => Vec::new(),
    }
}

/// True for a mapping, also behind an alias.
pub(super) fn is_mapping(document: &Document, node: NodeId) -> bool {
    matches!(document.node(document.resolve(node)).kind, Kind::Mapping(_))
}

/// Name and definition of every service, in source order.
pub(super) fn services(document: &Document) -> Vec<(&str, NodeId)> {
    let Some(services) = document.at(&["services"]) else { return Vec::new() };
    let named = |entry: Entry| Some((document.text(entry.key)?, document.resolve(entry.value)));
    entries(document, services).into_iter().filter_map(named).collect()
}
