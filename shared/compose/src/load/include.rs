//! `include`: other compose projects as part of this one. Compose specification, 14-include.

use super::{
    environment::{self, Environment},
    merge::merge_resource,
    path::Path,
    paths::{join, parent},
    pipeline::{Loader, Site},
    reset::Resets,
    sources::Parsed,
    tree::{Data, Map, Place, Value},
};

const SECTIONS: [&str; 6] = ["services", "volumes", "networks", "secrets", "configs", "models"];

/// Steps from the project's own file to the last one that is included; each is a recursion.
const MAX_CHAIN: usize = 64;

/// One entry of `include`.
struct Entry {
    /// The main file, then its overrides.
    paths: Vec<String>,
    project_directory: Option<String>,
    env_files: Option<Vec<String>>,
    place: Place,
}

/// Loads what a document includes and imports it below the document's own definitions.
pub(crate) fn apply(
    loader: &mut Loader<'_>,
    document: &mut Value,
    resets: &Resets,
    parsed: &Parsed,
    site: &Site,
    environment: &Environment,
) {
    let Some(include) = document.map_mut().and_then(|map| map.shift_remove("include")) else { return };
    let entries = match include.data {
        Data::Null => return,
        Data::List(entries) => entries,
        _ => {
            let message = format!("include must be a list, not {}", include.kind());
            loader.findings.error("CY045", include.place, "include", message);
            return;
        }
    };
    let mut inner = site.clone();
    inner.included.push(parsed.name.clone());
    for (index, entry) in entries.iter().enumerate() {
        let root = Path::Root;
        let include = root.key("include");
        let path = include.item(index);
        let Some(entry) = read_entry(loader, entry, &path) else { continue };
        if let Some(imported) = load_entry(loader, &entry, &inner, environment, &path) {
            import(loader, document, imported, resets);
        }
    }
}

fn read_entry(loader: &mut Loader<'_>, value: &Value, path: &Path<'_>) -> Option<Entry> {
    let (paths, env_files) = match &value.data {
        Data::Text(file) => (vec![file.to_string()], None),
        Data::Map(_) | Data::Null => {
            (texts(loader, value, "path", path)?.unwrap_or_default(), texts(loader, value, "env_file", path)?)
        }
        _ => {
            let message = format!("{path} must be text or a mapping, not {}", value.kind());
            loader.findings.error("CY045", value.place, path, message);
            return None;
        }
    };
    if paths.is_empty() {
        loader.findings.warning("CY045", value.place, path, "an include without a path includes nothing");
        return None;
    }
    let remote = paths.iter().find(|path| path.contains("://") || path.starts_with("git@"));
    if let Some(remote) = remote {
        let message = format!("{remote} is remote; only files of the project can be included");
        loader.findings.error("CY047", value.place, path, message).help =
            Some("Copy the file into the project and include it from there.".to_owned());
        return None;
    }
    let project_directory = match value.get("project_directory") {
        None | Some(Value { data: Data::Null, .. }) => None,
        Some(folder) => match &folder.data {
            Data::Text(folder) => Some(folder.to_string()).filter(|folder| !folder.is_empty()),
            Data::Int(number) => Some(number.to_string()),
            _ => return wrong_kind(loader, folder, "text", &path.key("project_directory")),
        },
    };
    Some(Entry { paths, project_directory, env_files, place: value.place })
}

/// The texts of a key that takes one or several, if it is there; none after a finding about anything else.
fn texts(loader: &mut Loader<'_>, entry: &Value, key: &str, path: &Path<'_>) -> Option<Option<Vec<String>>> {
    let path = path.key(key);
    let Some(value) = entry.get(key) else { return Some(None) };
    match &value.data {
        Data::Null => Some(Some(Vec::new())),
        Data::Text(text) => Some(Some(vec![text.to_string()])),
        Data::List(list) => {
            let mut texts = Vec::with_capacity(list.len());
            for (index, item) in list.iter().enumerate() {
                match item.text() {
                    Some(text) => texts.push(text.to_owned()),
                    None => return wrong_kind(loader, item, "text", &path.item(index)),
                }
            }
            Some(Some(texts))
        }
        _ => wrong_kind(loader, value, "text or a list of it", &path),
    }
}

