//! Top-level networks, volumes, secrets and configs, and a service's place on a network.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Extra;

/// A top-level network. Compose specification, 06-networks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Network {
    /// The engine's name: `<project>_<key>` unless given.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// `bridge`, `overlay`, …
    #[serde(skip_serializing_if = "String::is_empty")]
    pub driver: String,
    /// Driver options.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub driver_opts: BTreeMap<String, String>,
    /// Addresses.
    pub ipam: Ipam,
    /// Made by someone else; must exist.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub external: bool,
    /// No way out.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub internal: bool,
    /// Containers outside the stack may join.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub attachable: bool,
    /// Labels.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// IPv4 addressing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_ipv4: Option<bool>,
    /// IPv6 addressing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_ipv6: Option<bool>,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}

/// Address management of a network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ipam {
    /// `default`, …
    #[serde(skip_serializing_if = "String::is_empty")]
    pub driver: String,
    /// Pools.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub config: Vec<IpamPool>,
    /// Driver options.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}

/// One address pool.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct IpamPool {
    /// CIDR.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subnet: String,
    /// Address of the gateway.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub gateway: String,
    /// CIDR to hand out from.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub ip_range: String,
    /// Reserved addresses.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub aux_addresses: BTreeMap<String, String>,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}

/// A top-level volume. Compose specification, 07-volumes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Volume {
    /// The engine's name: `<project>_<key>` unless given.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// `local`, …
    #[serde(skip_serializing_if = "String::is_empty")]
    pub driver: String,
    /// Driver options.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub driver_opts: BTreeMap<String, String>,
    /// Made by someone else; must exist.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub external: bool,
    /// Labels.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}

/// A top-level secret or config. Compose specification, 08-configs and 09-secrets.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FileObject {
    /// `<project>_<key>` unless given.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Absolute path.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// Variable that holds the content.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub environment: String,
    /// The content itself (configs, or resolved from `environment`).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub content: String,
    /// A secret's content, from its variable; none when that is not set. The loader's own key: never printed.
    #[serde(rename = "x-#value", skip_serializing)]
    pub value: Option<String>,
    /// Made by someone else; a local engine has none.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub external: bool,
    /// Labels.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Swarm driver.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub driver: String,
    /// Swarm driver options.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub driver_opts: BTreeMap<String, String>,
    /// Swarm template driver.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub template_driver: String,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}

/// A service's place on a network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Endpoint {
    /// Further names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Driver options.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub driver_opts: BTreeMap<String, String>,
    /// Default gateway choice.
    #[serde(skip_serializing_if = "is_zero")]
    pub gw_priority: i64,
    /// Name of the interface in the container.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub interface_name: String,
    /// Fixed address.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub ipv4_address: String,
    /// Fixed address.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub ipv6_address: String,
    /// Link-local addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub link_local_ips: Vec<String>,
    /// MAC address.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mac_address: String,
    /// Order of connection, highest first.
    #[serde(skip_serializing_if = "is_zero")]
    pub priority: i64,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}

/// A service's networks in the order in which a container joins them: the highest priority first, then by name.
pub fn by_priority(networks: &BTreeMap<String, Option<Box<Endpoint>>>) -> Vec<&str> {
    let priority =
        |endpoint: &Option<Box<Endpoint>>| endpoint.as_ref().map_or(0, |endpoint| endpoint.priority);
    let mut ordered: Vec<(&String, &Option<Box<Endpoint>>)> = networks.iter().collect();
    ordered.sort_by_key(|(_, endpoint)| std::cmp::Reverse(priority(endpoint)));
    ordered.into_iter().map(|(name, _)| name.as_str()).collect()
}

fn is_zero(value: &i64) -> bool {
    *value == 0
}
