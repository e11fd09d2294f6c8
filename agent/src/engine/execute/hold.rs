//! Containers that are made a moment later, so that what everybody waits for starts sooner.
//!
//! A container whose start is behind a health check is not needed before that check has run. Made beside the first start,
//! it takes a core from it; made during the wait, it costs nothing. What is held is only the beginning: it is made too
//! when that start fails, so that the same containers are left as ever. The price: with a check that is met faster than
//! the containers are made, their making is part of the way, and what cannot be made is found after the first start.
//!
//! Waits for an end are not meant: a command may have ended sooner than a container is made.

use std::collections::{HashMap, HashSet};

use composeyard_compose::model::Condition;
use composeyard_plan::{Action, Plan, Step, StepId};

/// Steps that make a container, by the wait that they may begin with.
#[derive(Debug, Default)]
pub(super) struct Held(HashMap<StepId, StepId>);

impl Held {
    /// What of a plan is held. Nothing that a wait is behind is held by it, so that no plan comes to a stop.
    pub(super) fn of(plan: &Plan) -> Self {
        let behind = behind(plan);
        let mut held = HashMap::new();
        if behind.is_empty() {
            return Self(held);
        }
        let mut followers: HashMap<StepId, Vec<&Step>> = HashMap::new();
        for step in plan.steps.iter().filter(|step| !matches!(step.action, Action::WaitUp { .. })) {
            for before in &step.after {
                followers.entry(*before).or_default().push(step);
            }
        }
        // From the end: a container can be held by what holds those that are made after it.
        for step in plan.steps.iter().rev().filter(|step| is_new(step)) {
            let mut holds = followers.get(&step.id).into_iter().flatten();
            let wait = |follower: &Step| held.get(&follower.id).or_else(|| behind.get(&follower.id)).copied();
            let Some(first) = holds.next().and_then(|follower| wait(follower)) else { continue };
            if holds.all(|follower| wait(follower) == Some(first)) {
                held.insert(step.id, first);
            }
        }
        Self(held)
    }

    /// True for a step whose wait is ahead: it has not begun, and may still begin.
    pub(super) fn holds(&self, step: StepId, is_ahead: impl Fn(StepId) -> bool) -> bool {
        self.0.get(&step).is_some_and(|wait| is_ahead(*wait))
    }
}

/// The first wait for health on the way to each step that is behind one; of several, the one that is planned first.
fn behind(plan: &Plan) -> HashMap<StepId, StepId> {
    let mut behind: HashMap<StepId, StepId> = HashMap::new();
    let mut healthy = HashSet::new();
    for step in &plan.steps {
        let first = |before: &StepId| {
            let own = || healthy.get(before).copied();
            behind.get(before).copied().or_else(own)
        };
        if let Some(wait) = step.after.iter().find_map(first) {
            behind.insert(step.id, wait);
        }
        if matches!(step.action, Action::WaitFor { condition: Condition::ServiceHealthy, .. }) {
            healthy.insert(step.id);
        }
    }
    behind
}

/// It makes a container beside which there is no older one that it replaces.
fn is_new(step: &Step) -> bool {
    matches!(step.action, Action::CreateContainer { replaces: None, .. })
}

#[cfg(test)]
mod tests {
    use composeyard_compose::Project;
    use composeyard_plan::{Command, Observed, ObservedImage, RunOptions, UpOptions, plan};
    use serde_json::{Value, json};

    use super::*;

    fn project(services: &Value) -> Project {
        serde_json::from_value(json!({"name": "shop", "services": services, "networks": {}, "volumes": {}}))
            .unwrap()
    }

    fn images() -> Observed {
        Observed { images: [("i".to_owned(), ObservedImage::default())].into(), ..Default::default() }
    }

    fn up(services: &Value) -> Plan {
        plan(&project(services), &images(), &Command::Up(UpOptions::default())).unwrap()
    }

    fn after(condition: &str, on: &[&str]) -> Value {
        let on = on.iter().map(|on| ((*on).to_owned(), json!({"condition": condition, "required": true})));
        json!({"image": "i", "depends_on": on.collect::<serde_json::Map<_, _>>()})
    }

