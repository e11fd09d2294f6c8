//! What the looking commands see: images in use, processes, volumes, events.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The image of one container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageInUse {
    /// Name of the container.
    pub container: String,
    /// `sha256:…`
    pub id: String,
    /// `nginx`; empty for an image without a name.
    pub repository: String,
    /// `1.27-alpine`; empty for an image without a name.
    pub tag: String,
    /// `linux/amd64`
    pub platform: String,
    /// Bytes.
    pub size: u64,
    /// When it was last pulled, built or tagged here, else when it was made; nanoseconds since 1970, 0 when not known.
    pub tagged_at: i64,
}

/// The processes of one container, as `ps` shows them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessTable {
    /// Service.
    pub service: String,
    /// Number of the container.
    pub number: u32,
    /// `UID`, `PID`, …, `CMD`
    pub titles: Vec<String>,
    /// A cell for each title.
    pub processes: Vec<Vec<String>>,
}

/// A volume of a project, and who uses it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolumeInUse {
    /// Key in the project; its name when it has none.
    pub key: String,
    /// On the engine.
    pub name: String,
    /// `local`
    pub driver: String,
    /// Bytes of its files; none when not known yet.
    pub size: Option<u64>,
    /// Names of the project's containers that mount it, running or not.
    pub users: Vec<String>,
    /// One of them runs: a copy made now may be torn.
    pub live: bool,
}

/// A back-up of a volume.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    /// Its name: `data-1.tar`. The agent serves it as `/api/backups/PROJECT/FILE`.
    pub file: String,
    /// Key of the volume.
    pub volume: String,
    /// Bytes.
    pub size: u64,
    /// When it was made, seconds since 1970.
    pub made: u64,
}

/// Something that happened to a container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerEvent {
    /// Nanoseconds since 1970.
    pub time: i64,
    /// Service.
    pub service: String,
    /// Engine id.
    pub container: String,
    /// `start`, `die`, `health_status: healthy`, `exec_create: sh`
    pub action: String,
    /// What the engine adds: image, name, exit code, labels that are not Compose's own.
    pub attributes: BTreeMap<String, String>,
}
