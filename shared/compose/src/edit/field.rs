//! Single keys of a service.

use composeyard_yaml::edit::{Change, Path, Value};

use super::{
    Refusal,
    desk::{Desk, KEEP_SERVICE, service_path},
};
use crate::ServiceName;

/// A text that must not be empty.
pub(super) fn text(text: &str) -> Result<Value, Refusal> {
    match text.trim() {
        "" => Err(Refusal::new("the value is empty")),
        trimmed => Ok(Value::text(trimmed)),
    }
}

/// Sets a key in the last file that has it, else in the first that defines the service.
pub(super) fn set(
    desk: &mut Desk,
    service: &ServiceName,
    keys: &[&str],
    value: &Value,
) -> Result<(), Refusal> {
    desk.home(service)?;
    let path = below(service, keys);
    let file = desk.setter(service, &path)?;
    desk.put(file, path, value.clone())
}

pub(super) fn set_any(
    desk: &mut Desk,
    service: &ServiceName,
    path: &[String],
    value: Option<&str>,
) -> Result<(), Refusal> {
    let keys: Vec<&str> = path.iter().map(String::as_str).collect();
    if keys.is_empty() {
        return Err(Refusal::new("no key is named"));
    }
    let Some(value) = value else { return unset(desk, service, &keys) };
    set(desk, service, &keys, &Value::typed_in(value))
}

/// Removes a key from all files: the value of an earlier one must not shine through.
fn unset(desk: &mut Desk, service: &ServiceName, keys: &[&str]) -> Result<(), Refusal> {
    desk.home(service)?;
    let path = below(service, keys);
    let files = desk.with(&path);
    if files.is_empty() {
        return Err(Refusal::new(format!(
            "{path} is not set here; it may come from an included or extended file"
        )));
    }
    for file in files {
        desk.change(file, &Change::Remove { path: path.clone(), keep: KEEP_SERVICE })?;
    }
    Ok(())
}

/// `scale` and `deploy.replicas` must agree when both are set, so both follow.
pub(super) fn set_replicas(desk: &mut Desk, service: &ServiceName, replicas: u32) -> Result<(), Refusal> {
    let count = Value::Typed(replicas.to_string());
    let scale: &[&str] = &["scale"];
    let deployed: &[&str] = &["deploy", "replicas"];
    let written: Vec<&[&str]> =
        [scale, deployed].into_iter().filter(|keys| !desk.with(&below(service, keys)).is_empty()).collect();
    if written.is_empty() {
        return set(desk, service, deployed, &count);
    }
    written.into_iter().try_for_each(|keys| set(desk, service, keys, &count))
}

fn below(service: &ServiceName, keys: &[&str]) -> Path {
    keys.iter().fold(service_path(service), |path, key| path.key(key))
}
