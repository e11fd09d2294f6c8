//! `down`: stop and remove containers against the dependency order, then networks, and if asked volumes and images.

use std::collections::{BTreeMap, BTreeSet};

use composeyard_compose::{Project, ServiceName};

use crate::{
    Action, DownOptions, Images, Observed, ObservedContainer, Plan, PlanError, StepId, Target,
    draft::{Draft, existing, target},
    image_of,
    order::{dependencies, downwards, with_dependents},
    up,
};

/// Why everything goes.
const WHY: &str = "the project goes down";

/// Plans the removal of what exists: of everything, or of the named services and what depends on them.
pub(crate) fn plan(project: &Project, observed: &Observed, options: &DownOptions) -> Result<Plan, PlanError> {
    up::selected(project, &options.services, std::iter::empty())?;
    let mut draft = Draft::new(project, observed).with_grace(options.grace);
    let needs = dependencies(project);
    let going = with_dependents(&needs, &options.services);
    let goes = |name: &ServiceName| options.services.is_empty() || going.contains(name);
    let mut removed: BTreeMap<ServiceName, Vec<StepId>> = BTreeMap::new();
    for name in downwards(&needs).into_iter().filter(&goes) {
        let dependents = needs.iter().filter(|(_, needs)| needs.contains(&name)).map(|(name, _)| name);
        let after: Vec<StepId> = dependents.filter_map(|name| removed.get(name)).flatten().copied().collect();
        let of_service = observed.containers.iter().filter(|c| c.service == name.as_str());
        let steps = of_service
            .filter(|container| options.remove_orphans || !container.oneoff)
            .map(|container| remove(&mut draft, container, after.clone(), options.volumes, WHY))
            .collect();
        removed.insert(name, steps);
    }
    let mut all: Vec<StepId> = removed.into_values().flatten().collect();
    let mut staying = orphans(&mut draft, options, &mut all);
    staying.extend(project.services.keys().filter(|name| !goes(name)).flat_map(|name| observed.of(name)));
    networks(&mut draft, &staying, &all);
    if options.volumes {
        volumes(&mut draft, &staying, &all);
    }
    if let Some(which) = options.images {
        images(&mut draft, which, goes, &all);
    }
    Ok(draft.finish())
}

fn remove(
    draft: &mut Draft<'_>,
    container: &ObservedContainer,
    after: Vec<StepId>,
    volumes: bool,
    reason: &str,
) -> StepId {
    let stopped = draft.add(target(container), draft.stopping(container), after, reason);
    let action = Action::RemoveContainer { container: existing(container), volumes };
    draft.add(target(container), action, vec![stopped], reason)
}

/// Containers of unknown services; returns those that stay.
fn orphans<'a>(
    draft: &mut Draft<'a>,
    options: &DownOptions,
    steps: &mut Vec<StepId>,
) -> Vec<&'a ObservedContainer> {
    let remove_orphans = options.remove_orphans;
    let services = &draft.project.services;
    let known = |name: &str| services.keys().any(|service| service.as_str() == name);
    let (of_project, orphans): (Vec<_>, Vec<_>) =
        draft.observed.containers.iter().partition(|container| known(&container.service));
    let runs: Vec<_> = of_project.into_iter().filter(|c| c.oneoff && !remove_orphans).collect();
    let (mut inactive, mut unnamed) = (Vec::new(), Vec::new());
    for orphan in orphans {
        // A service that a profile switches off is still the project's: it goes down with it.
        let disabled = draft.project.disabled_services.keys().any(|name| name.as_str() == orphan.service);
        if remove_orphans || (disabled && options.services.is_empty()) {
            steps.push(remove(draft, orphan, Vec::new(), false, "its service is no longer active"));
        } else if disabled {
            inactive.push(orphan);
        } else {
            unnamed.push(orphan);
        }
    }
    for (kind, containers) in
        [("of run", &runs), ("of inactive services", &inactive), ("that the files no longer name", &unnamed)]
    {
        if !containers.is_empty() {
            draft.warnings.push(format!(
                "Containers {kind} stay: {}. Remove orphans to remove them too.",
                up::names(containers)
            ));
        }
    }
    [runs, inactive, unnamed].concat()
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
        draft.add(Target::Network(key.clone()), action, after.to_vec(), WHY);
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

/// Images of the services that go, where they are on this machine. One that something else uses stays.
fn images(draft: &mut Draft<'_>, which: Images, goes: impl Fn(&ServiceName) -> bool, after: &[StepId]) {
    let project = draft.project;
    let mut planned = BTreeSet::new();
    for (name, service) in project.services.iter().filter(|(name, _)| goes(name)) {
        let own = service.build.is_some() && service.image.is_empty();
        let image = image_of(&project.name, name, service);
        if (own || which == Images::All)
            && draft.observed.images.contains_key(&image)
            && planned.insert(image.clone())
        {
            let action = Action::RemoveImage { image: image.clone() };
            draft.add(Target::Image(image), action, after.to_vec(), "its removal was asked for");
        }
    }
}