fn wrong_kind<T>(loader: &mut Loader<'_>, value: &Value, wanted: &str, path: &Path<'_>) -> Option<T> {
    let message = format!("{path} must be {wanted}, not {}", value.kind());
    loader.findings.error("CY020", value.place, path, message);
    None
}

fn load_entry(
    loader: &mut Loader<'_>,
    entry: &Entry,
    site: &Site,
    environment: &Environment,
    path: &Path<'_>,
) -> Option<Value> {
    let files: Vec<String> = entry.paths.iter().map(|file| Loader::file_path(&site.folder, file)).collect();
    let main = files.first()?;
    if site.included.contains(main) {
        let message = format!("include cycle detected: {} includes {main}", site.included.join(" includes "));
        loader.findings.error("CY046", entry.place, path, message);
        return None;
    }
    if site.included.len() > MAX_CHAIN {
        let message = format!("files include each other over more than {MAX_CHAIN} steps");
        loader.findings.error("CY046", entry.place, path, message);
        return None;
    }
    let base = match &entry.project_directory {
        Some(folder) => folder.clone(),
        None => parent(&entry.paths[0]).to_owned(),
    };
    let folder = if base.is_empty() { site.folder.clone() } else { Loader::file_path(&site.folder, &base) };
    let inner = Site { folder, base, resolve: true, included: site.included.clone() };
    let environment = included_environment(loader, entry, site, &inner, environment);
    let at = path.to_string();
    let parsed = loader.parse_all(&files, entry.place, &at);
    if parsed.len() < files.len() {
        return None;
    }
    // What was extended so far was read with other variables, and its paths start elsewhere.
    let outside = std::mem::take(&mut loader.extended);
    let model = loader.model(&parsed, &inner, &environment);
    loader.extended = outside;
    model
}

/// The including environment on top of the entry's env files, or of `.env` in its folder.
fn included_environment(
    loader: &mut Loader<'_>,
    entry: &Entry,
    site: &Site,
    inner: &Site,
    environment: &Environment,
) -> Environment {
    let named = entry.env_files.as_ref().filter(|files| !files.is_empty());
    let (files, required) = match named {
        Some(files) => (files.iter().map(|file| Loader::file_path(&site.folder, file)).collect(), true),
        None => (vec![join(&inner.folder, ".env")], false),
    };
    let below = environment::read_files(
        loader.source,
        &files,
        required,
        environment,
        entry.place,
        &mut loader.findings,
    );
    let mut merged = environment.clone();
    environment::merge_below(&mut merged, below);
    merged
}

/// Takes over every resource; a local one of the same name is laid over the included one.
fn import(loader: &mut Loader<'_>, document: &mut Value, mut imported: Value, resets: &Resets) {
    let Some(target) = document.map_mut() else { return };
    for section in SECTIONS {
        let Some(from) = imported.map_mut().and_then(|map| map.shift_remove(section)) else { continue };
        let place = from.place;
        let Data::Map(from) = from.data else { continue };
        let to = target.get_or_insert_with(section, || Value::new(Data::Null, place));
        if to.is_null() {
            to.data = Data::Map(Map::default());
        }
        let Some(to) = to.map_mut() else { continue };
        for (name, value) in from {
            match to.swap_remove(&name) {
                None => {
                    to.insert(name, value);
                }
                // The same again, by another include of the file: laid over itself it would grow.
                Some(local) if local == value => {
                    to.insert(name, value);
                }
                Some(local) => {
                    let merged = lay_over(loader, section, &name, value, local, resets);
                    to.insert(name, merged);
                }
            }
        }
    }
}

fn lay_over(
    loader: &mut Loader<'_>,
    section: &str,
    name: &str,
    value: Value,
    local: Value,
    resets: &Resets,
) -> Value {
    let mut wrapped = Value::new(Data::Map(Map::from_iter([(name.to_owned(), value)])), local.place);
    resets.apply(&mut wrapped, &[section]);
    let Some(mut base) = wrapped.map_mut().and_then(|map| map.swap_remove(name)) else { return local };
    let root = Path::Root;
    let path = root.key(section);
    merge_resource(section, &mut base, local, &path.key(name), &mut loader.findings);
    base
}
