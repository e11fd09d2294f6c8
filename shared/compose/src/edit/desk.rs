//! The compose files as drafts, in merge order: which of them sets a value, and where a new one goes.

use std::collections::HashSet;

use composeyard_yaml::{
    Document, NodeId,
    edit::{Change, Draft, EditError, Path, Reach, Step, Value, copied},
    tree::Kind,
};

use super::{
    Approach, Intent, Mention, Refusal, Resource, Subject,
    sources::{self, used_templates},
    walk,
};
use crate::{FileEdit, ProjectFiles, ServiceName};

/// The service itself stays when its last key goes.
pub(super) const KEEP_SERVICE: usize = 2;

/// What a file is to the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// One of the compose files in use.
    Project,
    /// Brought in by `include`.
    Included,
    /// Only read through `extends`: what it defines is no part of the project by itself.
    Template,
}

/// One file on the desk.
#[derive(Clone)]
pub(super) struct Sheet {
    pub(super) name: String,
    /// Where its relative paths start.
    pub(super) folder: String,
    pub(super) draft: Draft,
    pub(super) role: Role,
}

/// Where an intent is carried out.
#[derive(Clone)]
pub(crate) struct Desk {
    /// In merge order, templates last.
    files: Vec<Sheet>,
    /// How many of the files are merged.
    merged: usize,
    /// Services of templates that the project is built on.
    templates: HashSet<(usize, String)>,
    /// Where to change what comes from elsewhere.
    pub(super) approach: Approach,
    /// Where a renamed thing was spoken of.
    pub(super) mentioned: Vec<Mention>,
}

impl Desk {
    pub(super) fn open(files: &ProjectFiles, compose_files: &[String]) -> Result<Self, Refusal> {
        Ok(Self::lay_out(sources::open(files, compose_files)?))
    }

    /// A desk of drafts that are open already, in merge order.
    pub(crate) fn of(files: Vec<(String, Draft)>) -> Self {
        let sheet = |(name, draft)| Sheet { name, folder: String::new(), draft, role: Role::Project };
        Self::lay_out(files.into_iter().map(sheet).collect())
    }

    fn lay_out(files: Vec<Sheet>) -> Self {
        let merged = files.iter().filter(|sheet| sheet.role != Role::Template).count();
        let templates = if merged < files.len() { used_templates(&files) } else { HashSet::new() };
        Self { files, merged, templates, approach: Approach::Ask, mentioned: Vec::new() }
    }

    /// The edits for an intent.
    pub(crate) fn plan(mut self, intent: &Intent) -> Result<Vec<FileEdit>, Refusal> {
        intent.make(&mut self)?;
        Ok(self.edits())
    }

    pub(super) fn edits(&self) -> Vec<FileEdit> {
        let of_file = |sheet: &Sheet| {
            let file = sheet.name.clone();
            sheet.draft.edits().to_vec().into_iter().map(move |edit| FileEdit { file: file.clone(), edit })
        };
        self.files.iter().flat_map(of_file).collect()
    }

    /// Files that are merged: not templates.
    pub(super) const fn count(&self) -> usize {
        self.merged
    }

    /// Files with the templates.
    pub(super) const fn all_files(&self) -> usize {
        self.files.len()
    }

    pub(super) fn document(&self, file: usize) -> &Document {
        self.files[file].draft.document()
    }

    pub(super) fn text(&self, file: usize) -> &str {
        self.files[file].draft.text()
    }

    pub(super) fn name(&self, file: usize) -> &str {
        &self.files[file].name
    }

    /// True for a file that is on the desk.
    pub(super) fn has(&self, file: &str) -> bool {
        self.files.iter().any(|sheet| ProjectFiles::normalize(&sheet.name).as_deref() == Some(file))
    }

    pub(super) fn role(&self, file: usize) -> Role {
        self.files[file].role
    }

    /// True when a service of the project is built on this one of a template.
    pub(super) fn is_template(&self, file: usize, service: &str) -> bool {
        self.templates.contains(&(file, service.to_owned()))
    }

    /// The file that `extends` of another one names; none when it is not on the desk.
    pub(super) fn extended_file(&self, file: usize, written: Option<&str>) -> Option<usize> {
        let Some(written) = written else { return Some(file) };
        let wanted = sources::join(&self.files[file].folder, written);
        let is_it = |sheet: &Sheet| ProjectFiles::normalize(&sheet.name).as_ref() == Some(&wanted);
        self.files.iter().position(is_it)
    }

    /// True when a merged file defines a service.
    pub(super) fn defines(&self, file: Option<usize>, service: &ServiceName) -> bool {
        file.is_some_and(|file| {
            self.role(file) != Role::Template
                && node_at(self.document(file), &service_path(service)).is_some()
        })
    }

