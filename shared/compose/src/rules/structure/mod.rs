//! The structural check: one file's tree against the table of [`crate::facts`]. It needs no other file, so it works
//! while the rest of the project is broken.
//!
//! Anchored content is checked where it is used, once for each shape it is used as, so aliases cost nothing extra.

mod bad_name;
mod bad_unit;
mod bad_value;
mod empty_value;
mod entries;
mod found;
mod indentation;
mod missing_key;
mod old_boolean;
mod unknown_key;
mod wrong_type;

#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use composeyard_yaml::{Document, Entry, Kind, NodeId};
use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use self::entries::{Budget, Pair};
use super::Rule;
use crate::Diagnostic;
use crate::facts::{self, Names, Object, Shape};
use crate::load::{MOST_OF_A_KIND, Part};

/// The rules of this check.
pub(super) static RULES: [&Rule; 8] = [
    &unknown_key::RULE,
    &wrong_type::RULE,
    &bad_value::RULE,
    &bad_name::RULE,
    &missing_key::RULE,
    &bad_unit::RULE,
    &old_boolean::RULE,
    &empty_value::RULE,
];

/// What the check of a document found, each list in source order.
#[derive(Debug, Default)]
pub struct Checked {
    /// What the reference refuses.
    pub refused: Vec<Diagnostic>,
    /// What it takes, and what fails later: in the engine, or silently.
    pub advice: Vec<Diagnostic>,
}

/// Checks one document of a file against the table of keys.
pub fn check(file: &str, text: &str, document: &Document) -> Checked {
    let mut walk = Walk::new(file, text, document);
    walk.root();
    walk.found.settled()
}

/// Checks a part of a document. What parts have in common is found in each of them: [`Checked::settled`] after the last.
pub(crate) fn check_part(file: &str, text: &str, document: &Document, part: Part<'_>) -> Checked {
    let mut walk = Walk::new(file, text, document);
    match part {
        Part::Rest { services } => {
            walk.left_out = Some(services);
            walk.root();
        }
        Part::Services { entries, .. } => entries.iter().for_each(|entry| walk.service(*entry)),
    }
    walk.found
}

impl Checked {
    /// In source order, each finding once.
    pub(crate) fn settled(mut self) -> Self {
        for findings in [&mut self.refused, &mut self.advice] {
            findings.sort_by(|a, b| (a.span, &a.code).cmp(&(b.span, &b.code)));
            findings.dedup_by(|a, b| (a.span, &a.code) == (b.span, &b.code));
        }
        self
    }
}

/// The state of one check.
struct Walk<'a> {
    file: &'a str,
    text: &'a str,
    document: &'a Document,
    /// Nodes that several paths lead to, with the shapes they were already held against.
    seen: HashSet<(NodeId, *const Shape)>,
    budget: Budget,
    /// The path of the node at hand.
    path: String,
    found: Checked,
    /// Findings of each code so far.
    counts: HashMap<String, usize>,
    /// A mapping whose entries are not checked.
    left_out: Option<NodeId>,
}

impl<'a> Walk<'a> {
    fn new(file: &'a str, text: &'a str, document: &'a Document) -> Self {
        Self {
            file,
            text,
            document,
            seen: HashSet::new(),
            budget: Budget::default(),
            path: String::new(),
            found: Checked::default(),
            counts: HashMap::new(),
            left_out: None,
        }
    }

    fn root(&mut self) {
        if let Some(root) = self.document.root()
            && matches!(self.document.node(self.document.resolve(root)).kind, Kind::Mapping(_))
        {
            self.node(root, &facts::ROOT);
        }
    }

    /// One entry of `services`.
    fn service(&mut self, entry: Entry) {
        let services = facts::ROOT.mapping().and_then(|root| match root {
            Shape::Object(root) => root.key("services")?.shape.mapping(),
            _ => None,
        });
        if let Some(Shape::Map { names, values }) = services {
            let name = self.document.text(entry.key).unwrap_or_default();
            let pair = Pair { name, key: entry.key, value: entry.value, is_merged: false };
            self.below_key("services", |walk| walk.pair(&pair, *names, values));
        }
    }

    fn node(&mut self, id: NodeId, shape: &'static Shape) {
        self.shared_node(id, false, shape);
    }

