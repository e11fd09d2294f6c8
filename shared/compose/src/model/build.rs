//! `build:` of a service. Compose specification, build.md.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Bytes, Extra, ObjectMount, Ulimit};

/// How to make a service's image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Build {
    /// Folder (absolute after path resolution) or URL.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub context: String,
    /// Relative to the context.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub dockerfile: String,
    /// The Dockerfile's text itself.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub dockerfile_inline: String,
    /// Credentials for `RUN --mount=type=secret` of provenance.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entitlements: Vec<String>,
    /// Build arguments; null takes the builder's environment.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, Option<String>>,
    /// `none`, `mode=max`, …
    #[serde(skip_serializing_if = "String::is_empty")]
    pub provenance: String,
    /// SBOM attestation.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sbom: String,
    /// SSH agents by id.
    #[serde(skip_serializing_if = "serde_json::Value::is_null")]
    pub ssh: serde_json::Value,
    /// Labels of the image.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Cache sources.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cache_from: Vec<String>,
    /// Cache targets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cache_to: Vec<String>,
    /// Ignore the cache.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub no_cache: bool,
    /// Stages to build without the cache.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub no_cache_filter: Vec<String>,
    /// Named contexts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub additional_contexts: BTreeMap<String, String>,
    /// Pull base images.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub pull: bool,
    /// `host:ip` lines, as `host=ip`. None without a host; empty when no host has an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extra_hosts: Option<Vec<String>>,
    /// Windows isolation.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub isolation: String,
    /// Network of RUN steps.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub network: String,
    /// Stage.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub target: String,
    /// Secrets granted to the build.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<ObjectMount>,
    /// `/dev/shm` of RUN steps.
    #[serde(skip_serializing_if = "Bytes::is_zero")]
    pub shm_size: Bytes,
    /// Further tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Limits of RUN steps.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub ulimits: BTreeMap<String, Ulimit>,
    /// Target platforms.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub platforms: Vec<String>,
    /// Extended privileges.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub privileged: bool,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}
