//! `HostConfig`: limits, rights, namespaces, restart policy.

use bollard::models::{
    self, DeviceMapping, HostConfig, HostConfigCgroupnsModeEnum, HostConfigLogConfig, ResourcesUlimits,
    RestartPolicy, RestartPolicyNameEnum,
};
use composeyard_compose::model::{DeviceRequest, Resource, Service, Ulimit};
use composeyard_plan::OneOff;

use super::{EngineError, Site, absolute, blkio, mounts, ports};

/// Makes the host part of the body.
pub(super) fn config(site: &Site<'_>, network_mode: String) -> Result<HostConfig, EngineError> {
    let service = site.service;
    let text = |value: &str| (!value.is_empty()).then(|| value.to_owned());
    let list = |values: &[String]| (!values.is_empty()).then(|| values.to_vec());
    let mounts = mounts::all(site)?;
    let security = security(site)?;
    let mut config = HostConfig {
        binds: list(&mounts.binds),
        mounts: (!mounts.mounts.is_empty()).then_some(mounts.mounts),
        tmpfs: mounts::memory(&service.tmpfs),
        network_mode: Some(network_mode),
        port_bindings: Some(ports::bindings(service)),
        restart_policy: Some(restart_policy(service)?),
        annotations: (!service.annotations.is_empty())
            .then(|| service.annotations.clone().into_iter().collect()),
        auto_remove: Some(site.one_off == Some(OneOff::Goes)),
        cap_add: list(&capabilities(&service.cap_add)),
        cap_drop: list(&capabilities(&service.cap_drop)),
        cgroup_parent: text(&service.cgroup_parent),
        cgroupns_mode: match service.cgroup.as_str() {
            "host" => Some(HostConfigCgroupnsModeEnum::HOST),
            "private" => Some(HostConfigCgroupnsModeEnum::PRIVATE),
            _ => None,
        },
        devices: devices(service),
        device_cgroup_rules: list(&service.device_cgroup_rules),
        device_requests: device_requests(service),
        dns: list(&service.dns),
        dns_options: list(&service.dns_opt),
        dns_search: list(&service.dns_search),
        extra_hosts: list(&extra_hosts(service)),
        group_add: list(&service.group_add),
        init: service.init,
        ipc_mode: text(&service.ipc),
        log_config: service.logging.as_ref().map(|logging| HostConfigLogConfig {
            typ: text(&logging.driver),
            config: Some(logging.options.clone().into_iter().collect()),
        }),
        oom_kill_disable: service.oom_kill_disable.then_some(true),
        oom_score_adj: (service.oom_score_adj != 0).then_some(service.oom_score_adj),
        pid_mode: text(&service.pid),
        privileged: Some(service.privileged),
        readonly_rootfs: Some(service.read_only),
        runtime: text(&service.runtime),
        shm_size: (service.shm_size.0 != 0).then_some(service.shm_size.0),
        storage_opt: (!service.storage_opt.is_empty())
            .then(|| service.storage_opt.clone().into_iter().collect()),
        sysctls: (!service.sysctls.is_empty()).then(|| service.sysctls.clone().into_iter().collect()),
        ulimits: ulimits(service),
        userns_mode: text(&service.userns_mode),
        uts_mode: text(&service.uts),
        volumes_from: list(&service.volumes_from),
        security_opt: list(&security.options),
        masked_paths: security.unmasked.then(Vec::new),
        readonly_paths: security.unmasked.then(Vec::new),
        ..Default::default()
    };
    limits(service, &mut config);
    if let Some(wanted) = &service.blkio_config {
        blkio::apply(wanted, &mut config);
    }
    Ok(config)
}

/// The service's own keys first; `deploy.resources` wins over them.
fn limits(service: &Service, config: &mut HostConfig) {
    let number = |value: i64| (value != 0).then_some(value);
    config.cpu_count = number(service.cpu_count);
    config.cpu_percent = (service.cpu_percent != 0.0).then_some((service.cpu_percent * 100.0) as i64);
    config.cpu_period = number(service.cpu_period);
    config.cpu_quota = number(service.cpu_quota);
    config.cpu_realtime_period = number(service.cpu_rt_period);
    config.cpu_realtime_runtime = number(service.cpu_rt_runtime);
    config.cpu_shares = number(service.cpu_shares);
    config.cpuset_cpus = (!service.cpuset.is_empty()).then(|| service.cpuset.clone());
    config.nano_cpus = nano_cpus(service.cpus);
    config.memory = number(service.mem_limit.0);
    config.memory_reservation = number(service.mem_reservation.0);
    config.memory_swap = number(service.memswap_limit.0);
    config.memory_swappiness = number(service.mem_swappiness.0);
    config.pids_limit = number(service.pids_limit);
    let resources = service.deploy.as_ref().map(|deploy| deploy.resources.clone()).unwrap_or_default();
    let Resource { cpus, memory, pids, .. } = *resources.limits.unwrap_or_default();
    config.nano_cpus = nano_cpus(cpus).or(config.nano_cpus);
    config.memory = number(memory.0).or(config.memory);
    config.pids_limit = number(pids).or(config.pids_limit);
    let reserved = resources.reservations.unwrap_or_default().memory;
    config.memory_reservation = number(reserved.0).or(config.memory_reservation);
}

fn nano_cpus(cpus: f64) -> Option<i64> {
    (cpus > 0.0).then(|| (cpus * 1e9).round() as i64)
}

