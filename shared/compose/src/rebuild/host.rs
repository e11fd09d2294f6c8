//! How the host runs a service's containers: limits, rights, namespaces, restart policy.

use serde_json::{Value, json};

use super::{
    inspection::{BlockDevice, DeviceRequest, HostConfig},
    sheet::{Sheet, one_or_more, pairs, size},
    site::Site,
};

/// What the engine gives where nothing is asked for. Docker daemon, `DefaultShmSize`.
const SHM_SIZE: i64 = 64 << 20;

/// `restart`.
pub(super) fn restart(sheet: &mut Sheet, host: &HostConfig) {
    let policy = &host.restart_policy;
    match policy.name.as_str() {
        "no" => {}
        "on-failure" if policy.maximum_retry_count > 0 => {
            sheet.put("restart", format!("on-failure:{}", policy.maximum_retry_count));
        }
        name => sheet.put("restart", name),
    }
}

/// `deploy`: how many containers, and what each may use.
pub(super) fn deploy(sheet: &mut Sheet, host: &HostConfig, replicas: usize) {
    let mut limits = Sheet::default();
    if host.nano_cpus > 0 {
        limits.put("cpus", (host.nano_cpus as f64 / 1e9).to_string());
    }
    limits.put("memory", size(host.memory));
    limits.put("pids", host.pids_limit.max(0));
    let mut reservations = Sheet::default();
    reservations.put("memory", size(host.memory_reservation));
    let devices = host.device_requests.iter().filter(|request| request.driver != "cdi");
    reservations.put("devices", devices.map(device_request).collect::<Value>());
    let mut resources = Sheet::default();
    resources.put("limits", limits);
    resources.put("reservations", reservations);
    let mut deploy = Sheet::default();
    if replicas > 1 {
        deploy.put("replicas", replicas);
    }
    deploy.put("resources", resources);
    sheet.put("deploy", deploy);
}

fn device_request(request: &DeviceRequest) -> Value {
    let mut written = Sheet::default();
    written.put("driver", request.driver.as_str());
    if request.device_ids.is_empty() {
        written.put("count", if request.count < 0 { json!("all") } else { json!(request.count) });
    } else {
        written.put("device_ids", request.device_ids.as_slice());
    }
    written.put("capabilities", request.capabilities.first().cloned().unwrap_or_default());
    written.put("options", pairs(&request.options));
    written.into()
}

/// Limits that `deploy` has no word for.
pub(super) fn limits(sheet: &mut Sheet, host: &HostConfig) {
    sheet.put("cpu_shares", host.cpu_shares);
    sheet.put("cpu_period", host.cpu_period);
    sheet.put("cpu_quota", host.cpu_quota);
    sheet.put("cpu_rt_period", host.cpu_realtime_period);
    sheet.put("cpu_rt_runtime", host.cpu_realtime_runtime);
    sheet.put("cpuset", host.cpuset_cpus.as_str());
    // The engine's own choice is twice the memory.
    if host.memory_swap != host.memory.saturating_mul(2) {
        sheet.put("memswap_limit", size(host.memory_swap));
    }
    sheet.put("mem_swappiness", host.memory_swappiness.unwrap_or(0).max(0));
    sheet.put("oom_kill_disable", host.oom_kill_disable);
    sheet.put("oom_score_adj", host.oom_score_adj);
    if host.shm_size != SHM_SIZE {
        sheet.put("shm_size", size(host.shm_size));
    }
    sheet.put("blkio_config", blkio(host));
    let limit = |soft: i64, hard: i64| {
        if soft == hard { json!(soft) } else { json!({"soft": soft, "hard": hard}) }
    };
    let ulimits = host.ulimits.iter().map(|it| (it.name.clone(), limit(it.soft, it.hard)));
    sheet.put("ulimits", ulimits.collect::<Value>());
    sheet.put("sysctls", pairs(&host.sysctls));
    sheet.put("storage_opt", pairs(&host.storage_opt));
}