    /// The value of a pair; other mappings may have merged the same one.
    fn value(&mut self, pair: &Pair<'a>, shape: &'static Shape) {
        self.shared_node(pair.value, pair.is_merged, shape);
    }

    /// A node to which other paths may lead: surely those of its anchor's aliases.
    fn shared_node(&mut self, id: NodeId, is_shared: bool, shape: &'static Shape) {
        let target = self.document.resolve(id);
        if shape.is_any() || self.is_reset(id) || self.is_reset(target) {
            return;
        }
        let is_shared = is_shared || self.document.node(target).anchor().is_some();
        let is_new = !is_shared || self.seen.insert((target, std::ptr::from_ref(shape)));
        if !is_new || !self.budget.spend(1) {
            return;
        }
        match &self.document.node(target).kind {
            Kind::Scalar(_) => self.scalar(target, shape),
            Kind::Sequence(items) => match shape.items() {
                Some(item) => self.items(items, item),
                None => self.wrong_type(target, shape),
            },
            Kind::Mapping(_) => match shape.mapping() {
                Some(Shape::Object(object)) => self.object(target, object),
                Some(Shape::Map { names, values }) => self.map(target, *names, values),
                _ => self.wrong_type(target, shape),
            },
            Kind::Alias(_) => {}
        }
    }

    /// `!reset` takes any value; what it removes is the loader's business.
    fn is_reset(&self, id: NodeId) -> bool {
        self.document.node(id).tag().is_some_and(|tag| tag.text == "!reset")
    }

    fn items(&mut self, items: &[NodeId], shape: &'static Shape) {
        for (index, item) in items.iter().enumerate() {
            let length = self.path.len();
            // A text takes whatever is written to it.
            let _ = write!(self.path, "[{index}]");
            self.node(*item, shape);
            self.path.truncate(length);
        }
    }

    fn object(&mut self, id: NodeId, object: &'static Object) {
        let pairs = entries::of(self.document, id, &mut self.budget);
        for pair in &pairs {
            match object.key(pair.name) {
                Some(key) => self.below_key(pair.name, |walk| walk.value(pair, &key.shape)),
                None if object.extensions && pair.name.starts_with("x-") => {}
                None if self.is_reset(pair.value) => {}
                None if !self.may_report(unknown_key::RULE.code) => {}
                None => self.below_key(pair.name, |walk| walk.unknown_key(object, pair, &pairs)),
            }
        }
        self.missing_keys(id, object, &pairs);
    }

    fn map(&mut self, id: NodeId, names: Names, values: &'static Shape) {
        if self.left_out == Some(id) {
            return;
        }
        for pair in entries::of(self.document, id, &mut self.budget) {
            self.pair(&pair, names, values);
        }
    }

    fn pair(&mut self, pair: &Pair<'a>, names: Names, values: &'static Shape) {
        self.below_key(pair.name, |walk| {
            if walk.stands_too_deep(pair) {
                return;
            }
            if !names.accept(pair.name) {
                walk.bad_name(pair);
            }
            walk.value(pair, values);
        });
    }

    fn below_key(&mut self, name: &str, visit: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        if length > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        visit(self);
        self.path.truncate(length);
    }

    /// The last step of the path, as one would say it: `ports`, or `an item of ports`.
    fn subject(&self) -> String {
        let last = self.path.rsplit('.').next().unwrap_or_default();
        match last.split_once('[') {
            Some((name, _)) => format!("An item of `{name}`"),
            None => format!("`{last}`"),
        }
    }

    fn report(&mut self, finding: Diagnostic) {
        if self.counted(&finding) {
            self.found.refused.push(finding);
        }
    }

    fn advise(&mut self, finding: Diagnostic) {
        if self.counted(&finding) {
            self.found.advice.push(finding);
        }
    }

    fn counted(&mut self, finding: &Diagnostic) -> bool {
        let count = self.counts.entry(finding.code.clone()).or_default();
        *count += 1;
        *count <= MOST_OF_A_KIND
    }

    /// False when nobody would read another finding of this code.
    fn may_report(&self, code: &str) -> bool {
        self.counts.get(code).is_none_or(|count| *count < MOST_OF_A_KIND)
    }

    fn key_span(&self, pair: &Pair<'a>) -> composeyard_yaml::Span {
        self.document.node(pair.key).span()
    }
}
