//! One step: which calls it makes.

use bollard::query_parameters::{
    InspectContainerOptions, KillContainerOptionsBuilder, RemoveContainerOptionsBuilder,
    RenameContainerOptionsBuilder, StartContainerOptions, StopContainerOptionsBuilder,
};
use composeyard_compose::model::{Build, Service};
use composeyard_plan::{Action, BuildChanges, ContainerRef, Step};

use super::{
    super::{ContainerId, EngineError, build, image, labels, names, network, volume},
    Report, Run, create, hooks, wait,
};

/// Does the step.
pub(super) async fn run(run: &Run, step: &Step, report: &Report) -> Result<(), EngineError> {
    if !step.group.is_empty() && run.state.lock().await.unchanged.contains(&step.group) {
        report.line("the image is the same: left as it is");
        return Ok(());
    }
    let project = &run.project;
    match &step.action {
        Action::PullImage { image, optional } => {
            maybe(*optional, "pulled", pull(run, image, report).await, report)
        }
        Action::PushImage { image, optional } => {
            let pushed = cancellable(run, image::push(&run.docker, image, report)).await;
            maybe(*optional, "pushed", pushed, report)
        }
        Action::BuildImage { service, image, changes } => {
            build_image(run, service, image, changes, report).await
        }
        Action::RemoveImage { image } => {
            let gone = image::remove(&run.docker, image).await?;
            in_use(run, step, report, gone, &format!("image {image}"))
        }
        Action::CreateNetwork { key } => {
            let wanted = project.networks.get(key).ok_or_else(|| missing("network", key))?;
            network::create(&run.docker, &project.name, key, wanted).await
        }
        Action::RemoveNetwork { id, name } => {
            let gone = network::remove(&run.docker, id).await?;
            in_use(run, step, report, gone, &format!("network {name}"))
        }
        Action::CreateVolume { key } => {
            let wanted = project.volumes.get(key).ok_or_else(|| missing("volume", key))?;
            volume::create(&run.docker, &project.name, key, wanted).await
        }
        Action::RemoveVolume { name } => {
            let gone = volume::remove(&run.docker, name).await?;
            in_use(run, step, report, gone, &format!("volume {name}"))
        }
        Action::CreateContainer { .. } => create::container(run, step, report).await,
        Action::DisconnectNetwork { container, network: name } => {
            network::disconnect(&run.docker, &id(run, container).await?, name).await
        }
        Action::ConnectNetwork { container, service, key } => {
            create::join(run, &id(run, container).await?, service, key, &step.target).await
        }
        Action::PreStart { service, container } => {
            hooks::before_first_start(run, service, &id(run, container).await?, report).await
        }
        Action::StartContainer { container } => start(run, step, &id(run, container).await?, report).await,
        Action::StopContainer { container, grace } => {
            stop(run, step, &id(run, container).await?, *grace, report).await
        }
        Action::PauseContainer { container } => {
            Ok(run.docker.pause_container(id(run, container).await?.as_str()).await?)
        }
        Action::UnpauseContainer { container } => {
            Ok(run.docker.unpause_container(id(run, container).await?.as_str()).await?)
        }
        Action::KillContainer { container, signal } => {
            let options = KillContainerOptionsBuilder::default().signal(signal).build();
            Ok(run.docker.kill_container(id(run, container).await?.as_str(), Some(options)).await?)
        }
        Action::RemoveContainer { container, volumes } => {
            remove(run, &id(run, container).await?, *volumes).await
        }
        Action::RenameContainer { container, name } => {
            let options =
                RenameContainerOptionsBuilder::default().name(names::resource(name)?.as_str()).build();
            Ok(run.docker.rename_container(id(run, container).await?.as_str(), options).await?)
        }
        Action::WaitUp { service, within } => wait::up(run, service, *within, report).await,
        Action::WaitFor { service, condition, required } => {
            wait::wait(run, service, *condition, *required, report).await
        }
    }
}

/// A failure of what is optional is told, and no more.
fn maybe(
    optional: bool,
    what: &str,
    result: Result<(), EngineError>,
    report: &Report,
) -> Result<(), EngineError> {
    match result {
        Err(error) if optional && error != EngineError::Cancelled => {
            report.line(&format!("it was not {what}: {error}"));
            Ok(())
        }
        result => result,
    }
}

fn missing(kind: &str, key: &str) -> EngineError {
    EngineError::Step(format!("{kind} {key} is not in the project any more"))
}

/// The container that a step means.
async fn id(run: &Run, container: &ContainerRef) -> Result<ContainerId, EngineError> {
    let id =
        match container {
            ContainerRef::Existing(id) => id.clone(),
            ContainerRef::Made(step) => run.state.lock().await.made.get(step).cloned().ok_or_else(|| {
                EngineError::Step("the container this step needs was never made".to_owned())
            })?,
        };
    Ok(ContainerId::new(id)?)
}

