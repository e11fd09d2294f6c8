//! `env_file` into `environment`, `label_file` into `labels`. Compose specification, 05-services.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::{
    LoadRequest,
    dotenv::{self, DotenvError},
    environment::Environment,
    findings::Findings,
    pipeline::Loader,
    tree::{Data, Place, Value},
};
use crate::{
    FileSource, Project,
    files::ReadError,
    model::{EnvFile, Service},
};

/// Reads the env and label files of all active services; what the service itself says wins.
pub(crate) fn resolve(
    project: &mut Project,
    model: &Value,
    source: &dyn FileSource,
    request: &LoadRequest,
    environment: &Environment,
    findings: &mut Findings,
) {
    let folder = request.project_dir.as_str();
    let mut resolver = Resolver { source, folder, environment, findings, texts: HashMap::new() };
    for (name, service) in &mut project.services {
        let is_complete = service.env_file.is_empty()
            && service.label_file.is_empty()
            && service.environment.values().all(Option::is_some);
        if is_complete {
            continue;
        }
        let service = Arc::make_mut(service);
        let tree = model.get("services").and_then(|services| services.get(name.as_str()));
        if !request.skip.env_files {
            resolver.variables(name.as_str(), service, tree);
        }
        if !request.skip.label_files {
            resolver.labels(name.as_str(), service, tree);
        }
    }
}

/// Names an empty file: `env_file: ${ENV_FILE:-/dev/null}`.
pub(super) const NO_FILE: &str = "/dev/null";

/// The name under which findings show a file.
fn shown(path: &str) -> &str {
    path.trim_start_matches("./")
}

struct Resolver<'a> {
    source: &'a dyn FileSource,
    /// The project's folder, for paths that were not resolved.
    folder: &'a str,
    environment: &'a Environment,
    findings: &'a mut Findings,
    /// Files that were read, or why they were not.
    texts: HashMap<String, Result<Arc<String>, ReadError>>,
}

impl Resolver<'_> {
    fn read(&mut self, path: &str) -> Result<Arc<String>, ReadError> {
        if let Some(known) = self.texts.get(path) {
            return known.clone();
        }
        let full = Loader::file_path(self.folder, path);
        let text = if path == NO_FILE { Ok(Arc::default()) } else { self.source.read(&full).map(Arc::new) };
        if let Ok(text) = &text {
            self.findings.add_file(shown(path), Arc::clone(text));
        }
        self.texts.insert(path.to_owned(), text.clone());
        text
    }

    fn variables(&mut self, name: &str, service: &mut Service, tree: Option<&Value>) {
        for (name, value) in &mut service.environment {
            if value.is_none() {
                *value = self.environment.get(name).cloned();
            }
        }
        let mut variables = BTreeMap::new();
        for (index, file) in service.env_file.iter().enumerate() {
            let place = item_place(tree, "env_file", index);
            self.env_file(name, file, &service.environment, &mut variables, place);
        }
        for (key, value) in variables {
            service.environment.entry(key).or_insert(Some(value));
        }
    }

    fn env_file(
        &mut self,
        name: &str,
        file: &EnvFile,
        own: &BTreeMap<String, Option<String>>,
        variables: &mut BTreeMap<String, String>,
        place: Place,
    ) {
        let path = format!("services.{name}.env_file");
        let text = match self.read(&file.path) {
            Ok(text) => text,
            Err(ReadError::Folder(_)) => {
                let message = format!("env file {} is a folder", file.path);
                self.findings.error("CY050", place, path, message).help = Some("Name a file.".to_owned());
                return;
            }
            Err(_) if !file.required => return,
            Err(_) => {
                let message = format!("env file {} not found", file.path);
                self.findings.error("CY050", place, path, message).help =
                    Some("Create the file, or set required: false.".to_owned());
                return;
            }
        };
        let environment = self.environment;
        let lookup = |key: &str| environment.get(key).cloned().or_else(|| own.get(key).cloned().flatten());
        let read = match file.format.as_str() {
            "" => dotenv::parse(&text, &lookup, variables),
            "raw" => dotenv::parse_raw(&text, &lookup, variables),
            other => {
                self.findings.error("CY052", place, path, format!("unsupported env_file format {other:?}"));
                return;
            }
        };
        if let Err(error) = read {
            self.unread(&file.path, &text, &error, place, path);
        }
    }

    /// A line of an env or label file that is no variable; `asked` is where the file is named.
    fn unread(&mut self, path: &str, text: &Arc<String>, error: &DotenvError, asked: Place, at: String) {
        let related = self.findings.related(asked, "the file is named here".to_owned());
        let file = self.findings.add_file(shown(path), Arc::clone(text));
        let message = format!("failed to read {path}: {}", error.message);
        let finding = self.findings.error("CY014", error.place(file, text), at, message);
        finding.help = Some(DotenvError::HELP.to_owned());
        finding.related.push(related);
    }

    fn labels(&mut self, name: &str, service: &mut Service, tree: Option<&Value>) {
        let mut labels = BTreeMap::new();
        for (index, path) in service.label_file.iter().enumerate() {
            let place = item_place(tree, "label_file", index);
            let at = format!("services.{name}.label_file");
            let Ok(text) = self.read(path) else {
                self.findings.error("CY051", place, at, format!("label file {path} not found"));
                continue;
            };
            // Only labels of the files before count here: neither the environment nor the service's own.
            let earlier = labels.clone();
            if let Err(error) = dotenv::parse(&text, &|key| earlier.get(key).cloned(), &mut labels) {
                self.unread(path, &text, &error, place, at);
            }
        }
        for (key, value) in labels {
            service.labels.entry(key).or_insert(value);
        }
    }
}

fn item_place(tree: Option<&Value>, key: &str, index: usize) -> Place {
    let list = tree.and_then(|tree| tree.get(key));
    match list.map(|list| &list.data) {
        Some(Data::List(items)) => items.get(index).map_or(Place::NOWHERE, |item| item.place),
        _ => Place::NOWHERE,
    }
}
