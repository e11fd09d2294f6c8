//! Runs a plan: steps in parallel along the edges of its graph. A step that fails takes with it only those that
//! wait for it; cancelling begins nothing new and ends all waiting.

mod create;
mod hold;
mod hooks;
mod lanes;
mod report;
mod step;
mod wait;

use std::{collections::HashMap, num::NonZeroUsize, sync::Arc};

use bollard::Docker;
use composeyard_compose::{Project, ServiceName};
use composeyard_plan::{Action, Plan, Step, StepId, Target};
use composeyard_protocol::{Failure, FailureKind, Outcome, Progress};
use tokio::{
    sync::{Mutex, mpsc},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

use super::{Engine, EngineError, labels::Origin};

use hold::Held;
use lanes::{Lane, Lanes};
pub(super) use report::Report;
use report::Reports;
use wait::Changes;

/// What the steps of one run share.
struct Run {
    docker: Docker,
    project: Project,
    origin: Origin,
    cancel: CancellationToken,
    /// The engine's API takes all endpoints of a container at once (1.44).
    all_endpoints: bool,
    /// Starts that take a port of a range happen one at a time: the engine picks it without a lock.
    starting: Mutex<()>,
    state: Mutex<State>,
    changes: Changes,
    /// Steps that something waits for.
    awaited: Vec<StepId>,
}

/// What steps leave for later ones.
#[derive(Default)]
struct State {
    /// Engine ids of containers made, by step.
    made: HashMap<StepId, String>,
    /// Groups whose container stays because its image turned out to be the same.
    unchanged: Vec<String>,
}

/// Runs the plan to its end, at most so many steps at once besides waits; none for no limit.
pub(super) async fn execute(
    engine: &Engine,
    project: &Project,
    origin: Origin,
    plan: &Plan,
    at_most: Option<NonZeroUsize>,
    progress: mpsc::Sender<Progress>,
    cancel: CancellationToken,
) -> Outcome {
    let docker = match engine.ready().await {
        Ok(docker) => docker,
        Err(error) => return Outcome::Failed { failure: error.to_failure() },
    };
    let api = docker.client_version();
    let run = Arc::new(Run {
        changes: Changes::of_project(&docker, &project.name),
        all_endpoints: (api.major_version, api.minor_version) >= (1, 44),
        docker,
        project: project.clone(),
        origin,
        cancel,
        starting: Mutex::new(()),
        state: Mutex::new(State::default()),
        awaited: plan.steps.iter().flat_map(|step| step.after.clone()).collect(),
    });
    let (reports, forwarding) = Reports::to(progress);
    let outcome = walk(run, plan, Lanes::at_most(at_most), &reports).await;
    drop(reports);
    let _forwarder_panicked = forwarding.await;
    outcome
}

/// Where the walk over the graph stands.
struct Walk<'a> {
    plan: &'a Plan,
    /// Steps not begun, with the number of steps they still wait for.
    open: HashMap<StepId, usize>,
    held: Held,
    first_failure: Option<Failure>,
}

async fn walk(run: Arc<Run>, plan: &Plan, mut lanes: Lanes, reports: &Reports) -> Outcome {
    let open = plan.steps.iter().map(|step| (step.id, step.after.len())).collect();
    let mut walk = Walk { plan, open, held: Held::of(plan), first_failure: None };
    let mut tasks = JoinSet::new();
    loop {
        for step in walk.ready(&run.cancel) {
            if !lanes.enter(Lane::of(&step.action)) {
                continue;
            }
            walk.open.remove(&step.id);
            let (run, step, report) = (run.clone(), step.clone(), reports.begin(step.id));
            tasks.spawn(async move {
                let result = step::run(&run, &step, &report).await;
                (step, report, result)
            });
        }
        let Some(finished) = tasks.join_next().await else { break };
        let Ok((step, report, result)) = finished else {
            // Only a panic ends a task early; the step stays unfinished and so do those after it.
            walk.first_failure.get_or_insert_with(|| failure("a step ended unexpectedly"));
            continue;
        };
        lanes.leave(Lane::of(&step.action));
        match result {
            Ok(()) => {
                report.done();
                walk.release(step.id);
            }
            Err(EngineError::Cancelled) => report.skipped(),
            Err(error) => {
                let failure = named(&step, &error);
                report.failed(failure.clone());
                walk.first_failure.get_or_insert(failure);
                for skipped in walk.dependents(step.id) {
                    walk.open.remove(&skipped);
                    reports.skip(skipped);
                }
            }
        }
    }
    for step in plan.steps.iter().filter(|step| walk.open.contains_key(&step.id)) {
        reports.skip(step.id);
    }
    match walk.first_failure {
        Some(failure) => Outcome::Failed { failure },
        None if run.cancel.is_cancelled() => Outcome::Cancelled,
        None => Outcome::Done,
    }
}

