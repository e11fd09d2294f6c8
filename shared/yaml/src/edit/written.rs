//! Where nodes are written, and what they stand for.

use std::collections::HashMap;

use crate::tree::{Document, Entry, Kind, NodeId, Style};

use super::{change::Path, scalar::looks_typed, value::Value};

/// With aliases expanded a small file may stand for a huge value; beyond this many nodes none is copied.
const MAX_COPIED: usize = 2_000;

/// Where each node is written, keys included: its path without any alias on the way. Earlier ones of equal keys,
/// which no path leads to, are left out.
pub fn written_paths(document: &Document) -> HashMap<NodeId, Path> {
    let mut found = HashMap::new();
    let mut open: Vec<(NodeId, Path)> =
        document.root().map(|root| (root, Path::default())).into_iter().collect();
    while let Some((node, path)) = open.pop() {
        match &document.node(node).kind {
            Kind::Sequence(items) => {
                open.extend(items.iter().enumerate().map(|(at, item)| (*item, path.item(at))));
            }
            Kind::Mapping(entries) => {
                for entry in entries {
                    let Some(key) = document.text(entry.key) else { continue };
                    if document.entry(node, key).is_some_and(|last| last.key == entry.key) {
                        let path = path.key(key);
                        found.insert(entry.key, path.clone());
                        open.push((entry.value, path));
                    }
                }
            }
            _ => {}
        }
        found.insert(node, path);
    }
    found
}

/// A copy of what a node stands for: aliases expanded, merge keys flattened, quotes kept. None when it holds tags or
/// keys that are no scalars, or is too large.
pub fn copied(document: &Document, node: NodeId) -> Option<Value> {
    copy(document, node, &mut { MAX_COPIED })
}

fn copy(document: &Document, node: NodeId, budget: &mut usize) -> Option<Value> {
    *budget = budget.checked_sub(1)?;
    let node = document.node(document.resolve(node));
    if node.tag().is_some() {
        return None;
    }
    match &node.kind {
        Kind::Scalar(text) if node.style == Style::Plain && looks_typed(text) => {
            Some(Value::Typed(text.to_string()))
        }
        Kind::Scalar(text) if node.style == Style::Plain => Some(Value::Text(text.to_string())),
        Kind::Scalar(text) => Some(Value::Quoted(text.to_string())),
        Kind::Sequence(items) => {
            let items = items.iter().map(|item| copy(document, *item, budget));
            Some(Value::List(items.collect::<Option<_>>()?))
        }
        Kind::Mapping(entries) => {
            let mut copied: Vec<(String, Value)> = Vec::new();
            let mut add = |key: &str, value: Value| {
                if !copied.iter().any(|(known, _)| known == key) {
                    copied.push((key.to_owned(), value));
                }
            };
            for entry in own_last(document, entries) {
                add(document.text(entry.key)?, copy(document, entry.value, budget)?);
            }
            for merge in entries.iter().filter(|entry| document.text(entry.key) == Some("<<")) {
                let sources = match &document.node(document.resolve(merge.value)).kind {
                    Kind::Sequence(sources) => sources.to_vec(),
                    _ => vec![merge.value],
                };
                for source in sources {
                    let Value::Map(inherited) = copy(document, source, budget)? else { return None };
                    inherited.into_iter().for_each(|(key, value)| add(&key, value));
                }
            }
            Some(Value::Map(copied))
        }
        Kind::Alias(_) => None,
    }
}

/// The entries that count, without merge keys: of equal keys the last.
fn own_last<'d>(document: &'d Document, entries: &'d [Entry]) -> impl Iterator<Item = &'d Entry> {
    let text = |entry: &Entry| document.text(entry.key);
    entries
        .iter()
        .enumerate()
        .filter(move |(at, entry)| {
            text(entry) != Some("<<") && !entries[at + 1..].iter().any(|later| text(later) == text(entry))
        })
        .map(|(_, entry)| entry)
}
