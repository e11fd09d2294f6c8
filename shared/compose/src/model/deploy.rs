//! `deploy:` of a service: replicas and limits are honoured by a local engine, the rest is for Swarm.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Bytes, Duration, Extra};

/// Compose specification, deploy.md.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Deploy {
    /// `replicated`, `global`, …
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mode: String,
    /// Containers of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replicas: Option<i64>,
    /// Labels of the Swarm service.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Swarm rolling update.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update_config: Option<Box<UpdateConfig>>,
    /// Swarm roll-back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rollback_config: Option<Box<UpdateConfig>>,
    /// Limits and reservations.
    pub resources: Resources,
    /// Overrides `restart`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restart_policy: Option<Box<RestartPolicy>>,
    /// Swarm placement.
    pub placement: Placement,
    /// `vip` or `dnsrr`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub endpoint_mode: String,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}

/// Swarm placement rules, kept as data.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Placement {
    /// `node.role == manager`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<String>,
    /// `spread: node.labels.zone`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub preferences: Vec<serde_json::Value>,
    /// At most so many on one node.
    #[serde(skip_serializing_if = "is_zero")]
    pub max_replicas_per_node: u64,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}

fn is_zero(value: &u64) -> bool {
    *value == 0
}

/// Limits and reservations.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Resources {
    /// What it may use at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<Box<Resource>>,
    /// What it is promised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reservations: Option<Box<Resource>>,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}

/// One set of resources.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Resource {
    /// CPUs, rendered as a number (`0.5`).
    #[serde(
        skip_serializing_if = "is_no_cpu",
        serialize_with = "as_text",
        deserialize_with = "from_text_or_number"
    )]
    pub cpus: f64,
    /// Memory.
    #[serde(skip_serializing_if = "Bytes::is_zero")]
    pub memory: Bytes,
    /// Processes.
    #[serde(skip_serializing_if = "is_zero_i64")]
    pub pids: i64,
    /// Devices such as GPUs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub devices: Vec<DeviceRequest>,
    /// Swarm generic resources, kept as data.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub generic_resources: Vec<serde_json::Value>,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}

fn is_no_cpu(value: &f64) -> bool {
    *value == 0.0
}

fn is_zero_i64(value: &i64) -> bool {
    *value == 0
}

fn as_text<S: serde::Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    if value.fract() == 0.0 && value.abs() < i64::MAX as f64 {
        serializer.serialize_i64(*value as i64)
    } else {
        serializer.serialize_f64(*value)
    }
}

fn from_text_or_number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::String(text) => text.parse().map_err(serde::de::Error::custom),
        serde_json::Value::Number(number) => Ok(number.as_f64().unwrap_or(0.0)),
        other => Err(serde::de::Error::custom(format!("invalid number of CPUs: {other}"))),
    }
}

/// A request for devices. Compose specification, deploy.md "devices".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeviceRequest {
    /// `gpu`, …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub capabilities: Vec<String>,
    /// `nvidia`, …
    #[serde(skip_serializing_if = "String::is_empty")]
    pub driver: String,
    /// How many; -1 for all.
    #[serde(skip_serializing_if = "is_zero_i64")]
    pub count: i64,
    /// Which.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub device_ids: Vec<String>,
    /// Driver options.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
}

/// When to start a container again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RestartPolicy {
    /// `none`, `on-failure`, `any`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub condition: String,
    /// Ignored by a local engine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<Duration>,
    /// Tries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_attempts: Option<u64>,
    /// Ignored by a local engine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Duration>,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}

/// Swarm update or roll-back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct UpdateConfig {
    /// Containers at a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallelism: Option<u64>,
    /// Between batches.
    #[serde(skip_serializing_if = "is_no_time")]
    pub delay: Option<Duration>,
    /// `pause`, `continue`, `rollback`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub failure_action: String,
    /// How long a task is watched.
    #[serde(skip_serializing_if = "is_no_time")]
    pub monitor: Option<Duration>,
    /// Tolerated failures.
    #[serde(skip_serializing_if = "is_no_cpu")]
    pub max_failure_ratio: f64,
    /// `start-first`, `stop-first`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub order: String,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}

#[expect(clippy::ref_option, reason = "serde passes a reference")]
fn is_no_time(time: &Option<Duration>) -> bool {
    time.is_none_or(|time| time.0 == 0)
}
