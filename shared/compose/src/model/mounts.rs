//! What a container sees in its file system: `volumes`, `secrets`, `configs` of a service, in long form.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Bytes, Extra};

/// `type` of a mount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MountType {
    /// A folder or file of the host.
    Bind,
    /// A named or anonymous volume.
    #[default]
    Volume,
    /// Memory.
    Tmpfs,
    /// An image's file system.
    Image,
    /// A Windows pipe.
    Npipe,
    /// A Swarm cluster volume.
    Cluster,
}

/// One entry of a service's `volumes`. Compose specification, services "volumes".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mount {
    /// What kind.
    #[serde(rename = "type")]
    pub kind: MountType,
    /// Absolute path, volume key or image; empty for an anonymous volume or tmpfs.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// Path in the container.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub target: String,
    /// Not writable.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub read_only: bool,
    /// `consistent`, `cached`, `delegated`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub consistency: String,
    /// For binds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bind: Option<Box<BindOptions>>,
    /// For volumes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume: Option<Box<VolumeOptions>>,
    /// For tmpfs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tmpfs: Option<Box<TmpfsOptions>>,
    /// For images, kept as data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Box<serde_json::Value>>,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}

/// Options of a bind mount.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BindOptions {
    /// `z` or `Z`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub selinux: String,
    /// `rprivate`, …
    #[serde(skip_serializing_if = "String::is_empty")]
    pub propagation: String,
    /// Make the folder when it is missing; left out when true.
    #[serde(skip_serializing_if = "Clone::clone")]
    pub create_host_path: bool,
    /// True when nobody asked for the folder to be made; the reference prints it only when asked for.
    #[serde(skip)]
    pub creates_by_default: bool,
    /// `enabled`, `disabled`, `writable`, `readonly`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub recursive: String,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}

impl Default for BindOptions {
    fn default() -> Self {
        Self {
            selinux: String::new(),
            propagation: String::new(),
            create_host_path: true,
            creates_by_default: false,
            recursive: String::new(),
            extra: Extra::new(),
        }
    }
}

/// Options of a volume mount.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VolumeOptions {
    /// Labels of an anonymous volume.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Do not copy the image's files into a new volume.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub nocopy: bool,
    /// A folder inside the volume.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subpath: String,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}

/// Options of a tmpfs mount.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TmpfsOptions {
    /// Bytes at most.
    #[serde(skip_serializing_if = "Bytes::is_zero")]
    pub size: Bytes,
    /// Permissions.
    #[serde(skip_serializing_if = "is_no_mode")]
    pub mode: Option<u32>,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}

/// One entry of a service's `secrets` or `configs`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ObjectMount {
    /// Key of the top-level secret or config.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// Path in the container.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub target: String,
    /// Owner.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub uid: String,
    /// Group.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub gid: String,
    /// Octal text, `"0440"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}

#[expect(clippy::ref_option, reason = "serde passes a reference")]
fn is_no_mode(mode: &Option<u32>) -> bool {
    mode.is_none_or(|mode| mode == 0)
}
