//! What a rule looks at: the texts and trees of the project's Compose files, and the loaded project.

use std::cell::Cell;

use composeyard_yaml::{Document, Entry, Kind, LineIndex, NodeId, Span, TextEdit};

use crate::edit::{self, Intent};
use crate::load::Origin;
use crate::{Diagnostic, FileEdit, FileSource, Fix, LoadRequest, Loaded, Project, ProjectFiles};

use super::Rule;

/// A Compose file that took part in the load.
pub struct Source {
    /// Its path as in [`LoadRequest::files`].
    pub name: String,
    /// Its text.
    pub text: String,
    /// Its documents; those before the mistake when the text is not YAML.
    pub documents: Vec<Document>,
    /// True when the text is YAML to its end.
    pub is_whole: bool,
}

/// The names that are looked for when no file is given.
const DEFAULT_NAMES: [&str; 8] = [
    "compose.yaml",
    "compose.yml",
    "docker-compose.yml",
    "docker-compose.yaml",
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
];

/// What a rule looks at.
pub struct Context<'a> {
    /// The Compose files, included and extended ones too, in the order they were read.
    pub sources: Vec<Source>,
    /// The outcome of the load.
    pub loaded: &'a Loaded,
    /// The files to edit, in merge order.
    compose_files: Vec<String>,
    /// Bytes that may still be planned over: a plan reads every file again, and the check runs on each key press.
    planning: Cell<usize>,
}

/// Enough for a few fixes in a file of a hundred services, and for all in a usual one.
const PLANNING: usize = 60_000;

/// A place in one of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place<'a> {
    pub(crate) file: &'a str,
    pub(crate) span: Span,
}

impl<'a> Context<'a> {
    /// Reads the Compose files of a load again, with their trees.
    pub fn read(source: &dyn FileSource, request: &LoadRequest, loaded: &'a Loaded) -> Self {
        let is_yaml = |name: &str| name.ends_with(".yaml") || name.ends_with(".yml");
        let names = loaded.read.iter().filter(|name| is_yaml(name) || request.files.contains(name));
        let sources = names.filter_map(|name| {
            let text = source.read(name).ok()?;
            let (documents, error) = composeyard_yaml::parse(&text);
            Some(Source { name: name.clone(), text, documents, is_whole: error.is_none() })
        });
        let compose_files = if request.files.is_empty() {
            let is_default =
                |name: &&String| DEFAULT_NAMES.contains(&name.rsplit('/').next().unwrap_or_default());
            loaded.read.iter().filter(is_default).cloned().collect()
        } else {
            request.files.clone()
        };
        Self { sources: sources.collect(), loaded, compose_files, planning: Cell::new(PLANNING) }
    }

    /// The sources that the reference holds against its schema: all but those that only lend services to `extends`.
    pub(super) fn structural(&self) -> impl Iterator<Item = &Source> {
        let lent: Vec<&str> = self.documents().flat_map(|(_, document)| extended_files(document)).collect();
        self.sources.iter().filter(move |source| {
            let is_lent = lent.iter().any(|file| source.name.ends_with(file.trim_start_matches("./")));
            // A broken text ends somewhere in its tree; what follows would be guesses.
            source.is_whole && (self.compose_files.contains(&source.name) || !is_lent)
        })
    }

    /// The project; none when the load ended before there was one.
    pub(crate) fn project(&self) -> Option<&Project> {
        self.loaded.project.as_ref()
    }