    /// Files that define something.
    pub(super) fn defining(&self, subject: &Subject) -> Vec<usize> {
        self.with(&Path::of([subject.section(), subject.name()]))
    }

    pub(super) fn change(&mut self, file: usize, change: &Change) -> Result<(), Refusal> {
        self.change_all(file, std::slice::from_ref(change), Reach::OnlyHere)
    }

    /// Makes several changes of one file, all or none.
    pub(super) fn change_all(
        &mut self,
        file: usize,
        changes: &[Change],
        reach: Reach,
    ) -> Result<(), Refusal> {
        for change in changes {
            let path = change.path();
            let adds = matches!(change, Change::Put { .. } | Change::Push { .. });
            if adds && self.tags(file, path).any(|tag| tag == "!reset") {
                let name = self.name(file);
                return Err(Refusal::new(format!(
                    "{name}: {path} is taken away with !reset; remove that first"
                )));
            }
        }
        match self.files[file].draft.change_all(changes, reach) {
            Ok(()) => Ok(()),
            Err(error) => self.another_way(file, changes, error),
        }
    }

    /// What an anchor carries is changed where the approach says.
    fn another_way(&mut self, file: usize, changes: &[Change], error: EditError) -> Result<(), Refusal> {
        match (error, self.approach, changes) {
            (EditError::Borrowed { at, .. }, Approach::Here, [change]) => self.make_own(file, at, change),
            (EditError::Borrowed { origin, .. }, Approach::AtOrigin, [change]) => {
                self.change_all(file, &[change.moved_to(origin)], Reach::Everywhere)
            }
            (EditError::Shared { .. }, Approach::AtOrigin, changes) => {
                let sheet = &mut self.files[file];
                let made = sheet.draft.change_all(changes, Reach::Everywhere);
                made.map_err(|error| Refusal::from_edit(&sheet.name, &error))
            }
            (error, ..) => Err(Refusal::from_edit(self.name(file), &error)),
        }
    }

    /// Puts a copy of what is borrowed at `at` there, and changes that.
    fn make_own(&mut self, file: usize, at: Path, change: &Change) -> Result<(), Refusal> {
        if let Change::Put { path, value } = change
            && *path == at
        {
            return self.change(file, &Change::Override { path: at, value: value.clone() });
        }
        if matches!(change, Change::Remove { path, .. } if *path == at) {
            let name = self.name(file);
            return Err(Refusal::new(format!(
                "{name}: {at} comes from a merge key, which cannot leave it out"
            )));
        }
        let document = self.document(file);
        let value = node_at(document, &at).and_then(|node| copied(document, node)).ok_or_else(|| {
            Refusal::new(format!("{}: {at} cannot be copied here; change it as text", self.name(file)))
        })?;
        self.change(file, &Change::Override { path: at, value })?;
        self.change(file, change)
    }

    pub(super) fn put(&mut self, file: usize, path: Path, value: Value) -> Result<(), Refusal> {
        self.change(file, &Change::Put { path, value })
    }

    pub(super) fn push(&mut self, file: usize, path: Path, value: Value) -> Result<(), Refusal> {
        self.change(file, &Change::Push { path, value })
    }

    /// Files that write something at a path, in merge order.
    pub(super) fn with(&self, path: &Path) -> Vec<usize> {
        (0..self.count()).filter(|file| node_at(self.document(*file), path).is_some()).collect()
    }

    /// The file to add to a collection: the first that has it and is not overridden as a whole, else the one where
    /// new things of its kind go.
    pub(super) fn collector(&self, path: &Path) -> Result<usize, Refusal> {
        let start = self.override_start(path);
        let found = self.with(path).into_iter().find(|file| *file >= start);
        found.map_or_else(|| self.home_of(path), Ok)
    }

    /// Where a new key goes: to the first compose file that defines the service or resource, else the first included
    /// one; what belongs to none goes to the first compose file.
    pub(super) fn home_of(&self, path: &Path) -> Result<usize, Refusal> {
        let (Some(Step::Key(section)), Some(Step::Key(name))) = (path.0.first(), path.0.get(1)) else {
            return Ok(self.main());
        };
        if section != "services" && Resource::of_section(section).is_none() {
            return Ok(self
                .with(&Path::of([section.as_str()]))
                .first()
                .copied()
                .unwrap_or_else(|| self.main()));
        }
        let defining = self.with(&Path::of([section.as_str(), name]));
        let own = defining.iter().find(|file| self.role(**file) == Role::Project);
        own.or_else(|| defining.first()).copied().ok_or_else(|| {
            let names: Vec<&str> =
                self.files[..self.merged].iter().map(|sheet| sheet.name.as_str()).collect();
            Refusal::new(format!("{name} is not defined in {}", names.join(" or ")))
        })
    }

