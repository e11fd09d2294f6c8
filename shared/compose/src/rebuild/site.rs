//! What belongs together: containers to services, engine names to keys of the file.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    inspection::{Config, Container, Image, Inspection},
    secrets::Secrets,
};
use crate::{ProjectName, ServiceName};

/// Compose's labels. Reference: compose `pkg/api/labels.go`.
pub(super) mod label {
    pub(in super::super) const PROJECT: &str = "com.docker.compose.project";
    pub(in super::super) const SERVICE: &str = "com.docker.compose.service";
    pub(in super::super) const NUMBER: &str = "com.docker.compose.container-number";
    pub(in super::super) const ONEOFF: &str = "com.docker.compose.oneoff";
    pub(in super::super) const DEPENDS_ON: &str = "com.docker.compose.depends_on";
    pub(in super::super) const NETWORK: &str = "com.docker.compose.network";
    pub(in super::super) const VOLUME: &str = "com.docker.compose.volume";
}

/// Networks that every engine has: they are modes, not networks of a file.
const PREDEFINED: [&str; 3] = ["bridge", "host", "none"];

/// A project's parts, ordered.
pub(super) struct Site<'a> {
    pub(super) seen: &'a Inspection,
    /// Each service's containers by number; the first one stands for all.
    pub(super) services: BTreeMap<ServiceName, Vec<&'a Container>>,
    /// Engine names of networks to keys.
    pub(super) networks: BTreeMap<String, String>,
    /// Engine names of volumes to keys.
    pub(super) volumes: BTreeMap<String, String>,
    pub(super) secrets: Secrets,
}

impl<'a> Site<'a> {
    pub(super) fn new(seen: &'a Inspection) -> Self {
        let services = services(seen);
        let mut site = Self {
            seen,
            networks: BTreeMap::new(),
            volumes: BTreeMap::new(),
            secrets: Secrets::default(),
            services,
        };
        site.secrets = Secrets::of(&site);
        let containers = || site.services.values().flatten();
        let networks: BTreeSet<&str> = containers()
            .flat_map(|container| container.network_settings.networks.keys())
            .map(String::as_str)
            .filter(|name| !PREDEFINED.contains(name))
            .collect();
        let volumes: BTreeSet<&str> = containers()
            .flat_map(|container| &container.mounts)
            .filter(|mount| mount.r#type == "volume" && !is_anonymous(&mount.name))
            .map(|mount| mount.name.as_str())
            .collect();
        let network = |name: &str| {
            let found = seen.networks.iter().find(|network| network.name == name)?;
            own_key(&seen.project, &found.labels, label::NETWORK)
        };
        let volume = |name: &str| {
            let found = seen.volumes.iter().find(|volume| volume.name == name)?;
            own_key(&seen.project, &found.labels, label::VOLUME)
        };
        let (networks, volumes) = (keys(&networks, network), keys(&volumes, volume));
        Self { networks, volumes, ..site }
    }

    pub(super) fn image(&self, container: &Container) -> Option<&'a Image> {
        self.seen.images.iter().find(|image| image.id == container.image)
    }

    /// What the container inherits from its image.
    pub(super) fn inherited(&self, container: &Container) -> Config {
        self.image(container).map(|image| image.config.clone()).unwrap_or_default()
    }

    /// The service of a container of the project, by id or name.
    pub(super) fn service_of(&self, container: &str) -> Option<(&ServiceName, &'a Container)> {
        let is_it = |known: &&Container| {
            let by_id = container.len() >= 12 && known.id.starts_with(container);
            by_id || known.name.trim_start_matches('/') == container.trim_start_matches('/')
        };
        self.services
            .iter()
            .find_map(|(name, containers)| Some((name, *containers.iter().find(|known| is_it(known))?)))
    }

    /// A namespace as a file says it: `container:ID` of a sibling is `service:NAME`.
    pub(super) fn mode(&self, mode: &str) -> String {
        let other = mode.strip_prefix("container:").and_then(|id| self.service_of(id));
        other.map_or_else(|| mode.to_owned(), |(service, _)| format!("service:{service}"))
    }
}

fn services(seen: &Inspection) -> BTreeMap<ServiceName, Vec<&Container>> {
    let mut services = BTreeMap::<ServiceName, Vec<&Container>>::new();
    for container in &seen.containers {
        let labels = &container.config.labels;
        let oneoff = labels.get(label::ONEOFF).is_some_and(|value| value == "True");
        let name = labels.get(label::SERVICE).and_then(|name| ServiceName::new(name.as_str()).ok());
        if let Some(name) = name.filter(|_| !oneoff) {
            services.entry(name).or_default().push(container);
        }
    }
    for containers in services.values_mut() {
        containers.sort_by_key(|container| number(container));
    }
    services
}

/// From 1.
pub(super) fn number(container: &Container) -> u32 {
    container.config.labels.get(label::NUMBER).and_then(|number| number.parse().ok()).unwrap_or(1)
}

/// The key of what the project made itself.
pub(super) fn own_key(
    project: &ProjectName,
    labels: &BTreeMap<String, String>,
    kind: &str,
) -> Option<String> {
    let own = labels.get(label::PROJECT).is_some_and(|name| name == project.as_str());
    labels.get(kind).filter(|_| own).cloned()
}

/// A key for each engine name: the label's, else the name itself; what others made gives way.
fn keys(names: &BTreeSet<&str>, own: impl Fn(&str) -> Option<String>) -> BTreeMap<String, String> {
    let mut keys = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for name in names {
        if let Some(key) = own(name).filter(|key| taken.insert(key.clone())) {
            keys.insert((*name).to_owned(), key);
        }
    }
    for name in names {
        if keys.contains_key(*name) {
            continue;
        }
        let mut key = (*name).to_owned();
        while !taken.insert(key.clone()) {
            key.push_str("-external");
        }
        keys.insert((*name).to_owned(), key);
    }
    keys
}

/// The engine calls a volume without a name by 64 hexadecimal digits.
pub(super) fn is_anonymous(volume: &str) -> bool {
    volume.is_empty() || (volume.len() == 64 && volume.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
