//! Grants: what a project asks of the host beyond a plain container. The agent starts it only with the user's consent
//! to each one.

use composeyard_compose::Project;
use composeyard_compose::model::{Build, MountType, Service};
use serde::{Deserialize, Serialize};

/// More containers of one service than this need a consent.
pub const FREE_REPLICAS: u32 = 50;

/// One thing that gives a service power over the host.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Grant {
    /// Names it in a consent: `app: privileged`, `app: bind /etc`.
    pub key: String,
    /// The service that gets it; empty for a part of the whole project.
    pub service: String,
    /// What it means, for people.
    pub reason: String,
}

/// All grants of a project's active services, sorted by key. `inside` says whether an absolute path of the host lies
/// in the project's folder.
pub fn grants(project: &Project, inside: &dyn Fn(&str) -> bool) -> Vec<Grant> {
    let mut found = Vec::new();
    for (name, service) in &project.services {
        let mut wants = Wants { service: name.as_str(), found: &mut found };
        rights(service, &mut wants);
        namespaces(service, &mut wants);
        devices(service, &mut wants);
        binds(service, inside, &mut wants);
        if let Some(build) = &service.build {
            build_grants(build, inside, &mut wants);
        }
        let count = service.replicas();
        if count > FREE_REPLICAS {
            wants.add(format!("{count} containers"), "so many containers can bring the machine to a halt");
        }
    }
    project_files(project, inside, &mut found);
    found.sort();
    found.dedup_by(|a, b| a.key == b.key);
    found
}

struct Wants<'a> {
    service: &'a str,
    found: &'a mut Vec<Grant>,
}

impl Wants<'_> {
    fn add(&mut self, what: impl AsRef<str>, reason: &str) {
        let key = format!("{}: {}", self.service, what.as_ref());
        self.found.push(Grant { key, service: self.service.to_owned(), reason: reason.to_owned() });
    }
}

/// Capabilities that come close to root on the host.
const STRONG_CAPABILITIES: [&str; 10] = [
    "ALL",
    "BPF",
    "DAC_READ_SEARCH",
    "NET_ADMIN",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_MODULE",
    "SYS_PTRACE",
    "SYS_RAWIO",
    "SYS_TIME",
];

fn rights(service: &Service, wants: &mut Wants<'_>) {
    let hooks = [&service.pre_start, &service.post_start, &service.pre_stop];
    if service.privileged {
        wants.add("privileged", "its containers have all rights on this machine");
    }
    if hooks.into_iter().flatten().any(|hook| hook.privileged) {
        wants.add("privileged hook", "a command around its start or stop has all rights on this machine");
    }
    for capability in &service.cap_add {
        let upper = capability.to_uppercase();
        let name = upper.strip_prefix("CAP_").unwrap_or(&upper);
        if STRONG_CAPABILITIES.contains(&name) {
            wants.add(format!("capability {name}"), "this capability reaches beyond the container");
        }
    }
    for option in &service.security_opt {
        let option = option.to_lowercase();
        if option.contains("unconfined")
            || option.contains("label:disable")
            || option.contains("label=disable")
        {
            wants.add(format!("security_opt {option}"), "it switches a protection of the engine off");
        }
    }
    if service.use_api_socket {
        wants.add("engine socket", "it can start any container on this machine");
    }
}

fn namespaces(service: &Service, wants: &mut Wants<'_>) {
    let shared = [
        ("network", &service.network_mode),
        ("pid", &service.pid),
        ("ipc", &service.ipc),
        ("uts", &service.uts),
        ("userns", &service.userns_mode),
        ("cgroup", &service.cgroup),
    ];
    for (kind, mode) in shared {
        if mode == "host" {
            wants.add(format!("host {kind}"), "it shares this part of the system with the host");
        } else if mode.starts_with("container:") {
            wants.add(format!("{kind} of {mode}"), "it joins a container that may belong to another project");
        }
    }
    for from in service.volumes_from.iter().filter(|from| from.starts_with("container:")) {
        wants.add(format!("volumes of {from}"), "it reads a container that may belong to another project");
    }
}

fn devices(service: &Service, wants: &mut Wants<'_>) {
    for device in &service.devices {
        wants.add(format!("device {}", device.source), "it talks to this device directly");
    }
    for rule in &service.device_cgroup_rules {
        wants.add(format!("device rule {rule}"), "it talks to devices directly");
    }
    if !service.gpus.is_empty() {
        wants.add("gpus", "it talks to the graphics cards directly");
    }
}

fn binds(service: &Service, inside: &dyn Fn(&str) -> bool, wants: &mut Wants<'_>) {
    for mount in &service.volumes {
        match mount.kind {
            MountType::Bind if is_engine_socket(&mount.source) => {
                wants.add("engine socket", "it can start any container on this machine");
            }
            MountType::Bind if !inside(&mount.source) => {
                let reason = if mount.read_only {
                    "it reads this path of the host, outside the project"
                } else {
                    "it reads and writes this path of the host, outside the project"
                };
                wants.add(format!("bind {}", mount.source), reason);
            }
            MountType::Npipe => {
                wants.add(format!("pipe {}", mount.source), "it talks to a service of the host");
            }
            _ => {}
        }
    }
}

fn is_engine_socket(path: &str) -> bool {
    ["docker.sock", "podman.sock", "containerd.sock"].iter().any(|socket| path.ends_with(socket))
}

fn build_grants(build: &Build, inside: &dyn Fn(&str) -> bool, wants: &mut Wants<'_>) {
    if build.privileged || build.entitlements.iter().any(|e| e.contains("insecure")) {
        wants.add("privileged build", "its build has all rights on this machine");
    }
    if build.network == "host" {
        wants.add("build on host network", "its build shares the network of the host");
    }
    let dockerfile = match build.dockerfile.strip_prefix('/') {
        Some(_) => build.dockerfile.clone(),
        None => format!("{}/{}", build.context, build.dockerfile),
    };
    if build.context.starts_with('/') && inside(&build.context) && !inside(&dockerfile) {
        wants.add(format!("Dockerfile {dockerfile}"), "its build reads a file outside the project");
    }
    let contexts = build.additional_contexts.values().chain([&build.context]);
    for context in contexts.filter(|context| context.starts_with('/') && !inside(context)) {
        wants.add(format!("build from {context}"), "its image gets files from outside the project");
    }
}

/// Secrets, configs and volume drivers reach the host through the project's own sections.
fn project_files(project: &Project, inside: &dyn Fn(&str) -> bool, found: &mut Vec<Grant>) {
    let mut add = |key: String, reason: &str| {
        found.push(Grant { key, service: String::new(), reason: reason.to_owned() });
    };
    let objects = project.secrets.iter().map(|entry| ("secret", entry));
    let objects = objects.chain(project.configs.iter().map(|entry| ("config", entry)));
    for (kind, (key, object)) in objects {
        if !object.file.is_empty() && !inside(&object.file) {
            add(
                format!("{kind} {key}: {}", object.file),
                "containers get this file from outside the project",
            );
        }
    }
    for (key, volume) in &project.volumes {
        let device = volume.driver_opts.get("device").map_or("", String::as_str);
        if device.starts_with('/') && !inside(device) {
            add(format!("volume {key}: {device}"), "containers get this path from outside the project");
        }
    }
}

#[cfg(test)]
mod tests;
