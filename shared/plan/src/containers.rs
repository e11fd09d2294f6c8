//! Containers of a service: which stay, which are replaced, which go, which are missing.

use std::collections::BTreeSet;

use composeyard_compose::{ServiceName, model::Service};

use crate::{
    Action, ContainerRef, ContainerState, ObservedContainer, PlanError, Recreate, StepId, Target, UpOptions,
    draft::{Draft, Standing, existing, target},
    hashes, image_of, names,
    order::parents,
    reasons, replace,
};

/// What is decided once for all containers of a service.
pub(crate) struct Wanted<'a> {
    pub(crate) name: &'a ServiceName,
    pub(crate) service: &'a Service,
    pub(crate) policy: Recreate,
    /// Replacements get new anonymous volumes.
    pub(crate) renew_volumes: bool,
    pub(crate) hash: String,
    pub(crate) image: String,
    /// A container whose namespaces or volumes it shares is replaced: its id changes.
    pub(crate) parent: Option<ServiceName>,
    /// Steps that make what a new container needs.
    pub(crate) needs: Vec<StepId>,
}

/// Plans the create stage of one service; its dependencies have been planned.
pub(crate) fn plan(draft: &mut Draft<'_>, name: &ServiceName, options: &UpOptions) -> Result<(), PlanError> {
    let project = draft.project;
    let service = &project.services[name];
    let scale = scale(name, service)?;
    let mut wanted = wanted(draft, name, service, options);
    let mut found: Vec<(bool, &ObservedContainer)> = draft
        .containers(name)
        .into_iter()
        .map(|container| (replace::reason(draft, &wanted, container).is_some(), container))
        .collect();
    found.sort_by_key(|(obsolete, container)| {
        (*obsolete, container.number, is_temporary(draft, &wanted, container))
    });
    let doubles = remove_doubles(draft, &wanted, &mut found);
    // A double may have the very name that the next replacement is made under.
    wanted.needs.extend(doubles.iter().copied());
    let mut standing = Vec::new();
    for (at, (_, container)) in found.iter().enumerate() {
        if at >= scale {
            let step = draft.remove(container, &format!("{name} is scaled to {scale}"));
            draft.last.insert(name.clone(), step);
            draft.surplus.entry(name.clone()).or_default().push(step);
        } else if let Some(why) = replace::reason(draft, &wanted, container) {
            standing.push(replace::plan(draft, &wanted, container, why));
            draft.recreated.insert(name.clone());
        } else {
            standing.push(keep(draft, &wanted, container));
        }
    }
    let taken = found.iter().map(|(_, container)| container.number).max().unwrap_or(0);
    let missing = scale.saturating_sub(found.len());
    for number in (taken + 1..).take(missing) {
        standing.push(create(draft, &wanted, number, found.len()));
    }
    final_names(draft, &wanted, &found, &doubles, &mut standing);
    draft.standing.insert(name.clone(), standing);
    Ok(())
}

/// The name that a container should have at the end.
fn final_name(draft: &Draft<'_>, wanted: &Wanted<'_>, container: &ObservedContainer) -> String {
    names::container_name(&draft.project.name, wanted.name, wanted.service, container.number)
}

fn is_temporary(draft: &Draft<'_>, wanted: &Wanted<'_>, container: &ObservedContainer) -> bool {
    names::is_temporary(&container.name, &final_name(draft, wanted, container))
}

/// An interrupted run leaves a container beside its replacement, both with one number: the first in order of
/// preference stays. Returns the removals.
fn remove_doubles(
    draft: &mut Draft<'_>,
    wanted: &Wanted<'_>,
    found: &mut Vec<(bool, &ObservedContainer)>,
) -> Vec<StepId> {
    let mut seen = BTreeSet::new();
    let mut removals = Vec::new();
    found.retain(|(_, container)| {
        let first = seen.insert(container.number);
        if !first {
            removals.push(draft.remove(container, "an interrupted run left two of it"));
        }
        first
    });
    if let Some(last) = removals.last() {
        draft.last.insert(wanted.name.clone(), *last);
    }
    removals
}

