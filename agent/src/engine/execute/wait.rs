//! Waiting for a service: by the engine's events, with a look now and then as back-up.

use std::{collections::BTreeMap, time::Duration};

use bollard::Docker;
use composeyard_compose::{ProjectName, ServiceName, model::Condition};
use composeyard_plan::{Health, ObservedContainer, Verdict, up_verdict, verdict};
use futures_util::StreamExt;
use tokio::{sync::watch, task::JoinHandle, time};

use super::{
    super::{EngineError, events::changes, observe},
    Report, Run,
};

/// The back-up look.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Tells that something happened to a container of a service.
pub(super) struct Changes {
    /// Events so far, by service.
    counts: watch::Receiver<BTreeMap<String, u64>>,
    listening: JoinHandle<()>,
}

impl Drop for Changes {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Changes {
    /// Subscribes, before anything is started.
    pub(super) fn of_project(docker: &Docker, project: &ProjectName) -> Self {
        let (sender, counts) = watch::channel(BTreeMap::new());
        let (docker, project) = (docker.clone(), project.clone());
        let listening = tokio::spawn(async move {
            let mut events = Box::pin(changes(&docker, &project));
            while let Some(Ok(service)) = events.next().await {
                sender.send_modify(|counts| *counts.entry(service).or_insert(0) += 1);
            }
            drop(events);
            // The look now and then goes on without events.
            sender.closed().await;
        });
        Self { counts, listening }
    }

    /// Ends when something has happened to the service since `seen`, or after a while.
    async fn after(&self, service: &ServiceName, seen: u64) {
        let mut counts = self.counts.clone();
        let news = counts.wait_for(|counts| count(counts, service) != seen);
        // Without events there is still the time.
        let _too_long = time::timeout(LOOK_EVERY, news).await;
    }
}

fn count(counts: &BTreeMap<String, u64>, service: &ServiceName) -> u64 {
    counts.get(service.as_str()).copied().unwrap_or(0)
}

/// Waits until the condition holds, can no longer hold, or the run is cancelled.
pub(super) async fn wait(
    run: &Run,
    service: &ServiceName,
    condition: Condition,
    required: bool,
    report: &Report,
) -> Result<(), EngineError> {
    let judge = |containers: &[ObservedContainer]| verdict(service, condition, containers);
    match until(run, service, report, judge, |containers| words(condition, containers)).await? {
        Some(why) if required => Err(EngineError::Step(why)),
        Some(why) => {
            report.line(&format!("{why}; it is not required, so the rest goes on"));
            Ok(())
        }
        None => Ok(()),
    }
}

/// Waits until the service is up, at most so many seconds; 0 for as long as it takes.
pub(super) async fn up(
    run: &Run,
    service: &ServiceName,
    within: u32,
    report: &Report,
) -> Result<(), EngineError> {
    let judge = |containers: &[ObservedContainer]| up_verdict(service, containers);
    let condition = Condition::ServiceHealthy;
    let waiting = until(run, service, report, judge, |containers| words(condition, containers));
    let failed = match within {
        0 => waiting.await?,
        within => match time::timeout(Duration::from_secs(within.into()), waiting).await {
            Ok(ended) => ended?,
            Err(_) => Some(format!("service {service} is not up after {within} s")),
        },
    };
    failed.map_or(Ok(()), |why| Err(EngineError::Step(why)))
}

/// Looks after each event of the service until the verdict is not pending any more; why it failed, if it did.
async fn until(
    run: &Run,
    service: &ServiceName,
    report: &Report,
    judge: impl Fn(&[ObservedContainer]) -> Verdict,
    words: impl Fn(&[ObservedContainer]) -> String,
) -> Result<Option<String>, EngineError> {
    loop {
        let seen = count(&run.changes.counts.borrow(), service);
        let containers = observe::containers_of(&run.docker, &run.project.name, service).await?;
        match judge(&containers) {
            Verdict::Met => return Ok(None),
            Verdict::Failed(why) => return Ok(Some(why)),
            Verdict::Pending => report.detail(words(&containers), None),
        }
        tokio::select! {
            () = run.cancel.cancelled() => return Err(EngineError::Cancelled),
            () = run.changes.after(service, seen) => {}
        }
    }
}

fn words(condition: Condition, containers: &[ObservedContainer]) -> String {
    let healthy = containers.iter().filter(|c| c.health == Health::Healthy).count();
    match condition {
        Condition::ServiceHealthy => format!("{healthy} of {} healthy", containers.len()),
        Condition::ServiceCompletedSuccessfully => "still running".to_owned(),
        Condition::ServiceStarted => String::new(),
    }
}
