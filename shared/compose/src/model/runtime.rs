//! What a container gets from its host: ports, devices, limits, files of variables, a log driver.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Extra;

/// One entry of `ports`, in long form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Port {
    /// A name for people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// `ingress` or `host`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mode: String,
    /// Host address; empty for all.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub host_ip: String,
    /// Container port; 0 when the long form has none that means anything.
    #[serde(skip_serializing_if = "is_zero")]
    pub target: u32,
    /// Host port, or a range `8000-8010` to pick from, or empty for any.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub published: String,
    /// `tcp`, `udp`, `sctp`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub protocol: String,
    /// Application protocol, for people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub app_protocol: String,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}

fn is_zero(port: &u32) -> bool {
    *port == 0
}

/// One entry of `devices`, in long form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Device {
    /// On the host, or a CDI name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// In the container.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub target: String,
    /// `rwm`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub permissions: String,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}

/// A process limit: one number, or soft and hard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Ulimit {
    /// Both.
    Single(i64),
    /// Each.
    Range {
        /// At first.
        soft: i64,
        /// At most.
        hard: i64,
    },
}

/// One entry of `env_file`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EnvFile {
    /// Absolute path; an empty one names no file.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// Fail when it is missing; left out when true.
    #[serde(skip_serializing_if = "Clone::clone")]
    pub required: bool,
    /// `raw`, or empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub format: String,
}

impl Default for EnvFile {
    fn default() -> Self {
        Self { path: String::new(), required: true, format: String::new() }
    }
}

/// `logging`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Logging {
    /// `json-file`, `local`, …
    #[serde(skip_serializing_if = "String::is_empty")]
    pub driver: String,
    /// Driver options.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}
