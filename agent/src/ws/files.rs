//! Requests about a project's files: list, open, save.

use std::collections::BTreeMap;

use composeyard_compose::{ProjectFiles, ProjectName};
use composeyard_protocol::{Failure, Outcome, ProjectSummary, SavedProject, ServerMessage};

use super::failure;
use super::requests::Asked;
use crate::workspace::{Workspace, WorkspaceError};

/// The projects of the workspace with what runs of them. Projects of others on the same engine are not shown.
pub(super) async fn list(asked: &Asked) -> Result<Outcome, Failure> {
    let names = on_disk(asked, Workspace::projects).await?;
    // Without an engine nothing runs.
    let running = asked.app.engine.projects().await.unwrap_or_default();
    let mut running: BTreeMap<ProjectName, ProjectSummary> =
        running.into_iter().map(|summary| (summary.name.clone(), summary)).collect();
    let summary = |name: ProjectName| match running.remove(&name) {
        Some(found) => ProjectSummary { saved: true, ..found },
        None => ProjectSummary { name, saved: true, running: 0, containers: 0 },
    };
    let projects = names.into_iter().map(summary).collect();
    asked.outbox.say(ServerMessage::Projects { id: asked.id, projects }).await;
    Ok(Outcome::Done)
}

pub(super) async fn open(asked: &Asked, project: ProjectName) -> Result<Outcome, Failure> {
    let saved = on_disk(asked, move |workspace| workspace.read(&project)).await?;
    say_saved(asked, saved).await
}

pub(super) async fn save(
    asked: &Asked,
    project: ProjectName,
    files: ProjectFiles,
    base: Option<String>,
) -> Result<Outcome, Failure> {
    let saved = on_disk(asked, move |workspace| workspace.save(&project, &files, base.as_deref())).await?;
    say_saved(asked, saved).await
}

async fn say_saved(asked: &Asked, saved: SavedProject) -> Result<Outcome, Failure> {
    asked.outbox.say(ServerMessage::Project { id: asked.id, saved }).await;
    Ok(Outcome::Done)
}

/// Runs disk work off the async threads.
async fn on_disk<T: Send + 'static>(
    asked: &Asked,
    work: impl FnOnce(&Workspace) -> Result<T, WorkspaceError> + Send + 'static,
) -> Result<T, Failure> {
    let workspace = asked.app.workspace.clone();
    let done = tokio::task::spawn_blocking(move || work(&workspace)).await;
    done.map_err(|_| failure::defect())?.map_err(|error| failure::workspace(&error))
}
