//! Requests about a project's volumes and their back-ups.

use std::io;

use composeyard_compose::ProjectName;
use composeyard_plan::{Observed, StepId};
use composeyard_protocol::{Failure, Outcome, Progress, Selection, ServerMessage, StepState, VolumeInUse};
use tokio::sync::{Mutex, MutexGuard, mpsc};

use super::commands::load_for_volumes;
use super::failure;
use super::look::{known, observe};
use super::requests::Asked;
use crate::volumes::{self, VolumeError, find, is_live, users};
use crate::workspace::{NewBackup, WorkspaceError};

/// A volume that is being read is in use: it could be neither removed nor replaced.
static READING: Mutex<()> = Mutex::const_new(());

/// Says what there is, then says it again with each size that has been read.
pub(super) async fn list(asked: &Asked, project: ProjectName) -> Result<Outcome, Failure> {
    let observed = observe(asked, &project).await?;
    let mut volumes = of(&observed, &project);
    say(asked, &project, &volumes).await?;
    for volume in &mut volumes {
        let (engine, project, name) = (asked.app.engine.clone(), project.clone(), volume.name.clone());
        let alone = READING.lock().await;
        // Goes on to its end when nobody waits any more: it removes what it has made.
        let reading = tokio::spawn(async move {
            let _alone = alone;
            engine.volume_size(&project, &name).await
        });
        let size = reading.await.map_err(|_| failure::defect())?;
        volume.size = size.ok();
    }
    say(asked, &project, &volumes).await?;
    Ok(Outcome::Done)
}

fn of(observed: &Observed, project: &ProjectName) -> Vec<VolumeInUse> {
    let volume = |volume| VolumeInUse {
        key: volume_key(volume),
        name: volume.name.clone(),
        driver: volume.driver.clone(),
        size: None,
        users: users(observed, volume),
        live: is_live(observed, volume),
    };
    volumes::own(observed, project).into_iter().map(volume).collect()
}

fn volume_key(volume: &composeyard_plan::ObservedVolume) -> String {
    if volume.key.is_empty() { volume.name.clone() } else { volume.key.clone() }
}

async fn say(asked: &Asked, project: &ProjectName, volumes: &[VolumeInUse]) -> Result<(), Failure> {
    let (workspace, name) = (asked.app.workspace.clone(), project.clone());
    let read = tokio::task::spawn_blocking(move || workspace.backups(&name)).await;
    let backups = read.map_err(|_| failure::defect())?.map_err(|error| failure::workspace(&error))?;
    let message = ServerMessage::Volumes { id: asked.id, volumes: volumes.to_vec(), backups };
    asked.outbox.say(message).await;
    Ok(())
}

pub(super) async fn remove(asked: &Asked, project: ProjectName, volume: &str) -> Result<Outcome, Failure> {
    known(asked, &project)?;
    let _hold = asked.app.jobs.begin(&project, "volumes rm").map_err(|busy| failure::busy(&busy))?;
    let _alone = alone(asked).await?;
    volumes::remove(&asked.app.engine, &project, volume).await.map_err(|error| error.to_failure())?;
    Ok(Outcome::Done)
}

/// Waits for the volumes to be at rest; a back-up of others may take its time.
async fn alone(asked: &Asked) -> Result<MutexGuard<'static, ()>, Failure> {
    tokio::select! {
        alone = READING.lock() => Ok(alone),
        () = asked.cancel.cancelled() => Err(failure::bad_request("cancelled")),
    }
}

/// Writes a back-up into the workspace. Cancelled, there is none.
pub(super) async fn back_up(asked: &Asked, project: ProjectName, volume: &str) -> Result<Outcome, Failure> {
    let observed = observe(asked, &project).await?;
    let found = find(&observed, &project, volume).map_err(|error| error.to_failure())?;
    let _hold = asked.app.jobs.begin(&project, "volumes backup").map_err(|busy| failure::busy(&busy))?;
    let workspace_failure = |error: WorkspaceError| failure::workspace(&error);
    let backup = asked.app.workspace.begin_backup(&project, &volume_key(found)).map_err(workspace_failure)?;
    let written = match alone(asked).await {
        Ok(_alone) => write(asked, &project, &found.name, &backup).await.map_err(|error| error.to_failure()),
        Err(failure) => Err(failure),
    };
    match written {
        Ok(size) => {
            let file = backup.keep().map_err(|error| failure::bad_request(error.to_string()))?;
            asked.outbox.say(ServerMessage::BackedUp { id: asked.id, file, size }).await;
            Ok(Outcome::Done)
        }
        Err(failure) => {
            backup.discard();
            Err(failure)
        }
    }
}

async fn write(
    asked: &Asked,
    project: &ProjectName,
    volume: &str,
    backup: &NewBackup,
) -> Result<u64, VolumeError> {
    let failed = |source| VolumeError::File { path: "the back-up".to_owned(), source };
    let file = backup.file.try_clone().map_err(failed)?;
    let (sender, mut sizes) = mpsc::channel(1);
    let cancel = asked.cancel.clone();
    let told = move |bytes| {
        // The next one says more.
        let _ = sender.try_send(bytes);
        if cancel.is_cancelled() { Err(io::Error::other("cancelled")) } else { Ok(()) }
    };
    let writing = volumes::back_up(&asked.app.engine, project, volume, file, told);
    let telling = async {
        while let Some(bytes) = sizes.recv().await {
            let state = StepState::Running { detail: String::new(), bytes: Some((bytes, 0)) };
            let progress = Progress { step: StepId(1), state };
            asked.outbox.say(ServerMessage::Progress { id: asked.id, progress }).await;
        }
    };
    tokio::join!(writing, telling).0
}

/// Replaces what a volume holds by what a back-up holds. Once begun it goes on to its end.
pub(super) async fn restore(
    asked: &Asked,
    project: ProjectName,
    selection: Selection,
    volume: &str,
    backup: &str,
) -> Result<Outcome, Failure> {
    let _hold = asked.app.jobs.begin(&project, "volumes restore").map_err(|busy| failure::busy(&busy))?;
    let loaded = load_for_volumes(asked, project.clone(), selection).await?;
    let file =
        asked.app.workspace.open_backup(&project, backup).map_err(|error| failure::workspace(&error))?;
    let _alone = alone(asked).await?;
    let restored = volumes::restore(&asked.app.engine, &loaded, volume, backup.as_ref(), file).await;
    restored.map_err(|error| error.to_failure())?;
    Ok(Outcome::Done)
}

pub(super) async fn remove_backup(
    asked: &Asked,
    project: ProjectName,
    file: String,
) -> Result<Outcome, Failure> {
    known(asked, &project)?;
    let workspace = asked.app.workspace.clone();
    let removed = tokio::task::spawn_blocking(move || workspace.remove_backup(&project, &file)).await;
    removed.map_err(|_| failure::defect())?.map_err(|error| failure::workspace(&error))?;
    Ok(Outcome::Done)
}