impl<'a> Walk<'a> {
    /// Steps that may begin now, in the plan's order.
    fn ready(&self, cancel: &CancellationToken) -> Vec<&'a Step> {
        if cancel.is_cancelled() {
            return Vec::new();
        }
        let is_ahead = |wait| self.open.get(&wait).is_some_and(|left| *left > 0);
        let may_begin =
            |step: &&Step| self.open.get(&step.id) == Some(&0) && !self.held.holds(step.id, is_ahead);
        self.plan.steps.iter().filter(may_begin).collect()
    }

    /// Steps after this one wait for one less.
    fn release(&mut self, done: StepId) {
        for step in self.plan.steps.iter().filter(|step| step.after.contains(&done)) {
            if let Some(left) = self.open.get_mut(&step.id) {
                *left -= 1;
            }
        }
    }

    /// All steps that wait for this one, also through others.
    fn dependents(&self, failed: StepId) -> Vec<StepId> {
        let mut found = vec![failed];
        // Steps stand after those they wait for, so one pass finds all.
        for step in &self.plan.steps {
            if step.after.iter().any(|before| found.contains(before)) {
                found.push(step.id);
            }
        }
        found.retain(|id| self.open.contains_key(id));
        found
    }
}

/// A failure that says which step it is about.
fn named(step: &Step, error: &EngineError) -> Failure {
    let failure = error.to_failure();
    Failure { message: format!("{}: {}", words(step), failure.message), ..failure }
}

fn failure(message: &str) -> Failure {
    Failure { kind: FailureKind::Engine, message: message.to_owned(), help: None }
}

/// What a step does, for people.
fn words(step: &Step) -> String {
    let subject = match &step.target {
        Target::Container { service, number: 0 } => service.clone(),
        Target::Container { service, number } => format!("{service}-{number}"),
        Target::Network(key) => format!("network {key}"),
        Target::Volume(key) => format!("volume {key}"),
        Target::Image(image) => format!("image {image}"),
    };
    let verb = match &step.action {
        Action::PullImage { .. } => "pull",
        Action::BuildImage { .. } => "build",
        Action::PushImage { .. } => "push",
        Action::CreateNetwork { .. } | Action::CreateVolume { .. } | Action::CreateContainer { .. } => {
            "create"
        }
        Action::RemoveNetwork { .. }
        | Action::RemoveVolume { .. }
        | Action::RemoveContainer { .. }
        | Action::RemoveImage { .. } => "remove",
        Action::DisconnectNetwork { .. } => "disconnect",
        Action::ConnectNetwork { .. } => "connect",
        Action::StartContainer { .. } => "start",
        Action::PauseContainer { .. } => "pause",
        Action::UnpauseContainer { .. } => "unpause",
        Action::KillContainer { .. } => "kill",
        Action::StopContainer { .. } => "stop",
        Action::RenameContainer { .. } => "rename",
        Action::PreStart { .. } => "prepare",
        Action::WaitFor { .. } | Action::WaitUp { .. } => "wait for",
    };
    format!("{verb} {subject}")
}

impl Run {
    /// The service that a step is about; none for one that the files do not name.
    fn service_of(&self, step: &Step) -> Option<(&ServiceName, &composeyard_compose::model::Service)> {
        let Target::Container { service, .. } = &step.target else { return None };
        let (name, service) = self.project.services.iter().find(|(name, _)| name.as_str() == service)?;
        Some((name, service))
    }

    fn service(&self, name: &ServiceName) -> Result<&composeyard_compose::model::Service, EngineError> {
        self.project
            .services
            .get(name)
            .map(|service| &**service)
            .ok_or_else(|| EngineError::Step(format!("service {name} is not in the project any more")))
    }
}
