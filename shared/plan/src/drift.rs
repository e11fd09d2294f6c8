//! Drift: where what runs is not what the files say, service by service, read off the plan that `up` would carry out.

use std::collections::BTreeMap;

use crate::{Action, Plan, Step, Target};

/// How a service differs, the most telling first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DriftKind {
    /// A container was made from another configuration or image.
    Changed,
    /// A container is missing.
    Missing,
    /// A container is more than the files ask for.
    Surplus,
    /// A container does not run.
    Stopped,
}

/// One service's difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Drift {
    /// How.
    pub kind: DriftKind,
    /// Why `up` would act: "environment PORT changed 8000 -> 8001".
    pub reason: String,
}

/// The differences that a plan of `up` would mend, by the name of the service; orphans have names that the files no
/// longer know. What `up` does for another's sake, such as restarting a dependent, is no difference.
pub fn drift(up: &Plan) -> BTreeMap<String, Drift> {
    let mut containers: BTreeMap<(&str, u32), Vec<&Step>> = BTreeMap::new();
    for step in &up.steps {
        if let Target::Container { service, number } = &step.target {
            containers.entry((service, *number)).or_default().push(step);
        }
    }
    let mut found: BTreeMap<String, Drift> = BTreeMap::new();
    for ((service, _), steps) in containers {
        let Some(drift) = of_container(&steps) else { continue };
        let worst = found.entry(service.to_owned()).or_insert_with(|| drift.clone());
        if drift < *worst {
            *worst = drift;
        }
    }
    found
}

fn of_container(steps: &[&Step]) -> Option<Drift> {
    let first = |wanted: fn(&Action) -> bool| steps.iter().find(|step| wanted(&step.action));
    let created = first(|action| matches!(action, Action::CreateContainer { .. }));
    let removed = first(|action| matches!(action, Action::RemoveContainer { .. }));
    let started = first(|action| matches!(action, Action::StartContainer { .. }));
    let stopped = first(|action| matches!(action, Action::StopContainer { .. }));
    let (kind, step) = match (created, removed, started) {
        // It is replaced only if the image turns out to be another.
        (Some(step), _, _) if may_stay(&step.action) => return None,
        (Some(step), Some(_), _) => (DriftKind::Changed, step),
        (Some(step), None, _) => (DriftKind::Missing, step),
        (None, Some(step), _) => (DriftKind::Surplus, step),
        (None, None, Some(step)) if stopped.is_none() => (DriftKind::Stopped, step),
        _ => return None,
    };
    Some(Drift { kind, reason: step.reason.clone() })
}

fn may_stay(create: &Action) -> bool {
    matches!(create, Action::CreateContainer { unless_image: Some(_), .. })
}
