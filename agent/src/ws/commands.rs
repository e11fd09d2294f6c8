//! Requests that change the engine: load what was saved, ask for consent, plan, compare with what was shown, do it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};
use std::sync::Arc;

use composeyard_compose::{LoadRequest, Project, ProjectFiles, ProjectName, ServiceName};
use composeyard_plan::{Command, Grant, Plan, UpOptions, images_of};
use composeyard_protocol::{Failure, FailureKind, Outcome, Selection, ServerMessage};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::failure;
use super::requests::Asked;
use crate::engine::{Origin, SIZES_LIMIT};
use crate::workspace::{Workspace, WorkspaceError};

/// Progress between the engine and the socket.
const PROGRESS: usize = 64;
/// Containers of one service, consent or not.
const MAX_REPLICAS: u32 = 1000;
const MAX_SELECTION: usize = 64;

/// Says what a command would do.
pub(super) async fn plan(
    asked: &Asked,
    name: ProjectName,
    selection: Selection,
    command: Command,
) -> Result<Outcome, Failure> {
    let wanted = load(asked, name, selection, needs_files(&command)).await?;
    let plan = plan_of(asked, &wanted, &command).await?;
    say_plan(asked, &plan).await;
    Ok(Outcome::Done)
}

/// Says how large images are. Only those of the project: a page does not make the agent ask anywhere else.
pub(super) async fn downloads(
    asked: &Asked,
    name: ProjectName,
    selection: Selection,
    images: Vec<String>,
) -> Result<Outcome, Failure> {
    let Wanted { project, .. } = load(asked, name, selection, true).await?;
    let services = project.services.iter();
    let named: BTreeSet<String> =
        services.flat_map(|(name, service)| images_of(&project.name, name, service)).collect();
    let asked_for: BTreeSet<String> = images.into_iter().collect();
    let named: Vec<&str> = named.intersection(&asked_for).map(String::as_str).collect();
    let sizes = asked.app.engine.downloads(&project, &named, Instant::now() + SIZES_LIMIT).await;
    asked.outbox.say(ServerMessage::Downloads { id: asked.id, sizes }).await;
    Ok(Outcome::Done)
}

/// Does a command.
pub(super) async fn run(
    asked: &Asked,
    name: ProjectName,
    selection: Selection,
    command: Command,
    shown: Option<String>,
    consent: Vec<String>,
) -> Result<Outcome, Failure> {
    let _hold = asked.app.jobs.begin(&name, command.verb()).map_err(|busy| failure::busy(&busy))?;
    let wanted = load(asked, name, selection, needs_files(&command)).await?;
    if asks_consent(&command) {
        ask_consent(asked, &wanted, &command, &consent).await?;
    }
    let plan = plan_of(asked, &wanted, &command).await?;
    say_plan(asked, &plan).await;
    if shown.is_some_and(|shown| shown != plan.fingerprint()) {
        return Ok(Outcome::PlanChanged);
    }
    Ok(execute(asked, &wanted, &plan).await)
}

/// Changes the number of containers of services: `up` of just these.
pub(super) async fn scale(
    asked: &Asked,
    name: ProjectName,
    selection: Selection,
    scale: BTreeMap<ServiceName, u32>,
    consent: Vec<String>,
) -> Result<Outcome, Failure> {
    if scale.is_empty() {
        return Err(failure::bad_request("no service to scale"));
    }
    let services = scale.keys().cloned().collect();
    let command = Command::Up(UpOptions { services, scale, ..UpOptions::default() });
    run(asked, name, selection, command, None, consent).await
}

/// The project as last saved, for a request about its volumes.
pub(super) async fn load_for_volumes(
    asked: &Asked,
    name: ProjectName,
    selection: Selection,
) -> Result<Project, Failure> {
    Ok(load(asked, name, selection, true).await?.project)
}

/// A loaded project and where it comes from.
struct Wanted {
    project: Project,
    origin: Origin,
}

async fn load(
    asked: &Asked,
    name: ProjectName,
    selection: Selection,
    needs_files: bool,
) -> Result<Wanted, Failure> {
    accept_selection(&selection)?;
    let workspace = asked.app.workspace.clone();
    let loaded =
        tokio::task::spawn_blocking(move || load_saved(&workspace, &name, selection, needs_files)).await;
    loaded.map_err(|_| failure::defect())?
}

fn load_saved(
    workspace: &Workspace,
    name: &ProjectName,
    selection: Selection,
    needs_files: bool,
) -> Result<Wanted, Failure> {
    let failed = |error: WorkspaceError| failure::workspace(&error);
    let source = workspace.source(name).map_err(failed)?;
    let base = source.base().to_owned();
    let origin =
        Origin { folder: base.clone(), files: selection.files.iter().map(|file| base.join(file)).collect() };
    let request = LoadRequest {
        files: selection.files,
        project_dir: base.to_string_lossy().into_owned(),
        project_name: Some(name.to_string()),
        profiles: selection.profiles,
        ..LoadRequest::default()
    };
    let loaded = workspace.with_files_at_rest(|| composeyard_compose::load(&source, &request));
    let broken =
        loaded.diagnostics.iter().any(|finding| finding.severity == composeyard_compose::Severity::Error);
    match loaded.project {
        Some(project) if !broken => Ok(Wanted { project, origin }),
        _ if needs_files => Err(failure::project(&loaded.diagnostics, &source)),
        // What runs must be stoppable whatever happened to the files: then by the labels alone.
        loaded => Ok(Wanted { project: loaded.unwrap_or_else(|| Project::named(name.clone())), origin }),
    }
}