    /// `b < a` for each container that is held, and the service whose health its wait is for.
    fn held(plan: &Plan) -> Vec<String> {
        let held = Held::of(plan);
        let of = |id: &StepId| &plan.steps.iter().find(|step| step.id == *id).unwrap().action;
        let mut names: Vec<String> = held
            .0
            .iter()
            .map(|(made, wait)| match (of(made), of(wait)) {
                (Action::CreateContainer { service, .. }, Action::WaitFor { service: on, .. }) => {
                    format!("{service} < {on}")
                }
                other => panic!("{other:?}"),
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn in_a_row_of_health_checks_all_but_the_first_are_made_during_the_first_wait() {
        let plan = up(&json!({
            "a": {"image": "i"}, "b": after("service_healthy", &["a"]), "c": after("service_healthy", &["b"]),
            "d": after("service_started", &["c"]),
        }));
        assert_eq!(held(&plan), ["b < a", "c < a", "d < a"]);
    }

    #[test]
    fn a_row_of_jobs_or_of_mere_starts_is_made_at_once() {
        for condition in ["service_started", "service_completed_successfully"] {
            let plan = up(
                &json!({"a": {"image": "i"}, "b": after(condition, &["a"]), "c": after(condition, &["b"])}),
            );
            assert!(held(&plan).is_empty(), "{condition}");
        }
    }

    #[test]
    fn what_something_needs_before_the_wait_is_made_at_once() {
        let mut services = json!({
            "a": {"image": "i"}, "b": after("service_healthy", &["a"]), "c": after("service_healthy", &["a"]),
            "d": {"image": "i"},
        });
        services["b"]["depends_on"]["d"] = json!({"condition": "service_started", "required": true});
        assert_eq!(held(&up(&services)), ["b < a", "c < a"]);
    }

    #[test]
    fn the_container_of_a_command_that_is_started_elsewhere_is_not_held() {
        let project = project(&json!({"a": {"image": "i"}, "b": after("service_healthy", &["a"])}));
        let run = RunOptions::of(composeyard_compose::ServiceName::new("b").unwrap());
        assert!(held(&plan(&project, &images(), &Command::Run(run)).unwrap()).is_empty());
    }

    #[test]
    fn no_plan_of_any_graph_comes_to_a_stop() {
        for seed in 0..400 {
            let mut random = fastrand::Rng::with_seed(seed);
            let services = (0..9).map(|at| {
                let mut service = json!({"image": "i", "scale": random.u32(0..3), "depends_on": {}});
                for on in (0..at).filter(|_| random.u32(0..4) == 0).collect::<Vec<_>>() {
                    let condition = ["service_healthy", "service_started", "service_completed_successfully"]
                        [random.usize(0..3)];
                    service["depends_on"][format!("s{on}")] =
                        json!({"condition": condition, "required": random.bool()});
                }
                (format!("s{at}"), service)
            });
            let services = Value::Object(services.collect());
            let options = UpOptions { wait: random.bool(), ..Default::default() };
            let plan = plan(&project(&services), &images(), &Command::Up(options)).unwrap();
            let held = Held::of(&plan);
            let mut done: HashSet<StepId> = HashSet::new();
            let is_ready =
                |step: &Step, done: &HashSet<StepId>| step.after.iter().all(|before| done.contains(before));
            let is_ahead = |wait, done: &HashSet<StepId>| {
                plan.steps.iter().any(|step| step.id == wait && !is_ready(step, done))
            };
            loop {
                let next: Vec<StepId> = plan
                    .steps
                    .iter()
                    .filter(|step| !done.contains(&step.id) && is_ready(step, &done))
                    .filter(|step| !held.holds(step.id, |wait| is_ahead(wait, &done)))
                    .map(|step| step.id)
                    .collect();
                if next.is_empty() {
                    break;
                }
                done.extend(next);
            }
            assert_eq!(done.len(), plan.steps.len(), "seed {seed}");
        }
    }
}
