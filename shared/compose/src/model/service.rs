//! A service, in canonical form. Compose specification, 05-services.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Build, Bytes, Dependency, Deploy, Device, DeviceRequest, Duration, Endpoint, EnvFile, Extra, Healthcheck,
    Hook, Logging, Mount, ObjectMount, Port, Ulimit,
};
use crate::ServiceName;

/// One service. What few services have is boxed: a thousand services are held at once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Service {
    /// Enabled by any of these profiles.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<String>,
    /// Annotations of the container.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    /// Show its log in the foreground.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attach: Option<bool>,
    /// How to make the image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build: Option<Box<Build>>,
    /// Watch rules, kept as data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub develop: Option<Box<serde_json::Value>>,
    /// Block I/O limits, kept as data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blkio_config: Option<Box<serde_json::Value>>,
    /// Capabilities granted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cap_add: Vec<String>,
    /// Capabilities taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cap_drop: Vec<String>,
    /// Parent control group.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cgroup_parent: String,
    /// `host` or `private`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cgroup: String,
    /// Windows CPUs.
    #[serde(skip_serializing_if = "is_zero")]
    pub cpu_count: i64,
    /// Windows CPU share.
    #[serde(skip_serializing_if = "is_zero_f64")]
    pub cpu_percent: f64,
    /// CFS period, microseconds.
    #[serde(skip_serializing_if = "is_zero")]
    pub cpu_period: i64,
    /// CFS quota, microseconds.
    #[serde(skip_serializing_if = "is_zero")]
    pub cpu_quota: i64,
    /// Real-time period, microseconds.
    #[serde(skip_serializing_if = "is_zero")]
    pub cpu_rt_period: i64,
    /// Real-time runtime, microseconds.
    #[serde(skip_serializing_if = "is_zero")]
    pub cpu_rt_runtime: i64,
    /// CPUs at most.
    #[serde(skip_serializing_if = "is_zero_f64")]
    pub cpus: f64,
    /// Which CPUs.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cpuset: String,
    /// Relative weight.
    #[serde(skip_serializing_if = "is_zero")]
    pub cpu_shares: i64,
    /// Arguments; null keeps the image's, an empty list clears them.
    pub command: Option<Vec<String>>,
    /// Configs mounted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub configs: Vec<ObjectMount>,
    /// Fixed name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub container_name: String,
    /// Windows credentials, kept as data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential_spec: Option<Box<serde_json::Value>>,
    /// What must stand before it starts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub depends_on: BTreeMap<ServiceName, Dependency>,
    /// Replicas and limits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deploy: Option<Box<Deploy>>,
    /// Device rules.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub device_cgroup_rules: Vec<String>,
    /// Host devices.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub devices: Vec<Device>,
    /// DNS servers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dns: Vec<String>,
    /// Resolver options.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dns_opt: Vec<String>,
    /// Search domains.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dns_search: Vec<String>,
    /// Domain name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub domainname: String,
    /// Program; null keeps the image's, an empty list clears it.
    pub entrypoint: Option<Vec<String>>,
    /// External provider, kept as data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<Box<serde_json::Value>>,
    /// Variables; null is passed by name only.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub environment: BTreeMap<String, Option<String>>,
    /// Files read into `environment`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub env_file: Vec<EnvFile>,
    /// Ports for other containers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expose: Vec<String>,
    /// Links to containers of other projects.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub external_links: Vec<String>,
    /// Lines of /etc/hosts, `host=ip`. None without a host; empty when no host has an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extra_hosts: Option<Vec<String>>,
    /// Further groups.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub group_add: Vec<String>,
    /// GPUs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gpus: Vec<DeviceRequest>,
    /// Host name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hostname: String,
    /// How to tell that it works.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub healthcheck: Option<Healthcheck>,
    /// Image reference; empty when only built.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub image: String,
    /// Run an init as process 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub init: Option<bool>,
    /// IPC namespace.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub ipc: String,
    /// Windows isolation.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub isolation: String,
    /// Labels.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Files read into `labels`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub label_file: Vec<String>,
    /// Legacy links.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// Log driver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logging: Option<Logging>,
    /// Memory at most.
    #[serde(skip_serializing_if = "Bytes::is_zero")]
    pub mem_limit: Bytes,
    /// Soft memory limit.
    #[serde(skip_serializing_if = "Bytes::is_zero")]
    pub mem_reservation: Bytes,
    /// Memory and swap; -1 for no limit.
    #[serde(skip_serializing_if = "Bytes::is_zero")]
    pub memswap_limit: Bytes,
    /// 0 to 100.
    #[serde(skip_serializing_if = "Bytes::is_zero")]
    pub mem_swappiness: Bytes,
    /// MAC address.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mac_address: String,
    /// AI models, kept as data.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub models: BTreeMap<String, serde_json::Value>,
    /// `host`, `none`, `bridge`, `service:x`, `container:x`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub network_mode: String,
    /// Networks joined.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub networks: BTreeMap<String, Option<Box<Endpoint>>>,
    /// Spare it from the OOM killer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub oom_kill_disable: bool,
    /// OOM preference.
    #[serde(skip_serializing_if = "is_zero")]
    pub oom_score_adj: i64,
    /// PID namespace.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pid: String,
    /// Processes at most.
    #[serde(skip_serializing_if = "is_zero")]
    pub pids_limit: i64,
    /// `linux/amd64`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub platform: String,
    /// Published ports.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<Port>,
    /// All rights on the host.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub privileged: bool,
    /// `always`, `never`, `missing`, `build`, …
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pull_policy: String,
    /// Root file system not writable.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub read_only: bool,
    /// `no`, `always`, `on-failure[:n]`, `unless-stopped`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub restart: String,
    /// OCI runtime.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub runtime: String,
    /// Containers of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<i64>,
    /// Secrets mounted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<ObjectMount>,
    /// Security options.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub security_opt: Vec<String>,
    /// Size of /dev/shm.
    #[serde(skip_serializing_if = "Bytes::is_zero")]
    pub shm_size: Bytes,
    /// Keep standard input open.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub stdin_open: bool,
    /// Time to stop before it is killed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_grace_period: Option<Duration>,
    /// Signal that stops it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub stop_signal: String,
    /// Storage driver options.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub storage_opt: BTreeMap<String, String>,
    /// Kernel parameters.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub sysctls: BTreeMap<String, String>,
    /// Mounts in memory, `path[:options]`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tmpfs: Vec<String>,
    /// Allocate a terminal.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub tty: bool,
    /// Process limits.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub ulimits: BTreeMap<String, Ulimit>,
    /// Give it the engine's socket.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub use_api_socket: bool,
    /// User or `user:group`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub user: String,
    /// User namespace.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub userns_mode: String,
    /// UTS namespace.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub uts: String,
    /// Mounts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub volumes: Vec<Mount>,
    /// Mounts of other services.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub volumes_from: Vec<String>,
    /// Working folder.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub working_dir: String,
    /// Run before the first start.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pre_start: Vec<Hook>,
    /// Run in the container after its start.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub post_start: Vec<Hook>,
    /// Run in the container before it is stopped.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pre_stop: Vec<Hook>,
    /// `x-…`
    #[serde(flatten)]
    pub extra: Extra,
}

impl Service {
    /// How many containers: `scale`, else `deploy.replicas`, else 1.
    pub fn replicas(&self) -> u32 {
        let deployed = self.deploy.as_ref().and_then(|deploy| deploy.replicas);
        self.scale.or(deployed).map_or(1, |count| u32::try_from(count).unwrap_or(0))
    }

    /// True when a health check is declared and not switched off; the image may have one of its own.
    pub fn has_healthcheck(&self) -> bool {
        self.healthcheck
            .as_ref()
            .is_some_and(|check| !check.disable && check.test.first().is_some_and(|kind| kind != "NONE"))
    }
}

fn is_zero(value: &i64) -> bool {
    *value == 0
}

fn is_zero_f64(value: &f64) -> bool {
    *value == 0.0
}
