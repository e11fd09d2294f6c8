//! Keys of one service that exclude or need each other.

use std::collections::BTreeMap;

use super::Checked;
use crate::{
    Project,
    load::{
        findings::Findings,
        tree::{Data, Place, Value},
    },
};

pub(super) fn check(c: &mut Checked<'_>) {
    image_or_build(c);
    build(c);
    network_mode(c);
    healthcheck(c);
    container_name(c);
    watch(c);
    mount_targets(c);
}

fn image_or_build(c: &mut Checked<'_>) {
    if c.service.build.is_none() && c.service.image.is_empty() && c.service.provider.is_none() {
        let name = c.name;
        let place = c.tree.key;
        let path = c.path;
        c.findings
            .error("CY110", place, path, format!("service {name:?} has neither an image nor a build context"))
            .help = Some("Add image: NAME:TAG, or build: FOLDER.".to_owned());
    }
}

fn build(c: &mut Checked<'_>) {
    let Some(build) = &c.service.build else { return };
    if !build.dockerfile_inline.is_empty() && !build.dockerfile.is_empty() {
        let place = c.value_place(&["build", "dockerfile_inline"]);
        let message = "dockerfile and dockerfile_inline exclude each other";
        c.error("CY111", place, "build", message);
    }
    let platform = &c.service.platform;
    if !build.platforms.is_empty() && !platform.is_empty() && !build.platforms.contains(platform) {
        let place = c.value_place(&["platform"]);
        c.error(
            "CY112",
            place,
            "platform",
            format!("build.platforms must include the platform {platform:?}"),
        );
    }
}

fn network_mode(c: &mut Checked<'_>) {
    if !c.service.network_mode.is_empty() && !c.service.networks.is_empty() {
        let place = c.key_place("networks");
        let related = c.findings.related(c.key_place("network_mode"), "network_mode is set here");
        let finding = c.error("CY113", place, "networks", "network_mode and networks exclude each other");
        finding.help = Some("Remove one of them.".to_owned());
        finding.related.push(related);
    }
}

fn healthcheck(c: &mut Checked<'_>) {
    let first = c.service.healthcheck.as_ref().and_then(|check| check.test.first());
    if first.is_some_and(|kind| !matches!(kind.as_str(), "CMD" | "CMD-SHELL" | "NONE")) {
        let place = c.value_place(&["healthcheck", "test"]);
        c.error("CY114", place, "healthcheck", "healthcheck.test must start with CMD, CMD-SHELL or NONE")
            .help = Some("Write test: [CMD, program, argument] or one text for a shell.".to_owned());
    }
}

fn container_name(c: &mut Checked<'_>) {
    if c.service.replicas() > 1 && !c.service.container_name.is_empty() {
        let place = c.key_place("container_name");
        let message = format!(
            "container_name {:?} can be given to one container only, but there are {}",
            c.service.container_name,
            c.service.replicas()
        );
        c.error("CY118", place, "container_name", message).help =
            Some("Remove container_name, or run one container.".to_owned());
    }
}

/// No two of the services that will run share a container name.
pub(crate) fn check_container_names(project: &Project, model: &Value, findings: &mut Findings) {
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    let place = |service: &str| {
        let tree = model.get("services").and_then(|services| services.get(service));
        tree.and_then(|tree| tree.get("container_name")).map_or(Place::NOWHERE, |value| value.place)
    };
    for (name, service) in &project.services {
        let container = service.container_name.as_str();
        if container.is_empty() {
            continue;
        }
        let Some(owner) = owners.get(container) else {
            owners.insert(container, name.as_str());
            continue;
        };
        let related = findings.related(place(owner), format!("{owner} has it here"));
        let message = format!("container name {container:?} is already in use by service {owner}");
        let path = format!("services.{name}.container_name");
        findings.error("CY122", place(name.as_str()), path, message).related.push(related);
    }
}

fn watch(c: &mut Checked<'_>) {
    let rules = c.tree.get("develop").and_then(|develop| develop.get("watch"));
    let Some(Data::List(rules)) = rules.map(|rules| &rules.data) else { return };
    for rule in rules {
        let action = rule.get("action").and_then(Value::text).unwrap_or_default();
        let target = rule.get("target").and_then(Value::text).unwrap_or_default();
        if target.is_empty() && !matches!(action, "rebuild" | "restart") {
            let message = format!("a watch rule with the action {action:?} needs a target");
            c.error("CY119", rule.place, "develop", message);
        }
    }
}

/// No path of the container is mounted twice.
fn mount_targets(c: &mut Checked<'_>) {
    let mut seen: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
    let tmpfs =
        c.service.tmpfs.iter().enumerate().map(|(index, line)| {
            ("tmpfs", index, line.split_once(':').map_or(line.as_str(), |(path, _)| path))
        });
    let volumes =
        c.service.volumes.iter().enumerate().map(|(index, mount)| ("volumes", index, mount.target.as_str()));
    let mut clashes = Vec::new();
    for (key, index, target) in tmpfs.chain(volumes) {
        match seen.get(target) {
            Some((other, at)) => {
                clashes.push((key, index, format!("{target} is already mounted as {other}[{at}]")));
            }
            None => {
                seen.insert(target, (key, index));
            }
        }
    }
    for (key, index, message) in clashes {
        let place = match c.tree.get(key).map(|value| &value.data) {
            Some(Data::List(list)) => list.get(index).map_or(c.tree.key, |item| item.place),
            _ => c.key_place(key),
        };
        c.error("CY120", place, key, message);
    }
}