    /// The file where new keys of a service go.
    pub(super) fn home(&self, service: &ServiceName) -> Result<usize, Refusal> {
        self.home_of(&service_path(service))
    }

    /// The first compose file: where new things are declared.
    pub(super) fn main(&self) -> usize {
        self.files.iter().position(|sheet| sheet.role == Role::Project).unwrap_or(0)
    }

    /// The last file that replaces a collection with `!override` or `!reset` instead of adding to it.
    fn override_start(&self, path: &Path) -> usize {
        let replaces = |file: &usize| self.tags(*file, path).any(|tag| tag == "!override" || tag == "!reset");
        (0..self.count()).rev().find(replaces).unwrap_or(0)
    }

    /// The tags on the way to a path.
    fn tags(&self, file: usize, path: &Path) -> impl Iterator<Item = &str> {
        let document = self.document(file);
        let nodes = (1..=path.0.len()).filter_map(|depth| node_at(document, &Path(path.0[..depth].to_vec())));
        nodes.filter_map(|node| document.node(node).tag()).map(|tag| tag.text.as_str())
    }

    /// Every item of a list that several files add to: file and index there, in the order of the merged list.
    pub(super) fn items(&self, path: &Path) -> Vec<(usize, usize)> {
        let start = self.override_start(path);
        let of_file = |file: usize| {
            let count = items(self.document(file), path).len();
            (0..count).map(move |index| (file, index))
        };
        (start..self.count()).flat_map(of_file).collect()
    }

    /// Removes what `find` finds, in all files, until it finds nothing more. True when there was something.
    pub(super) fn remove_all(
        &mut self,
        keep: usize,
        find: impl Fn(&Document) -> Option<Path>,
    ) -> Result<bool, Refusal> {
        let mut found = false;
        for file in 0..self.count() {
            while let Some(path) = find(self.document(file)) {
                self.change(file, &Change::Remove { path, keep })?;
                found = true;
            }
        }
        Ok(found)
    }
}

/// Keys of networks and volumes, as the Compose schema has them.
pub(super) fn check_name(name: &str) -> Result<(), Refusal> {
    if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)) {
        Ok(())
    } else {
        Err(Refusal::new(format!(
            "{name:?} is not a name; use letters, digits, dots, hyphens and underscores"
        )))
    }
}

pub(super) fn service_path(service: &ServiceName) -> Path {
    Path::of(["services", service.as_str()])
}

/// The node at a path, through aliases and merge keys on the way.
pub(super) fn node_at(document: &Document, path: &Path) -> Option<NodeId> {
    path.0.iter().try_fold(document.root()?, |node, step| match step {
        Step::Key(key) => walk::entry(document, node, key).map(|entry| entry.value),
        Step::Index(index) => match &document.node(document.resolve(node)).kind {
            Kind::Sequence(items) => items.get(*index).copied(),
            _ => None,
        },
    })
}

/// The items of the list at a path; none when there is no list.
pub(super) fn items(document: &Document, path: &Path) -> Vec<NodeId> {
    match node_at(document, path).map(|node| &document.node(document.resolve(node)).kind) {
        Some(Kind::Sequence(items)) => items.to_vec(),
        _ => Vec::new(),
    }
}

/// True when a list stands at a path.
pub(super) fn is_list(document: &Document, path: &Path) -> bool {
    node_at(document, path)
        .is_some_and(|node| matches!(document.node(document.resolve(node)).kind, Kind::Sequence(_)))
}

/// True when every item of a non-empty list is a mapping: the long form.
pub(super) fn all_long(document: &Document, path: &Path) -> bool {
    let items = items(document, path);
    let long = |item: &NodeId| matches!(document.node(*item).kind, Kind::Mapping(_));
    !items.is_empty() && items.iter().all(long)
}

/// The path of an item whose text, or text up to a mark, is a name; or of the entry with that key.
pub(super) fn named(document: &Document, path: &Path, matches: impl Fn(&str) -> bool) -> Option<Path> {
    let node = document.resolve(node_at(document, path)?);
    match &document.node(node).kind {
        Kind::Sequence(items) => items
            .iter()
            .position(|item| document.text(*item).is_some_and(&matches))
            .map(|index| path.item(index)),
        Kind::Mapping(entries) => entries
            .iter()
            .filter_map(|entry| document.text(entry.key))
            .find(|key| matches(key))
            .map(|key| path.key(key)),
        _ => None,
    }
}
