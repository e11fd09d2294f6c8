//! Waiting for a service: by the engine's events, with a look now and then as back-up.

use std::{collections::BTreeMap, time::Duration};

use bollard::Docker;
use composeyard_compose::{ProjectName, ServiceName, model::Condition};
use composeyard_plan::{Health, News, ObservedContainer, Verdict, up_verdict, verdict};
use futures_util::StreamExt;
use tokio::{sync::watch, task::JoinHandle, time};

use super::{
    super::{EngineError, events::changes, observe},
    Report, Run,
};

/// The back-up look.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Tells what happens to the containers of each service.
pub(super) struct Changes {
    /// Events so far, by service.
    news: watch::Receiver<BTreeMap<String, Vec<News>>>,
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
        let (sender, news) = watch::channel(BTreeMap::<_, Vec<News>>::new());
        let (docker, project) = (docker.clone(), project.clone());
        let listening = tokio::spawn(async move {
            let mut events = Box::pin(changes(&docker, &project));
            while let Some(Ok(change)) = events.next().await {
                sender.send_modify(|news| news.entry(change.service).or_default().push(change.news));
            }
            drop(events);
            // The look now and then goes on without events.
            sender.closed().await;
        });
        Self { news, listening }
    }

    /// Number of events of a service so far.
    fn so_far(&self, service: &ServiceName) -> usize {
        since(&self.news.borrow(), service, 0).len()
    }

    /// What has happened to the service since the first `seen` events, once something has; nothing after a while.
    async fn after(&self, service: &ServiceName, seen: usize) -> Vec<News> {
        let mut news = self.news.clone();
        let news = news.wait_for(|news| !since(news, service, seen).is_empty());
        match time::timeout(LOOK_EVERY, news).await {
            Ok(Ok(news)) => since(&news, service, seen).to_vec(),
            // Without events there is still the time.
            Ok(Err(_)) | Err(_) => Vec::new(),
        }
    }
}

fn since<'a>(news: &'a BTreeMap<String, Vec<News>>, service: &ServiceName, seen: usize) -> &'a [News] {
    news.get(service.as_str()).and_then(|news| news.get(seen..)).unwrap_or_default()
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

/// Judges after each event of the service until the verdict is not pending any more; why it failed, if it did. An event
/// that does not tell all is followed by a look.
async fn until(
    run: &Run,
    service: &ServiceName,
    report: &Report,
    judge: impl Fn(&[ObservedContainer]) -> Verdict,
    words: impl Fn(&[ObservedContainer]) -> String,
) -> Result<Option<String>, EngineError> {
    let look = || observe::containers_of(&run.docker, &run.project.name, service);
    let mut seen = run.changes.so_far(service);
    let mut containers = look().await?;
    loop {
        match judge(&containers) {
            Verdict::Met => return Ok(None),
            Verdict::Failed(why) => return Ok(Some(why)),
            Verdict::Pending => report.detail(words(&containers), None),
        }
        let news = tokio::select! {
            () = run.cancel.cancelled() => return Err(EngineError::Cancelled),
            news = run.changes.after(service, seen) => news,
        };
        seen += news.len();
        let told = !news.is_empty() && news.iter().all(|one| one.enter(&mut containers));
        if !told {
            containers = look().await?;
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
