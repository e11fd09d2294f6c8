//! Requests about a project's files: list, open, adopt, save.

use std::collections::BTreeMap;
use std::path::Path;

use composeyard_compose::{ProjectFiles, ProjectName};
use composeyard_plan::Grant;
use composeyard_protocol::{Failure, Outcome, ProjectSummary, SavedProject, ServerMessage};

use super::failure;
use super::requests::Asked;
use crate::workspace::{Linkable, Workspace, WorkspaceError};

/// The projects of the workspace with what runs of them, then those of others on the same engine; in lab mode only the
/// former.
pub(super) async fn list(asked: &Asked) -> Result<Outcome, Failure> {
    let names = on_disk(asked, Workspace::projects).await?;
    // Without an engine nothing runs.
    let running = asked.app.engine.projects().await.unwrap_or_default();
    let mut running: BTreeMap<ProjectName, ProjectSummary> =
        running.into_iter().map(|summary| (summary.name.clone(), summary)).collect();
    let summary = |name: ProjectName| match running.remove(&name) {
        Some(found) => ProjectSummary { saved: true, ..found },
        None => ProjectSummary { name, saved: true, folder: String::new(), running: 0, containers: 0 },
    };
    let mut projects: Vec<ProjectSummary> = names.into_iter().map(summary).collect();
    if !asked.app.lab {
        projects.extend(running.into_values());
    }
    asked.outbox.say(ServerMessage::Projects { id: asked.id, projects }).await;
    Ok(Outcome::Done)
}

pub(super) async fn open(asked: &Asked, project: ProjectName) -> Result<Outcome, Failure> {
    let saved = on_disk(asked, move |workspace| workspace.read(&project)).await?;
    say_saved(asked, saved).await
}

/// Takes in a project of the engine: where its files are when they can be read there, else rebuilt.
pub(super) async fn adopt(
    asked: &Asked,
    project: ProjectName,
    consent: Vec<String>,
) -> Result<Outcome, Failure> {
    let name = project.clone();
    if on_disk(asked, move |workspace| Ok(workspace.knows(&name))).await? {
        return open(asked, project).await;
    }
    if asked.app.lab {
        return Err(failure::denied(
            format!("{project} is not a project of this workspace; lab mode shows no others"),
            "Start composeyard without --lab on a machine that is your own.",
        ));
    }
    let _hold = asked.app.jobs.begin(&project, "adopt").map_err(|busy| failure::busy(&busy))?;
    let origin = asked.app.engine.origin(&project).await.map_err(|error| error.to_failure())?;
    let find = move |_: &Workspace| Ok(origin.and_then(|it| Linkable::find(&it.folder, &it.files)));
    let found = on_disk(asked, find).await?;
    let grant = found.as_ref().map_or_else(|| rebuild_grant(&project), folder_grant);
    if !consent.contains(&grant.key) {
        let denied = failure::denied(format!("this needs your consent: {}", grant.key), "Agree to it.");
        asked.outbox.say(ServerMessage::Consent { id: asked.id, grants: vec![grant] }).await;
        return Err(denied);
    }
    let saved = match found {
        Some(found) => on_disk(asked, move |workspace| workspace.link(&project, &found)).await?,
        None => {
            let files = asked.app.engine.rebuild(&project).await.map_err(|error| error.to_failure())?;
            on_disk(asked, move |workspace| workspace.save(&project, &files, None)).await?
        }
    };
    say_saved(asked, saved).await
}

/// What a consent to it lets happen: containers of others are read, and their passwords stand in the new files.
fn rebuild_grant(project: &ProjectName) -> Grant {
    Grant {
        key: format!("rebuild {project}"),
        service: String::new(),
        reason: "its compose files cannot be read: new ones are written from what its containers say, passwords too; \
                 the next Up makes the containers anew"
            .to_owned(),
    }
}

fn folder_grant(found: &Linkable) -> Grant {
    Grant {
        key: format!("folder {}", found.folder().display()),
        service: String::new(),
        reason: "its compose files are read there, and saved there when you change them".to_owned(),
    }
}

pub(super) async fn save(
    asked: &Asked,
    project: ProjectName,
    files: ProjectFiles,
    base: Option<String>,
) -> Result<Outcome, Failure> {
    accept_name(asked, &project).await?;
    let saved = on_disk(asked, move |workspace| workspace.save(&project, &files, base.as_deref())).await?;
    say_saved(asked, saved).await
}

/// Refuses a new project under the name of one that someone else has on the engine: its containers would be this
/// page's to stop, to enter and to remove, without the consent that taking it over needs.
async fn accept_name(asked: &Asked, project: &ProjectName) -> Result<(), Failure> {
    let name = project.clone();
    if on_disk(asked, move |workspace| Ok(workspace.knows(&name))).await? {
        return Ok(());
    }
    // Without an engine nothing runs.
    let running = asked.app.engine.projects().await.unwrap_or_default();
    let own = asked.app.workspace.path();
    match running.iter().find(|found| found.name == *project && !Path::new(&found.folder).starts_with(own)) {
        None => Ok(()),
        Some(found) => Err(failure::denied(
            format!("the engine has a project {project} already, from {}", place(&found.folder)),
            if asked.app.lab {
                "Give this one another name."
            } else {
                "Give this one another name, or open that one from the list of projects to take it over."
            },
        )),
    }
}

fn place(folder: &str) -> &str {
    if folder.is_empty() { "a folder that its labels do not tell" } else { folder }
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
