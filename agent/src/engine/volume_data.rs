//! What a volume holds, as a tar: through a container that mounts it and never starts. Any image will do for it.

use std::collections::HashMap;
use std::io;

use bollard::{
    Docker,
    models::{ContainerCreateBody, HostConfig},
    query_parameters::{CreateContainerOptionsBuilder, ListImagesOptions, RemoveContainerOptionsBuilder},
};
use bytes::Bytes;
use composeyard_compose::ProjectName;
use futures_util::{Stream, StreamExt};
use tokio::{sync::mpsc, task};

use super::{
    ContainerId, EngineError, Labels,
    archive::{Source, WAITING},
    copy,
    names::resource,
};

/// Where the container has it.
const AT: &str = "/volume";

/// Hands the volume's content to `take` as a tar with nothing above it, chunk after chunk.
pub(super) async fn read(
    docker: &Docker,
    project: &ProjectName,
    volume: &str,
    take: impl FnMut(Bytes) -> io::Result<()>,
) -> Result<(), EngineError> {
    let helper = make(docker, project, volume).await?;
    let parts = copy::download(docker, &helper, &format!("{AT}/."));
    let read = hand_on(parts, take).await;
    remove(docker, &helper).await?;
    read
}

async fn hand_on(
    parts: impl Stream<Item = Result<Bytes, EngineError>>,
    mut take: impl FnMut(Bytes) -> io::Result<()>,
) -> Result<(), EngineError> {
    let mut parts = std::pin::pin!(parts);
    while let Some(part) = parts.next().await {
        take(part?).map_err(|error| EngineError::Step(error.to_string()))?;
    }
    Ok(())
}

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
    let mut parts = std::pin::pin!(copy::download(docker, &helper, &format!("{AT}/.")));
    let mut read = Ok(());
    while let Some(part) = parts.next().await {
        match part {
            // Whoever looks has all it needs, or says why it has not.
            Ok(part) => {
                if to.send(Ok(part)).await.is_err() {
                    break;
                }
            }
            Err(error) => {
                read = Err(error);
                break;
            }
        }
    }
    remove(docker, &helper).await?;
    read
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
    let helper = ContainerId::new(format!("{volume}-reader"))?;
    // One that an earlier run could not remove holds the name.
    remove(docker, &helper).await?;
    let labels = [(Labels::PROJECT, project.as_str()), (Labels::ONEOFF, "True")];
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
            binds: Some(vec![format!("{}:{AT}", resource(volume)?.as_str())]),
            network_mode: Some("none".to_owned()),
            ..Default::default()
        }),
        ..Default::default()
    };
    let options = CreateContainerOptionsBuilder::default().name(helper.as_str()).build();
    docker.create_container(Some(options), body).await?;
    Ok(helper)
}

async fn remove(docker: &Docker, helper: &ContainerId) -> Result<(), EngineError> {
    let options = RemoveContainerOptionsBuilder::default().force(true).build();
    match docker.remove_container(helper.as_str(), Some(options)).await.map_err(EngineError::from) {
        Err(error) if error.status() == Some(404) => Ok(()),
        other => other,
    }
}
