//! Files from and to containers, over the engine's archive calls. A container need not run.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use bollard::{
    Docker, body_try_stream,
    query_parameters::{
        ContainerArchiveInfoOptionsBuilder, DownloadFromContainerOptionsBuilder,
        UploadToContainerOptionsBuilder,
    },
};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use tokio::{sync::mpsc, task};

use super::{
    ContainerId, EngineError,
    archive::{LeftOut, Pipe, Source, Top, Unpack, WAITING, pack, unpack},
};

/// What stands at a path of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stat {
    /// It is a folder.
    pub folder: bool,
    /// Bytes.
    pub size: u64,
    /// Where it leads, for a link.
    pub link: Option<String>,
}

/// Bits of Go's `os.FileMode`, in which the engine speaks of files.
const GO_FOLDER: u32 = 1 << 31;
const GO_LINK: u32 = 1 << 27;

/// What is at a path; none when there is nothing. `HEAD /containers/{id}/archive`.
pub(super) async fn stat(
    docker: &Docker,
    container: &ContainerId,
    path: &str,
) -> Result<Option<Stat>, EngineError> {
    let options = ContainerArchiveInfoOptionsBuilder::default().path(path).build();
    match docker.get_container_archive_info(container.as_str(), Some(options)).await {
        Ok(found) => Ok(Some(Stat {
            folder: found.file_mode & GO_FOLDER != 0,
            size: u64::try_from(found.size).unwrap_or(0),
            link: (found.file_mode & GO_LINK != 0).then_some(found.link_target),
        })),
        Err(bollard::errors::Error::DockerResponseServerError { status_code: 404, .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A path of a container as a tar. `GET /containers/{id}/archive`.
pub(super) fn download(
    docker: &Docker,
    container: &ContainerId,
    path: &str,
) -> impl Stream<Item = Result<Bytes, EngineError>> + Send + use<> {
    let options = DownloadFromContainerOptionsBuilder::default().path(path).build();
    let (docker, container) = (docker.clone(), container.clone());
    stream::once(async move {
        docker
            .download_from_container(container.as_str(), Some(options))
            .map(|part| part.map_err(EngineError::from))
            .boxed()
    })
    .flatten()
}

/// Unpacks a path of a container into a folder of this machine.
pub(super) async fn fetch(
    docker: &Docker,
    container: &ContainerId,
    path: &str,
    into: PathBuf,
    top: Top,
    owners: bool,
) -> Result<Vec<LeftOut>, EngineError> {
    let (sender, receiver) = mpsc::channel(WAITING);
    let unpacking =
        task::spawn_blocking(move || unpack(Source::of(receiver), &Unpack { into: &into, top, owners }));
    let mut parts = std::pin::pin!(download(docker, container, path));
    while let Some(part) = parts.next().await {
        let failed = part.as_ref().err().cloned();
        let part = part.map_err(|error| io::Error::other(error.to_string()));
        // Whoever unpacks may have given up: it says why.
        let gone = sender.send(part).await.is_err();
        if let Some(error) = failed {
            return Err(error);
        }
        if gone {
            break;
        }
    }
    drop(sender);
    let unpacked = unpacking.await.map_err(|_| EngineError::Step("unpacking ended early".to_owned()))?;
    unpacked.map_err(|error| EngineError::Step(error.to_string()))
}

/// Puts a file or folder of this machine into a folder of a container.
pub(super) async fn send(
    docker: &Docker,
    container: &ContainerId,
    source: PathBuf,
    into: &str,
    top: Top,
    to_user: bool,
) -> Result<(), EngineError> {
    let (sender, receiver) = mpsc::channel(WAITING);
    let packing = task::spawn_blocking(move || {
        let mut pipe = Pipe::to(sender);
        let packed = pack(&source, base(&source), &top, &mut pipe);
        if let Err(error) = &packed {
            pipe.fail(io::Error::other(error.to_string()));
        }
        packed
    });
    let sent = upload(docker, container, into, to_user, receiver).await;
    let packed = packing.await.map_err(|_| EngineError::Step("packing ended early".to_owned()))?;
    match (packed, sent) {
        // The engine gave up first: it says why.
        (Err(error), Err(sent)) if error.kind() == io::ErrorKind::BrokenPipe => Err(sent),
        (Err(error), _) => Err(EngineError::Step(error.to_string())),
        (Ok(()), sent) => sent,
    }
}

/// Hands a tar to a folder of a container, with the users and groups that it names; `to_user`: all to the user of the
/// container instead. Begins with the first chunk. `PUT /containers/{id}/archive`.
pub(super) async fn upload(
    docker: &Docker,
    container: &ContainerId,
    into: &str,
    to_user: bool,
    mut chunks: mpsc::Receiver<io::Result<Bytes>>,
) -> Result<(), EngineError> {
    let mut options = UploadToContainerOptionsBuilder::default().path(into).no_overwrite_dir_non_dir("1");
    if to_user {
        options = options.copy_uidgid("1");
    }
    // The engine locks the container from the request's first byte to its last, and whoever makes the tar may have to
    // look at that container first.
    let first = chunks.recv().await;
    let rest =
        stream::unfold(chunks, |mut chunks| async move { chunks.recv().await.map(|chunk| (chunk, chunks)) });
    let body = body_try_stream(stream::iter(first).chain(rest));
    Ok(docker.upload_to_container(container.as_str(), Some(options.build()), body).await?)
}

/// The last name of a path.
fn base(path: &Path) -> &OsStr {
    path.file_name().unwrap_or_default()
}
