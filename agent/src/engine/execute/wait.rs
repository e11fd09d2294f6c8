//! Waiting for a service's condition: by the engine's events, with a look now and then as back-up.

use std::time::Duration;

use bollard::Docker;
use composeyard_compose::{ProjectName, ServiceName, model::Condition};
use composeyard_plan::{Health, ObservedContainer, Verdict, verdict};
use futures_util::StreamExt;
use tokio::{sync::watch, task::JoinHandle, time};

use super::{
    super::{EngineError, events::changes, observe},
    Report, Run,
};

/// The back-up look.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Tells that something happened to a container of the project.
pub(super) struct Changes {
    count: watch::Receiver<u64>,
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
        let (sender, count) = watch::channel(0);
        let (docker, project) = (docker.clone(), project.clone());
        let listening = tokio::spawn(async move {
            let mut events = Box::pin(changes(&docker, &project));
            while let Some(Ok(())) = events.next().await {
                sender.send_modify(|count| *count += 1);
            }
            drop(events);
            // The look now and then goes on without events.
            sender.closed().await;
        });
        Self { count, listening }
    }
}

/// Waits until the condition holds, can no longer hold, or the run is cancelled.
pub(super) async fn wait(
    run: &Run,
    service: &ServiceName,
    condition: Condition,
    required: bool,
    report: &Report,
) -> Result<(), EngineError> {
    let mut changes = run.changes.count.clone();
    loop {
        changes.mark_unchanged();
        let containers = observe::containers_of(&run.docker, &run.project.name, service).await?;
        match verdict(service, condition, &containers) {
            Verdict::Met => return Ok(()),
            Verdict::Failed(why) if required => return Err(EngineError::Step(why)),
            Verdict::Failed(why) => {
                report.line(&format!("{why}; it is not required, so the rest goes on"));
                return Ok(());
            }
            Verdict::Pending => report.detail(words(condition, &containers), None),
        }
        tokio::select! {
            () = run.cancel.cancelled() => return Err(EngineError::Cancelled),
            _ = changes.changed() => {}
            () = time::sleep(LOOK_EVERY) => {}
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
