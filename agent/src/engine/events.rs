//! The engine's event stream as snapshots of a project.

use composeyard_compose::ProjectName;
use composeyard_plan::Observed;
use composeyard_protocol::EngineState;
use futures_util::StreamExt;
use std::time::Duration;
use tokio::{sync::watch, time};

use super::{Engine, labels};

/// A burst of events becomes one snapshot; short enough to feel live.
const GATHER: Duration = Duration::from_millis(40);

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
            let _lost = follow_once(&docker, &project, &snapshots).await;
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

/// Subscribes first and lists then, so that nothing falls between the two.
async fn follow_once(
    docker: &bollard::Docker,
    project: &ProjectName,
    snapshots: &watch::Sender<Option<Observed>>,
) -> Result<(), super::EngineError> {
    let options =
        bollard::query_parameters::EventsOptionsBuilder::default().filters(&filter(project)).build();
    let mut events = Box::pin(docker.events(Some(options)).fuse());
    loop {
        publish(snapshots, Some(super::observe::observe(docker, project, None).await?));
        match events.next().await {
            Some(event) => drop(event?),
            None => return Ok(()),
        }
        let quiet = time::sleep(GATHER);
        tokio::pin!(quiet);
        loop {
            tokio::select! {
                () = &mut quiet => break,
                event = events.next() => match event {
                    Some(event) => drop(event?),
                    None => return Ok(()),
                },
            }
        }
    }
}

fn filter(project: &ProjectName) -> std::collections::HashMap<String, Vec<String>> {
    labels::project_filter(project.as_str())
}

fn publish(snapshots: &watch::Sender<Option<Observed>>, next: Option<Observed>) {
    snapshots.send_if_modified(|current| {
        let news = *current != next;
        *current = next;
        news
    });
}
