//! What a volume holds, as a tar: through a container that mounts it and never starts. Any image will do for it.

use std::collections::HashMap;
use std::io;

use bollard::{
    Docker,
    models::{ContainerCreateBody, ContainerSummary, HostConfig},
    query_parameters::{
        CreateContainerOptionsBuilder, ListContainersOptionsBuilder, ListImagesOptions,
        ListVolumesOptionsBuilder, RemoveContainerOptionsBuilder,
    },
};
use bytes::Bytes;
use composeyard_compose::ProjectName;
use futures_util::StreamExt;
use tokio::{sync::mpsc, task};

use super::{
    ContainerId, EngineError, Labels,
    archive::{Source, WAITING},
    copy, look,
    names::resource,
    volume,
};

/// Where the container has it.
const AT: &str = "/volume";
/// The label of a volume that only tries out what is to be restored; its value is the volume that it is for.
pub const TRIAL: &str = "composeyard.restore-trial";
/// The label that tells such a container from everyone else's; its value is the volume.
const READER: &str = "composeyard.volume-reader";
/// One that is older was left by a run that was killed: none reads for so long. Seconds.
const OLDEST: i64 = 3 * 60 * 60;

/// What `look` makes of the volume's content, as a tar.
pub(super) async fn inspect<Found: Send + 'static>(
    docker: &Docker,
    project: &ProjectName,
    volume: &str,
    look: impl FnOnce(&mut dyn io::Read) -> io::Result<Found> + Send + 'static,
) -> Result<Found, EngineError> {
    let (sender, receiver) = mpsc::channel(WAITING);
    let looking = task::spawn_blocking(move || look(&mut Source::of(receiver)));
    let read = read_to(docker, project, volume, &sender).await;
    drop(sender);
    let found = looking.await.map_err(|_| EngineError::Step("reading the volume ended early".to_owned()))?;
    read?;
    found.map_err(|error| EngineError::Step(error.to_string()))
}

/// Bytes in its files, read to the last of them: engines before API 1.52 tell it only together with everything else.
pub(super) fn count(tar: &mut dyn io::Read) -> io::Result<u64> {
    let mut bytes = 0;
    for entry in tar::Archive::new(tar).entries()? {
        bytes += entry?.size();
    }
    Ok(bytes)
}

async fn read_to(
    docker: &Docker,
    project: &ProjectName,
    volume: &str,
    to: &mpsc::Sender<io::Result<Bytes>>,
) -> Result<(), EngineError> {
    let helper = make(docker, project, volume).await?;
    // The stream ends here, also when it was not read to its end: the engine removes no container that it packs from.
    let read = download_to(docker, &helper, to).await;
    remove(docker, &helper).await?;
    read
}

async fn download_to(
    docker: &Docker,
    helper: &ContainerId,
    to: &mpsc::Sender<io::Result<Bytes>>,
) -> Result<(), EngineError> {
    let mut parts = std::pin::pin!(copy::download(docker, helper, &format!("{AT}/.")));
    while let Some(part) = parts.next().await {
        // Whoever looks has all it needs, or says why it has not.
        if to.send(Ok(part?)).await.is_err() {
            break;
        }
    }
    Ok(())
}

/// Unpacks a tar into the volume, with its users and groups.
pub(super) async fn write(
    docker: &Docker,
    project: &ProjectName,
    volume: &str,
    tar: mpsc::Receiver<io::Result<Bytes>>,
) -> Result<(), EngineError> {
    let helper = make(docker, project, volume).await?;
    let written = copy::upload(docker, &helper, AT, false, tar).await;
    remove(docker, &helper).await?;
    written
}

async fn make(docker: &Docker, project: &ProjectName, volume: &str) -> Result<ContainerId, EngineError> {
    // A container that names a volume that is gone would make it anew.
    docker.inspect_volume(resource(volume)?.as_str()).await?;
    let images = docker.list_images(None::<ListImagesOptions>).await?;
    let Some(image) = images.into_iter().next() else {
        return Err(EngineError::Step(
            "the engine has no image, and a volume is read through a container: pull any image first"
                .to_owned(),
        ));
    };
    remove_left(docker, volume).await?;
    // Of its own: another process may be reading the same volume, and any name that can be guessed may be taken.
    let random = crate::secret::random_hex::<8>().map_err(|error| EngineError::Step(error.to_string()))?;
    let helper = ContainerId::new(format!("{volume}-reader-{random}"))?;
    let labels = [(Labels::PROJECT, project.as_str()), (Labels::ONEOFF, "True"), (READER, volume)];
    let body = ContainerCreateBody {
        image: Some(image.id),
        // It never runs, but some images name no command.
        cmd: Some(vec!["true".to_owned()]),
        labels: Some(
            labels
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .into_iter()
                .collect::<HashMap<_, _>>(),
        ),
        host_config: Some(HostConfig {
            // An image may have files at that place: they do not belong into an empty volume.
            binds: Some(vec![format!("{}:{AT}:nocopy", resource(volume)?.as_str())]),
            network_mode: Some("none".to_owned()),
            ..Default::default()
        }),
        ..Default::default()
    };
    let options = CreateContainerOptionsBuilder::default().name(helper.as_str()).build();
    docker.create_container(Some(options), body).await?;
    Ok(helper)
}

/// Removes the containers that killed runs have left at the volume.
async fn remove_left(docker: &Docker, volume: &str) -> Result<(), EngineError> {
    let found = readers(docker, volume).await?;
    if found.is_empty() {
        return Ok(());
    }
    let now = look::now(docker).await? / 1_000_000_000;
    for left in found.iter().filter(|left| left.created.is_some_and(|created| now - created > OLDEST)) {
        remove(docker, &ContainerId::new(left.id.as_deref().unwrap_or_default())?).await?;
    }
    Ok(())
}

/// Removes the trial volumes that killed restores of a volume have left, and the containers that they were filled through.
/// What others use stays.
pub(super) async fn remove_trials(docker: &Docker, volume: &str) -> Result<(), EngineError> {
    let filter = HashMap::from([("label", vec![format!("{TRIAL}={volume}")])]);
    let options = ListVolumesOptionsBuilder::default().filters(&filter).build();
    for trial in docker.list_volumes(Some(options)).await?.volumes.unwrap_or_default() {
        for reader in readers(docker, &trial.name).await? {
            remove(docker, &ContainerId::new(reader.id.unwrap_or_default())?).await?;
        }
        let _is_used = volume::remove(docker, &trial.name).await?;
    }
    Ok(())
}

/// The containers that a volume is read and filled through just now, and those that killed runs have left.
async fn readers(docker: &Docker, volume: &str) -> Result<Vec<ContainerSummary>, EngineError> {
    let filter = HashMap::from([("label", vec![format!("{READER}={volume}")])]);
    let options = ListContainersOptionsBuilder::default().all(true).filters(&filter).build();
    Ok(docker.list_containers(Some(options)).await?)
}

/// With the volumes of its own that its image asked for.
async fn remove(docker: &Docker, helper: &ContainerId) -> Result<(), EngineError> {
    let options = RemoveContainerOptionsBuilder::default().force(true).v(true).build();
    match docker.remove_container(helper.as_str(), Some(options)).await.map_err(EngineError::from) {
        Err(error) if error.status() == Some(404) => Ok(()),
        other => other,
    }
}
