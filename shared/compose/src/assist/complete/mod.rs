//! What may stand at the cursor.
//!
//! | module | what it offers |
//! |---|---|
//! | `keys` | keys of the table, with what belongs below them |
//! | `values` | words, names of the project, files, images |
//! | `hints` | ports, mounts, variables and health checks that suit the service's image |
//! | `variables` | what `${…}` may name |
//! | `style` | how the file is written: indentation, lists, quotes |

mod hints;
mod keys;
mod style;
mod values;
mod variables;

use std::collections::HashSet;

use composeyard_yaml::Span;

use super::place::{Place, Role, shape};
use super::sketch::{Sketch, Step};
use super::symbols::{Kind, Mention, mentions, words};
use super::{Assistant, is_yaml};
use crate::facts::Shape;
use style::Style;
pub(super) use variables::value_of;

/// What is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A key of the Compose file.
    Key,
    /// A word that the key knows, or a usual value.
    Value,
    /// A name of the project.
    Name(Kind),
    /// An image.
    Image,
    /// A file or folder of the project.
    File,
}

/// One choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What is shown, and what typing is compared with.
    pub label: String,
    /// What it is.
    pub what: What,
    /// A few words beside the label.
    pub detail: String,
    /// What it means, one line.
    pub doc: String,
    /// What replaces [`Completions::replace`].
    pub insert: String,
    /// Where the cursor ends up, in bytes of `insert`.
    pub caret: usize,
    /// True when the next choice comes right behind it.
    pub again: bool,
}

/// The choices at a cursor, the likely ones first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completions {
    /// What a choice replaces; its part before the cursor is what has been typed.
    pub replace: Span,
    /// The choices.
    pub items: Vec<Completion>,
}

impl Completion {
    fn new(what: What, label: impl Into<String>, insert: impl Into<String>) -> Self {
        let insert = insert.into();
        let caret = insert.len();
        let (detail, doc) = (String::new(), String::new());
        Self { label: label.into(), what, detail, doc, insert, caret, again: false }
    }

    fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    fn doc(mut self, doc: impl Into<String>) -> Self {
        self.doc = doc.into();
        self
    }

    const fn again(mut self, again: bool) -> Self {
        self.again = again;
        self
    }
}

impl Assistant<'_> {
    /// What may stand at a byte of a file. Works while the text around it is broken.
    pub fn completion(&self, file: &str, offset: usize) -> Completions {
        let Some(text) = self.text(file).filter(|_| is_yaml(file)) else { return Completions::default() };
        if let Some(found) = variables::complete(self, file, text, offset) {
            return found;
        }
        let sketch = Sketch::of(text);
        let Some(place) = Place::at(&sketch, offset) else { return Completions::default() };
        let path = place.path(&sketch);
        let style = Style::of(&sketch);
        let cursor = Cursor {
            assistant: self,
            file,
            words: words(&path),
            path,
            style,
            sketch: &sketch,
            place: &place,
        };
        let mut items = cursor.choices();
        let mut seen = HashSet::new();
        items.retain(|item| seen.insert((item.label.clone(), item.insert.clone())));
        Completions { replace: place.word, items }
    }
}

/// A cursor with everything around it.
struct Cursor<'c, 't> {
    assistant: &'c Assistant<'t>,
    file: &'c str,
    sketch: &'c Sketch<'t>,
    place: &'c Place<'t>,
    path: Vec<Step<'t>>,
    words: Vec<&'t str>,
    style: Style,
}

impl<'t> Cursor<'_, 't> {
    fn choices(&self) -> Vec<Completion> {
        let anchors = self.anchors();
        if !anchors.is_empty() {
            return self.spaced(anchors);
        }
        let Some(shape) = shape(&self.path) else { return Vec::new() };
        match self.place.role {
            Role::Value(_) => self.spaced(self.values(shape, &self.words)),
            Role::Item => {
                let mut found = self.values(shape, &self.words);
                if let Some(object) = shape.object().filter(|_| !self.place.in_flow) {
                    found.extend(self.keys(object));
                }
                self.spaced(found)
            }
            Role::Entry => self.entries(shape),
        }
    }

    /// The beginnings of an entry: keys, items, names that the user chooses.
    fn entries(&self, shape: &'static Shape) -> Vec<Completion> {
        let mut found = Vec::new();
        let (has_items, has_keys) = self.siblings();
        let in_flow = self.place.in_flow;
        let is_list =
            has_items || (!has_keys && !in_flow && self.writes_list(self.words.last().unwrap_or(&""), shape));
        if let Some(object) = shape.object().filter(|_| !has_items) {
            found.extend(self.keys(object));
        }
        if let Some(items) = shape.items().filter(|_| is_list && !in_flow) {
            let below: Vec<_> = self.words.iter().copied().chain(["[]"]).collect();
            found.extend(self.values(items, &below).into_iter().map(dashed));
        }
        if shape.values().is_some() && !has_items {
            found.extend(self.chosen_names(is_list));
        }
        found
    }

    /// Whether the collection around the cursor has items, and keys, apart from what is being typed.
    fn siblings(&self) -> (bool, bool) {
        let (mut items, mut keys) = (false, false);
        for node in self.others() {
            match self.sketch.nodes[node].step {
                Step::Item(_) => items = true,
                Step::Key(_) => keys = true,
            }
        }
        (items, keys)
    }

    /// What stands beside the cursor in the same collection.
    fn others(&self) -> impl Iterator<Item = usize> {
        let is_other = |node: &usize| !self.sketch.nodes[*node].key.touches(self.place.word.start);
        self.sketch.children(self.place.parent).filter(is_other)
    }

    /// With the blank that a colon or dash wants behind it.
    fn spaced(&self, mut found: Vec<Completion>) -> Vec<Completion> {
        if self.place.touches {
            for item in found.iter_mut().filter(|item| !item.insert.starts_with('\n')) {
                item.insert.insert(0, ' ');
                item.caret += 1;
            }
        }
        found
    }

    /// The service around the cursor: its name and its node.
    fn service(&self) -> Option<(&'t str, usize)> {
        let [Step::Key("services"), Step::Key(name), ..] = self.path[..] else { return None };
        let services = self.sketch.child(None, "services")?;
        Some((name, self.sketch.child(Some(services), name)?))
    }

    /// Names of a kind in all files: those declared, or those used and not declared anywhere.
    fn names(&self, kind: Kind, declared: bool) -> Vec<String> {
        let sketches = self.assistant.sketches(self.file);
        let all: Vec<Mention<'_>> = sketches
            .iter()
            .flat_map(|(_, sketch)| mentions(sketch))
            .filter(|mention| mention.kind == kind)
            .collect();
        let known: HashSet<&str> = all.iter().filter(|it| it.declares).map(|it| it.name).collect();
        let others = all.iter().filter(|mention| !mention.span.touches(self.place.word.start));
        let wanted = others.filter(|mention| known.contains(mention.name) == declared);
        let mut seen = HashSet::new();
        wanted.filter(|mention| seen.insert(mention.name)).map(|mention| mention.name.to_owned()).collect()
    }
}

/// A choice as the item of a list that is not begun yet.
fn dashed(mut item: Completion) -> Completion {
    item.insert.insert_str(0, "- ");
    item.caret += 2;
    item
}
