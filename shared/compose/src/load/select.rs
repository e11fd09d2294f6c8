//! Profiles and the selection of services. Compose specification, 15-profiles.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    findings::Findings,
    tree::{Place, Value},
};
use crate::{
    Project, ServiceName,
    model::{Dependency, MountType, Service},
};

/// Moves services that no active profile enables to `disabled_services`.
pub(crate) fn apply_profiles(project: &mut Project, active: &[String]) {
    let disabled = project.services.iter().filter(|(_, service)| !is_enabled(service, active));
    let disabled: Vec<ServiceName> = disabled.map(|(name, _)| name.clone()).collect();
    for name in disabled {
        project.disabled_services.extend(project.services.remove_entry(&name));
    }
}

/// Profiles of the named services that no active profile enables.
pub(crate) fn profiles_of(project: &Project, names: &[String], active: &[String]) -> Vec<String> {
    let named = project.services.iter().filter(|(name, _)| names.iter().any(|named| named == name.as_str()));
    let disabled = named.filter(|(_, service)| !is_enabled(service, active));
    disabled.flat_map(|(_, service)| service.profiles.clone()).collect()
}

fn is_enabled(service: &Service, active: &[String]) -> bool {
    service.profiles.is_empty()
        || active.iter().any(|profile| profile == "*")
        || service.profiles.iter().any(|profile| active.contains(profile))
}

/// Keeps the named services and what they depend on. A named service that is disabled makes its profiles active.
pub(crate) fn select(
    project: &mut Project,
    model: &Value,
    names: &[String],
    profiles: &[String],
    findings: &mut Findings,
) {
    let mut chosen: Vec<ServiceName> = Vec::new();
    let mut active = profiles.to_vec();
    for name in names {
        let known = ServiceName::new(name.as_str()).ok();
        let service = known
            .as_ref()
            .and_then(|name| project.services.get(name).or_else(|| project.disabled_services.get(name)));
        match (known, service) {
            (Some(known), Some(service)) => {
                if !project.services.contains_key(&known) {
                    active.extend(service.profiles.iter().cloned());
                }
                chosen.push(known);
            }
            _ => {
                let known: Vec<&str> = project.services.keys().map(ServiceName::as_str).collect();
                findings.project_error("CY109", format!("no such service: {name}")).help =
                    Some(format!("The project has {}.", known.join(", ")));
            }
        }
    }
    enable(project, &chosen, &active);
    keep(project, model, chosen, findings);
}

fn enable(project: &mut Project, chosen: &[ServiceName], active: &[String]) {
    for (name, service) in std::mem::take(&mut project.disabled_services) {
        let on = chosen.contains(&name) || is_enabled(&service, active);
        let target = if on { &mut project.services } else { &mut project.disabled_services };
        target.insert(name, service);
    }
}

fn keep(project: &mut Project, model: &Value, chosen: Vec<ServiceName>, findings: &mut Findings) {
    let mut kept: BTreeSet<ServiceName> = BTreeSet::new();
    let mut open = chosen;
    while let Some(name) = open.pop() {
        let Some(service) = project.services.get(&name) else { continue };
        for (other, dependency) in &service.depends_on {
            if let Some(disabled) = project.disabled_services.get(other).filter(|_| dependency.required) {
                let message = format!("service {name} depends on {other}, which no active profile enables");
                let tree = model.get("services").and_then(|services| services.get(name.as_str()));
                let named = tree.and_then(|tree| tree.get("depends_on")?.get(other.as_str()));
                let place = named.map(|named| named.key).filter(|place| place.is_known());
                let place = place.or(tree.map(|tree| tree.key)).unwrap_or(Place::NOWHERE);
                let at = format!("services.{name}.depends_on");
                findings.error("CY108", place, at, message).help =
                    Some(format!("Enable one of its profiles: {}.", disabled.profiles.join(", ")));
            }
        }
        if kept.insert(name) {
            open.extend(service.depends_on.keys().cloned());
        }
    }
    let (on, off): (BTreeMap<_, _>, BTreeMap<_, _>) =
        std::mem::take(&mut project.services).into_iter().partition(|(name, _)| kept.contains(name));
    project.services = on;
    for service in project.services.values_mut() {
        let stays = |name: &ServiceName, dependency: &Dependency| dependency.required || kept.contains(name);
        if !service.depends_on.iter().all(|(name, dependency)| stays(name, dependency)) {
            Arc::make_mut(service).depends_on.retain(|name, dependency| stays(name, dependency));
        }
    }
    project.disabled_services.extend(off);
}

/// Drops networks, named volumes, secrets and configs that no active service uses.
pub(crate) fn prune(project: &mut Project) {
    let services = &project.services;
    let networks: BTreeSet<&String> = services.values().flat_map(|service| service.networks.keys()).collect();
    let volumes: BTreeSet<&String> = services
        .values()
        .flat_map(|service| &service.volumes)
        .filter(|mount| mount.kind == MountType::Volume)
        .map(|mount| &mount.source)
        .collect();
    let build_secrets = services.values().flat_map(|service| &service.build).flat_map(|build| &build.secrets);
    let secrets: BTreeSet<&String> = services
        .values()
        .flat_map(|service| &service.secrets)
        .chain(build_secrets)
        .map(|mount| &mount.source)
        .collect();
    let configs: BTreeSet<&String> =
        services.values().flat_map(|service| &service.configs).map(|mount| &mount.source).collect();
    let models: BTreeSet<&String> = services.values().flat_map(|service| service.models.keys()).collect();
    if let Some(serde_json::Value::Object(declared)) = project.extra.get_mut("models") {
        declared.retain(|key, _| models.contains(key));
    }
    project.networks.retain(|key, _| networks.contains(key));
    project.volumes.retain(|key, _| volumes.contains(key));
    project.secrets.retain(|key, _| secrets.contains(key));
    project.configs.retain(|key, _| configs.contains(key));
}
