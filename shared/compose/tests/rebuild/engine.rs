//! What an engine would show of a project that runs: the parts of `inspect` that are read.

use composeyard_compose::{
    Project, ServiceName,
    model::{MountType, Service, by_priority},
    rebuild::{Inspection, inspection::Defaults, read},
};
use serde_json::{Map, Value, json};

/// One container of each service, and all that they use.
pub(crate) fn shown(project: &Project) -> Inspection {
    let of = |kind: &str, key: &str, name: &str| {
        let label = format!("com.docker.compose.{kind}");
        json!({"Name": name, "Driver": if kind == "volume" { "local" } else { "bridge" },
            "IPAM": {"Driver": "default"}, "Labels": {"com.docker.compose.project": project.name, label: key}})
    };
    let networks = project.networks.iter().map(|(key, it)| read(of("network", key, &it.name)).unwrap());
    let volumes = project.volumes.iter().map(|(key, it)| read(of("volume", key, &it.name)).unwrap());
    let containers = project.services.iter().map(|(name, it)| read(container(project, name, it)).unwrap());
    let image = json!({"Id": "sha256:app", "Config": {"Entrypoint": ["/start"], "Cmd": ["serve"], "Env": ["PATH=/bin"]}});
    Inspection {
        project: project.name.clone(),
        containers: containers.collect(),
        images: vec![read(image).unwrap()],
        networks: networks.collect(),
        volumes: volumes.collect(),
        defaults: Defaults::default(),
    }
}

fn container(project: &Project, name: &ServiceName, service: &Service) -> Value {
    let own = format!("{}-{name}-1", project.name);
    let id = format!("{:0>64}", name.as_str().len());
    // The engine fills in what is left open; an entrypoint clears the image's command.
    let entrypoint = service.entrypoint.clone().unwrap_or_else(|| vec!["/start".to_owned()]);
    let images_command = || if service.entrypoint.is_some() { Vec::new() } else { vec!["serve".to_owned()] };
    let depends_on =
        service.depends_on.iter().map(|(on, it)| format!("{on}:{}:{}", it.condition.as_str(), it.restart));
    let mut labels: Map<String, Value> = service.labels.iter().map(|(k, v)| (k.clone(), json!(v))).collect();
    for (key, value) in [
        ("project", project.name.to_string()),
        ("service", name.to_string()),
        ("container-number", "1".to_owned()),
        ("oneoff", "False".to_owned()),
        ("depends_on", depends_on.collect::<Vec<_>>().join(",")),
    ] {
        labels.insert(format!("com.docker.compose.{key}"), json!(value));
    }
    let own_env = service.environment.iter().map(|(key, value)| match value {
        Some(value) => format!("{key}={value}"),
        None => key.clone(),
    });
    let env: Vec<String> = own_env.chain(["PATH=/bin".to_owned()]).collect();
    let ports: Map<String, Value> = service
        .ports
        .iter()
        .map(|port| {
            let binding = json!([{"HostIp": port.host_ip, "HostPort": port.published}]);
            (format!("{}/{}", port.target, port.protocol), binding)
        })
        .collect();
    let exposed: Map<String, Value> = ports.keys().map(|key| (key.clone(), json!({}))).collect();
    let networks: Map<String, Value> = service
        .networks
        .iter()
        .map(|(key, endpoint)| {
            let mut aliases = vec![own.clone(), name.to_string(), id[..12].to_owned()];
            aliases.extend(endpoint.iter().flat_map(|endpoint| endpoint.aliases.clone()));
            (project.networks[key].name.clone(), json!({"Aliases": aliases}))
        })
        .collect();
    let first = by_priority(&service.networks).first().map(|key| project.networks[*key].name.clone());
    let mounts = Mounts::of(project, service);
    json!({
        "Id": id, "Name": format!("/{own}"), "Image": "sha256:app",
        "Config": {
            "Image": service.image, "Hostname": id[..12], "Env": env, "Labels": labels, "ExposedPorts": exposed,
            "Entrypoint": entrypoint, "Cmd": service.command.clone().unwrap_or_else(images_command),
        },
        "HostConfig": {
            "NetworkMode": first, "PortBindings": ports, "Binds": mounts.binds, "Mounts": mounts.mounts,
            "ShmSize": 64 << 20, "Runtime": "runc", "IpcMode": "private",
        },
        "Mounts": mounts.points,
        "NetworkSettings": {"Networks": networks},
    })
}

#[derive(Default)]
struct Mounts {
    binds: Vec<String>,
    mounts: Vec<Value>,
    points: Vec<Value>,
}

impl Mounts {
    fn of(project: &Project, service: &Service) -> Self {
        let mut all = Self::default();
        for mount in &service.volumes {
            let access = if mount.read_only { "ro" } else { "rw" };
            if mount.kind == MountType::Bind {
                all.binds.push(format!("{}:{}:{access}", mount.source, mount.target));
                continue;
            }
            let anonymous = "a".repeat(64);
            let name = project.volumes.get(&mount.source).map_or(&anonymous, |volume| &volume.name);
            if mount.source.is_empty() {
                all.mounts.push(json!({"Type": "volume", "Target": mount.target}));
            } else {
                all.binds.push(format!("{name}:{}:{access}", mount.target));
            }
            all.points.push(json!({"Type": "volume", "Name": name, "Destination": mount.target}));
        }
        all
    }
}
