//! The engine's event stream as snapshots of a project.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bollard::{Docker, models::EventMessage, query_parameters::EventsOptionsBuilder};
use composeyard_compose::ProjectName;
use composeyard_plan::{Happened, Health, News, Observed};
use composeyard_protocol::EngineState;
use futures_util::{Stream, StreamExt};
use tokio::{sync::watch, time};

use super::{Engine, EngineError, Labels, labels, observe::observe};

/// A burst of events becomes one snapshot; short enough to feel live.
const GATHER: Duration = Duration::from_millis(40);
/// How far back a subscription looks: the stream needs a moment to stand.
const LOOK_BACK: Duration = Duration::from_secs(2);

/// Starts a task that lists the project after each burst of its events.
pub(super) fn watch_project(engine: Engine, project: ProjectName) -> watch::Receiver<Option<Observed>> {
    let (snapshots, receiver) = watch::channel(None);
    tokio::spawn(async move {
        let closed = snapshots.clone();
        tokio::select! {
            () = closed.closed() => {}
            () = follow(engine, project, snapshots) => {}
        }
    });
    receiver
}

async fn follow(engine: Engine, project: ProjectName, snapshots: watch::Sender<Option<Observed>>) {
    let mut state = engine.state();
    while state.wait_for(|state| matches!(state, EngineState::Up { .. })).await.is_ok() {
        if let Ok(docker) = engine.docker() {
            // A silent engine keeps the stream open: only the connection's keeper knows that it is gone.
            tokio::select! {
                _broken = follow_once(&docker, &project, &snapshots) => {}
                _lost = state.wait_for(|state| !matches!(state, EngineState::Up { .. })) => {}
            }
        }
        let still_up = matches!(*state.borrow_and_update(), EngineState::Up { .. });
        if still_up {
            // The stream broke a moment before the connection's keeper notices, or only this stream broke.
            let _changed = time::timeout(Duration::from_millis(500), state.changed()).await;
        }
        if !matches!(*state.borrow(), EngineState::Up { .. }) {
            publish(&snapshots, None);
        }
    }
}

/// Lists, and again after each burst of events.
async fn follow_once(
    docker: &Docker,
    project: &ProjectName,
    snapshots: &watch::Sender<Option<Observed>>,
) -> Result<(), EngineError> {
    let mut events = Box::pin(changes(docker, project));
    loop {
        publish(snapshots, Some(observe(docker, project, None).await?));
        match events.next().await {
            Some(event) => drop(event?),
            None => return Ok(()),
        }
        let gathered = time::sleep(GATHER);
        tokio::pin!(gathered);
        loop {
            tokio::select! {
                () = &mut gathered => break,
                event = events.next() => match event {
                    Some(event) => drop(event?),
                    None => return Ok(()),
                },
            }
        }
    }
}

/// An event that changes a container.
pub(super) struct Change {
    /// The container's service.
    pub(super) service: String,
    /// What the event tells.
    pub(super) news: News,
}

/// The events that change a project's containers. `GET /events`. Events of the last moments come too, so that nothing
/// is lost between a subscription and the list that follows it.
pub(super) fn changes<'a>(
    docker: &'a Docker,
    project: &ProjectName,
) -> impl Stream<Item = Result<Change, EngineError>> + use<'a> {
    let mut filters = labels::project_filter(project.as_str());
    filters.insert("type".to_owned(), vec!["container".to_owned()]);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let since = now.saturating_sub(LOOK_BACK).as_secs().to_string();
    let options = EventsOptionsBuilder::default().filters(&filters).since(&since).build();
    docker.events(Some(options)).filter_map(|event| {
        std::future::ready(match event {
            Ok(event) => is_change(&event).then(|| Ok(change(event))),
            Err(error) => Some(Err(error.into())),
        })
    })
}

fn change(event: EventMessage) -> Change {
    let action = event.action.unwrap_or_default();
    let actor = event.actor.unwrap_or_default();
    let attributes = actor.attributes.unwrap_or_default();
    let attribute = |name: &str| attributes.get(name).map(String::as_str).unwrap_or_default();
    let what = match (action.as_str(), action.strip_prefix("health_status")) {
        // Podman tells the result apart.
        (_, Some("")) => health(attribute("health_status")),
        (_, Some(result)) => health(result.trim_start_matches([':', ' '])),
        ("die", _) => attribute("exitCode").parse().map_or(Happened::Other, Happened::Ended),
        _ => Happened::Other,
    };
    let news = News { container: actor.id.unwrap_or_default(), at: event.time_nano.unwrap_or(0), what };
    Change { service: attribute(Labels::SERVICE).to_owned(), news }
}

fn health(result: &str) -> Happened {
    match result {
        "healthy" => Happened::Health(Health::Healthy),
        "unhealthy" => Happened::Health(Health::Unhealthy),
        _ => Happened::Other,
    }
}

/// Health checks alone make three `exec_…` events each time they run; they change nothing.
fn is_change(event: &EventMessage) -> bool {
    let action = event.action.as_deref().unwrap_or_default();
    !["exec_", "attach", "resize", "top", "archive", "extract", "export"]
        .iter()
        .any(|idle| action.starts_with(idle))
}

fn publish(snapshots: &watch::Sender<Option<Observed>>, next: Option<Observed>) {
    snapshots.send_if_modified(|current| {
        let news = *current != next;
        *current = next;
        news
    });
}
