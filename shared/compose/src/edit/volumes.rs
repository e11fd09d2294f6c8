//! Named volumes: mounts of a service.

use composeyard_yaml::{
    Document,
    edit::{Path, Value},
};

use super::{
    Refusal,
    desk::{Desk, KEEP_SERVICE, all_long, check_name, items, node_at, service_path},
    mention::Resource,
    resource,
};
use crate::ServiceName;

pub(super) fn attach(
    desk: &mut Desk,
    service: &ServiceName,
    volume: &str,
    target: &str,
) -> Result<(), Refusal> {
    check_name(volume)?;
    if !target.starts_with(['/', '$']) {
        return Err(Refusal::new(format!("{target:?} is not a path in the container; it must start with /")));
    }
    let path = volumes(service);
    let mounted = |file: usize| {
        let mount = mount(desk.document(file), &path, |source, at| source == volume && at == target);
        mount.is_some()
    };
    if (0..desk.count()).any(mounted) {
        return Ok(());
    }
    let file = desk.collector(&path)?;
    let text = |text: &str| Value::text(text);
    let value = if all_long(desk.document(file), &path) {
        let entries = [("type", text("volume")), ("source", text(volume)), ("target", text(target))];
        Value::Map(entries.map(|(key, value)| (key.to_owned(), value)).to_vec())
    } else {
        Value::text(format!("{volume}:{target}"))
    };
    desk.push(file, path, value)?;
    resource::declare(desk, Resource::Volume, volume)
}

pub(super) fn detach(desk: &mut Desk, service: &ServiceName, volume: &str) -> Result<(), Refusal> {
    desk.home(service)?;
    let path = volumes(service);
    if desk.remove_all(KEEP_SERVICE, |document| mount(document, &path, |source, _| source == volume))? {
        return Ok(());
    }
    Err(Refusal::new(format!(
        "{path} does not mount {volume}; it may come from an included or extended file"
    )))
}

/// The first item of a service's `volumes`, in short or long form, whose source and target are the wanted ones.
fn mount(document: &Document, path: &Path, wanted: impl Fn(&str, &str) -> bool) -> Option<Path> {
    let part = |item: &Path, key: &str| document.text(node_at(document, &item.key(key))?);
    let is_wanted = |item: &Path| match node_at(document, item).and_then(|node| document.text(node)) {
        Some(short) => {
            let (source, rest) = short.split_once(':').unwrap_or(("", short));
            wanted(source, rest.split(':').next().unwrap_or_default())
        }
        None => wanted(part(item, "source").unwrap_or_default(), part(item, "target").unwrap_or_default()),
    };
    (0..items(document, path).len()).map(|index| path.item(index)).find(is_wanted)
}

fn volumes(service: &ServiceName) -> Path {
    service_path(service).key("volumes")
}
