//! The compose files as drafts, in merge order: which of them sets a value, and where a new one goes.

use composeyard_yaml::{
    Document, NodeId,
    edit::{Change, Draft, Path, Step, Value},
    tree::Kind,
};

use super::{Intent, Refusal, make};
use crate::{FileEdit, ProjectFiles, ServiceName};

/// What is looked for when no file is named: one of the first, and its override. Compose specification, 03-compose-file.
const DEFAULT_NAMES: [[&str; 2]; 4] = [
    ["compose.yaml", "compose.override.yaml"],
    ["compose.yml", "compose.override.yml"],
    ["docker-compose.yml", "docker-compose.override.yml"],
    ["docker-compose.yaml", "docker-compose.override.yaml"],
];

/// The service itself stays when its last key goes.
pub(super) const KEEP_SERVICE: usize = 2;

/// Where an intent is carried out.
#[derive(Clone)]
pub(crate) struct Desk {
    /// Name and draft.
    files: Vec<(String, Draft)>,
}

impl Desk {
    pub(super) fn open(files: &ProjectFiles, compose_files: &[String]) -> Result<Self, Refusal> {
        let names = if compose_files.is_empty() { default_files(files) } else { compose_files.to_vec() };
        let open = |name: String| {
            let text = ProjectFiles::normalize(&name).and_then(|path| files.get(&path).map(str::to_owned));
            let text = text.ok_or_else(|| Refusal::new(format!("{name} is not a file of this project")))?;
            let draft = Draft::new(text).map_err(|error| Refusal::new(format!("{name}: {error}")))?;
            Ok((name, draft))
        };
        let files: Vec<_> = names.into_iter().map(open).collect::<Result<_, _>>()?;
        if files.is_empty() {
            return Err(Refusal::new("the project has no compose file"));
        }
        Ok(Self { files })
    }

    /// A desk of drafts that are open already, in merge order.
    pub(crate) const fn of(files: Vec<(String, Draft)>) -> Self {
        Self { files }
    }

    /// The edits for an intent.
    pub(crate) fn plan(mut self, intent: &Intent) -> Result<Vec<FileEdit>, Refusal> {
        make(&mut self, intent)?;
        Ok(self.edits())
    }

    fn edits(self) -> Vec<FileEdit> {
        let of_file = |(file, draft): &(String, Draft)| {
            let file = file.clone();
            draft.edits().to_vec().into_iter().map(move |edit| FileEdit { file: file.clone(), edit })
        };
        self.files.iter().flat_map(of_file).collect()
    }

    pub(super) fn count(&self) -> usize {
        self.files.len()
    }

    pub(super) fn document(&self, file: usize) -> &Document {
        self.files[file].1.document()
    }

    pub(super) fn change(&mut self, file: usize, change: &Change) -> Result<(), Refusal> {
        let path = change.path();
        let adds = matches!(change, Change::Put { .. } | Change::Push { .. });
        if adds && self.tags(file, path).any(|tag| tag == "!reset") {
            let name = &self.files[file].0;
            return Err(Refusal::new(format!("{name}: {path} is taken away with !reset; remove that first")));
        }
        let (name, draft) = &mut self.files[file];
        draft.change(change).map_err(|error| Refusal::new(format!("{name}: {error}")))
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

    /// The last file that sets a path; else the first that defines the service.
    pub(super) fn setter(&self, service: &ServiceName, path: &Path) -> Result<usize, Refusal> {
        self.with(path).last().copied().map_or_else(|| self.home(service), Ok)
    }

    /// The file to add to a collection of a service: the first that has it and is not overridden as a whole, else
    /// the first that defines the service.
    pub(super) fn collector(&self, service: &ServiceName, path: &Path) -> Result<usize, Refusal> {
        let start = self.override_start(path);
        let found = self.with(path).into_iter().find(|file| *file >= start);
        found.map_or_else(|| self.home(service), Ok)
    }

    /// The first file that defines a service.
    pub(super) fn home(&self, service: &ServiceName) -> Result<usize, Refusal> {
        let defining = self.with(&service_path(service));
        defining.first().copied().ok_or_else(|| {
            let names: Vec<&str> = self.files.iter().map(|(name, _)| name.as_str()).collect();
            Refusal::new(format!(
                "{service} is not defined in {}; when it comes from an included file, change it there",
                names.join(" or ")
            ))
        })
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
        nodes.filter_map(|node| document.node(node).tag.as_ref()).map(|tag| tag.text.as_str())
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

    /// Declares a top-level network or volume in the first file unless some file has it.
    pub(super) fn declare(&mut self, section: &str, name: &str) -> Result<(), Refusal> {
        let path = Path::of([section, name]);
        if self.with(&path).is_empty() {
            self.put(0, path, Value::null())?;
        }
        Ok(())
    }

    pub(super) fn declare_new(&mut self, section: &str, name: &str) -> Result<(), Refusal> {
        check_name(name)?;
        if self.with(&Path::of([section, name])).is_empty() {
            self.declare(section, name)
        } else {
            Err(Refusal::new(format!("{section} has {name} already")))
        }
    }
}

fn default_files(files: &ProjectFiles) -> Vec<String> {
    let found = DEFAULT_NAMES.iter().find(|[main, _]| files.get(main).is_some());
    let names = found.into_iter().flatten().filter(|name| files.get(name).is_some());
    names.map(|name| (*name).to_owned()).collect()
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

/// The node at a path, through aliases on the way.
pub(super) fn node_at(document: &Document, path: &Path) -> Option<NodeId> {
    path.0.iter().try_fold(document.root()?, |node, step| match step {
        Step::Key(key) => document.entry(node, key).map(|entry| entry.value),
        Step::Index(index) => match &document.node(document.resolve(node)).kind {
            Kind::Sequence(items) => items.get(*index).copied(),
            _ => None,
        },
    })
}

/// The items of the list at a path; none when there is no list.
pub(super) fn items(document: &Document, path: &Path) -> Vec<NodeId> {
    match node_at(document, path).map(|node| &document.node(document.resolve(node)).kind) {
        Some(Kind::Sequence(items)) => items.clone(),
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

/// The keys of `services`.
pub(super) fn services(document: &Document) -> Vec<String> {
    match node_at(document, &Path::of(["services"])).map(|node| &document.node(document.resolve(node)).kind) {
        Some(Kind::Mapping(entries)) => {
            entries.iter().filter_map(|entry| document.text(entry.key)).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}
