//! The configuration hash that a container should carry.

use composeyard_compose::{ServiceName, model::Service, render::config_hash};

use crate::Observed;

/// A service with its references to other services' containers (`network_mode: service:db`, `volumes_from: [db]`)
/// replaced by container ids, as the engine takes them and as the stored hash was computed. References to a service
/// without a container stay.
pub fn resolve_references(service: &Service, container_of: impl Fn(&str) -> Option<String>) -> Service {
    let mut resolved = service.clone();
    for mode in [&mut resolved.network_mode, &mut resolved.ipc, &mut resolved.pid] {
        if let Some(id) = mode.strip_prefix("service:").and_then(&container_of) {
            *mode = format!("container:{id}");
        }
    }
    for from in &mut resolved.volumes_from {
        if let Some(container) = from.strip_prefix("container:") {
            *from = container.to_owned();
            continue;
        }
        let (name, access) = from.split_once(':').map_or((from.as_str(), None), |(n, a)| (n, Some(a)));
        if let Some(id) = container_of(name) {
            *from = access.map_or(id.clone(), |access| format!("{id}:{access}"));
        }
    }
    resolved
}

/// The hash of a service whose references are resolved, as the reference computes it: it leaves the access mode of
/// `volumes_from` out.
pub fn container_hash(resolved: &Service) -> String {
    let mut hashed = resolved.clone();
    for from in &mut hashed.volumes_from {
        from.truncate(from.find(':').unwrap_or(from.len()));
    }
    config_hash(&hashed)
}

/// The hash of a service as its containers should carry it now.
pub(crate) fn wanted(service: &Service, observed: &Observed) -> String {
    container_hash(&resolve_references(service, |name| {
        let name = ServiceName::new(name).ok()?;
        observed.of(&name).min_by_key(|container| container.number).map(|container| container.id.clone())
    }))
}
