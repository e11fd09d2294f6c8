//! Dependency order of services.

use std::collections::{BTreeMap, BTreeSet};

use composeyard_compose::{Project, ServiceName, model::Service};

/// What each service depends on.
pub(crate) type Dependencies = BTreeMap<ServiceName, BTreeSet<ServiceName>>;

/// The project's dependencies: `depends_on`, and services whose namespaces, volumes or links are shared.
pub(crate) fn dependencies(project: &Project) -> Dependencies {
    let of = |service: &Service| -> BTreeSet<ServiceName> {
        let named = service.depends_on.keys().cloned();
        let shared = parents(service).into_iter().chain(links(service));
        named.chain(shared).filter(|name| project.services.contains_key(name)).collect()
    };
    project.services.iter().map(|(name, service)| (name.clone(), of(service))).collect()
}

/// Services whose container this one's refers to by id: shared namespaces and `volumes_from`.
pub fn parents(service: &Service) -> Vec<ServiceName> {
    let modes = [&service.network_mode, &service.ipc, &service.pid];
    let namespaces = modes.into_iter().filter_map(|mode| mode.strip_prefix("service:"));
    let namespaces = namespaces.filter_map(|name| ServiceName::new(name).ok());
    namespaces.chain(volume_parents(service)).collect()
}

/// Services named in `volumes_from`.
pub(crate) fn volume_parents(service: &Service) -> impl Iterator<Item = ServiceName> {
    let services = service.volumes_from.iter().filter(|from| !from.starts_with("container:"));
    services.filter_map(|from| ServiceName::new(from.split(':').next()?).ok())
}

fn links(service: &Service) -> impl Iterator<Item = ServiceName> {
    service.links.iter().filter_map(|link| ServiceName::new(link.split(':').next()?).ok())
}

/// Services such that each stands after what it depends on; by name where the order is free. Members of a cycle are
/// left out: the loader has reported it.
pub(crate) fn upwards(dependencies: &Dependencies) -> Vec<ServiceName> {
    let mut order: Vec<ServiceName> = Vec::with_capacity(dependencies.len());
    let mut done = BTreeSet::new();
    let ready = |done: &BTreeSet<&ServiceName>| {
        dependencies
            .iter()
            .find(|(name, needs)| !done.contains(name) && needs.iter().all(|need| done.contains(need)))
    };
    while let Some((name, _)) = ready(&done) {
        done.insert(name);
        order.push(name.clone());
    }
    order
}

/// Services such that each stands before what it depends on.
pub(crate) fn downwards(dependencies: &Dependencies) -> Vec<ServiceName> {
    let mut order = upwards(dependencies);
    order.reverse();
    order
}

/// The named services and all they depend on.
pub(crate) fn with_dependencies(dependencies: &Dependencies, named: &[ServiceName]) -> BTreeSet<ServiceName> {
    reach(named, |name| dependencies.get(name).into_iter().flatten().cloned().collect())
}

/// The named services and all that depend on them, also through others.
pub(crate) fn with_dependents(dependencies: &Dependencies, named: &[ServiceName]) -> BTreeSet<ServiceName> {
    reach(named, |name| {
        dependencies.iter().filter(|(_, needs)| needs.contains(name)).map(|(name, _)| name.clone()).collect()
    })
}

fn reach(from: &[ServiceName], next: impl Fn(&ServiceName) -> Vec<ServiceName>) -> BTreeSet<ServiceName> {
    let mut found = BTreeSet::new();
    let mut open = from.to_vec();
    while let Some(name) = open.pop() {
        if found.insert(name.clone()) {
            open.extend(next(&name));
        }
    }
    found
}
