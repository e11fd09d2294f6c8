//! The named things of a file, and the way from the top to a cursor.

use composeyard_yaml::Span;

use super::place::Place;
use super::sketch::{Sketch, Step};
use super::symbols::Kind;

/// One named thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its key.
    pub name: String,
    /// How deep it stands: 0 for `services`, 1 for a service.
    pub depth: usize,
    /// What it is; none for a section and for keys that are no names.
    pub kind: Option<Kind>,
    /// The bytes of its key.
    pub key: Span,
    /// From its key to the end of what is below it.
    pub span: Span,
}

/// Sections and what they declare, in source order. A broken file has an outline too.
pub fn outline(text: &str) -> Vec<Entry> {
    let sketch = Sketch::of(text);
    let nodes = 0..sketch.nodes.len();
    let shown = nodes.filter(|node| matches!(sketch.nodes[*node].step, Step::Key(_)));
    let shown = shown.filter_map(|node| {
        let depth = sketch.ancestors(node).take(3).count() - 1;
        (depth < 2).then(|| entry(&sketch, node, depth))
    });
    shown.filter(|entry| entry.depth == 0 || entry.kind.is_some()).collect()
}

/// The keys around a byte, from the top.
pub fn trail(text: &str, offset: usize) -> Vec<Entry> {
    let sketch = Sketch::of(text);
    let here = sketch.before(offset + 1).filter(|node| sketch.nodes[*node].end >= offset);
    let node = here.or_else(|| Place::at(&sketch, offset).and_then(|place| place.parent));
    let mut chain: Vec<usize> = node.map(|node| sketch.ancestors(node).collect()).unwrap_or_default();
    chain.reverse();
    let keys = chain.into_iter().filter(|node| matches!(sketch.nodes[*node].step, Step::Key(_)));
    keys.enumerate().map(|(depth, node)| entry(&sketch, node, depth)).collect()
}

fn entry(sketch: &Sketch<'_>, node: usize, depth: usize) -> Entry {
    let it = &sketch.nodes[node];
    let section = it.parent.map(|parent| sketch.name(parent).of(sketch.text));
    Entry {
        name: sketch.name(node).of(sketch.text).to_owned(),
        depth,
        kind: section.filter(|_| depth == 1).and_then(Kind::of_section),
        key: it.key,
        span: Span::new(it.key.start, it.end),
    }
}
