//! From a request to its one end.

use composeyard_protocol::{Outcome, Request, RequestId};
use tokio_util::sync::CancellationToken;

use super::outbox::Outbox;
use super::{commands, container_file, failure, files, look, streams, time_limit, volumes};
use crate::app::App;
use crate::time_limit::{Limit, within};

/// A request's surroundings.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) app: App,
    pub(super) id: RequestId,
    pub(super) outbox: Outbox,
    /// Cancelled by the client, or when nobody is left to hear the answer.
    pub(super) cancel: CancellationToken,
}

/// True for what changes the engine.
pub(super) fn is_command(request: &Request) -> bool {
    use Request::{BackUpVolume, RemoveVolume, RestoreVolume, Run, Scale};
    matches!(
        request,
        Run { .. } | Scale { .. } | BackUpVolume { .. } | RemoveVolume { .. } | RestoreVolume { .. }
    )
}

/// Answers a request and says how it ended, once, also when answering it panicked.
pub(super) async fn answer(asked: Asked, request: Request) -> RequestId {
    let (id, outbox) = (asked.id, asked.outbox.clone());
    let tasks = asked.app.tasks.clone();
    let (limit, cancel) = (time_limit::of(&request).map(Limit::from_now), asked.cancel.clone());
    let running = if is_command(&request) {
        tasks.spawn(async move { within(limit, &cancel, dispatch(asked, request)).await })
    } else {
        tokio::spawn(async move {
            tokio::select! {
                outcome = within(limit, &cancel, dispatch(asked, request)) => outcome,
                () = cancel.cancelled() => Outcome::Cancelled,
            }
        })
    };
    let outcome = running.await.unwrap_or_else(|error| {
        tracing::error!(%error, "a request ended in a defect");
        Outcome::Failed { failure: failure::defect() }
    });
    outbox.finish(id, outcome).await;
    id
}

async fn dispatch(asked: Asked, request: Request) -> Outcome {
    let cancel = asked.cancel.clone();
    let result = match request {
        Request::ListProjects => files::list(&asked).await,
        Request::OpenProject { project } => files::open(&asked, project).await,
        Request::AdoptProject { project, consent } => files::adopt(&asked, project, consent).await,
        Request::SaveProject { project, files, base } => files::save(&asked, project, files, base).await,
        Request::Plan { project, selection, command } => {
            commands::plan(&asked, project, selection, command).await
        }
        Request::Downloads { project, selection, images } => {
            commands::downloads(&asked, project, selection, images).await
        }
        Request::Run { project, selection, command, shown, consent } => {
            commands::run(&asked, project, selection, command, shown, consent).await
        }
        Request::Scale { project, selection, scale, consent } => {
            commands::scale(&asked, project, selection, scale, consent).await
        }
        Request::Watch { project } => streams::watch(&asked, project).await,
        Request::Images { project } => look::images(&asked, project).await,
        Request::Top { project, services } => look::top(&asked, project, services).await,
        Request::Port { project, service, private_port, protocol, index } => {
            look::port(&asked, project, &service, index, private_port, &protocol).await
        }
        Request::ReadFile { project, service, index, path } => {
            container_file::read(&asked, project, &service, index, &path).await
        }
        Request::WriteFile { project, service, index, path, mode, content } => {
            container_file::write(&asked, project, &service, index, &path, mode, &content).await
        }
        Request::Volumes { project } => volumes::list(&asked, project).await,
        Request::RemoveVolume { project, volume } => volumes::remove(&asked, project, &volume).await,
        Request::BackUpVolume { project, volume } => volumes::back_up(&asked, project, &volume).await,
        Request::RestoreVolume { project, selection, volume, backup } => {
            volumes::restore(&asked, project, selection, &volume, &backup).await
        }
        Request::RemoveBackup { project, backup } => volumes::remove_backup(&asked, project, backup).await,
        Request::Events { project, services } => look::events(&asked, project, services).await,
        Request::FollowLogs { project, services, tail, cursors } => {
            streams::follow_logs(&asked, project, services, tail, cursors).await
        }
    };
    match result {
        Ok(outcome) => outcome,
        Err(_) if cancel.is_cancelled() => Outcome::Cancelled,
        Err(failure) => Outcome::Failed { failure },
    }
}
