//! Networks: make what is missing; make anew what differs, with its containers moved.

use composeyard_compose::{
    Project, ServiceName,
    model::{Network, Service},
    render::network_hash,
};

use crate::{
    Action, Observed, ObservedContainer, ObservedNetwork, PlanError, StepId, Target,
    draft::{Draft, existing, target},
    resources,
};

/// The one live network for a key. Of two with one name, that a run which was cut off can leave, the one in use.
pub(crate) fn live<'a>(
    project: &Project,
    observed: &'a Observed,
    key: &str,
    wanted: &Network,
) -> Option<&'a ObservedNetwork> {
    let live = resources::live(&observed.networks, project.name.as_str(), key, &wanted.name)?;
    let mut twins = observed.networks.iter().filter(|other| other.name == live.name).skip(1).peekable();
    if twins.peek().is_none() || is_in_use(observed, live) {
        return Some(live);
    }
    Some(twins.find(|twin| is_in_use(observed, twin)).unwrap_or(live))
}

fn is_in_use(observed: &Observed, network: &ObservedNetwork) -> bool {
    let joined = |container: &ObservedContainer| container.network_ids.contains(&network.id);
    !network.id.is_empty() && observed.containers.iter().any(joined)
}

/// Removes what a run that was cut off has made a second time: the engine starts nothing on a name that two have, so
/// that what joins the network waits for it.
fn remove_twins(draft: &mut Draft<'_>, key: &str, live: &ObservedNetwork) {
    let observed = draft.observed;
    let is_twin = |other: &&ObservedNetwork| {
        other.name == live.name && other.id != live.id && other.key == key && other.project == live.project
    };
    for twin in observed.networks.iter().filter(is_twin).filter(|twin| !is_in_use(observed, twin)) {
        let action = Action::RemoveNetwork { id: twin.id.clone(), name: twin.name.clone() };
        let reason = "an interrupted run left two of it";
        let before = draft.networks.get(key).copied();
        let step = draft.add(Target::Network(key.to_owned()), action, Vec::from_iter(before), reason);
        draft.networks.insert(key.to_owned(), step);
    }
}

/// Plans every declared network that `used` accepts.
pub(crate) fn plan(draft: &mut Draft<'_>, used: impl Fn(&str) -> bool) -> Result<(), PlanError> {
    let project = draft.project;
    for (key, network) in project.networks.iter().filter(|(key, _)| used(key)) {
        let live = live(project, draft.observed, key, network);
        if network.external {
            external(draft.observed, key, network)?;
            continue;
        }
        let Some(live) = live else {
            create(draft, key, Vec::new(), format!("network {} does not exist", network.name));
            continue;
        };
        resources::warn_about_others(draft, &draft.observed.networks, key, live);
        let ours = resources::is_ours(draft, live);
        if !ours {
            continue;
        }
        remove_twins(draft, key, live);
        if live.config_hash.as_ref().is_some_and(|stored| *stored != network_hash(network)) {
            recreate(draft, key, network, live);
        }
    }
    Ok(())
}

fn external(observed: &Observed, key: &str, network: &Network) -> Result<(), PlanError> {
    match observed.networks.iter().filter(|live| live.name == network.name).count() {
        1 => Ok(()),
        0 => Err(PlanError(format!(
            "Network {key} is external, but the engine has no network named {}. Create it (docker network create {}) \
             or remove external: true.",
            network.name, network.name
        ))),
        _ => Err(PlanError(format!(
            "Network {key} is external, but the engine has several networks named {}. Give the id of one as its name.",
            network.name
        ))),
    }
}

fn create(draft: &mut Draft<'_>, key: &str, mut after: Vec<StepId>, reason: String) -> StepId {
    after.extend(draft.networks.get(key));
    let action = Action::CreateNetwork { key: key.to_owned() };
    let step = draft.add(Target::Network(key.to_owned()), action, after, reason);
    draft.networks.insert(key.to_owned(), step);
    step
}

/// Stops and takes off every container, removes, makes, puts the containers back. A renamed network needs no removal
/// before the new one is made; its removal is a clean-up.
fn recreate(draft: &mut Draft<'_>, key: &str, network: &Network, live: &ObservedNetwork) {
    let renamed = live.name != network.name;
    let containers = attached(draft, key);
    let mut off = Vec::new();
    for (_, container) in &containers {
        let stop = draft.stop(container, format!("network {key} changes"));
        let action = Action::DisconnectNetwork { container: existing(container), network: live.name.clone() };
        off.push(draft.add(target(container), action, vec![stop], format!("network {key} is made anew")));
    }
    let remove = Action::RemoveNetwork {
        id: if live.id.is_empty() { live.name.clone() } else { live.id.clone() },
        name: live.name.clone(),
    };
    let why = if renamed { "it has a new name" } else { "its configuration changed" };
    let removed = draft.add(Target::Network(key.to_owned()), remove, off.clone(), why);
    let before = if renamed { Vec::new() } else { vec![removed] };
    let created = create(draft, key, before, why.to_owned());
    for (at, (service, container)) in containers.into_iter().enumerate() {
        let mut after = vec![created];
        if renamed {
            after.push(off[at]);
        }
        let action = Action::ConnectNetwork { container: existing(container), service, key: key.to_owned() };
        let step = draft.add(target(container), action, after, format!("network {key} is made anew"));
        draft.connects.entry(container.id.clone()).or_default().push(step);
    }
}

/// Containers of the services on a network.
fn attached<'a>(draft: &Draft<'a>, key: &str) -> Vec<(ServiceName, &'a ObservedContainer)> {
    let on_it = |service: &Service| service.networks.contains_key(key);
    let services = draft.project.services.iter().filter(|(_, service)| on_it(service));
    services
        .flat_map(|(name, _)| {
            draft.containers(name).into_iter().map(move |container| (name.clone(), container))
        })
        .collect()
}
