//! When a service starts, how it tells that it works, and what runs around its start and end.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Duration, Extra};

/// When a dependency counts as met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Its containers run.
    #[default]
    ServiceStarted,
    /// Its containers are healthy.
    ServiceHealthy,
    /// One of its containers ended with code 0.
    ServiceCompletedSuccessfully,
}

impl Condition {
    /// As written in the file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ServiceStarted => "service_started",
            Self::ServiceHealthy => "service_healthy",
            Self::ServiceCompletedSuccessfully => "service_completed_successfully",
        }
    }
}

/// One entry of `depends_on`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dependency {
    /// What to wait for.
    pub condition: Condition,
    /// Restart with it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub restart: bool,
    /// Fail when it is missing.
    pub required: bool,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}

impl Default for Dependency {
    fn default() -> Self {
        Self { condition: Condition::ServiceStarted, restart: false, required: true, extra: Extra::new() }
    }
}

/// `healthcheck`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Healthcheck {
    /// `[CMD, …]`, `[CMD-SHELL, text]` or `[NONE]`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub test: Vec<String>,
    /// For one check.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Duration>,
    /// Between checks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<Duration>,
    /// Failures until unhealthy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retries: Option<u64>,
    /// Failures in this time do not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_period: Option<Duration>,
    /// Between checks in the start period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_interval: Option<Duration>,
    /// Switch off the image's check.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub disable: bool,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}

/// A command around the life of a container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hook {
    /// What to run.
    pub command: Option<Vec<String>>,
    /// As whom.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub user: String,
    /// With all rights.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub privileged: bool,
    /// Where.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub working_dir: String,
    /// Further variables.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub environment: BTreeMap<String, Option<String>>,
    /// Image of a `pre_start` hook.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub image: String,
    /// A `pre_start` hook runs for each container of the service instead of once.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub per_replica: bool,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}
