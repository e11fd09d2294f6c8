//! `networks` of a service.

use composeyard_yaml::edit::{Path, Value};

use super::{
    Intent, Refusal,
    desk::{Desk, KEEP_SERVICE, check_name, is_list, named, node_at, service_path},
    mention::Resource,
    resource,
};
use crate::ServiceName;

/// The network that exists without being declared.
pub(super) const DEFAULT: &str = "default";

pub(super) fn attach(desk: &mut Desk, service: &ServiceName, network: &str) -> Result<(), Refusal> {
    check_name(network)?;
    desk.home(service)?;
    if let Some(file) = desk.with(&service_path(service).key("network_mode")).last() {
        let document = desk.document(*file);
        let mode = node_at(document, &service_path(service).key("network_mode"));
        let mode = mode.and_then(|node| document.text(node)).unwrap_or_default();
        let refusal = Refusal::new(format!("{service} has network_mode: {mode}, which excludes networks"));
        let instead = [
            Intent::UnsetKey { path: service_path(service).key("network_mode") },
            Intent::AttachNetwork { service: service.clone(), network: network.to_owned() },
        ];
        return Err(refusal.or(format!("Join {network} instead"), instead));
    }
    let path = networks(service);
    if (0..desk.count()).any(|file| named(desk.document(file), &path, |name| name == network).is_some()) {
        return Ok(());
    }
    let file = desk.collector(&path)?;
    if is_list(desk.document(file), &path) || desk.with(&path).is_empty() {
        desk.push(file, path, Value::text(network))?;
    } else {
        desk.put(file, path.key(network), Value::null())?;
    }
    if network == DEFAULT { Ok(()) } else { resource::declare(desk, Resource::Network, network) }
}

pub(super) fn detach(desk: &mut Desk, service: &ServiceName, network: &str) -> Result<(), Refusal> {
    desk.home(service)?;
    let path = networks(service);
    if desk.remove_all(KEEP_SERVICE, |document| named(document, &path, |name| name == network))? {
        return Ok(());
    }
    Err(Refusal::new(if network == DEFAULT {
        format!(
            "{service} is on the default network because it names no other; attach it to another one instead"
        )
    } else {
        format!("{path} does not name {network}; it may come from an included or extended file")
    }))
}

fn networks(service: &ServiceName) -> Path {
    service_path(service).key("networks")
}
