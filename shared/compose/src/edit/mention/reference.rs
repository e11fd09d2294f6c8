//! Where the language itself names services and resources.

use composeyard_yaml::{Document, NodeId};

use super::Resource;
use crate::edit::walk::{entries, entry, field, is_mapping, items, services};

/// A place that names the thing in question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::edit) enum Spot {
    /// The key of an entry.
    Key(NodeId),
    /// Part of a scalar's text, from this byte on.
    Text(NodeId, usize),
}

/// What `extends` of a service names: the file as written, none for its own, and the place of the service's name.
pub(in crate::edit) struct Extends<'d> {
    pub(in crate::edit) file: Option<&'d str>,
    pub(in crate::edit) service: &'d str,
    pub(in crate::edit) spot: Spot,
}

/// What a service extends, if anything.
pub(in crate::edit) fn extends(document: &Document, service: NodeId) -> Option<Extends<'_>> {
    let extends = field(document, service, "extends")?;
    if let Some(name) = document.text(extends) {
        return Some(Extends { file: None, service: name, spot: Spot::Text(extends, 0) });
    }
    let node = field(document, extends, "service")?;
    let file = field(document, extends, "file").and_then(|file| document.text(file));
    Some(Extends { file, service: document.text(node)?, spot: Spot::Text(node, 0) })
}

/// Every place of a service's definition that names the service `name`, `extends` apart.
pub(super) fn of_service(document: &Document, service: NodeId, name: &str) -> Vec<Spot> {
    let mut found = Vec::new();
    if let Some(depends_on) = field(document, service, "depends_on")
        && is_mapping(document, depends_on)
        && let Some(entry) = entry(document, depends_on, name)
    {
        found.push(Spot::Key(entry.key));
    }
    for key in ["depends_on", "links", "volumes_from"] {
        let list = field(document, service, key).map(|list| items(document, list)).unwrap_or_default();
        let foreign = |item: &NodeId| {
            key == "volumes_from" && document.text(*item).is_some_and(|text| text.starts_with("container:"))
        };
        let named = list.into_iter().filter(|item| !foreign(item));
        found.extend(named.filter_map(|item| text(document, item, "", name)));
    }
    for key in ["network_mode", "ipc", "pid"] {
        let mode = field(document, service, key);
        found.extend(mode.and_then(|mode| text(document, mode, "service:", name)));
    }
    let contexts =
        field(document, service, "build").and_then(|build| field(document, build, "additional_contexts"));
    if let Some(contexts) = contexts {
        let values = entries(document, contexts).into_iter().map(|entry| document.resolve(entry.value));
        found.extend(values.filter_map(|value| text(document, value, "service:", name)));
        found.extend(items(document, contexts).into_iter().filter_map(|item| {
            let (key, _) = document.text(item)?.split_once('=')?;
            text(document, item, &format!("{key}=service:"), name)
        }));
    }
    found
}

/// Every place of a service's definition that names a network, volume, secret, config or model.
pub(super) fn of_resource(document: &Document, service: NodeId, resource: Resource, name: &str) -> Vec<Spot> {
    let list = field(document, service, resource.section());
    match resource {
        Resource::Network | Resource::Model => {
            list.and_then(|list| attached(document, list, name)).into_iter().collect()
        }
        Resource::Volume => {
            let mounts = list.map(|list| items(document, list)).unwrap_or_default();
            mounts.into_iter().filter_map(|mount| volume(document, mount, name)).collect()
        }
        Resource::Secret | Resource::Config => {
            let build = field(document, service, "build")
                .and_then(|build| field(document, build, resource.section()));
            let grants = [list, build].into_iter().flatten().flat_map(|list| items(document, list));
            grants.filter_map(|grant| granted(document, grant, name)).collect()
        }
    }
}

/// A name in a list, or the key of a mapping.
fn attached(document: &Document, list: NodeId, name: &str) -> Option<Spot> {
    if is_mapping(document, list) {
        return entry(document, list, name).map(|entry| Spot::Key(entry.key));
    }
    items(document, list).into_iter().find_map(|item| whole(document, item, name))
}

fn volume(document: &Document, mount: NodeId, name: &str) -> Option<Spot> {
    if let Some(short) = document.text(mount) {
        return short.strip_prefix(name)?.starts_with(':').then_some(Spot::Text(mount, 0));
    }
    let kind = field(document, mount, "type").and_then(|kind| document.text(kind));
    let source = field(document, mount, "source").filter(|_| kind.is_none_or(|kind| kind == "volume"))?;
    whole(document, source, name)
}

fn granted(document: &Document, grant: NodeId, name: &str) -> Option<Spot> {
    whole(document, field(document, grant, "source").unwrap_or(grant), name)
}

fn whole(document: &Document, scalar: NodeId, name: &str) -> Option<Spot> {
    (document.text(scalar)? == name).then_some(Spot::Text(scalar, 0))
}

/// A scalar `before` + name, alone or up to a `:`.
fn text(document: &Document, scalar: NodeId, before: &str, name: &str) -> Option<Spot> {
    let after = document.text(scalar)?.strip_prefix(before)?.strip_prefix(name)?;
    (after.is_empty() || after.starts_with(':')).then_some(Spot::Text(scalar, before.len()))
}

/// The keys of a top-level section that are called `name`.
pub(super) fn definition(document: &Document, section: &str, name: &str) -> Option<Spot> {
    entry(document, document.at(&[section])?, name).map(|entry| Spot::Key(entry.key))
}

/// The services of a document that extend a service of a file; `is_it` decides whether a written file name is that
/// file.
pub(super) fn extending<'d>(
    document: &'d Document,
    name: &str,
    is_it: impl Fn(Option<&str>) -> bool,
) -> Vec<(&'d str, Spot)> {
    let of = |(service, node)| {
        let extends = extends(document, node)?;
        (extends.service == name && is_it(extends.file)).then_some((service, extends.spot))
    };
    services(document).into_iter().filter_map(of).collect()
}