fn blkio(host: &HostConfig) -> Sheet {
    let mut written = Sheet::default();
    written.put("weight", host.blkio_weight);
    let weight = |device: &BlockDevice| json!({"path": device.path, "weight": device.weight});
    written.put("weight_device", host.blkio_weight_device.iter().map(weight).collect::<Value>());
    for (key, devices) in [
        ("device_read_bps", &host.blkio_device_read_bps),
        ("device_read_iops", &host.blkio_device_read_iops),
        ("device_write_bps", &host.blkio_device_write_bps),
        ("device_write_iops", &host.blkio_device_write_iops),
    ] {
        let rate = |device: &BlockDevice| json!({"path": device.path, "rate": device.rate});
        written.put(key, devices.iter().map(rate).collect::<Value>());
    }
    written
}

/// Rights: what the container may do beyond or below the usual.
pub(super) fn rights(sheet: &mut Sheet, host: &HostConfig) {
    sheet.put("privileged", host.privileged);
    sheet.put("read_only", host.readonly_rootfs);
    sheet.put("cap_add", capabilities(&host.cap_add));
    sheet.put("cap_drop", capabilities(&host.cap_drop));
    // A profile's text is in the engine; a file can only name the file that it came from.
    let named = |option: &&String| !option.starts_with("seccomp={");
    let mut security: Vec<String> = host.security_opt.iter().filter(named).cloned().collect();
    if !host.privileged && host.masked_paths.as_ref().is_some_and(Vec::is_empty) {
        security.push("systempaths=unconfined".to_owned());
    }
    sheet.put("security_opt", security);
    sheet.put("group_add", host.group_add.as_slice());
    sheet.put("devices", devices(host));
    sheet.put("device_cgroup_rules", host.device_cgroup_rules.as_slice());
    if let Some(init) = host.init {
        sheet.keep("init", init);
    }
}

fn capabilities(names: &[String]) -> Value {
    names.iter().map(|name| name.strip_prefix("CAP_").unwrap_or(name)).collect()
}

/// `host:container[:permissions]`, and names of CDI devices.
fn devices(host: &HostConfig) -> Value {
    let mapped = host.devices.iter().map(|device| {
        let permissions = match device.cgroup_permissions.as_str() {
            "" | "rwm" => String::new(),
            other => format!(":{other}"),
        };
        format!("{}:{}{permissions}", device.path_on_host, device.path_in_container)
    });
    let cdi = host.device_requests.iter().filter(|request| request.driver == "cdi");
    mapped.chain(cdi.flat_map(|request| request.device_ids.iter().cloned())).collect()
}

/// Namespaces and runtime, where they are not the engine's own choice.
pub(super) fn namespaces(sheet: &mut Sheet, host: &HostConfig, site: &Site<'_>) {
    if host.ipc_mode != "private" {
        sheet.put("ipc", site.mode(&host.ipc_mode));
    }
    sheet.put("pid", site.mode(&host.pid_mode));
    sheet.put("uts", host.uts_mode.as_str());
    sheet.put("userns_mode", host.userns_mode.as_str());
    // Docker daemon, "default-cgroupns-mode": private where control groups are of version 2.
    let by_default = match site.seen.defaults.cgroup_version.as_str() {
        "1" => "host",
        "2" => "private",
        _ => host.cgroupns_mode.as_str(),
    };
    if host.cgroupns_mode != by_default {
        sheet.put("cgroup", host.cgroupns_mode.as_str());
    }
    sheet.put("cgroup_parent", host.cgroup_parent.as_str());
    let runtime = site.seen.defaults.default_runtime.as_str();
    if host.runtime != if runtime.is_empty() { "runc" } else { runtime } {
        sheet.put("runtime", host.runtime.as_str());
    }
    sheet.put("annotations", pairs(&host.annotations));
}

/// Names and addresses: `dns` and its like, `extra_hosts`.
pub(super) fn resolver(sheet: &mut Sheet, host: &HostConfig) {
    sheet.put("dns", one_or_more(&host.dns));
    sheet.put("dns_opt", host.dns_options.as_slice());
    sheet.put("dns_search", one_or_more(&host.dns_search));
    let line = |line: &String| match line.split_once(':') {
        // An address that holds colons itself.
        Some((name, address)) if address.contains(':') => format!("{name}={address}"),
        _ => line.clone(),
    };
    sheet.put("extra_hosts", host.extra_hosts.iter().map(line).collect::<Value>());
}
