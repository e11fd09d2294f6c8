//! `down`: stop and remove containers against the dependency order, then networks, then volumes if asked.

use std::collections::BTreeMap;

use composeyard_compose::{Project, ServiceName};

use crate::{
    Action, Observed, ObservedContainer, Plan, StepId, Target,
    draft::{Draft, existing, target},
    order::{dependencies, downwards},
};

/// Plans the removal of what exists.
pub(crate) fn plan(project: &Project, observed: &Observed, volumes: bool, remove_orphans: bool) -> Plan {
    let mut draft = Draft::new(project, observed);
    let mut removed: BTreeMap<ServiceName, Vec<StepId>> = BTreeMap::new();
    let needs = dependencies(project);
    for name in downwards(&needs) {
        let dependents = needs.iter().filter(|(_, needs)| needs.contains(&name)).map(|(name, _)| name);
        let after: Vec<StepId> = dependents.filter_map(|name| removed.get(name)).flatten().copied().collect();
        let of_service = observed.containers.iter().filter(|c| c.service == name.as_str());
        let steps = of_service
            .filter(|container| remove_orphans || !container.oneoff)
            .map(|container| remove(&mut draft, container, after.clone(), volumes, "the project goes down"))
            .collect();
        removed.insert(name, steps);
    }
    let mut all: Vec<StepId> = removed.into_values().flatten().collect();
    let staying = orphans(&mut draft, remove_orphans, &mut all);
    networks(&mut draft, &staying, &all);
    if volumes {
        self::volumes(&mut draft, &staying, &all);
    }
    draft.finish()
}

fn remove(
    draft: &mut Draft<'_>,
    container: &ObservedContainer,
    after: Vec<StepId>,
    volumes: bool,
    reason: &str,
) -> StepId {
    let stop = Action::StopContainer { container: existing(container) };
    let stopped = draft.add(target(container), stop, after, reason);
    let action = Action::RemoveContainer { container: existing(container), volumes };
    draft.add(target(container), action, vec![stopped], reason)
}

/// Containers of unknown services; returns those that stay.
fn orphans<'a>(
    draft: &mut Draft<'a>,
    remove_orphans: bool,
    steps: &mut Vec<StepId>,
) -> Vec<&'a ObservedContainer> {
    let services = &draft.project.services;
    let known = |name: &str| services.keys().any(|service| service.as_str() == name);
    let (of_project, orphans): (Vec<_>, Vec<_>) =
        draft.observed.containers.iter().partition(|container| known(&container.service));
    let mut staying: Vec<_> = of_project.into_iter().filter(|c| c.oneoff && !remove_orphans).collect();
    for orphan in orphans {
        // A service that a profile switches off is still the project's: it goes down with it.
        let disabled = draft.project.disabled_services.keys().any(|name| name.as_str() == orphan.service);
        if remove_orphans || disabled {
            steps.push(remove(draft, orphan, Vec::new(), false, "its service is no longer active"));
        } else {
            staying.push(orphan);
        }
    }
    if !staying.is_empty() {
        let names: Vec<&str> = staying.iter().map(|container| container.name.as_str()).collect();
        draft.warnings.push(format!(
            "Containers that the files no longer name stay: {}. Remove orphans to remove them too.",
            names.join(", ")
        ));
    }
    staying
}

/// The project's own networks, except where a container stays on one.
fn networks(draft: &mut Draft<'_>, staying: &[&ObservedContainer], after: &[StepId]) {
    let observed = draft.observed;
    for network in observed.networks.iter().filter(|net| net.project == draft.project.name.as_str()) {
        if staying.iter().any(|container| container.networks.contains(&network.name)) {
            draft.warnings.push(format!("Network {} stays: a container that stays uses it.", network.name));
            continue;
        }
        let key = if network.key.is_empty() { &network.name } else { &network.key };
        let action = Action::RemoveNetwork { id: network.id.clone(), name: network.name.clone() };
        draft.add(Target::Network(key.clone()), action, after.to_vec(), "the project goes down");
    }
}

/// The declared volumes that carry the project's label. One that someone else made is never removed.
fn volumes(draft: &mut Draft<'_>, staying: &[&ObservedContainer], after: &[StepId]) {
    let (project, observed) = (draft.project, draft.observed);
    for (key, volume) in project.volumes.iter().filter(|(_, volume)| !volume.external) {
        let Some(live) = observed.volumes.iter().find(|live| live.name == volume.name) else { continue };
        let stays = staying.iter().any(|container| container.volumes.contains(&live.name));
        if live.project != project.name.as_str() {
            draft.warnings.push(format!("Volume {} stays: this project did not make it.", live.name));
        } else if stays {
            draft.warnings.push(format!("Volume {} stays: a container that stays uses it.", live.name));
        } else {
            let action = Action::RemoveVolume { name: live.name.clone() };
            draft.add(Target::Volume(key.clone()), action, after.to_vec(), "its removal was asked for");
        }
    }
}
