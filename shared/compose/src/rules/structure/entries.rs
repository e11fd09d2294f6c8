//! The entries of a mapping with its merge keys followed.

use std::collections::HashSet;

use composeyard_yaml::{Document, Entry, Kind, NodeId};

/// How much a check may look at before it gives up; far more than any real file needs.
pub(super) struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(1_000_000)
    }
}

impl Budget {
    /// False when nothing is left.
    pub(super) const fn spend(&mut self, amount: usize) -> bool {
        self.0 = self.0.saturating_sub(amount);
        self.0 > 0
    }
}

/// A key with its value.
pub(super) struct Pair<'a> {
    pub(super) name: &'a str,
    pub(super) key: NodeId,
    pub(super) value: NodeId,
    /// Brought by `<<`.
    pub(super) is_merged: bool,
}

/// The entries of a mapping: its own, then those that `<<` brings and that it does not have itself. Keys that are not
/// scalars are left out.
pub(super) fn of<'a>(document: &'a Document, mapping: NodeId, budget: &mut Budget) -> Vec<Pair<'a>> {
    if let Some(pairs) = plain(document, mapping, budget) {
        return pairs;
    }
    let mut collect =
        Collect { document, pairs: Vec::new(), names: HashSet::new(), visited: HashSet::new(), budget };
    collect.mapping(mapping, true);
    collect.pairs
}

/// The entries of a mapping without merge keys.
fn plain<'a>(document: &'a Document, mapping: NodeId, budget: &mut Budget) -> Option<Vec<Pair<'a>>> {
    let Kind::Mapping(entries) = &document.node(document.resolve(mapping)).kind else { return None };
    let mut pairs = Vec::with_capacity(entries.len());
    for Entry { key, value } in entries {
        match document.text(*key) {
            Some("<<") => return None,
            Some(name) => pairs.push(Pair { name, key: *key, value: *value, is_merged: false }),
            None => {}
        }
    }
    budget.spend(entries.len()).then_some(pairs)
}

struct Collect<'a, 'b> {
    document: &'a Document,
    pairs: Vec<Pair<'a>>,
    names: HashSet<&'a str>,
    visited: HashSet<NodeId>,
    budget: &'b mut Budget,
}

impl<'a> Collect<'a, '_> {
    fn mapping(&mut self, id: NodeId, own: bool) {
        let id = self.document.resolve(id);
        let Kind::Mapping(entries) = &self.document.node(id).kind else { return };
        if !self.visited.insert(id) || !self.budget.spend(entries.len()) {
            return;
        }
        let mut merged = Vec::new();
        let mut here = Vec::new();
        for entry in entries {
            match self.document.text(entry.key) {
                Some("<<") => merged.push(entry.value),
                Some(name) if own || !self.names.contains(name) => {
                    here.push(name);
                    self.pairs.push(Pair { name, key: entry.key, value: entry.value, is_merged: !own });
                }
                _ => {}
            }
        }
        self.names.extend(here);
        for value in merged {
            self.merge(value);
        }
    }

    fn merge(&mut self, value: NodeId) {
        match &self.document.node(self.document.resolve(value)).kind {
            Kind::Sequence(items) => items.iter().for_each(|item| self.mapping(*item, false)),
            _ => self.mapping(value, false),
        }
    }
}
