//! Requests that go on until cancelled: a project's state, its logs. Both wait for the project to be in the workspace:
//! what belongs to others on the same engine is not read.

use composeyard_compose::{ProjectName, ResourceName, ServiceName};
use composeyard_logs::line::Cursor;
use composeyard_protocol::{Failure, Outcome, ProjectState, ServerMessage};
use tokio::sync::mpsc;

use super::failure;
use super::requests::Asked;
use crate::logs::{self, LogEvent, Subscription};

const MAX_CURSORS: usize = 4096;
/// Batches between the follower and the socket.
const BATCHES: usize = 8;

/// Sends a snapshot now and after each change. A slow client misses snapshots between, never the last one.
pub(super) async fn watch(asked: &Asked, project: ProjectName) -> Result<Outcome, Failure> {
    known(asked, &project).await;
    let mut observed = asked.app.engine.watch_project(project.clone());
    let mut jobs = asked.app.jobs.watch();
    loop {
        let state = ProjectState {
            project: project.clone(),
            revision: asked.app.next_snapshot(),
            observed: observed.borrow_and_update().clone(),
            busy: jobs.borrow_and_update().get(&project).cloned(),
        };
        let busy = state.busy.clone();
        asked.outbox.say(ServerMessage::State { id: asked.id, state }).await;
        tokio::select! {
            changed = observed.changed() => if changed.is_err() {
                return Ok(Outcome::Done);
            },
            _ = jobs.wait_for(|running| running.get(&project) != busy.as_ref()) => {}
        }
    }
}

/// Sends log batches as they come.
pub(super) async fn follow_logs(
    asked: &Asked,
    project: ProjectName,
    services: Vec<ServiceName>,
    tail: Option<u32>,
    cursors: Vec<Cursor>,
) -> Result<Outcome, Failure> {
    accept_cursors(&cursors)?;
    known(asked, &project).await;
    let (out, mut events) = mpsc::channel(BATCHES);
    let engine = asked.app.engine.clone();
    let subscription =
        Subscription { request: asked.id, project, services, index: None, tail, since: None, cursors };
    let following = logs::follow(engine, subscription, out, asked.cancel.clone());
    let sending = async {
        while let Some(event) = events.recv().await {
            match event {
                LogEvent::Opened(source) | LogEvent::Closed { source, .. } => {
                    asked.outbox.say(ServerMessage::LogSource { id: asked.id, source }).await;
                }
                LogEvent::Batch(bytes) => asked.outbox.batch(bytes).await,
            }
        }
    };
    tokio::join!(following, sending);
    Ok(Outcome::Done)
}

/// Container ids of the page go into paths of the engine's API: only what is shaped like one is let through.
fn accept_cursors(cursors: &[Cursor]) -> Result<(), Failure> {
    if cursors.len() > MAX_CURSORS {
        return Err(failure::bad_request("too many cursors"));
    }
    for cursor in cursors {
        ResourceName::new(cursor.container.as_str())
            .map_err(|error| failure::bad_request(error.to_string()))?;
    }
    Ok(())
}

async fn known(asked: &Asked, project: &ProjectName) {
    let mut saves = asked.app.workspace.saves();
    while !asked.app.workspace.knows(project) {
        if saves.changed().await.is_err() {
            return;
        }
    }
}
