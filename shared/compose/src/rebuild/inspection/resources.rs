//! What containers use: images, networks, volumes, the engine itself.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Config;

engine_types! {
    /// `GET /images/{name}/json`
    Image {
        /// `sha256:…`
        id: String,
        /// `nginx:1.27`
        repo_tags: Vec<String>,
        /// What containers inherit.
        config: Config,
    }

    /// `GET /networks/{id}`
    Network {
        /// The engine's name.
        name: String,
        /// `bridge`
        driver: String,
        /// IPv6 addressing.
        #[serde(rename = "EnableIPv6")]
        enable_ipv6: bool,
        /// Addresses.
        #[serde(rename = "IPAM")]
        ipam: Ipam,
        /// No way out.
        internal: bool,
        /// Others may join.
        attachable: bool,
        /// Driver options.
        options: BTreeMap<String, String>,
        /// Labels.
        labels: BTreeMap<String, String>,
    }

    /// Address management.
    Ipam {
        /// `default`
        driver: String,
        /// Pools.
        config: Vec<Pool>,
        /// Driver options.
        options: BTreeMap<String, String>,
    }

    /// An address pool.
    Pool {
        /// CIDR.
        subnet: String,
        /// CIDR.
        #[serde(rename = "IPRange")]
        ip_range: String,
        /// Address.
        gateway: String,
        /// Reserved.
        auxiliary_addresses: BTreeMap<String, String>,
    }

    /// `GET /volumes/{name}`
    Volume {
        /// The engine's name.
        name: String,
        /// `local`
        driver: String,
        /// Driver options.
        options: BTreeMap<String, String>,
        /// Labels.
        labels: BTreeMap<String, String>,
    }

    /// `GET /info`: what containers get that ask for nothing.
    Defaults {
        /// `json-file`
        logging_driver: String,
        /// `runc`
        default_runtime: String,
        /// `1` or `2`
        cgroup_version: String,
    }
}
