//! A plan as rows: steps that belong together are one row with one title, one reason and one state.

use composeyard_compose::model::Condition;
use composeyard_plan::{Action, Downloads, Plan, Step, Target, size};
use composeyard_protocol::{Failure, StepState};

use super::job::Job;

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanRow {
    /// "Replace app 1".
    pub title: String,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub state: RowState,
}

/// Where a row stands.
#[derive(Clone, Debug, PartialEq)]
pub enum RowState {
    /// Not begun.
    Waiting,
    /// Under way.
    Running {
        /// What just now; may be empty.
        detail: String,
        /// Done, between 0 and 1, when known.
        part: Option<f64>,
    },
    /// Done, in so many milliseconds.
    Done(u64),
    /// Failed.
    Failed(Failure),
    /// Left out after a failure before it.
    Skipped,
}

/// A plan's rows, in its order, with the states of the job that runs it, and what each downloads.
pub fn rows(plan: &Plan, job: Option<&Job>, sizes: Option<&Downloads>) -> Vec<PlanRow> {
    groups(plan).into_iter().map(|steps| row(&steps, job, sizes)).collect()
}

/// How many things the plan changes: what it only waits for does not count.
pub fn changes(plan: &Plan) -> usize {
    groups(plan).iter().filter(|steps| !steps.iter().all(|step| is_wait(step))).count()
}

fn is_wait(step: &Step) -> bool {
    step.action.only_waits()
}

/// Steps of one group, or of one target, together at the place of the first.
fn groups(plan: &Plan) -> Vec<Vec<&Step>> {
    let mut groups: Vec<Vec<&Step>> = Vec::new();
    for step in &plan.steps {
        let together = |group: &&mut Vec<&Step>| {
            let first = group[0];
            if is_wait(step) || is_wait(first) {
                return false;
            }
            first.group == step.group && (!step.group.is_empty() || first.target == step.target)
        };
        match groups.iter_mut().find(together) {
            Some(group) => group.push(step),
            None => groups.push(vec![step]),
        }
    }
    groups
}

fn row(steps: &[&Step], job: Option<&Job>, sizes: Option<&Downloads>) -> PlanRow {
    let reason = steps.iter().map(|step| &step.reason).find(|reason| !reason.is_empty());
    let mut title = title(steps);
    if let Action::PullImage { image, .. } = &steps[0].action
        && let Some(bytes) = sizes.and_then(|sizes| sizes.images.get(image))
    {
        title = format!("{title}, {}", size(*bytes));
    }
    PlanRow { title, reason: reason.cloned().unwrap_or_default(), state: state(steps, job) }
}

fn title(steps: &[&Step]) -> String {
    let has = |wanted: fn(&Action) -> bool| steps.iter().any(|step| wanted(&step.action));
    let creates = has(|action| matches!(action, Action::CreateContainer { .. }));
    let removes = has(|action| matches!(action, Action::RemoveContainer { .. }));
    let starts = has(|action| matches!(action, Action::StartContainer { .. }));
    let stops = has(|action| matches!(action, Action::StopContainer { .. }));
    let first = steps[0];
    let what = match &first.target {
        Target::Container { service, number } => format!("{service} {number}"),
        Target::Network(name) => format!("network {name}"),
        Target::Volume(name) => format!("volume {name}"),
        Target::Image(reference) => reference.clone(),
    };
    let verb = match &first.action {
        Action::WaitFor { service, condition, .. } => return wait(service.as_str(), *condition),
        Action::WaitUp { service, .. } => return format!("Wait until {service} is up"),
        Action::PullImage { image, .. } => return format!("Pull {image}"),
        Action::BuildImage { service, .. } => return format!("Build the image of {service}"),
        Action::PushImage { image, .. } => return format!("Push {image}"),
        Action::RemoveImage { image } => return format!("Remove image {image}"),
        Action::CreateNetwork { key } => return format!("Create network {key}"),
        Action::RemoveNetwork { name, .. } => return format!("Remove network {name}"),
        Action::CreateVolume { key } => return format!("Create volume {key}"),
        Action::RemoveVolume { name } => return format!("Remove volume {name} and its data"),
        _ if creates && removes => "Replace",
        _ if creates && starts => "Create and start",
        _ if creates => "Create",
        _ if removes => "Remove",
        _ if stops && starts => "Restart",
        _ if stops => "Stop",
        _ if starts => "Start",
        Action::PreStart { .. } => "Prepare",
        Action::RenameContainer { .. } => "Rename",
        Action::PauseContainer { .. } => "Pause",
        Action::UnpauseContainer { .. } => "Unpause",
        Action::KillContainer { signal, .. } => return format!("Send {signal} to {what}"),
        _ => "Connect",
    };
    format!("{verb} {what}")
}

fn wait(service: &str, condition: Condition) -> String {
    match condition {
        Condition::ServiceStarted => format!("Wait until {service} has started"),
        Condition::ServiceHealthy => format!("Wait until {service} is healthy"),
        Condition::ServiceCompletedSuccessfully => format!("Wait until {service} has finished"),
    }
}

