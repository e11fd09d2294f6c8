//! Which names a container can look up, and what they lead to.

use std::collections::HashMap;

use crate::model::Service;
use crate::{Project, ServiceName};

/// The names under which services can be found.
pub(crate) struct Names<'p> {
    project: &'p Project,
    /// In lower case, as names are compared.
    by_name: HashMap<String, &'p ServiceName>,
}

/// How a service is attached to others.
#[derive(Clone, Copy)]
pub(crate) enum Attached<'p> {
    /// To networks that look names up.
    Networks(&'p Service),
    /// To the host's own network: names of services mean nothing there.
    Host,
    /// In a way the file does not tell, or not at all.
    Elsewhere,
}

impl<'p> Names<'p> {
    pub(super) fn of(project: &'p Project) -> Self {
        let mut by_name = HashMap::with_capacity(project.services.len());
        for (name, service) in project.services.iter().chain(&project.disabled_services) {
            let aliases = service.networks.values().flatten().flat_map(|endpoint| &endpoint.aliases);
            let own = [name.as_str(), &service.container_name, &service.hostname];
            for known in own.into_iter().chain(aliases.map(String::as_str)).filter(|known| !known.is_empty())
            {
                by_name.entry(known.to_lowercase()).or_insert(name);
            }
        }
        // A service's own name wins over an alias of another.
        for name in project.services.keys() {
            by_name.insert(name.as_str().to_lowercase(), name);
        }
        Self { project, by_name }
    }

    /// The active service that a name leads to.
    pub(crate) fn service(&self, host: &str) -> Option<(&'p ServiceName, &'p Service)> {
        let name = self.by_name.get(&host.to_lowercase())?;
        Some((*name, self.project.services.get(*name)?))
    }

    /// True when a container of the service finds something under this name: a service, active or not, a container
    /// of the project, a link, a line of `extra_hosts`.
    pub(crate) fn knows(&self, service: &Service, host: &str) -> bool {
        let host = host.to_lowercase();
        let is_host = |name: &str| name.eq_ignore_ascii_case(&host);
        let linked = service.links.iter().chain(&service.external_links);
        self.by_name.contains_key(&host)
            || host.starts_with(&format!("{}-", self.project.name.as_str()))
            || host.starts_with(&format!("{}_", self.project.name.as_str()))
            || linked.flat_map(|link| link.split(':')).any(is_host)
            || service
                .extra_hosts
                .iter()
                .flatten()
                .filter_map(|line| line.split(['=', ':']).next())
                .any(is_host)
            || self.project.extra.get("models").is_some_and(|models| models.get(&host).is_some())
    }

    /// The active services.
    pub(crate) fn services(&self) -> impl Iterator<Item = (&'p ServiceName, &'p Service)> {
        self.project.services.iter().map(|(name, service)| (name, &**service))
    }

    /// Every name.
    pub(crate) fn all(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// How a service is attached; one that shares the network of another service is attached as that one is.
    pub(crate) fn attached(&self, service: &'p Service) -> Attached<'p> {
        let mut service = service;
        // A chain longer than this is a circle, which the loader reports.
        for _ in 0..8 {
            match service.network_mode.split_once(':') {
                Some(("service", other)) => match self.service(other) {
                    Some((_, other)) => service = other,
                    None => return Attached::Elsewhere,
                },
                None if service.network_mode.is_empty() => return Attached::Networks(service),
                None if service.network_mode == "host" => return Attached::Host,
                _ => return Attached::Elsewhere,
            }
        }
        Attached::Elsewhere
    }

    /// True when every name that the service can look up is one of this project: no network, resolver or link of
    /// others.
    pub(crate) fn is_closed(&self, service: &Service) -> bool {
        let is_own = |key: &String| {
            self.project.networks.get(key).is_some_and(|network| {
                !network.external && matches!(network.driver.as_str(), "" | "bridge" | "overlay")
            })
        };
        service.network_mode.is_empty()
            && service.networks.keys().all(is_own)
            && service.dns.is_empty()
            && service.dns_search.is_empty()
            && service.external_links.is_empty()
            && service.volumes_from.is_empty()
    }
}

impl Attached<'_> {
    /// True when both are attached in the very same place, so that each is the other's `localhost`.
    pub(crate) fn is_same_place(self, other: Self) -> bool {
        matches!((self, other), (Self::Networks(a), Self::Networks(b)) if std::ptr::eq(a, b))
    }
}

/// True when two services have a network in common, or are attached as one.
pub(crate) fn share_network(a: &Service, b: &Service) -> bool {
    std::ptr::eq(a, b) || a.networks.keys().any(|network| b.networks.contains_key(network))
}
