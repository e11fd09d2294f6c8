//! What a rule looks at: the texts and trees of the project's Compose files, and the loaded project.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use composeyard_yaml::{Document, Entry, Kind, NodeId, Span, TextEdit, edit::Draft};

use crate::edit::{Desk, Intent};
use crate::load::{Origin, Parsed, tree::Value};
use crate::model::Service;
use crate::{Diagnostic, FileEdit, FileSource, Fix, LoadRequest, Loaded, Project};

use super::Rule;
use super::dockerfile::Dockerfile;
use super::reach::{Reach, mounted::Mounted};

/// Dockerfiles by path and stage; none for those that cannot be read.
type Dockerfiles = HashMap<(String, String), Option<Arc<Dockerfile>>>;

/// What a rule looks at.
pub(crate) struct Context<'a> {
    /// The Compose files, included and extended ones too, in the order they were read.
    pub(crate) sources: Vec<Arc<Parsed>>,
    /// The outcome of the load.
    pub(crate) loaded: &'a Loaded,
    /// The files to edit, in merge order.
    pub(crate) compose_files: Vec<String>,
    /// The project's other files.
    files: &'a dyn FileSource,
    /// The configurations of proxies among them.
    mounted: &'a [Mounted],
    /// Those that services are built from, once they are asked for.
    dockerfiles: Mutex<Dockerfiles>,
    /// Who wants to talk to whom, once that is asked for.
    reach: OnceLock<Option<Reach<'a>>>,
    /// Those files as drafts; none when one of them cannot be edited.
    desk: OnceLock<Option<Desk>>,
    /// Bytes that may still be planned over: a plan reads its files again, and the check runs on each key press.
    planning: AtomicUsize,
}

/// Enough for all fixes in a usual file, and for one in a file of a hundred services.
const PLANNING: usize = 20_000;