/// The worst or latest of the steps' states.
fn state(steps: &[&Step], job: Option<&Job>) -> RowState {
    let states: Vec<Option<&StepState>> =
        steps.iter().map(|step| job.and_then(|job| job.step(step.id))).collect();
    let (mut took, mut done) = (0, 0);
    for state in states.iter().flatten() {
        match state {
            StepState::Failed { failure } => return RowState::Failed(failure.clone()),
            StepState::Running { detail, bytes } if job.is_some_and(Job::is_running) => {
                let part =
                    bytes.filter(|(_, all)| *all > 0).map(|(now, all)| (now as f64 / all as f64).min(1.0));
                return RowState::Running { detail: detail.clone(), part };
            }
            StepState::Done { took: step } => {
                took += step;
                done += 1;
            }
            StepState::Running { .. } | StepState::Skipped => {}
        }
    }
    let skipped = states.iter().flatten().any(|state| matches!(state, StepState::Skipped));
    match done {
        _ if done == steps.len() => RowState::Done(took),
        _ if skipped || job.is_some_and(|job| !job.is_running()) => RowState::Skipped,
        0 => RowState::Waiting,
        _ => RowState::Running { detail: String::new(), part: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use composeyard_plan::{ContainerRef, StepId};
    use composeyard_protocol::Progress;

    fn step(id: u32, group: &str, target: Target, action: Action) -> Step {
        Step {
            id: StepId(id),
            after: Vec::new(),
            target,
            action,
            reason: format!("reason {id}"),
            group: group.into(),
        }
    }

    fn app() -> Target {
        Target::Container { service: "app".into(), number: 1 }
    }

    fn plan() -> Plan {
        let service = composeyard_compose::ServiceName::new("app").unwrap();
        let made = ContainerRef::Made(StepId(1));
        let create = Action::CreateContainer {
            service: service.clone(),
            number: 1,
            name: "p-app-1".into(),
            replaces: None,
            unless_image: None,
            renew_volumes: false,
            one_off: None,
        };
        let wait = Action::WaitFor { service, condition: Condition::ServiceHealthy, required: true };
        let steps = vec![
            step(0, "", Target::Network("back".into()), Action::CreateNetwork { key: "back".into() }),
            step(1, "", app(), create),
            step(2, "", app(), Action::StartContainer { container: made }),
            step(3, "", app(), wait),
        ];
        Plan { steps, warnings: Vec::new() }
    }

    #[test]
    fn steps_of_one_container_are_one_row() {
        let titles: Vec<String> = rows(&plan(), None, None).into_iter().map(|row| row.title).collect();
        assert_eq!(titles, ["Create network back", "Create and start app 1", "Wait until app is healthy"]);
    }

    #[test]
    fn a_pull_says_what_it_downloads_once_that_is_known() {
        let pull = |id, image: &str| {
            let action = Action::PullImage { image: image.into(), optional: false };
            step(id, "", Target::Image(image.into()), action)
        };
        let plan = Plan { steps: vec![pull(1, "nginx"), pull(2, "private")], warnings: Vec::new() };
        let sizes = Downloads { images: [("nginx".into(), 45_200_000)].into(), together: 45_200_000 };
        let titles = |sizes| rows(&plan, None, sizes).into_iter().map(|row| row.title).collect::<Vec<_>>();
        assert_eq!(titles(None), ["Pull nginx", "Pull private"]);
        assert_eq!(titles(Some(&sizes)), ["Pull nginx, 45.2 MB", "Pull private"]);
    }

    #[test]
    fn waiting_is_no_change() {
        assert_eq!(changes(&plan()), 2);
        assert_eq!(changes(&Plan::default()), 0);
    }

    #[test]
    fn steps_of_one_group_are_one_row_whatever_they_touch() {
        let mut plan = plan();
        let old = ContainerRef::Existing("abc".into());
        plan.steps.push(step(4, "", app(), Action::RemoveContainer { container: old, volumes: false }));
        for step in &mut plan.steps {
            if step.id.0 != 0 && step.id.0 != 3 {
                step.group = "recreate:app:1".into();
            }
        }
        assert_eq!(rows(&plan, None, None)[1].title, "Replace app 1");
    }

    #[test]
    fn a_row_runs_until_its_last_step_is_done() {
        let plan = plan();
        let mut job = Job::new("Up");
        job.begin(&plan);
        let mut state = |step, state| {
            job.progress(Progress { step: StepId(step), state });
            rows(&plan, Some(&job), None)[1].state.clone()
        };
        let done = StepState::Done { took: 5 };
        assert!(matches!(state(1, done.clone()), RowState::Running { .. }));
        assert_eq!(state(2, done), RowState::Done(10));
    }

    #[test]
    fn nothing_runs_any_more_when_the_job_has_ended() {
        let plan = plan();
        let mut job = Job::new("Up");
        job.begin(&plan);
        job.progress(Progress { step: StepId(1), state: StepState::Done { took: 5 } });
        job.end(composeyard_protocol::Outcome::Cancelled);
        assert!(rows(&plan, Some(&job), None).iter().all(|row| row.state == RowState::Skipped));
    }

    #[test]
    fn a_running_step_shows_its_part() {
        let plan = plan();
        let mut job = Job::new("Up");
        job.begin(&plan);
        let state = StepState::Running { detail: "layer 1".into(), bytes: Some((1, 4)) };
        job.progress(Progress { step: StepId(0), state });
        let expected = RowState::Running { detail: "layer 1".into(), part: Some(0.25) };
        assert_eq!(rows(&plan, Some(&job), None)[0].state, expected);
    }
}
