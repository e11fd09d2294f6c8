//! A container: what runs in it and where it is connected.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{HostConfig, MountPoint};

engine_types! {
    /// `GET /containers/{id}/json`
    Container {
        /// 64 hexadecimal digits.
        id: String,
        /// With a leading `/`.
        name: String,
        /// Id of the image.
        image: String,
        /// What runs.
        config: Config,
        /// How the host runs it.
        host_config: HostConfig,
        /// What is mounted, volumes of the image included.
        mounts: Vec<MountPoint>,
        /// Where it is connected.
        network_settings: NetworkSettings,
    }

    /// `Config` of a container or an image.
    Config {
        /// The id's first 12 digits unless given.
        hostname: String,
        /// Domain name.
        domainname: String,
        /// `user[:group]`
        user: String,
        /// Keys are `80/tcp`.
        exposed_ports: BTreeMap<String, Value>,
        /// With a terminal.
        tty: bool,
        /// With an open standard input.
        open_stdin: bool,
        /// `NAME=value`; a name alone takes the image's variable away.
        env: Vec<String>,
        /// Arguments.
        cmd: Vec<String>,
        /// Program; an empty list clears the image's.
        entrypoint: Vec<String>,
        /// Health check.
        healthcheck: Option<HealthConfig>,
        /// Reference as it was asked for.
        image: String,
        /// Keys are paths of anonymous volumes.
        volumes: BTreeMap<String, Value>,
        /// Working folder.
        working_dir: String,
        /// Labels.
        labels: BTreeMap<String, String>,
        /// `SIGTERM`
        stop_signal: String,
        /// Seconds.
        stop_timeout: Option<i64>,
        /// Given by hand; the engine's own choice is not here.
        mac_address: String,
    }

    /// A health check; times in nanoseconds, zero for the engine's default.
    HealthConfig {
        /// `["NONE"]`, `["CMD", …]`, `["CMD-SHELL", text]`
        test: Vec<String>,
        /// Between checks.
        interval: i64,
        /// For one check.
        timeout: i64,
        /// Failures until unhealthy.
        retries: i64,
        /// Failures in this time do not count.
        start_period: i64,
        /// Between checks in the start period.
        start_interval: i64,
    }

    /// `NetworkSettings` of a container.
    NetworkSettings {
        /// By the network's name.
        networks: BTreeMap<String, Endpoint>,
    }

    /// A container on a network.
    Endpoint {
        /// Fixed addresses.
        #[serde(rename = "IPAMConfig")]
        ipam_config: FixedAddresses,
        /// `container:alias`
        links: Vec<String>,
        /// Names, the engine's own included.
        aliases: Vec<String>,
        /// Driver options.
        driver_opts: BTreeMap<String, String>,
        /// Choice of the default gateway.
        gw_priority: i64,
    }

    /// Addresses that were asked for.
    FixedAddresses {
        /// IPv4.
        #[serde(rename = "IPv4Address")]
        ipv4_address: String,
        /// IPv6.
        #[serde(rename = "IPv6Address")]
        ipv6_address: String,
        /// Link-local.
        #[serde(rename = "LinkLocalIPs")]
        link_local_ips: Vec<String>,
    }
}
