//! The start stage: what does not run is started, after what it depends on meets its condition.

use std::collections::BTreeMap;

use composeyard_compose::{
    ServiceName,
    model::{Condition, Service},
};

use crate::{
    Action, PlanError, StepId, Target,
    draft::{Draft, Standing},
    ports,
};

/// Starts and waits planned so far.
#[derive(Default)]
struct Stage {
    starts: BTreeMap<ServiceName, Vec<StepId>>,
    waits: BTreeMap<(ServiceName, &'static str, bool), StepId>,
}

/// Plans the start of every standing container that does not run, service by service in dependency order.
pub(crate) fn plan(draft: &mut Draft<'_>, order: &[ServiceName]) -> Result<(), PlanError> {
    let mut stage = Stage::default();
    let freeing = ports::freed(draft);
    for name in order {
        let service = &draft.project.services[name];
        let Some(standing) = draft.standing.remove(name) else { continue };
        let mut starts = Vec::new();
        if standing.iter().any(|container| container.start.is_some()) {
            let mut ready = dependencies(draft, &mut stage, name, service)?;
            ready.extend(before_first_start(draft, name, service, &standing, &ready));
            ports::warn_of_taken(draft, name, service);
            let ports = ports::published(service);
            for container in standing {
                let Some(reason) = container.start else { continue };
                let mut after = container.after;
                after.extend(&ready);
                after.extend(ports.iter().filter_map(|port| freeing.get(port)).flatten());
                let target = Target::Container { service: name.to_string(), number: container.number };
                let action = Action::StartContainer { container: container.container };
                starts.push(draft.add(target, action, after, reason));
            }
        }
        stage.starts.insert(name.clone(), starts);
    }
    Ok(())
}

/// `pre_start` commands run once for a service, and only when none of its containers runs.
fn before_first_start(
    draft: &mut Draft<'_>,
    name: &ServiceName,
    service: &Service,
    standing: &[Standing],
    ready: &[StepId],
) -> Option<StepId> {
    let first = standing.iter().min_by_key(|container| container.number)?;
    if service.pre_start.is_empty() || standing.iter().any(|container| container.start.is_none()) {
        return None;
    }
    let mut after = first.after.clone();
    after.extend(ready);
    after.extend(service.pre_start.iter().filter_map(|hook| draft.images.get(&hook.image)));
    let target = Target::Container { service: name.to_string(), number: first.number };
    let action = Action::PreStart { service: name.clone(), container: first.container.clone() };
    Some(draft.add(target, action, after, format!("{name} asks for it before it starts")))
}

/// Waits until all of the services run, and are healthy where they have a check.
pub(crate) fn wait(draft: &mut Draft<'_>, order: &[ServiceName], within: u32) {
    let before = draft.all();
    for name in order.iter().filter(|name| draft.project.services[*name].replicas() > 0) {
        let target = Target::Container { service: name.to_string(), number: 0 };
        let action = Action::WaitUp { service: name.clone(), within };
        draft.add(target, action, before.clone(), "waiting was asked for");
    }
}

/// Steps after which a service's dependencies are as it wants them.
fn dependencies(
    draft: &mut Draft<'_>,
    stage: &mut Stage,
    name: &ServiceName,
    service: &Service,
) -> Result<Vec<StepId>, PlanError> {
    let mut ready = Vec::new();
    for (on, dependency) in &service.depends_on {
        let Some(other) = draft.project.services.get(on) else { continue };
        let started = stage.starts.get(on).cloned().unwrap_or_default();
        let waits = dependency.condition != Condition::ServiceStarted;
        if !waits || other.replicas() == 0 {
            ready.extend(started);
            continue;
        }
        if draft.observed.of(on).next().is_none() && started.is_empty() {
            let text = format!("{name} is missing dependency {on}");
            if dependency.required {
                return Err(PlanError(format!("{text}. Start {on} too.")));
            }
            draft.warnings.push(format!("{text}."));
            continue;
        }
        let key = (on.clone(), dependency.condition.as_str(), dependency.required);
        let wait = match stage.waits.get(&key) {
            Some(wait) => *wait,
            None => {
                let action = Action::WaitFor {
                    service: on.clone(),
                    condition: dependency.condition,
                    required: dependency.required,
                };
                let mut after = started;
                after.extend(draft.last.get(on));
                after.extend(draft.surplus.get(on).into_iter().flatten());
                let target = Target::Container { service: on.to_string(), number: 0 };
                let wait = draft.add(target, action, after, format!("{name} depends on it"));
                stage.waits.insert(key, wait);
                wait
            }
        };
        ready.push(wait);
    }
    for parent in crate::order::parents(service) {
        ready.extend(stage.starts.get(&parent).into_iter().flatten());
    }
    Ok(ready)
}