fn accept_selection(selection: &Selection) -> Result<(), Failure> {
    if selection.files.len() + selection.profiles.len() > MAX_SELECTION {
        return Err(failure::bad_request("too many files or profiles"));
    }
    match selection.files.iter().find(|file| ProjectFiles::normalize(file).is_none_or(|path| path.is_empty()))
    {
        Some(file) => Err(failure::bad_request(format!("{file:?} lies outside the project"))),
        None => Ok(()),
    }
}

async fn ask_consent(
    asked: &Asked,
    wanted: &Wanted,
    command: &Command,
    consent: &[String],
) -> Result<(), Failure> {
    let mut project = wanted.project.clone();
    if let Command::Up(options) = command {
        for (name, count) in &options.scale {
            if *count > MAX_REPLICAS {
                return Err(failure::bad_request(format!(
                    "{count} containers of {name}: {MAX_REPLICAS} are the most"
                )));
            }
            if let Some(service) = project.services.get_mut(name) {
                Arc::make_mut(service).scale = Some(i64::from(*count));
            }
        }
    }
    let base = wanted.origin.folder.clone();
    let inside = move |path: &str| is_inside(&base, Path::new(path));
    let found = tokio::task::spawn_blocking(move || composeyard_plan::grants(&project, &inside)).await;
    let mut missing = found.map_err(|_| failure::defect())?;
    if !asked.app.lab {
        missing.retain(|grant| !consent.contains(&grant.key));
    }
    if missing.is_empty() {
        return Ok(());
    }
    let failure = denial(&missing, asked.app.lab);
    if !asked.app.lab {
        asked.outbox.say(ServerMessage::Consent { id: asked.id, grants: missing }).await;
    }
    Err(failure)
}

fn denial(missing: &[Grant], lab: bool) -> Failure {
    let list: Vec<&str> = missing.iter().map(|grant| grant.key.as_str()).collect();
    let list = list.join("; ");
    if lab {
        failure::denied(format!("not allowed in lab mode: {list}"), "Take it out of the project.")
    } else {
        failure::denied(
            format!("this needs your consent: {list}"),
            "Agree to each, or take it out of the project.",
        )
    }
}

/// True when a path of the host, with its links resolved as far as it exists, lies in the project's folder.
fn is_inside(base: &Path, path: &Path) -> bool {
    let mut rest = path;
    let resolved = loop {
        if let Ok(found) = rest.canonicalize() {
            break found;
        }
        // A dangling link leads somewhere unknown.
        if rest.symlink_metadata().is_ok() {
            return false;
        }
        match rest.parent() {
            Some(parent) => rest = parent,
            None => return false,
        }
    };
    let unmade = path.strip_prefix(rest).unwrap_or(path);
    let climbs = unmade.components().any(|part| part == Component::ParentDir);
    !climbs && resolved.starts_with(base)
}

async fn plan_of(asked: &Asked, wanted: &Wanted, command: &Command) -> Result<Plan, Failure> {
    let engine = &asked.app.engine;
    let name = &wanted.project.name;
    let observed = tokio::select! {
        observed = engine.observe(name, Some(&wanted.project)) => observed.map_err(|error| error.to_failure())?,
        () = asked.cancel.cancelled() => return Err(failure::bad_request("cancelled")),
    };
    composeyard_plan::plan(&wanted.project, &observed, command).map_err(|error| Failure {
        kind: FailureKind::Project,
        message: error.to_string(),
        help: None,
    })
}

async fn say_plan(asked: &Asked, plan: &Plan) {
    let fingerprint = plan.fingerprint();
    asked.outbox.say(ServerMessage::Plan { id: asked.id, plan: plan.clone(), fingerprint }).await;
}

/// The plan is carried out to its end whether or not anyone still listens to its progress.
async fn execute(asked: &Asked, wanted: &Wanted, plan: &Plan) -> Outcome {
    let (progress, mut steps) = mpsc::channel(PROGRESS);
    let executing = asked.app.engine.execute(
        &wanted.project,
        wanted.origin.clone(),
        plan,
        progress,
        asked.cancel.clone(),
    );
    let telling = async {
        while let Some(progress) = steps.recv().await {
            asked.outbox.say(ServerMessage::Progress { id: asked.id, progress }).await;
        }
    };
    tokio::join!(executing, telling).0
}

/// True for commands that make something out of the files; the others go by what exists.
fn needs_files(command: &Command) -> bool {
    matches!(command, Command::Up(_) | Command::Pull(_) | Command::Build(_))
}

/// True for commands that run what the files say.
fn asks_consent(command: &Command) -> bool {
    matches!(command, Command::Up(_) | Command::Build(_))
}