/// Something else uses it: a failure when a later step counts on its absence, else only worth a word.
fn in_use(run: &Run, step: &Step, report: &Report, gone: bool, what: &str) -> Result<(), EngineError> {
    if gone {
        return Ok(());
    }
    if run.awaited.contains(&step.id) {
        return Err(EngineError::Step(format!(
            "{what} is still used by a container outside this project: stop that one first"
        )));
    }
    report.line(&format!("{what} is still in use and stays"));
    Ok(())
}

async fn pull(run: &Run, reference: &str, report: &Report) -> Result<(), EngineError> {
    let platform = image::platform(&run.project, reference);
    let pull = image::pull(&run.docker, reference, platform, report);
    cancellable(run, pull).await
}

async fn build_image(
    run: &Run,
    name: &composeyard_compose::ServiceName,
    image: &str,
    changes: &BuildChanges,
    report: &Report,
) -> Result<(), EngineError> {
    let service = run.service(name)?;
    let wanted = service
        .build
        .clone()
        .ok_or_else(|| EngineError::Step(format!("service {name} has no build any more")))?;
    let order = build::Order {
        build: &changed(*wanted, changes),
        image,
        platform: &service.platform,
        memory: changes.memory,
        base: &run.origin.folder,
        labels: labels::image(&run.project.name, name),
    };
    cancellable(run, build::build(&run.docker, order, report)).await
}

/// The build with what the command says about it.
fn changed(mut build: Build, changes: &BuildChanges) -> Build {
    build.no_cache |= changes.no_cache;
    build.pull |= changes.pull;
    build.args.extend(changes.args.iter().map(|(name, value)| (name.clone(), Some(value.clone()))));
    build
}

/// Drops the work when the run is cancelled: the engine notices the closed connection and stops it.
async fn cancellable(
    run: &Run,
    work: impl Future<Output = Result<(), EngineError>>,
) -> Result<(), EngineError> {
    tokio::select! {
        result = work => result,
        () = run.cancel.cancelled() => Err(EngineError::Cancelled),
    }
}

/// `POST /containers/{id}/start`, with its secrets and configs written before and its `post_start` commands run after;
/// a paused one is resumed instead.
async fn start(run: &Run, step: &Step, container: &ContainerId, report: &Report) -> Result<(), EngineError> {
    let service = run.service_of(step);
    if let Some((name, service)) = service {
        create::write_objects(run, name, service, container).await?;
    }
    let takes_from_range = |service: &Service| service.ports.iter().any(|port| port.published.contains('-'));
    let one_at_a_time = match service {
        Some((_, service)) if takes_from_range(service) => Some(run.starting.lock().await),
        _ => None,
    };
    let started = run.docker.start_container(container.as_str(), None::<StartContainerOptions>).await;
    drop(one_at_a_time);
    match started.map_err(EngineError::from) {
        Err(error) if error.status() == Some(409) && error.to_string().contains("paused container") => {
            Ok(run.docker.unpause_container(container.as_str()).await?)
        }
        Ok(()) => match service {
            Some((name, service)) => hooks::inside(run, name, &service.post_start, container, report).await,
            None => Ok(()),
        },
        other => other,
    }
}

/// `POST /containers/{id}/stop` with the container's own signal, and its own grace period unless there is another, after
/// its `pre_stop` commands. One that is gone has stopped.
async fn stop(
    run: &Run,
    step: &Step,
    container: &ContainerId,
    grace: Option<u32>,
    report: &Report,
) -> Result<(), EngineError> {
    if let Some((name, service)) = run.service_of(step) {
        match hooks::inside(run, name, &service.pre_stop, container, report).await {
            // It does not run, or is gone: there is nothing to prepare.
            Err(error) if matches!(error.status(), Some(404 | 409)) => {}
            other => other?,
        }
    }
    let seconds =
        |grace| StopContainerOptionsBuilder::default().t(i32::try_from(grace).unwrap_or(i32::MAX)).build();
    let stopped = run.docker.stop_container(container.as_str(), grace.map(seconds)).await;
    match stopped.map_err(EngineError::from) {
        Err(error) if error.status() == Some(404) => Ok(()),
        other => other,
    }
}

/// `DELETE /containers/{id}` with force. One that is gone is removed, one that is being removed will be.
async fn remove(run: &Run, container: &ContainerId, volumes: bool) -> Result<(), EngineError> {
    let options = RemoveContainerOptionsBuilder::default().force(true).v(volumes).build();
    let removed = run.docker.remove_container(container.as_str(), Some(options)).await;
    match removed.map_err(EngineError::from) {
        Err(error) if error.status() == Some(404) => Ok(()),
        Err(error) if error.status() == Some(409) && error.to_string().contains("already in progress") => {
            gone(run, container).await
        }
        other => other,
    }
}

/// Waits for a removal that someone else began, so that its name is free after this step.
async fn gone(run: &Run, container: &ContainerId) -> Result<(), EngineError> {
    for _ in 0..100 {
        let found = run.docker.inspect_container(container.as_str(), None::<InspectContainerOptions>).await;
        if found.is_err_and(|error| EngineError::from(error).status() == Some(404)) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    Err(EngineError::Step("the engine has been removing it for 10 s without an end".to_owned()))
}
