//! Requests that look at a project's containers. Only projects of the workspace: what belongs to others on the same
//! engine is not read.

use composeyard_compose::{ProjectName, ServiceName};
use composeyard_plan::{Observed, published_port, running_container};
use composeyard_protocol::{Failure, Outcome, ServerMessage};
use futures_util::StreamExt;

use super::failure;
use super::requests::Asked;
use crate::engine::{EngineError, Span};
use crate::workspace::WorkspaceError;

pub(super) async fn images(asked: &Asked, project: ProjectName) -> Result<Outcome, Failure> {
    let observed = observe(asked, &project).await?;
    let images = asked.app.engine.images(&observed.containers).await.map_err(|error| error.to_failure())?;
    asked.outbox.say(ServerMessage::Images { id: asked.id, images }).await;
    Ok(Outcome::Done)
}

pub(super) async fn top(
    asked: &Asked,
    project: ProjectName,
    services: Vec<ServiceName>,
) -> Result<Outcome, Failure> {
    let observed = observe(asked, &project).await?.only(&services);
    let tables =
        asked.app.engine.processes(&observed.containers).await.map_err(|error| error.to_failure())?;
    asked.outbox.say(ServerMessage::Processes { id: asked.id, tables }).await;
    Ok(Outcome::Done)
}

pub(super) async fn port(
    asked: &Asked,
    project: ProjectName,
    service: &ServiceName,
    index: Option<u32>,
    private_port: u16,
    protocol: &str,
) -> Result<Outcome, Failure> {
    let observed = observe(asked, &project).await?;
    let port = running_container(&observed, service, index)
        .and_then(|container| published_port(container, private_port, protocol))
        .map_err(|error| failure::bad_request(error.to_string()))?
        .clone();
    asked.outbox.say(ServerMessage::Port { id: asked.id, port }).await;
    Ok(Outcome::Done)
}

/// Ends with a failure when the connection to the engine does.
pub(super) async fn events(
    asked: &Asked,
    project: ProjectName,
    services: Vec<ServiceName>,
) -> Result<Outcome, Failure> {
    known(asked, &project)?;
    let failed = |error: EngineError| error.to_failure();
    let events = asked.app.engine.events(&project, services, Span::default()).await.map_err(failed)?;
    let mut events = std::pin::pin!(events);
    while let Some(event) = events.next().await {
        let event = event.map_err(failed)?;
        asked.outbox.say(ServerMessage::Event { id: asked.id, event }).await;
    }
    Err(EngineError::Transport("the engine has ended its events".to_owned()).to_failure())
}

pub(super) async fn observe(asked: &Asked, project: &ProjectName) -> Result<Observed, Failure> {
    known(asked, project)?;
    asked.app.engine.observe(project, None).await.map_err(|error| error.to_failure())
}

/// Refuses a project that is not in the workspace.
pub(super) fn known(asked: &Asked, project: &ProjectName) -> Result<(), Failure> {
    if asked.app.workspace.knows(project) {
        return Ok(());
    }
    Err(failure::workspace(&WorkspaceError::NoProject(project.clone())))
}
