//! Replacing a container: whether, and in which steps, so that the old one goes only when the new one exists.

use composeyard_compose::{ServiceName, model::MountType};

use crate::{
    Action, ContainerRef, ObservedContainer, Recreate, StepId, Target,
    containers::Wanted,
    draft::{Draft, Standing, existing},
    names, networks, reasons,
};

/// Why a container is replaced.
pub(crate) struct Reason {
    text: String,
    /// Only because of an image that the plan is about to fetch or build.
    unless_image: Option<String>,
}

impl From<String> for Reason {
    fn from(text: String) -> Self {
        Self { text, unless_image: None }
    }
}

/// Why a container must be replaced; none when it may stay.
pub(crate) fn reason(
    draft: &Draft<'_>,
    wanted: &Wanted<'_>,
    container: &ObservedContainer,
) -> Option<Reason> {
    match wanted.policy {
        Recreate::Never => return None,
        Recreate::Force => return Some("replacement was asked for".to_owned().into()),
        Recreate::Diverged => {}
    }
    if let Some(parent) = &wanted.parent {
        return Some(format!("it shares with {parent}, which is replaced").into());
    }
    let image = draft.observed.images.get(&wanted.image);
    if container.config_hash.as_deref() != Some(wanted.hash.as_str()) {
        return Some(reasons::changes(wanted.service, &wanted.image, container, image).into());
    }
    if draft.images.contains_key(&wanted.image) {
        return Some(Reason {
            text: format!("image {} may change", wanted.image),
            unless_image: Some(container.image_id.clone()),
        });
    }
    if image.is_some_and(|image| !container.image_id.is_empty() && image.id != container.image_id) {
        return Some(format!("{} names a newer image than the one it runs", wanted.image).into());
    }
    off_network(draft, wanted, container).or_else(|| without_volume(draft, wanted, container)).map(Into::into)
}

fn off_network(draft: &Draft<'_>, wanted: &Wanted<'_>, container: &ObservedContainer) -> Option<String> {
    let missing = wanted.service.networks.keys().find(|key| {
        let network = draft.project.networks.get(*key);
        let live = network.and_then(|network| networks::live(draft.project, draft.observed, key, network));
        live.is_some_and(|live| !on_network(container, &live.id, &live.name))
    })?;
    Some(format!("it is not on network {missing}"))
}

/// One that was never started is on a network by name alone: it gets the id with its first start. Podman 4 gives the name
/// for an id.
fn on_network(container: &ObservedContainer, id: &str, name: &str) -> bool {
    let ids = container.network_ids.iter().map(String::as_str).chain(std::iter::repeat(""));
    let mut joined = container.networks.iter().zip(ids);
    joined.any(|(network, joined)| match joined {
        by_name if by_name.is_empty() || by_name == network => network == name,
        joined => joined == id,
    })
}

fn without_volume(draft: &Draft<'_>, wanted: &Wanted<'_>, container: &ObservedContainer) -> Option<String> {
    let named = wanted.service.volumes.iter().filter(|mount| mount.kind == MountType::Volume);
    let mut declared = named.filter_map(|mount| {
        draft.project.volumes.get(&mount.source).map(|volume| (&mount.source, &volume.name))
    });
    let (key, _) = declared.find(|(key, name)| {
        let lives = draft.observed.volumes.iter().any(|volume| {
            volume.name == **name || (volume.key == **key && volume.project == draft.project.name.as_str())
        });
        lives && !container.volumes.contains(name)
    })?;
    Some(format!("it does not mount volume {key}"))
}

/// Create under a temporary name, stop the old one, remove it, rename.
pub(crate) fn plan(
    draft: &mut Draft<'_>,
    wanted: &Wanted<'_>,
    old: &ObservedContainer,
    reason: Reason,
) -> Standing {
    let number = old.number;
    let target = Target::Container { service: wanted.name.to_string(), number };
    let group = format!("recreate:{}:{number}", wanted.name);
    let name = names::container_name(&draft.project.name, wanted.name, wanted.service, number);
    let mut needs = wanted.needs.clone();
    needs.extend(stop_dependents(draft, wanted.name));

    let action = Action::CreateContainer {
        service: wanted.name.clone(),
        number,
        name: names::temporary_name(&old.id, &name),
        replaces: Some(old.id.clone()),
        renew_volumes: wanted.renew_volumes,
        one_off: None,
        unless_image: reason.unless_image,
    };
    let created = draft.add_grouped(target.clone(), action, needs, reason.text, group.clone());
    let made = ContainerRef::Made(created);

    // A stop that an earlier stage planned may come before the new container is made; the removal must not.
    let mut gone_after = draft.connects.get(&old.id).cloned().unwrap_or_default();
    gone_after.push(created);
    let stop = match draft.stops.get(&old.id) {
        Some(stop) => *stop,
        None => {
            gone_after.retain(|step| *step != created);
            let stop = draft.add_grouped(
                target.clone(),
                draft.stopping(old),
                vec![created],
                "its replacement is made",
                group.clone(),
            );
            draft.stops.insert(old.id.clone(), stop);
            stop
        }
    };
    gone_after.push(stop);
    let action = Action::RemoveContainer { container: existing(old), volumes: false };
    let removed =
        draft.add_grouped(target.clone(), action, gone_after, "its replacement is made", group.clone());
    let action = Action::RenameContainer { container: made.clone(), name };
    let renamed = draft.add_grouped(target, action, vec![removed], "the name is free now", group);
    draft.last.insert(wanted.name.clone(), renamed);
    Standing { container: made, number, after: vec![renamed], start: Some("it is new".to_owned()) }
}

/// Dependents with `restart: true` stop first; the start stage starts them again. One that was not asked for stays as it
/// is: nothing would start it.
fn stop_dependents(draft: &mut Draft<'_>, name: &ServiceName) -> Vec<StepId> {
    let project = draft.project;
    let asks = |needs: &composeyard_compose::model::Service| {
        needs.depends_on.get(name).is_some_and(|dependency| dependency.restart)
    };
    let mut stops = Vec::new();
    let selected = |name: &ServiceName| draft.selected.contains(name);
    let dependents = project.services.iter().filter(|(name, service)| selected(name) && asks(service));
    let dependents: Vec<_> = dependents.map(|(name, _)| name).collect();
    for dependent in dependents {
        for container in draft.containers(dependent) {
            if !draft.stops.contains_key(&container.id) {
                stops.push(draft.stop(container, format!("{name}, which it depends on, is replaced")));
            }
        }
    }
    stops
}
