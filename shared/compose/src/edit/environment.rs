//! `environment`: a mapping, or a list of `NAME=value`.

use composeyard_yaml::{
    Document,
    edit::{Path, Step, Value},
};

use super::{
    Refusal,
    desk::{Desk, KEEP_SERVICE, is_list, named, service_path},
};
use crate::ServiceName;

pub(super) fn set(
    desk: &mut Desk,
    service: &ServiceName,
    name: &str,
    value: Option<&str>,
) -> Result<(), Refusal> {
    if name.is_empty() || name.contains(['=', '\0', '\n']) {
        return Err(Refusal::new(format!(
            "{name:?} is not a variable name; it must not be empty or contain ="
        )));
    }
    desk.home(service)?;
    let path = environment(service);
    let found =
        (0..desk.count()).rev().find_map(|file| Some((file, variable(desk.document(file), &path, name)?)));
    if let Some((file, place)) = found {
        let as_item = matches!(place.0.last(), Some(Step::Index(_)));
        return desk.put(file, place, if as_item { item(name, value) } else { entry(value) });
    }
    let file = desk.collector(service, &path)?;
    if is_list(desk.document(file), &path) {
        desk.push(file, path, item(name, value))
    } else {
        desk.put(file, path.key(name), entry(value))
    }
}

/// Removes a variable from all files: the value of an earlier one must not shine through.
pub(super) fn remove(desk: &mut Desk, service: &ServiceName, name: &str) -> Result<(), Refusal> {
    desk.home(service)?;
    let path = environment(service);
    if desk.remove_all(KEEP_SERVICE, |document| variable(document, &path, name))? {
        return Ok(());
    }
    Err(Refusal::new(format!(
        "{name} is not set in {path}; it may come from env_file, or from an included or extended file"
    )))
}

fn environment(service: &ServiceName) -> Path {
    service_path(service).key("environment")
}

fn variable(document: &Document, path: &Path, name: &str) -> Option<Path> {
    if is_list(document, path) {
        named(document, path, |item| item.split_once('=').map_or(item, |(name, _)| name) == name)
    } else {
        named(document, path, |key| key == name)
    }
}

fn item(name: &str, value: Option<&str>) -> Value {
    Value::Text(value.map_or_else(|| name.to_owned(), |value| format!("{name}={value}")))
}

fn entry(value: Option<&str>) -> Value {
    value.map_or_else(Value::null, Value::text)
}
