//! The loaded project to the picture's content, in name order: what is drawn, not where.

use std::collections::{BTreeMap, BTreeSet};

use super::{Edge, Graph, Lane, NodeKey};
use crate::{
    Project, ServiceName,
    model::{MountType, Service},
};

/// The picture of a project: services (disabled ones too), every volume, secret and config that is declared or used,
/// and all networks. Edges to services that do not exist are left out: there is nothing to draw them to.
pub fn graph(project: &Project) -> Graph {
    let services = project.services.iter().chain(&project.disabled_services);
    let services: BTreeMap<&ServiceName, &Service> =
        services.map(|(name, service)| (name, &**service)).collect();
    let edges: Vec<Edge> = services
        .iter()
        .flat_map(|(name, service)| dependencies(name, service, &services).chain(mounts(name, service)))
        .collect();
    let used = edges.iter().filter_map(|edge| match edge {
        Edge::Mounts { resource, .. } => Some(resource.clone()),
        Edge::DependsOn { .. } => None,
    });
    let declared = (project.volumes.keys().cloned().map(NodeKey::Volume))
        .chain(project.secrets.keys().cloned().map(NodeKey::Secret))
        .chain(project.configs.keys().cloned().map(NodeKey::Config));
    let resources: BTreeSet<NodeKey> = declared.chain(used).collect();
    let nodes = services.keys().map(|name| NodeKey::Service((*name).clone())).chain(resources).collect();
    Graph { nodes, edges, lanes: network_lanes(project, &services) }
}

/// What of a picture plays no part while the project's profiles are as they are: disabled services, and volumes, secrets
/// and configs that nobody else mounts.
pub fn off(project: &Project, graph: &Graph) -> BTreeSet<NodeKey> {
    let (mut idle, mut in_use) = (BTreeSet::new(), BTreeSet::new());
    for edge in &graph.edges {
        if let Edge::Mounts { service, resource, .. } = edge {
            let side = if project.services.contains_key(service) { &mut in_use } else { &mut idle };
            side.insert(resource.clone());
        }
    }
    let services = project.disabled_services.keys().cloned().map(NodeKey::Service);
    services.chain(idle.difference(&in_use).cloned()).collect()
}

fn dependencies<'a>(
    name: &'a ServiceName,
    service: &'a Service,
    services: &'a BTreeMap<&ServiceName, &Service>,
) -> impl Iterator<Item = Edge> + 'a {
    service.depends_on.iter().filter(|(to, _)| services.contains_key(to)).map(|(to, dependency)| {
        Edge::DependsOn {
            from: name.clone(),
            to: to.clone(),
            condition: dependency.condition,
            required: dependency.required,
        }
    })
}

fn mounts(name: &ServiceName, service: &Service) -> impl Iterator<Item = Edge> {
    let named = |mount: &&crate::model::Mount| mount.kind == MountType::Volume && !mount.source.is_empty();
    let volumes = service.volumes.iter().filter(named).map(|mount| Edge::Mounts {
        service: name.clone(),
        resource: NodeKey::Volume(mount.source.clone()),
        target: mount.target.clone(),
        read_only: mount.read_only,
    });
    let secrets = service.secrets.iter().map(|mount| (NodeKey::Secret(mount.source.clone()), &mount.target));
    let configs = service.configs.iter().map(|mount| (NodeKey::Config(mount.source.clone()), &mount.target));
    let objects = secrets.chain(configs).map(|(resource, target)| Edge::Mounts {
        service: name.clone(),
        resource,
        target: target.clone(),
        read_only: true,
    });
    volumes.chain(objects)
}

fn network_lanes(project: &Project, services: &BTreeMap<&ServiceName, &Service>) -> Vec<Lane> {
    let mut members: BTreeMap<&str, Vec<ServiceName>> =
        project.networks.keys().map(|network| (network.as_str(), Vec::new())).collect();
    for (name, service) in services {
        for network in service.networks.keys() {
            members.entry(network).or_default().push((*name).clone());
        }
    }
    let lane = |(key, members): (&str, Vec<ServiceName>)| {
        let network = project.networks.get(key);
        Lane {
            network: key.to_owned(),
            driver: network.map(|network| network.driver.clone()).unwrap_or_default(),
            internal: network.is_some_and(|network| network.internal),
            external: network.is_some_and(|network| network.external),
            members,
        }
    };
    members.into_iter().map(lane).collect()
}