    pub(crate) fn source(&self, file: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.name == file)
    }

    /// Where the value of a key path was written.
    pub(crate) fn value(&self, path: &str) -> Option<Place<'_>> {
        let Origin { file, span } = self.loaded.origins.get(path)?;
        self.source(file).map(|source| Place { file: &source.name, span: *span })
    }

    /// The text of the value of a key path, as it stands in the file.
    pub(crate) fn written(&self, path: &str) -> Option<&str> {
        let place = self.value(path)?;
        Some(place.span.of(&self.source(place.file)?.text))
    }

    /// Where a key stands, in the last file that has it.
    pub(crate) fn key(&self, steps: &[&str]) -> Option<Place<'_>> {
        let (source, document, entry) = self.entry(steps)?;
        Some(Place { file: &source.name, span: document.node(entry.key).span })
    }

    fn entry(&self, steps: &[&str]) -> Option<(&Source, &Document, Entry)> {
        let (last, parents) = steps.split_last()?;
        self.sources.iter().rev().find_map(|source| {
            source.documents.iter().rev().find_map(|document| {
                let parent = document.at(parents)?;
                Some((source, document, document.entry(parent, last)?))
            })
        })
    }

    /// The best place to point at for a key path: its value if that is short, else its key, else what holds it.
    pub(crate) fn place(&self, steps: &[&str]) -> Place<'_> {
        for length in (1..=steps.len()).rev() {
            let steps = &steps[..length];
            let value = self.value(&join(steps));
            let short = |place: &Place<'_>| {
                let text = self.source(place.file).map_or("", |source| place.span.of(&source.text));
                !text.is_empty() && !text.contains('\n')
            };
            if let Some(place) = value.filter(short).or_else(|| self.key(steps)) {
                return place;
            }
            if let Some(place) = value {
                return self.first_line(place);
            }
        }
        Place { file: self.sources.first().map_or("", |source| &source.name), span: Span::at(0) }
    }

    fn first_line<'p>(&self, place: Place<'p>) -> Place<'p> {
        let text = self.source(place.file).map_or("", |source| place.span.of(&source.text));
        let length = text.find('\n').unwrap_or(text.len());
        Place { span: Span::new(place.span.start, place.span.start + length), ..place }
    }

    /// A finding of a rule at the best place for a key path.
    pub(crate) fn finding(&self, rule: &Rule, steps: &[&str], message: impl Into<String>) -> Diagnostic {
        let place = self.place(steps);
        rule.at(place.file, place.span, &join(steps), message)
    }

    /// An intent of the designer as a fix; none when it cannot be done safely, or when many were planned already:
    /// those appear once the first are mended.
    pub(crate) fn plan(&self, title: impl Into<String>, intent: &Intent) -> Option<Fix> {
        let cost: usize = self.sources.iter().map(|source| source.text.len()).sum();
        self.planning.set(self.planning.get().checked_sub(cost)?);
        // The planner works on a project's own files, so each source goes by a neutral name meanwhile: files on the
        // command line may lie anywhere.
        let neutral = |index: usize| format!("{index}.yaml");
        let texts = self.sources.iter().enumerate();
        let files =
            ProjectFiles(texts.map(|(index, source)| (neutral(index), source.text.clone())).collect());
        let index_of = |name: &String| self.sources.iter().position(|source| source.name == *name);
        let order: Option<Vec<String>> =
            self.compose_files.iter().map(|name| index_of(name).map(neutral)).collect();
        let mut edits = edit::plan(&files, &order?, intent).ok()?;
        for edit in &mut edits {
            let index: usize = edit.file.strip_suffix(".yaml")?.parse().ok()?;
            edit.file = self.sources.get(index)?.name.clone();
        }
        (!edits.is_empty()).then(|| Fix { title: title.into(), edits })
    }

    /// Removes the lines of a key with its value; none when other things share its lines, or when nothing would be
    /// left beside it.
    pub(crate) fn remove_key(&self, title: impl Into<String>, steps: &[&str]) -> Option<Fix> {
        let (source, document, entry) = self.entry(steps)?;
        let (_, parents) = steps.split_last()?;
        let parent = if parents.is_empty() { document.root()? } else { document.at(parents)? };
        if entries_of(document, parent) < 2 {
            return None;
        }
        let (key, value) = (document.node(entry.key).span, document.node(entry.value).span);
        let lines = LineIndex::new(&source.text);
        let start = lines.line_start(lines.position(key.start).line);
        let end = lines.line_start(lines.position(value.end.max(key.end)).line + 1);
        let before = source.text.get(start..key.start)?;
        let after = source.text.get(value.end.max(key.end)..end)?.trim_start_matches([':', ' ']);
        if !before.trim().is_empty() || !(after.trim().is_empty() || after.starts_with('#')) {
            return None;
        }
        let edit = TextEdit { span: Span::new(start, end), text: String::new() };
        Some(Fix { title: title.into(), edits: vec![FileEdit { file: source.name.clone(), edit }] })
    }

    /// The documents of all files.
    pub(crate) fn documents(&self) -> impl Iterator<Item = (&Source, &Document)> {
        self.sources.iter().flat_map(|source| source.documents.iter().map(move |document| (source, document)))
    }
}

/// The files that services of a document extend.
fn extended_files(document: &Document) -> Vec<&str> {
    let services = document.at(&["services"]).map(|services| &document.node(document.resolve(services)).kind);
    let Some(Kind::Mapping(services)) = services else { return Vec::new() };
    let file = |service: &Entry| {
        let extends = document.entry(service.value, "extends")?;
        document.text(document.entry(extends.value, "file")?.value)
    };
    services.iter().filter_map(file).collect()
}

fn entries_of(document: &Document, mapping: NodeId) -> usize {
    match &document.node(document.resolve(mapping)).kind {
        Kind::Mapping(entries) => entries.len(),
        _ => 0,
    }
}

/// `["services", "app", "ports[0]"]` to `services.app.ports[0]`.
pub(crate) fn join(steps: &[&str]) -> String {
    steps.join(".")
}
