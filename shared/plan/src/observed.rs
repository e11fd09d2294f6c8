//! What exists on the engine, as the agent reads it from labels and inspection. Also what the page shows as state.

use std::collections::BTreeMap;

use composeyard_compose::{ServiceName, model::Dependency};
use serde::{Deserialize, Serialize};

/// All objects of one project.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Observed {
    /// Containers that carry the project's label.
    pub containers: Vec<ObservedContainer>,
    /// Networks that carry the project's label, and declared ones found by name.
    pub networks: Vec<ObservedNetwork>,
    /// Volumes that carry the project's label, and declared ones found by name.
    pub volumes: Vec<ObservedVolume>,
    /// Local images that the project names, by the reference it uses (`nginx:1.27-alpine`, `<project>-app`).
    pub images: BTreeMap<String, ObservedImage>,
    /// Containers outside the project that have ports of the host, where a plan is to be made and the project wants
    /// such ports.
    #[serde(skip)]
    pub others: Vec<PortHolder>,
    /// The engine, where a plan is to be made.
    #[serde(skip)]
    pub engine: Option<ObservedEngine>,
}

/// What a plan must know of the engine itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObservedEngine {
    /// The API's version: major, minor.
    pub api: (usize, usize),
    /// When it was looked at, nanoseconds since 1970: ages of images count from here.
    pub now: i64,
}

/// A state of a container. Engine API, `State.Status`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ContainerState {
    /// Made, never started.
    #[default]
    Created,
    /// Its process runs.
    Running,
    /// Frozen.
    Paused,
    /// Ended, about to start again.
    Restarting,
    /// Being removed.
    Removing,
    /// Ended.
    Exited,
    /// Could not be removed.
    Dead,
}

/// What its health check says. Engine API, `State.Health.Status`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// It has no check.
    #[default]
    None,
    /// Not yet known.
    Starting,
    /// Works.
    Healthy,
    /// Does not work.
    Unhealthy,
}

/// A port that the host answers on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedPort {
    /// Address on the host.
    pub host_ip: String,
    /// Port on the host.
    pub host_port: u16,
    /// Port in the container.
    pub container_port: u16,
    /// `tcp`, `udp`, `sctp`.
    pub protocol: String,
}

/// A container outside the project, by the ports of the host that it has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PortHolder {
    /// Its name.
    pub container: String,
    /// Label `com.docker.compose.project`; empty when it has none.
    pub project: String,
    /// The ports.
    pub ports: Vec<PublishedPort>,
}

/// One container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ObservedContainer {
    /// Engine id.
    pub id: String,
    /// Name without the leading `/`.
    pub name: String,
    /// Label `com.docker.compose.service`.
    pub service: String,
    /// Label `com.docker.compose.container-number`.
    pub number: u32,
    /// Label `com.docker.compose.oneoff`.
    pub oneoff: bool,
    /// State.
    pub state: ContainerState,
    /// Health.
    pub health: Health,
    /// Exit code of the last run, when it has ended.
    pub exit_code: Option<i64>,
    /// Label `com.docker.compose.config-hash`.
    pub config_hash: Option<String>,
    /// Id of the image it was made from.
    pub image_id: String,
    /// Reference of the image it was made from.
    pub image: String,
    /// Names of its networks.
    pub networks: Vec<String>,
    /// Ids of its networks, in the same order; empty when not known.
    pub network_ids: Vec<String>,
    /// Names of the volumes it mounts.
    pub volumes: Vec<String>,
    /// Published ports.
    pub ports: Vec<PublishedPort>,
    /// When its last run began, nanoseconds since 1970; 0 when never.
    pub started_at: i64,
    /// Restarts by the engine's policy.
    pub restarts: u32,
    /// That policy never starts it again. Stays in the agent.
    #[serde(skip)]
    pub ends_for_good: bool,
    /// What it depends on, from the label `com.docker.compose.depends_on`.
    pub depends_on: BTreeMap<ServiceName, Dependency>,
    /// What it was made from, to tell people what changed. Stays in the agent: it may hold secrets.
    #[serde(skip)]
    pub made_from: Option<MadeFrom>,
}

/// The parts of a container's configuration that people change most, as inspection shows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MadeFrom {
    /// Variables, those of the image among them.
    pub environment: BTreeMap<String, String>,
    /// Arguments.
    pub command: Vec<String>,
    /// Program.
    pub entrypoint: Vec<String>,
    /// `host port:container port/protocol`, the host port empty when the engine chose it.
    pub ports: Vec<String>,
    /// Labels, Compose's own left out.
    pub labels: BTreeMap<String, String>,
    /// Health check test.
    pub healthcheck: Vec<String>,
}

/// One network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ObservedNetwork {
    /// Engine id.
    pub id: String,
    /// Engine name.
    pub name: String,
    /// Label `com.docker.compose.network`; empty when not ours.
    pub key: String,
    /// Label `com.docker.compose.project`; empty when there is none.
    pub project: String,
    /// Label `com.docker.compose.config-hash`.
    pub config_hash: Option<String>,
}

/// One volume.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ObservedVolume {
    /// Engine name.
    pub name: String,
    /// `local`
    pub driver: String,
    /// Label `com.docker.compose.volume`; empty when not ours.
    pub key: String,
    /// Label `com.docker.compose.project`; empty when there is none.
    pub project: String,
    /// Label `com.docker.compose.config-hash`.
    pub config_hash: Option<String>,
}

/// One local image.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ObservedImage {
    /// `sha256:…`
    pub id: String,
    /// It has a health check.
    pub has_healthcheck: bool,
    /// When it was last pulled or built here, nanoseconds since 1970; 0 when not known.
    pub tagged_at: i64,
    /// Names of its variables. Stays in the agent.
    #[serde(skip)]
    pub variables: Vec<String>,
}

impl Observed {
    /// With containers of these services only, one-off runs left out; of all when none is named.
    #[must_use]
    pub fn only(mut self, services: &[ServiceName]) -> Self {
        let named = |service: &str| services.iter().any(|name| name.as_str() == service);
        self.containers.retain(|c| !c.oneoff && (services.is_empty() || named(&c.service)));
        self
    }

    /// Containers of a service that are not one-off runs, by number.
    pub fn of(&self, service: &ServiceName) -> impl Iterator<Item = &ObservedContainer> {
        self.containers.iter().filter(move |c| !c.oneoff && c.service == service.as_str())
    }
}
