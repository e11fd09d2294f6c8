//! The start stage: what does not run is started, after what it depends on meets its condition.

use std::collections::{BTreeMap, BTreeSet};

use composeyard_compose::{
    ServiceName,
    model::{Condition, Service},
};

use crate::{Action, PlanError, StepId, Target, draft::Draft};

/// Starts and waits planned so far.
#[derive(Default)]
struct Stage {
    starts: BTreeMap<ServiceName, Vec<StepId>>,
    waits: BTreeMap<(ServiceName, &'static str, bool), StepId>,
}

/// Plans the start of every standing container that does not run, service by service in dependency order.
pub(crate) fn plan(draft: &mut Draft<'_>, order: &[ServiceName]) -> Result<(), PlanError> {
    let mut stage = Stage::default();
    let freeing = freed_ports(draft);
    for name in order {
        let service = &draft.project.services[name];
        let Some(standing) = draft.standing.remove(name) else { continue };
        let mut starts = Vec::new();
        if standing.iter().any(|container| container.start.is_some()) {
            let ready = dependencies(draft, &mut stage, name, service)?;
            let ports = published(service);
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
        let waits = dependency.condition != Condition::ServiceStarted && other.provider.is_none();
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

/// Host ports that stops in this plan set free, with those stops: a start that wants one comes after.
fn freed_ports(draft: &Draft<'_>) -> BTreeMap<u16, BTreeSet<StepId>> {
    let mut freed = BTreeMap::<u16, BTreeSet<StepId>>::new();
    for container in &draft.observed.containers {
        let Some(stop) = draft.stops.get(&container.id) else { continue };
        for port in &container.ports {
            freed.entry(port.host_port).or_default().insert(*stop);
        }
    }
    freed
}

/// Host ports that a service asks for, ranges spelled out.
fn published(service: &Service) -> Vec<u16> {
    let range = |text: &str| -> Option<std::ops::RangeInclusive<u16>> {
        let (low, high) = text.split_once('-').unwrap_or((text, text));
        Some(low.parse().ok()?..=high.parse().ok()?)
    };
    service.ports.iter().filter_map(|port| range(&port.published)).flatten().collect()
}
