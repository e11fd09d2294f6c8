//! How the host runs a container.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Mount;

engine_types! {
    /// `HostConfig` of a container.
    HostConfig {
        /// `source:target[:options]`
        binds: Vec<String>,
        /// Mounts in long form.
        mounts: Vec<Mount>,
        /// Path to options.
        tmpfs: BTreeMap<String, String>,
        /// A network's name, `host`, `none`, `bridge`, `container:ID`
        network_mode: String,
        /// `80/tcp` to host addresses.
        port_bindings: BTreeMap<String, Vec<PortBinding>>,
        /// When it is started again.
        restart_policy: RestartPolicy,
        /// Annotations.
        annotations: BTreeMap<String, String>,
        /// `CAP_NET_ADMIN`
        cap_add: Vec<String>,
        /// `CAP_NET_ADMIN`
        cap_drop: Vec<String>,
        /// Parent control group.
        cgroup_parent: String,
        /// `host` or `private`
        cgroupns_mode: String,
        /// Host devices.
        devices: Vec<Device>,
        /// Device rules.
        device_cgroup_rules: Vec<String>,
        /// GPUs and the like.
        device_requests: Vec<DeviceRequest>,
        /// DNS servers.
        dns: Vec<String>,
        /// Resolver options.
        dns_options: Vec<String>,
        /// Search domains.
        dns_search: Vec<String>,
        /// `host:address`
        extra_hosts: Vec<String>,
        /// Further groups.
        group_add: Vec<String>,
        /// Whether process 1 is an init.
        init: Option<bool>,
        /// `private`, `shareable`, `host`, `container:ID`
        ipc_mode: String,
        /// Log driver.
        log_config: LogConfig,
        /// Spared from the OOM killer.
        oom_kill_disable: bool,
        /// OOM preference.
        oom_score_adj: i64,
        /// `host`, `container:ID`
        pid_mode: String,
        /// All rights.
        privileged: bool,
        /// Root file system not writable.
        readonly_rootfs: bool,
        /// OCI runtime.
        runtime: String,
        /// Bytes.
        shm_size: i64,
        /// Storage driver options.
        storage_opt: BTreeMap<String, String>,
        /// Kernel parameters.
        sysctls: BTreeMap<String, String>,
        /// Process limits.
        ulimits: Vec<Limit>,
        /// User namespace.
        userns_mode: String,
        /// UTS namespace.
        #[serde(rename = "UTSMode")]
        uts_mode: String,
        /// `ID[:ro]`
        volumes_from: Vec<String>,
        /// Security options.
        security_opt: Vec<String>,
        /// An empty list takes the engine's masks away.
        masked_paths: Option<Vec<String>>,
        /// CPUs in billionths.
        nano_cpus: i64,
        /// Weight.
        cpu_shares: i64,
        /// Microseconds.
        cpu_period: i64,
        /// Microseconds.
        cpu_quota: i64,
        /// Microseconds.
        cpu_realtime_period: i64,
        /// Microseconds.
        cpu_realtime_runtime: i64,
        /// `0-3`
        cpuset_cpus: String,
        /// Bytes.
        memory: i64,
        /// Bytes.
        memory_reservation: i64,
        /// Bytes of memory and swap; the engine takes twice the memory.
        memory_swap: i64,
        /// 0 to 100; -1 for the engine's default.
        memory_swappiness: Option<i64>,
        /// Processes.
        pids_limit: i64,
        /// Disk weight.
        blkio_weight: i64,
        /// Disk weights.
        blkio_weight_device: Vec<BlockDevice>,
        /// Bytes a second.
        blkio_device_read_bps: Vec<BlockDevice>,
        /// Bytes a second.
        blkio_device_write_bps: Vec<BlockDevice>,
        /// Operations a second.
        #[serde(rename = "BlkioDeviceReadIOps")]
        blkio_device_read_iops: Vec<BlockDevice>,
        /// Operations a second.
        #[serde(rename = "BlkioDeviceWriteIOps")]
        blkio_device_write_iops: Vec<BlockDevice>,
    }

    /// A host address of a port.
    PortBinding {
        /// Empty for all.
        host_ip: String,
        /// A port, a range, or empty for any.
        host_port: String,
    }

    /// When a container is started again.
    RestartPolicy {
        /// `no`, `always`, `on-failure`, `unless-stopped`
        name: String,
        /// Tries, with `on-failure`.
        maximum_retry_count: i64,
    }

    /// A host device.
    Device {
        /// On the host.
        path_on_host: String,
        /// In the container.
        path_in_container: String,
        /// `rwm`
        cgroup_permissions: String,
    }

    /// A request for devices.
    DeviceRequest {
        /// `nvidia`, `cdi`
        driver: String,
        /// How many; -1 for all.
        count: i64,
        /// Which.
        #[serde(rename = "DeviceIDs")]
        device_ids: Vec<String>,
        /// Alternatives of sets.
        capabilities: Vec<Vec<String>>,
        /// Driver options.
        options: BTreeMap<String, String>,
    }

    /// A log driver.
    LogConfig {
        /// `json-file`
        r#type: String,
        /// Driver options.
        config: BTreeMap<String, String>,
    }

    /// A process limit.
    Limit {
        /// `nofile`
        name: String,
        /// At first.
        soft: i64,
        /// At most.
        hard: i64,
    }

    /// A weight or rate of a block device.
    BlockDevice {
        /// `/dev/sda`
        path: String,
        /// Of `BlkioWeightDevice`.
        weight: i64,
        /// Of all others.
        rate: i64,
    }
}
