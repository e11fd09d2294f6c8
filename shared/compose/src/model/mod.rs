//! The typed, canonical project: short forms are long, defaults are in, paths are resolved, names are final.
//!
//! Field order and the fields that are left out when empty follow the reference's Go structs, so that the JSON of a
//! service is byte for byte what the reference hashes.

mod build;
mod deploy;
mod lifecycle;
mod mounts;
mod network;
mod runtime;
mod service;
mod totals;
mod units;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use build::Build;
pub use deploy::{Deploy, DeviceRequest, Placement, Resource, Resources, RestartPolicy, UpdateConfig};
pub use lifecycle::{Condition, Dependency, Healthcheck, Hook};
pub use mounts::{BindOptions, Mount, MountType, ObjectMount, TmpfsOptions, VolumeOptions};
pub use network::{Endpoint, FileObject, Ipam, IpamPool, Network, Volume, by_priority};
pub use runtime::{Device, EnvFile, Logging, Port, Ulimit};
pub use service::Service;
pub use totals::{Amount, Totals};
pub use units::{Bytes, Duration, UnitError};

use crate::{ProjectName, ServiceName};

/// Extension fields (`x-…`) and fields this version has no type for, kept as data.
pub type Extra = BTreeMap<String, serde_json::Value>;

/// A loaded project. Compose specification 02-model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Project {
    /// `-p`, `COMPOSE_PROJECT_NAME`, `name:` or the folder's name.
    pub name: ProjectName,
    /// Active services, by key. They are shared with what a check leaves for the next one.
    pub services: BTreeMap<ServiceName, Arc<Service>>,
    /// Networks in use or declared, by key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub networks: BTreeMap<String, Network>,
    /// Declared volumes, by key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub volumes: BTreeMap<String, Volume>,
    /// Declared secrets, by key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub secrets: BTreeMap<String, FileObject>,
    /// Declared configs, by key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub configs: BTreeMap<String, FileObject>,
    /// Services that no active profile enables: on the canvas, never started.
    #[serde(skip)]
    pub disabled_services: BTreeMap<ServiceName, Arc<Service>>,
    /// `x-…` and `models`.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Project {
    /// A project of which only the name is known.
    pub fn named(name: ProjectName) -> Self {
        Self {
            name,
            services: BTreeMap::new(),
            networks: BTreeMap::new(),
            volumes: BTreeMap::new(),
            secrets: BTreeMap::new(),
            configs: BTreeMap::new(),
            disabled_services: BTreeMap::new(),
            extra: Extra::new(),
        }
    }
}
