//! What the engine shows of a project, in the Engine API's own shape. Only the fields that a file can say are here.

/// Types of the Engine API: each field has the API's name, and its empty value where the engine leaves it out.
macro_rules! engine_types {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, Default, PartialEq, Deserialize)]
            #[serde(default, rename_all = "PascalCase")]
            pub struct $name {
                $($(#[$field_doc])* pub $field: $type,)*
            }
        )*
    };
}

mod container;
mod host;
mod mounts;
mod resources;

use serde::de::DeserializeOwned;
use serde_json::Value;

pub use container::{Config, Container, Endpoint, FixedAddresses, HealthConfig, NetworkSettings};
pub use host::{
    BlockDevice, Device, DeviceRequest, HostConfig, Limit, LogConfig, PortBinding, RestartPolicy,
};
pub use mounts::{BindOptions, Mount, MountPoint, TmpfsOptions, VolumeOptions};
pub use resources::{Defaults, Image, Ipam, Network, Pool, Volume};

use crate::ProjectName;

/// Everything that is known of a running project.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// The project.
    pub project: ProjectName,
    /// Its containers, one-off runs left out.
    pub containers: Vec<Container>,
    /// The images that they were made from.
    pub images: Vec<Image>,
    /// The networks that they are on.
    pub networks: Vec<Network>,
    /// The volumes that they mount.
    pub volumes: Vec<Volume>,
    /// What the engine gives to containers that ask for nothing.
    pub defaults: Defaults,
}

/// Reads one object of the Engine API. `null` counts as absent.
///
/// # Errors
/// When a field has another type than the API says.
pub fn read<T: DeserializeOwned>(mut value: Value) -> Result<T, serde_json::Error> {
    drop_nulls(&mut value);
    serde_json::from_value(value)
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(drop_nulls);
        }
        Value::Array(list) => list.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}
