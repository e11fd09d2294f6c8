//! `start`, `stop`, `restart` of containers that exist.

use std::collections::BTreeMap;

use composeyard_compose::{Project, ServiceName, model::Service};

use crate::{
    Action, ContainerState, Observed, ObservedContainer, Plan, PlanError, StepId,
    draft::{Draft, Standing, existing, target},
    order::{Dependencies, dependencies, downwards, upwards, with_dependents},
    reasons, start, up,
};

/// Starts what does not run of the named services and of what they depend on.
pub(crate) fn start(
    project: &Project,
    observed: &Observed,
    named: &[ServiceName],
) -> Result<Plan, PlanError> {
    let selected = up::selected(project, named, std::iter::empty())?;
    let mut draft = Draft::new(project, observed);
    for name in &selected {
        let standing = observed
            .of(name)
            .map(|container| Standing {
                container: existing(container),
                number: container.number,
                after: Vec::new(),
                start: (!runs(container)).then(|| format!("it is {}", reasons::state(container.state))),
            })
            .collect();
        draft.standing.insert(name.clone(), standing);
        if observed.of(name).next().is_none() {
            draft.warnings.push(format!("Service {name} has no container to start. Use up to make one."));
        }
    }
    start::plan(&mut draft, &selected)?;
    Ok(draft.finish())
}

fn runs(container: &ObservedContainer) -> bool {
    matches!(container.state, ContainerState::Running | ContainerState::Restarting)
}

/// Stops what runs of the named services, dependents before what they depend on.
pub(crate) fn stop(
    project: &Project,
    observed: &Observed,
    named: &[ServiceName],
    grace: Option<u32>,
) -> Result<Plan, PlanError> {
    up::selected(project, named, std::iter::empty())?;
    let mut draft = Draft::new(project, observed).with_grace(grace);
    let needs = dependencies(project);
    let mut stopped: BTreeMap<ServiceName, Vec<StepId>> = BTreeMap::new();
    for name in downwards(&needs) {
        let dependents = needs.iter().filter(|(_, needs)| needs.contains(&name)).map(|(name, _)| name);
        let mut after: Vec<StepId> =
            dependents.filter_map(|name| stopped.get(name)).flatten().copied().collect();
        if named.is_empty() || named.contains(&name) {
            let running = observed.of(&name).filter(|c| runs(c) || c.state == ContainerState::Paused);
            after = running
                .map(|container| {
                    draft.add(
                        target(container),
                        draft.stopping(container),
                        after.clone(),
                        "a stop was asked for",
                    )
                })
                .collect();
        }
        stopped.insert(name, after);
    }
    Ok(draft.finish())
}

/// Stops and starts the named services, and unless `no_deps` those that ask to be restarted with them.
pub(crate) fn restart(
    project: &Project,
    observed: &Observed,
    named: &[ServiceName],
    no_deps: bool,
    grace: Option<u32>,
) -> Result<Plan, PlanError> {
    up::selected(project, named, std::iter::empty())?;
    let mut draft = Draft::new(project, observed).with_grace(grace);
    let asks = restarting(project);
    let followers = if no_deps { named.iter().cloned().collect() } else { with_dependents(&asks, named) };
    let mut started: BTreeMap<ServiceName, Vec<StepId>> = BTreeMap::new();
    for name in upwards(&dependencies(project)) {
        if !named.is_empty() && !followers.contains(&name) {
            continue;
        }
        let after: Vec<StepId> =
            asks[&name].iter().filter_map(|on| started.get(on)).flatten().copied().collect();
        let reason = if named.is_empty() || named.contains(&name) {
            "a restart was asked for"
        } else {
            "it restarts with what it depends on"
        };
        let steps =
            observed.of(&name).map(|container| cycle(&mut draft, container, &after, reason)).collect();
        started.insert(name, steps);
    }
    Ok(draft.finish())
}

fn cycle(draft: &mut Draft<'_>, container: &ObservedContainer, after: &[StepId], reason: &str) -> StepId {
    let stopped = draft.add(target(container), draft.stopping(container), after.to_vec(), reason);
    let start = Action::StartContainer { container: existing(container) };
    draft.add(target(container), start, vec![stopped], reason)
}

/// What each service asks to be restarted with.
fn restarting(project: &Project) -> Dependencies {
    let asked = |service: &Service| {
        service.depends_on.iter().filter(|(_, on)| on.restart).map(|(name, _)| name.clone()).collect()
    };
    project.services.iter().map(|(name, service)| (name.clone(), asked(service))).collect()
}
