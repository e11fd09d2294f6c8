//! `pause`, `unpause`, `kill`, `rm`: all containers at once, whatever depends on them.

use composeyard_compose::{Project, ServiceName};

use crate::{
    Action, ContainerRef, ContainerState, Observed, ObservedContainer, Plan, PlanError, RmOptions,
    draft::{Draft, existing, target},
    up,
};

/// Freezes what runs.
pub(crate) fn pause(
    project: &Project,
    observed: &Observed,
    named: &[ServiceName],
) -> Result<Plan, PlanError> {
    let runs = |container: &ObservedContainer| container.state == ContainerState::Running;
    let pause = |container| Action::PauseContainer { container };
    each(project, observed, named, runs, pause, "a pause was asked for")
}

/// Lets what is frozen go on.
pub(crate) fn unpause(
    project: &Project,
    observed: &Observed,
    named: &[ServiceName],
) -> Result<Plan, PlanError> {
    let frozen = |container: &ObservedContainer| container.state == ContainerState::Paused;
    let unpause = |container| Action::UnpauseContainer { container };
    each(project, observed, named, frozen, unpause, "it is paused")
}

/// Sends a signal to what runs.
pub(crate) fn kill(
    project: &Project,
    observed: &Observed,
    named: &[ServiceName],
    signal: &str,
    orphans: bool,
) -> Result<Plan, PlanError> {
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || b"+-".contains(&byte);
    if signal.is_empty() || signal.len() > 16 || !signal.bytes().all(sound) {
        return Err(PlanError(format!("{signal:?} is no signal. Use a name or a number: SIGTERM, HUP, 9.")));
    }
    up::selected(project, named, std::iter::empty())?;
    let mut draft = Draft::new(project, observed);
    let known = |name: &str| project.services.keys().any(|service| service.as_str() == name);
    let others = observed.containers.iter().filter(|it| orphans && named.is_empty() && !known(&it.service));
    for container in of_services(observed, project, named).chain(others).filter(|it| is_alive(it)) {
        let action = Action::KillContainer { container: existing(container), signal: signal.to_owned() };
        draft.add(target(container), action, Vec::new(), format!("{signal} was asked for"));
    }
    Ok(draft.finish())
}

/// Removes what does not run; with `stop`, what runs too.
pub(crate) fn rm(project: &Project, observed: &Observed, options: &RmOptions) -> Result<Plan, PlanError> {
    up::selected(project, &options.services, std::iter::empty())?;
    let mut draft = Draft::new(project, observed);
    let reason = "its removal was asked for";
    for container in of_services(observed, project, &options.services) {
        let alive = is_alive(container);
        if alive && !options.stop {
            continue;
        }
        let stopped = alive.then(|| draft.stop(container, reason));
        let action = Action::RemoveContainer { container: existing(container), volumes: options.volumes };
        draft.add(target(container), action, stopped.into_iter().collect(), reason);
    }
    Ok(draft.finish())
}

fn each(
    project: &Project,
    observed: &Observed,
    named: &[ServiceName],
    concerned: impl Fn(&ObservedContainer) -> bool,
    action: impl Fn(ContainerRef) -> Action,
    reason: &str,
) -> Result<Plan, PlanError> {
    up::selected(project, named, std::iter::empty())?;
    let mut draft = Draft::new(project, observed);
    for container in of_services(observed, project, named).filter(|container| concerned(container)) {
        draft.add(target(container), action(existing(container)), Vec::new(), reason);
    }
    Ok(draft.finish())
}

fn of_services<'a>(
    observed: &'a Observed,
    project: &'a Project,
    named: &'a [ServiceName],
) -> impl Iterator<Item = &'a ObservedContainer> {
    let services = project.services.keys().filter(move |name| named.is_empty() || named.contains(name));
    services.flat_map(|name| observed.of(name))
}

/// It has a process that a signal reaches.
fn is_alive(container: &ObservedContainer) -> bool {
    use ContainerState::{Paused, Restarting, Running};
    matches!(container.state, Running | Paused | Restarting)
}