/// `restart`, overridden by `deploy.restart_policy`.
fn restart_policy(service: &Service) -> Result<RestartPolicy, EngineError> {
    use RestartPolicyNameEnum as Name;
    let made = |name, count: Option<u64>| RestartPolicy {
        name: Some(name),
        maximum_retry_count: count.and_then(|count| i64::try_from(count).ok()),
    };
    if let Some(policy) = service.deploy.as_ref().and_then(|deploy| deploy.restart_policy.as_ref()) {
        return Ok(match policy.condition.as_str() {
            "none" => made(Name::NO, None),
            "on-failure" => made(Name::ON_FAILURE, policy.max_attempts),
            // The engine allows a number of tries only with on-failure.
            "any" | "" => made(Name::ALWAYS, None),
            other => return Err(unknown_restart(other)),
        });
    }
    let (name, count) = service.restart.split_once(':').unwrap_or((&service.restart, ""));
    Ok(match name {
        "" => made(Name::EMPTY, None),
        "no" => made(Name::NO, None),
        "always" => made(Name::ALWAYS, None),
        "unless-stopped" => made(Name::UNLESS_STOPPED, None),
        "on-failure" => made(Name::ON_FAILURE, count.parse().ok()),
        other => return Err(unknown_restart(other)),
    })
}

fn unknown_restart(policy: &str) -> EngineError {
    EngineError::Step(format!("restart {policy}: use no, always, on-failure[:tries] or unless-stopped"))
}

struct Security {
    options: Vec<String>,
    unmasked: bool,
}

/// `security_opt`, with seccomp profiles read from their files.
fn security(site: &Site<'_>) -> Result<Security, EngineError> {
    let mut security = Security { options: Vec::new(), unmasked: false };
    for option in &site.service.security_opt {
        if matches!(option.as_str(), "systempaths=unconfined" | "systempaths:unconfined") {
            security.unmasked = true;
            continue;
        }
        match option.strip_prefix("seccomp=").or_else(|| option.strip_prefix("seccomp:")) {
            Some(file) if !matches!(file, "unconfined" | "builtin") => {
                let path = absolute(&site.origin.folder, file);
                let profile = std::fs::read_to_string(&path)
                    .map_err(|error| EngineError::File { path, reason: error.to_string() })?;
                security.options.push(format!("seccomp={profile}"));
            }
            _ => security.options.push(option.clone()),
        }
    }
    Ok(security)
}

/// `host=ip` of the model as the engine's `host:ip`.
fn extra_hosts(service: &Service) -> Vec<String> {
    service.extra_hosts.iter().flatten().map(|line| line.replacen('=', ":", 1)).collect()
}

/// Names as the engine stores them: `net_admin` is `CAP_NET_ADMIN`, `ALL` stays.
fn capabilities(names: &[String]) -> Vec<String> {
    let full = |name: &String| match name.to_ascii_uppercase() {
        all if all == "ALL" => all,
        full if full.starts_with("CAP_") => full,
        short => format!("CAP_{short}"),
    };
    names.iter().map(full).collect()
}

fn ulimits(service: &Service) -> Option<Vec<ResourcesUlimits>> {
    let made = |(name, limit): (&String, &Ulimit)| {
        let (soft, hard) = match *limit {
            Ulimit::Single(both) => (both, both),
            Ulimit::Range { soft, hard } => (soft, hard),
        };
        ResourcesUlimits { name: Some(name.clone()), soft: Some(soft), hard: Some(hard) }
    };
    (!service.ulimits.is_empty()).then(|| service.ulimits.iter().map(made).collect())
}

fn devices(service: &Service) -> Option<Vec<DeviceMapping>> {
    let paths = service.devices.iter().filter(|device| device.source.starts_with('/'));
    let devices: Vec<DeviceMapping> = paths
        .map(|device| DeviceMapping {
            path_on_host: Some(device.source.clone()),
            path_in_container: Some(
                if device.target.is_empty() { &device.source } else { &device.target }.clone(),
            ),
            cgroup_permissions: Some(
                if device.permissions.is_empty() { "rwm" } else { &device.permissions }.to_owned(),
            ),
        })
        .collect();
    (!devices.is_empty()).then_some(devices)
}

/// GPUs and reserved devices; device names without a path are CDI names.
fn device_requests(service: &Service) -> Option<Vec<models::DeviceRequest>> {
    let deploy = service.deploy.as_ref();
    let reserved = deploy.and_then(|deploy| deploy.resources.reservations.as_ref());
    let reserved = reserved.into_iter().flat_map(|resource| &resource.devices);
    let gpus = service.gpus.iter().map(|gpu| request(gpu, Some("gpu")));
    let cdi: Vec<String> = service
        .devices
        .iter()
        .filter(|device| !device.source.starts_with('/'))
        .map(|device| device.source.clone())
        .collect();
    let cdi = (!cdi.is_empty()).then(|| models::DeviceRequest {
        driver: Some("cdi".to_owned()),
        device_ids: Some(cdi),
        ..Default::default()
    });
    let all: Vec<_> = reserved.map(|device| request(device, None)).chain(gpus).chain(cdi).collect();
    (!all.is_empty()).then_some(all)
}

fn request(wanted: &DeviceRequest, capability: Option<&str>) -> models::DeviceRequest {
    let mut capabilities = wanted.capabilities.clone();
    capabilities
        .extend(capability.filter(|it| !wanted.capabilities.iter().any(|c| c == it)).map(str::to_owned));
    models::DeviceRequest {
        driver: (!wanted.driver.is_empty()).then(|| wanted.driver.clone()),
        count: wanted.device_ids.is_empty().then_some(if wanted.count == 0 { -1 } else { wanted.count }),
        device_ids: (!wanted.device_ids.is_empty()).then(|| wanted.device_ids.clone()),
        capabilities: Some(vec![capabilities]),
        options: (!wanted.options.is_empty()).then(|| wanted.options.clone().into_iter().collect()),
    }
}
