//! The files of a project: those in use, those they include, and those that `extends` names.

use std::collections::{HashMap, HashSet};

use composeyard_yaml::{Document, NodeId, edit::Draft};

use super::{
    Refusal,
    desk::{Role, Sheet},
    mention::extends,
    walk,
};
use crate::{LoadRequest, ProjectFiles};

/// Opens every file in merge order: what a file includes comes before it, templates come last.
pub(super) fn open(files: &ProjectFiles, compose_files: &[String]) -> Result<Vec<Sheet>, Refusal> {
    let request = LoadRequest { files: compose_files.to_vec(), ..LoadRequest::default() };
    let names = request.files_or_default(|path| files.get(path).is_some());
    let mut opener = Opener { files, sheets: Vec::new(), opened: HashSet::new() };
    for name in names {
        let draft = opener.draft(&name)?;
        opener.include("", draft.document())?;
        opener.add(Sheet { name, folder: String::new(), draft, role: Role::Project });
    }
    if opener.sheets.is_empty() {
        return Err(Refusal::new("the project has no compose file"));
    }
    opener.templates()?;
    Ok(opener.sheets)
}

struct Opener<'f> {
    files: &'f ProjectFiles,
    sheets: Vec<Sheet>,
    opened: HashSet<String>,
}

impl Opener<'_> {
    fn draft(&mut self, name: &str) -> Result<Draft, Refusal> {
        let path = ProjectFiles::normalize(name);
        let text = path.as_ref().and_then(|path| self.files.get(path).map(str::to_owned));
        let text = text.ok_or_else(|| Refusal::new(format!("{name} is not a file of this project")))?;
        self.opened.extend(path);
        Draft::new(text).map_err(|error| Refusal::from_edit(name, &error))
    }

    fn add(&mut self, sheet: Sheet) {
        self.sheets.push(sheet);
    }

    /// True for a file of the project that is not open yet.
    fn is_new(&self, name: &str) -> bool {
        let path = ProjectFiles::normalize(name);
        path.is_some_and(|path| !self.opened.contains(&path) && self.files.get(&path).is_some())
    }

    /// Opens what a document includes. What is not there, or named through a variable, is left to the loader.
    fn include(&mut self, folder: &str, document: &Document) -> Result<(), Refusal> {
        for (names, project_folder) in includes(document) {
            let first = names.first().map(|name| join(folder, name)).unwrap_or_default();
            let inner = match project_folder {
                Some(below) => join(folder, below),
                None => first.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned(),
            };
            for name in names {
                let name = join(folder, name);
                if !self.is_new(&name) {
                    continue;
                }
                let draft = self.draft(&name)?;
                self.include(&inner, draft.document())?;
                self.add(Sheet { name, folder: inner.clone(), draft, role: Role::Included });
            }
        }
        Ok(())
    }

    /// Opens the files that `extends` names, and those that they extend in turn.
    fn templates(&mut self) -> Result<(), Refusal> {
        let mut at = 0;
        while let Some(sheet) = self.sheets.get(at) {
            let named: Vec<String> = extended_files(sheet.draft.document())
                .into_iter()
                .map(|file| join(&sheet.folder, file))
                .collect();
            for name in named {
                if self.is_new(&name) {
                    let draft = self.draft(&name)?;
                    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
                    self.add(Sheet { name, folder, draft, role: Role::Template });
                }
            }
            at += 1;
        }
        Ok(())
    }
}

/// For each entry of `include`, its files and its own project folder.
fn includes(document: &Document) -> Vec<(Vec<&str>, Option<&str>)> {
    let list = document.at(&["include"]).map(|list| walk::items(document, list)).unwrap_or_default();
    let texts = |node: NodeId| match document.text(node) {
        Some(text) => vec![text],
        None => walk::items(document, node).into_iter().filter_map(|item| document.text(item)).collect(),
    };
    let entry = |item: NodeId| match document.text(item) {
        Some(file) => (vec![file], None),
        None => {
            let folder = walk::field(document, item, "project_directory").and_then(|it| document.text(it));
            (walk::field(document, item, "path").map(texts).unwrap_or_default(), folder)
        }
    };
    list.into_iter().map(entry).collect()
}

fn extended_files(document: &Document) -> Vec<&str> {
    let services = walk::services(document);
    services.into_iter().filter_map(|(_, node)| extends(document, node)?.file).collect()
}

/// A path of the project; as written when it leaves it.
pub(super) fn join(folder: &str, path: &str) -> String {
    let joined = if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
    ProjectFiles::normalize(if path.starts_with('/') { path } else { &joined }).unwrap_or(joined)
}

/// The services of templates that services of the project are built on: file and name.
pub(super) fn used_templates(sheets: &[Sheet]) -> HashSet<(usize, String)> {
    let by_name: HashMap<String, usize> = sheets
        .iter()
        .enumerate()
        .filter_map(|(at, sheet)| Some((ProjectFiles::normalize(&sheet.name)?, at)))
        .collect();
    let mut used = HashSet::new();
    let mut open: Vec<(usize, String)> = Vec::new();
    for (at, sheet) in sheets.iter().enumerate().filter(|(_, sheet)| sheet.role != Role::Template) {
        open.extend(
            walk::services(sheet.draft.document()).into_iter().map(|(name, _)| (at, name.to_owned())),
        );
    }
    while let Some((at, name)) = open.pop() {
        let sheet = &sheets[at];
        let document = sheet.draft.document();
        let node = document.at(&["services"]).and_then(|services| walk::field(document, services, &name));
        let Some(extends) = node.and_then(|node| extends(document, node)) else { continue };
        let file = extends.file.map_or(Some(at), |file| by_name.get(&join(&sheet.folder, file)).copied());
        if let Some(file) = file
            && used.insert((file, extends.service.to_owned()))
        {
            open.push((file, extends.service.to_owned()));
        }
    }
    used
}
