//! Every place that names a thing of the project.

use composeyard_yaml::{LineIndex, Span};

use super::sketch::{Sketch, Step};
use super::symbols::{Kind, Mention, declared_variables, mentions};
use super::{Assistant, ENV_FILE, Location};
use crate::edit::{self, Manner};

/// One place that names something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The bytes of the name.
    pub location: Location,
    /// From 1.
    pub line: u32,
    /// The line's text without the blanks around it.
    pub text: String,
    /// How it speaks of the thing.
    pub manner: Manner,
    /// The service or resource that it stands in; empty outside of any.
    pub holder: String,
}

impl Use {
    /// True where the name is declared.
    pub fn declares(&self) -> bool {
        self.manner == Manner::Definition
    }
}

impl Assistant<'_> {
    /// Every place that names the thing at a byte, its declarations too, file by file. Hosts in addresses are among
    /// them while all files can be read.
    pub fn references(&self, file: &str, offset: usize) -> Vec<Use> {
        let Some((kind, name, _)) = self.named_at(file, offset) else { return Vec::new() };
        let whole = kind
            .subject(&name)
            .and_then(|subject| edit::mentions(self.files, self.compose_files, &subject).ok())
            .map(|found| self.uses(&found));
        // A name that only a file outside of the project has is found by its words alone.
        whole.filter(|found| !found.is_empty()).unwrap_or_else(|| self.uses_of(kind, &name, file))
    }

    /// The places of mentions, which come file by file.
    fn uses(&self, mentions: &[edit::Mention]) -> Vec<Use> {
        let in_file = |found: &[edit::Mention]| {
            let file = found.first().map_or("", |it| it.file.as_str());
            let text = self.text(file).unwrap_or_default();
            let sketch = Sketch::of(text);
            let lines = LineIndex::new(text);
            let place = |it: &edit::Mention| {
                let within = if it.path.is_empty() { String::new() } else { holder(&sketch, it.span.start) };
                located(file, text, &lines, it.span, it.manner, within)
            };
            found.iter().map(place).collect::<Vec<_>>()
        };
        mentions.chunk_by(|one, next| one.file == next.file).flat_map(in_file).collect()
    }

    pub(super) fn definition_of(&self, kind: Kind, name: &str, file: &str) -> Vec<Location> {
        let declared = self.uses_of(kind, name, file).into_iter().filter(Use::declares);
        declared.map(|place| place.location).collect()
    }

    /// The places where keys and values are the name itself, in files that may be broken.
    pub(super) fn uses_of(&self, kind: Kind, name: &str, file: &str) -> Vec<Use> {
        let mut found = Vec::new();
        for (at, sketch) in self.sketches(file) {
            if kind == Kind::Anchor && at != file {
                continue;
            }
            let same = |it: &Mention<'_>| it.kind == kind && it.name == name;
            let places: Vec<_> = mentions(&sketch).into_iter().filter(same).collect();
            found.extend(scanned(at, sketch.text, &places, |span| holder(&sketch, span.start)));
        }
        if kind == Kind::Variable
            && let Some(env) = self.text(ENV_FILE)
        {
            let places: Vec<_> = declared_variables(env).filter(|it| it.name == name).collect();
            found.extend(scanned(ENV_FILE, env, &places, |_| String::new()));
        }
        found
    }
}

fn scanned(file: &str, text: &str, places: &[Mention<'_>], holder: impl Fn(Span) -> String) -> Vec<Use> {
    if places.is_empty() {
        return Vec::new();
    }
    let lines = LineIndex::new(text);
    let place = |it: &Mention<'_>| {
        let manner = if it.declares { Manner::Definition } else { Manner::Reference };
        located(file, text, &lines, it.span, manner, holder(it.span))
    };
    places.iter().map(place).collect()
}

fn located(file: &str, text: &str, lines: &LineIndex, span: Span, manner: Manner, holder: String) -> Use {
    let line = lines.line(span.start);
    let rest = &text[lines.line_start(line)..];
    let text = rest.lines().next().unwrap_or_default().trim().to_owned();
    Use { location: Location { file: file.to_owned(), span }, line, text, manner, holder }
}

/// The service or resource around a byte.
fn holder(sketch: &Sketch<'_>, offset: usize) -> String {
    let node = sketch.before(offset + 1);
    let path = node.map(|node| sketch.path(node)).unwrap_or_default();
    match path[..] {
        [Step::Key(_), Step::Key(name), ..] => name.to_owned(),
        _ => String::new(),
    }
}