/// A place in one of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place<'a> {
    pub(crate) file: &'a str,
    pub(crate) span: Span,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        files: &'a dyn FileSource,
        request: &LoadRequest,
        loaded: &'a Loaded,
        mounted: &'a [Mounted],
        sources: Vec<Arc<Parsed>>,
    ) -> Self {
        let compose_files = request.files_or_default(|path| loaded.read.iter().any(|read| read == path));
        Self {
            sources,
            loaded,
            compose_files,
            files,
            mounted,
            dockerfiles: Mutex::default(),
            reach: OnceLock::new(),
            desk: OnceLock::new(),
            planning: AtomicUsize::new(PLANNING),
        }
    }

    /// The project; none when the load ended before there was one.
    pub(crate) fn project(&self) -> Option<&'a Project> {
        self.loaded.project.as_ref()
    }

    /// Who wants to talk to whom; none without a project.
    pub(crate) fn reach(&self) -> Option<&Reach<'a>> {
        self.reach.get_or_init(|| self.project().map(|project| Reach::of(project, self.mounted))).as_ref()
    }

    /// The Dockerfile that a service is built from; none when it is not built or its file cannot be read.
    pub(crate) fn dockerfile(&self, service: &Service) -> Option<Arc<Dockerfile>> {
        let build = service.build.as_ref()?;
        if !build.dockerfile_inline.is_empty() {
            return Dockerfile::read(build.dockerfile_inline.clone(), &build.target).map(Arc::new);
        }
        if build.context.contains("://") || build.context.starts_with("git@") {
            return None;
        }
        let name = if build.dockerfile.is_empty() { "Dockerfile" } else { &build.dockerfile };
        let path = match name.strip_prefix('/') {
            Some(_) => name.to_owned(),
            None => format!("{}/{name}", build.context.trim_end_matches('/')),
        };
        let read = |(path, target): &(String, String)| {
            Dockerfile::read(self.files.read(path).ok()?, target).map(Arc::new)
        };
        let mut known = self.dockerfiles.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (path, build.target.clone());
        known.entry(key.clone()).or_insert_with(|| read(&key)).clone()
    }

    /// The text of a file of the project.
    pub(crate) fn text_of(&self, path: &str) -> Option<String> {
        self.files.read(path).ok()
    }

    pub(crate) fn source(&self, file: &str) -> Option<&Parsed> {
        self.sources.iter().map(|source| &**source).find(|source| source.name == file)
    }

    /// The text of another file that a finding is in; none for a Compose file.
    pub(super) fn other_text(&self, file: &str) -> Option<String> {
        if self.source(file).is_some() { None } else { self.files.read(file).ok() }
    }

    /// Where the value of a key path was written.
    pub(crate) fn value(&self, path: &str) -> Option<Place<'_>> {
        let Origin { file, span } = self.loaded.origins.get(path)?;
        Some(Place { file, span })
    }

    /// The text of the value of a key path, as it stands in the file.
    pub(crate) fn written(&self, path: &str) -> Option<&str> {
        Some(self.written_at(self.loaded.origins.value(path)?)?.1)
    }

    /// Where a value of the loaded model was written, and its text there.
    pub(crate) fn written_at(&self, value: &Value) -> Option<(Place<'_>, &str)> {
        let Origin { file, span } = self.loaded.origins.of(value)?;
        Some((Place { file, span }, span.of(&self.source(file)?.text)))
    }

    /// Where a key stands, in the last file that has it.
    pub(crate) fn key(&self, steps: &[&str]) -> Option<Place<'_>> {
        let (source, document, entry) = self.entry(steps)?;
        Some(Place { file: &source.name, span: document.node(entry.key).span() })
    }

    fn entry(&self, steps: &[&str]) -> Option<(&Parsed, &Document, Entry)> {
        let (last, parents) = steps.split_last()?;
        self.sources.iter().rev().find_map(|source| {
            source.documents.iter().rev().find_map(|document| {
                let parent = document.at(parents)?;
                Some((&**source, document, document.entry(parent, last)?))
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
        let cost = self.planning_cost();
        let pay = |left: usize| left.checked_sub(cost);
        self.planning.fetch_update(Ordering::Relaxed, Ordering::Relaxed, pay).ok()?;
        let desk = self.desk.get_or_init(|| self.open_desk()).as_ref()?;
        let edits = desk.clone().plan(intent).ok()?;
        (!edits.is_empty()).then(|| Fix { title: title.into(), edits })
    }

    /// The bytes that planning one fix reads.
    fn planning_cost(&self) -> usize {
        let texts = self.compose_files.iter().filter_map(|name| self.source(name));
        texts.map(|source| source.text.len()).sum()
    }

    /// True where no rule takes a fix from another one, so that they may run in any order.
    pub(super) fn plans_nothing(&self) -> bool {
        self.planning_cost() > PLANNING
    }

    /// The project's own files as they were parsed, to plan on.
    fn open_desk(&self) -> Option<Desk> {
        let open = |name: &String| {
            let source = self.source(name).filter(|source| source.is_whole)?;
            let document = match &source.documents[..] {
                [] => Document::default(),
                [document] => document.clone(),
                _ => return None,
            };
            Some((name.clone(), Draft::parsed(&*source.text, document)))
        };
        self.compose_files.iter().map(open).collect::<Option<Vec<_>>>().map(Desk::of)
    }

    /// Removes the lines of a key with its value; none when other things share its lines, or when nothing would be
    /// left beside it.
    pub(crate) fn remove_key(&self, title: impl Into<String>, steps: &[&str]) -> Option<Fix> {
        let (source, document, entry) = self.entry(steps)?;
        let (_, parents) = steps.split_last()?;
        let parent = if parents.is_empty() { document.root()? } else { document.at(parents)? };
        Self::remove_entry(title, (source, document), parent, entry)
    }

    /// [`Self::remove_key`] for an entry of a mapping. One with an anchor, or right below one, stays: others may name it.
    pub(crate) fn remove_entry(
        title: impl Into<String>,
        (source, document): (&Parsed, &Document),
        parent: NodeId,
        entry: Entry,
    ) -> Option<Fix> {
        let (key, value) = (document.node(entry.key).span(), document.node(entry.value).span());
        let is_named = document.node(document.resolve(parent)).anchor().is_some();
        if entries_of(document, parent) < 2
            || is_named
            || [entry.key, entry.value].iter().any(|node| has_anchor(document, *node))
        {
            return None;
        }
        let text = &source.text;
        let start = text[..key.start].rfind('\n').map_or(0, |newline| newline + 1);
        let last = value.end.max(key.end);
        let end = text[last..].find('\n').map_or(text.len(), |newline| last + newline + 1);
        let before = source.text.get(start..key.start)?;
        let after = source.text.get(last..end)?.trim_start_matches([':', ' ']);
        if !before.trim().is_empty() || !(after.trim().is_empty() || after.starts_with('#')) {
            return None;
        }
        let edit = TextEdit { span: Span::new(start, end), text: String::new() };
        Some(Fix { title: title.into(), edits: vec![FileEdit { file: source.name.clone(), edit }] })
    }

    /// The documents of all files.
    pub(crate) fn documents(&self) -> impl Iterator<Item = (&Parsed, &Document)> {
        self.sources
            .iter()
            .flat_map(|source| source.documents.iter().map(move |document| (&**source, document)))
    }
}

/// True when a node or something in it has an anchor.
fn has_anchor(document: &Document, node: NodeId) -> bool {
    let node = document.node(node);
    node.anchor().is_some()
        || match &node.kind {
            Kind::Mapping(entries) => entries
                .iter()
                .any(|entry| has_anchor(document, entry.key) || has_anchor(document, entry.value)),
            Kind::Sequence(items) => items.iter().any(|item| has_anchor(document, *item)),
            _ => false,
        }
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