/// A replacement that an interrupted run made, and did not come to rename.
fn final_names(
    draft: &mut Draft<'_>,
    wanted: &Wanted<'_>,
    found: &[(bool, &ObservedContainer)],
    doubles: &[StepId],
    standing: &mut [Standing],
) {
    for (_, container) in found.iter().filter(|(obsolete, _)| !obsolete) {
        let own = existing(container);
        let Some(place) = standing.iter_mut().find(|place| place.container == own) else { continue };
        if !is_temporary(draft, wanted, container) {
            continue;
        }
        let name = final_name(draft, wanted, container);
        let action = Action::RenameContainer { container: own, name };
        let reason = "an interrupted run left it a temporary name";
        let step = draft.add(target(container), action, doubles.to_vec(), reason);
        draft.last.insert(wanted.name.clone(), step);
        place.after.push(step);
    }
}

fn scale(name: &ServiceName, service: &Service) -> Result<usize, PlanError> {
    let scale = service.replicas();
    if scale > 1 && !service.container_name.is_empty() {
        return Err(PlanError(format!(
            "Service {name} cannot have {scale} containers: container_name gives all of them the name {}. Remove \
             container_name.",
            service.container_name
        )));
    }
    Ok(scale as usize)
}

fn wanted<'a>(
    draft: &Draft<'_>,
    name: &'a ServiceName,
    service: &'a Service,
    options: &UpOptions,
) -> Wanted<'a> {
    let targeted = options.services.is_empty() || options.services.contains(name);
    let image = image_of(&draft.project.name, name, service);
    Wanted {
        name,
        service,
        policy: if targeted { options.recreate } else { options.recreate_dependencies },
        renew_volumes: options.renew_volumes,
        hash: hashes::wanted(service, draft.observed),
        parent: parents(service).into_iter().find(|parent| draft.recreated.contains(parent)),
        needs: needs(draft, service, &image),
        image,
    }
}

/// Steps that make its image, networks and volumes, and the last one of each dependency.
pub(crate) fn needs(draft: &Draft<'_>, service: &Service, image: &str) -> Vec<StepId> {
    let image = draft.images.get(image);
    let networks = service.networks.keys().filter_map(|key| draft.networks.get(key));
    let volumes = service.volumes.iter().filter_map(|mount| draft.volumes.get(&mount.source));
    let dependencies = service.depends_on.keys().filter_map(|name| draft.last.get(name));
    image.into_iter().chain(networks).chain(volumes).chain(dependencies).copied().collect()
}

/// Nothing to do at the create stage, except for a container that is neither running nor at rest.
fn keep(draft: &mut Draft<'_>, wanted: &Wanted<'_>, container: &ObservedContainer) -> Standing {
    let mut after = draft.connects.get(&container.id).cloned().unwrap_or_default();
    if after.is_empty() {
        // Joining again waits for these itself.
        after.extend(wanted.service.networks.keys().filter_map(|key| draft.networks.get(key)));
    }
    let stopped = draft.stops.get(&container.id).copied();
    after.extend(stopped);
    let start = match container.state {
        ContainerState::Running | ContainerState::Restarting => {
            stopped.map(|_| "it was stopped for a change around it".to_owned())
        }
        ContainerState::Created => Some("it was never started".to_owned()),
        ContainerState::Exited => Some(reasons::ended(container)),
        ContainerState::Paused | ContainerState::Removing | ContainerState::Dead => {
            let action = Action::StartContainer { container: existing(container) };
            let reason = format!("it is {}", reasons::state(container.state));
            let step = draft.add(target(container), action, wanted.needs.clone(), reason);
            draft.last.insert(wanted.name.clone(), step);
            after.push(step);
            None
        }
    };
    Standing { container: existing(container), number: container.number, after, start }
}

fn create(draft: &mut Draft<'_>, wanted: &Wanted<'_>, number: u32, existing: usize) -> Standing {
    let action = Action::CreateContainer {
        service: wanted.name.clone(),
        number,
        name: names::container_name(&draft.project.name, wanted.name, wanted.service, number),
        replaces: None,
        renew_volumes: false,
        one_off: None,
        unless_image: None,
    };
    let target = Target::Container { service: wanted.name.to_string(), number };
    let reason = match existing {
        0 => format!("{} has no container yet", wanted.name),
        _ => format!("{} needs one more", wanted.name),
    };
    let step = draft.add(target, action, wanted.needs.clone(), reason);
    draft.last.insert(wanted.name.clone(), step);
    Standing {
        container: ContainerRef::Made(step),
        number,
        after: vec![step],
        start: Some("it is new".to_owned()),
    }
}
