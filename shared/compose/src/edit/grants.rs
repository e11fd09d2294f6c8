//! Secrets and configs of a service.

use composeyard_yaml::edit::{Change, Path, Value};

use super::{
    Refusal,
    desk::{Desk, KEEP_SERVICE, all_long, check_name, items, node_at, service_path},
    mention::Resource,
    resource,
};
use crate::ServiceName;

/// Gives a service a secret or config, declaring it when it is new. Long form when the list has it or a target asks.
pub(super) fn attach(
    desk: &mut Desk,
    service: &ServiceName,
    resource: Resource,
    name: &str,
    target: Option<&str>,
) -> Result<(), Refusal> {
    check_name(name)?;
    desk.home(service)?;
    let path = service_path(service).key(resource.section());
    if (0..desk.count()).any(|file| granted(desk, file, &path, name).is_some()) {
        return Ok(());
    }
    let file = desk.collector(&path)?;
    let long = target.is_some() || all_long(desk.document(file), &path);
    let value = if long {
        let entries = [("source", Some(name)), ("target", target)];
        let given = entries.into_iter().filter_map(|(key, text)| Some((key.to_owned(), Value::text(text?))));
        Value::Map(given.collect())
    } else {
        Value::text(name)
    };
    desk.push(file, path, value)?;
    resource::declare(desk, resource, name)
}

pub(super) fn detach(
    desk: &mut Desk,
    service: &ServiceName,
    resource: Resource,
    name: &str,
) -> Result<(), Refusal> {
    desk.home(service)?;
    let path = service_path(service).key(resource.section());
    let mut found = false;
    for file in 0..desk.count() {
        while let Some(place) = granted(desk, file, &path, name) {
            desk.change(file, &Change::Remove { path: place, keep: KEEP_SERVICE })?;
            found = true;
        }
    }
    if found {
        return Ok(());
    }
    Err(Refusal::new(format!(
        "{path} does not name {name}; it may come from a service that this one extends"
    )))
}

/// The item that names a secret or config.
fn granted(desk: &Desk, file: usize, path: &Path, name: &str) -> Option<Path> {
    let document = desk.document(file);
    let is_it = |item: &Path| {
        let node = node_at(document, item);
        let short = node.and_then(|node| document.text(node));
        let long = || node_at(document, &item.key("source")).and_then(|node| document.text(node));
        short.or_else(long) == Some(name)
    };
    (0..items(document, path).len()).map(|index| path.item(index)).find(is_it)
}
