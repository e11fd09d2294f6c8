//! What the planner promises.

mod attached;
mod corpus;
mod down;
mod drift;
mod lifecycle;
mod one_off;
mod order;
mod recreate;
mod up;
mod verbs;

use composeyard_compose::{Project, ProjectName, ServiceName, model::Service, render};
use serde_json::{Value, json};

use crate::{
    Action, Command, ContainerRef, ContainerState, DownOptions, Observed, ObservedContainer, ObservedImage,
    ObservedNetwork, ObservedVolume, Plan, PortHolder, PublishedPort, Step, StepId, Target, UpOptions,
    hashes,
};

const IMAGE: &str = "sha256:old";

/// A project named `shop` in canonical form; networks and volumes get their names, services an image.
fn project(mut value: Value) -> Project {
    value["name"] = json!("shop");
    for kind in ["networks", "volumes"] {
        for (key, entry) in value[kind].as_object_mut().into_iter().flatten() {
            if entry.get("name").is_none() {
                entry["name"] = json!(format!("shop_{key}"));
            }
        }
        if value[kind].is_null() {
            value[kind] = json!({});
        }
    }
    for service in value["services"].as_object_mut().unwrap().values_mut() {
        if service.get("image").is_none() && service.get("build").is_none() {
            service["image"] = json!("nginx");
        }
    }
    serde_json::from_value(value).unwrap()
}

fn name(service: &str) -> ServiceName {
    ServiceName::new(service).unwrap()
}

/// What exists after an undisturbed `up` of the project.
fn all_running(project: &Project) -> Observed {
    let mut observed = Observed::default();
    for (key, network) in &project.networks {
        observed.networks.push(ObservedNetwork {
            id: format!("id-{key}"),
            name: network.name.clone(),
            key: key.clone(),
            project: project.name.to_string(),
            config_hash: Some(render::network_hash(network)),
        });
    }
    for (key, volume) in &project.volumes {
        observed.volumes.push(ObservedVolume {
            name: volume.name.clone(),
            key: key.clone(),
            project: project.name.to_string(),
            config_hash: Some(render::volume_hash(volume)),
            ..Default::default()
        });
    }
    for (name, service) in &project.services {
        let image = crate::image_of(&project.name, name, service);
        observed.images.insert(image, ObservedImage { id: IMAGE.to_owned(), ..Default::default() });
        for number in 1..=service.replicas() {
            observed.containers.push(container(project, name, service, number));
        }
    }
    // References to other containers are part of the hash, so it needs the containers to be there.
    for at in 0..observed.containers.len() {
        let service = &project.services[&name(&observed.containers[at].service)];
        observed.containers[at].config_hash = Some(hashes::wanted(service, &observed));
    }
    observed
}

fn container(project: &Project, name: &ServiceName, service: &Service, number: u32) -> ObservedContainer {
    ObservedContainer {
        id: format!("{name}{number}-0123456789"),
        name: crate::container_name(&project.name, name, service, number),
        service: name.to_string(),
        number,
        state: ContainerState::Running,
        image: crate::image_of(&project.name, name, service),
        image_id: IMAGE.to_owned(),
        networks: service.networks.keys().map(|key| project.networks[key].name.clone()).collect(),
        network_ids: service.networks.keys().map(|key| format!("id-{key}")).collect(),
        volumes: service
            .volumes
            .iter()
            .filter_map(|mount| project.volumes.get(&mount.source))
            .map(|volume| volume.name.clone())
            .collect(),
        ..Default::default()
    }
}

/// Nothing runs, but the images are there.
fn images_only(project: &Project) -> Observed {
    Observed { images: all_running(project).images, ..Default::default() }
}

fn up(project: &Project, observed: &Observed) -> Plan {
    up_with(project, observed, UpOptions::default())
}

fn up_with(project: &Project, observed: &Observed, options: UpOptions) -> Plan {
    crate::plan(project, observed, &Command::Up(options)).unwrap()
}

/// `1 create web-1 (web has no container yet)`, with the steps it waits for: `3 start web-1 after 1 2`.
fn shown(plan: &Plan) -> String {
    let ids = |steps: &[StepId]| steps.iter().map(|id| format!(" {}", id.0)).collect::<String>();
    let lines = plan.steps.iter().map(|step| {
        let after = if step.after.is_empty() { String::new() } else { format!(" after{}", ids(&step.after)) };
        format!("{} {}{after} ({})", step.id.0, what(plan, step.id), step.reason)
    });
    lines.chain(plan.warnings.iter().map(|warning| format!("! {warning}"))).collect::<Vec<_>>().join("\n")
}

fn what(plan: &Plan, id: StepId) -> String {
    let step = plan.steps.iter().find(|step| step.id == id).unwrap();
    let subject = match &step.target {
        Target::Container { service, number } => format!("{service}-{number}"),
        Target::Network(key) => format!("network {key}"),
        Target::Volume(key) => format!("volume {key}"),
        Target::Image(image) => format!("image {image}"),
    };
    let new = |container: &ContainerRef| if matches!(container, ContainerRef::Made(_)) { " new" } else { "" };
    match &step.action {
        Action::PullImage { optional, .. } => {
            format!("pull {subject}{}", if *optional { " if it can be" } else { "" })
        }
        Action::PushImage { optional, .. } => {
            format!("push {subject}{}", if *optional { " if it can be" } else { "" })
        }
        Action::BuildImage { service, .. } => format!("build {subject} of {service}"),
        Action::CreateNetwork { .. } | Action::CreateVolume { .. } => format!("create {subject}"),
        Action::RemoveNetwork { .. } | Action::RemoveVolume { .. } => format!("remove {subject}"),
        Action::CreateContainer { name, .. } => format!("create {subject} as {name}"),
        Action::DisconnectNetwork { network, .. } => format!("disconnect {subject} from {network}"),
        Action::ConnectNetwork { key, .. } => format!("connect {subject} to {key}"),
        Action::StartContainer { container } => format!("start{} {subject}", new(container)),
        Action::StopContainer { grace, .. } => {
            let grace = grace.map(|seconds| format!(" within {seconds}")).unwrap_or_default();
            format!("stop {subject}{grace}")
        }
        Action::RemoveImage { .. } => format!("remove {subject}"),
        Action::PauseContainer { .. } => format!("pause {subject}"),
        Action::UnpauseContainer { .. } => format!("unpause {subject}"),
        Action::KillContainer { signal, .. } => format!("signal {subject} {signal}"),
        Action::RemoveContainer { volumes, .. } => {
            format!("remove {subject}{}", if *volumes { " with its volumes" } else { "" })
        }
        Action::RenameContainer { name, .. } => format!("rename {subject} to {name}"),
        Action::PreStart { service, .. } => format!("prepare {service}"),
        Action::WaitUp { service, within } => format!("wait {service} up within {within}"),
        Action::WaitFor { service, condition, required } => {
            format!("wait {service} {}{}", condition.as_str(), if *required { "" } else { " if it can" })
        }
    }
}

/// Every step stands after those it waits for, and ids count from 1.
fn well_formed(plan: &Plan) -> bool {
    plan.steps.iter().enumerate().all(|(at, step)| {
        step.id.0 as usize == at + 1 && step.after.iter().all(|before| before.0 < step.id.0)
    })
}

#[test]
fn the_project_name_of_the_tests_is_one() {
    assert!(ProjectName::new("shop").is_ok());
}
