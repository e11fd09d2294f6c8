//! The Docker engine behind one façade: connection, observation, execution of plans.
//!
//! | module | what it does |
//! |---|---|
//! | `connect` | finds the engine, keeps the connection's state, reconnects |
//! | `greeting` | the first words: which engine it is, and the version that both speak |
//! | `observe` | what exists of a project, read from labels and inspection |
//! | `events` | the event stream: snapshots of a project as it changes |
//! | `rebuild` | a project without readable files, as files rebuilt from inspection |
//! | `execute` | runs a plan: its graph, each step, waiting for conditions |
//! | `archive`, `copy` | files from and to containers |
//! | `exec` | commands inside running containers |
//! | `look` | lists, images in use, processes, events one by one, ends |
//! | `container` | a service as the body of a create call |
//! | `network`, `volume`, `image` | calls about each of these |
//! | `volume_data` | what a volume holds, as a tar |
//! | `endpoint`, `contexts` | which engine and how it is reached; named engines of the docker command |
//! | `registry` | logins of private registries, sizes of images that are not here yet |
//! | `build` | build contexts and the classic builder |
//! | `labels` | Compose's own labels |
//! | `names` | the only way for a name or id to reach the engine |
//!
//! Nothing else in the agent talks to bollard, except the log followers through [`Engine::docker`].

mod archive;
mod build;
mod connect;
mod container;
mod contexts;
mod copy;
mod endpoint;
mod error;
mod events;
mod exec;
mod execute;
mod greeting;
mod image;
mod labels;
mod look;
mod names;
mod network;
mod observe;
mod rebuild;
mod registry;
mod ssh;
mod volume;
mod volume_data;

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use bollard::Docker;
use bytes::Bytes;
use composeyard_compose::{Project, ProjectFiles, ProjectName, ServiceName, model::Volume};
use composeyard_plan::{Downloads, Observed, ObservedContainer, Plan};
use composeyard_protocol::{
    ContainerEvent, EngineState, ImageInUse, Outcome, ProcessTable, Progress, ProjectSummary,
};
use futures_util::Stream;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

pub use archive::{LeftOut, Top};
pub use copy::Stat;
pub use error::EngineError;
pub use exec::{Exec, Handle as ExecHandle, Input as ExecInput, Running as RunningExec, Size as ExecSize};
pub use labels::{Labels, Origin};
pub use look::{Row, RowPort, Span, StackRow, VolumeRow};
pub use names::ContainerId;
pub use registry::SIZES_LIMIT;
pub use volume_data::TRIAL as VOLUME_TRIAL;

/// A handle on the engine. Cheap to clone; all clones share one connection state.
#[derive(Clone, Debug)]
pub struct Engine {
    connection: Arc<connect::Connection>,
    sizes: Arc<registry::Memory>,
}

impl Engine {
    /// Starts to look for an engine and keeps trying by itself; never fails. Must run inside a tokio runtime.
    ///
    /// `host` is a URL (`unix:///var/run/docker.sock`, `tcp://127.0.0.1:2375`); none: `DOCKER_HOST`, else the Docker
    /// context of `DOCKER_CONTEXT` or the one in use, else the default sockets of Docker and Podman. With
    /// `DOCKER_TLS_VERIFY` a `tcp:` address is reached over TLS, with the certificates in `DOCKER_CERT_PATH`.
    pub fn connect(host: Option<String>) -> Self {
        Self { connection: connect::Connection::open(host), sizes: Arc::default() }
    }

    /// Whether an engine answers, now and from now on.
    pub fn state(&self) -> watch::Receiver<EngineState> {
        self.connection.state()
    }

    /// The client of the connected engine, its API version negotiated.
    ///
    /// # Errors
    /// [`EngineError::NotConnected`] with the reason while no engine answers.
    pub fn docker(&self) -> Result<Docker, EngineError> {
        self.connection.docker()
    }

    /// Waits until the first attempt to connect has ended, then as [`Engine::docker`].
    ///
    /// # Errors
    /// [`EngineError::NotConnected`] when it failed.
    pub async fn ready(&self) -> Result<Docker, EngineError> {
        self.connection.ready().await
    }

    /// What exists of a project. With `wanted`, also the networks, volumes and images that it declares by name.
    ///
    /// # Errors
    /// When the engine does not answer or refuses to list.
    pub async fn observe(
        &self,
        project: &ProjectName,
        wanted: Option<&Project>,
    ) -> Result<Observed, EngineError> {
        observe::observe(&self.ready().await?, project, wanted).await
    }

    /// The files of a project, made from what its containers, images, networks and volumes show: see
    /// [`composeyard_compose::rebuild`].
    ///
    /// # Errors
    /// When the project has no containers, or the engine does not answer.
    pub async fn rebuild(&self, project: &ProjectName) -> Result<ProjectFiles, EngineError> {
        rebuild::rebuild(&self.ready().await?, project).await
    }

    /// Every Compose project that has a container on the engine, by name. `saved` is left false.
    ///
    /// # Errors
    /// When the engine does not answer or refuses to list.
    pub async fn projects(&self) -> Result<Vec<ProjectSummary>, EngineError> {
        observe::projects(&self.ready().await?).await
    }

    /// The Compose projects of the engine by name, with their containers' states: those of which something runs, or `all`.
    ///
    /// # Errors
    /// When the engine does not answer or refuses to list.
    pub async fn stacks(&self, all: bool) -> Result<Vec<StackRow>, EngineError> {
        look::stacks(&self.ready().await?, all).await
    }

    /// What the engine's clock says, nanoseconds since 1970: times of lines and events count by it.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub async fn now(&self) -> Result<i64, EngineError> {
        look::now(&self.ready().await?).await
    }

    /// The exit code of a container, once it has ended.
    ///
    /// # Errors
    /// When the engine does not answer, or does not have it.
    pub async fn wait(&self, container: &ContainerId) -> Result<i64, EngineError> {
        look::wait(&self.ready().await?, container).await
    }

    /// The digest (`sha256:…`) that the registry of an image gives for its reference.
    ///
    /// # Errors
    /// When the engine or the registry does not answer, or does not have the image.
    pub async fn digest(&self, reference: &str) -> Result<String, EngineError> {
        image::digest(&self.ready().await?, reference).await
    }

    /// What there is to download for images, by the references that a project uses, as far as their registries tell until
    /// the deadline. Never an error: an image whose registry says nothing has no size.
    pub async fn downloads(&self, project: &Project, images: &[&str], deadline: Instant) -> Downloads {
        let Ok(Ok(docker)) = timeout_at(deadline, self.ready()).await else { return Downloads::default() };
        let platform = |reference: &str| image::platform(project, reference).to_owned();
        let images = images.iter().map(|image| ((*image).to_owned(), platform(image))).collect();
        let is_near = self.connection.is_near();
        Downloads::of(&registry::sizes(&docker, is_near, images, &self.sizes, deadline).await)
    }

    /// Where a project's containers say that its files are; none when they do not say.
    ///
    /// # Errors
    /// When the engine does not answer or refuses to list.
    pub async fn origin(&self, project: &ProjectName) -> Result<Option<Origin>, EngineError> {
        observe::origin(&self.ready().await?, project).await
    }

    /// Snapshots of a project, driven by the engine's events. None while the engine does not answer. Ends when
    /// every receiver is dropped.
    pub fn watch_project(&self, project: ProjectName) -> watch::Receiver<Option<Observed>> {
        events::watch_project(self.clone(), project)
    }

    /// The images of containers, by the containers' names.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub async fn images(&self, containers: &[ObservedContainer]) -> Result<Vec<ImageInUse>, EngineError> {
        look::images(&self.ready().await?, containers).await
    }

    /// The processes of those of the containers that run.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub async fn processes(
        &self,
        containers: &[ObservedContainer],
    ) -> Result<Vec<ProcessTable>, EngineError> {
        look::processes(&self.ready().await?, containers).await
    }

    /// What the engine's own list says of a project's containers, by their ids.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub async fn rows(&self, project: &ProjectName) -> Result<HashMap<String, Row>, EngineError> {
        look::rows(&self.ready().await?, project).await
    }

    /// What the engine's own list says of a project's volumes, by their names.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub async fn volume_rows(
        &self,
        project: &ProjectName,
    ) -> Result<HashMap<String, VolumeRow>, EngineError> {
        look::volume_rows(&self.ready().await?, project).await
    }

    /// What happens to a project's containers, until the span or the connection ends.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub async fn events(
        &self,
        project: &ProjectName,
        services: Vec<ServiceName>,
        span: Span,
    ) -> Result<impl Stream<Item = Result<ContainerEvent, EngineError>> + use<>, EngineError> {
        Ok(look::events(&self.ready().await?, project, services, span))
    }

    /// What is at a path of a container; none when there is nothing.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub async fn stat(&self, container: &ContainerId, path: &str) -> Result<Option<Stat>, EngineError> {
        copy::stat(&self.ready().await?, container, path).await
    }

    /// A path of a container as a tar, its last name at the top.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub async fn download(
        &self,
        container: &ContainerId,
        path: &str,
    ) -> Result<impl Stream<Item = Result<Bytes, EngineError>> + Send + use<>, EngineError> {
        Ok(copy::download(&self.ready().await?, container, path))
    }

    /// Copies a path of a container into a folder of this machine. What would lead out of the folder is left out.
    /// `owners`: with users and groups.
    ///
    /// # Errors
    /// When either side refuses.
    pub async fn fetch(
        &self,
        container: &ContainerId,
        path: &str,
        into: PathBuf,
        top: Top,
        owners: bool,
    ) -> Result<Vec<LeftOut>, EngineError> {
        copy::fetch(&self.ready().await?, container, path, into, top, owners).await
    }

    /// Copies a file or folder of this machine into a folder of a container, with users and groups; `to_user`: all to
    /// the user of the container instead.
    ///
    /// # Errors
    /// When either side refuses.
    pub async fn send(
        &self,
        container: &ContainerId,
        source: PathBuf,
        into: &str,
        top: Top,
        to_user: bool,
    ) -> Result<(), EngineError> {
        copy::send(&self.ready().await?, container, source, into, top, to_user).await
    }

    /// Unpacks a tar into a folder of a container. `to_user` as in [`Engine::send`].
    ///
    /// # Errors
    /// When the engine does not answer, or refuses.
    pub async fn upload(
        &self,
        container: &ContainerId,
        into: &str,
        to_user: bool,
        tar: mpsc::Receiver<std::io::Result<Bytes>>,
    ) -> Result<(), EngineError> {
        copy::upload(&self.ready().await?, container, into, to_user, tar).await
    }

    /// Bytes in the files of a volume.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub async fn volume_size(&self, project: &ProjectName, volume: &str) -> Result<u64, EngineError> {
        volume_data::inspect(&self.ready().await?, project, volume, volume_data::count).await
    }

    /// What `look` makes of a volume's content, as a tar.
    ///
    /// # Errors
    /// When the engine does not answer, or `look` refuses.
    pub async fn look_into_volume<Found: Send + 'static>(
        &self,
        project: &ProjectName,
        volume: &str,
        look: impl FnOnce(&mut dyn std::io::Read) -> std::io::Result<Found> + Send + 'static,
    ) -> Result<Found, EngineError> {
        volume_data::inspect(&self.ready().await?, project, volume, look).await
    }

    /// Unpacks a tar into a volume, with users and groups.
    ///
    /// # Errors
    /// When the engine does not answer, or refuses.
    pub async fn write_volume(
        &self,
        project: &ProjectName,
        volume: &str,
        tar: mpsc::Receiver<std::io::Result<Bytes>>,
    ) -> Result<(), EngineError> {
        volume_data::write(&self.ready().await?, project, volume, tar).await
    }

    /// Makes a volume as the project says.
    ///
    /// # Errors
    /// When the engine does not answer, or refuses.
    pub async fn create_volume(
        &self,
        project: &ProjectName,
        key: &str,
        volume: &Volume,
    ) -> Result<(), EngineError> {
        volume::create(&self.ready().await?, project, key, volume).await
    }

    /// Removes a volume and its data; false when something still uses it.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub async fn remove_volume(&self, name: &str) -> Result<bool, EngineError> {
        volume::remove(&self.ready().await?, name).await
    }

    /// Removes what killed restores of a volume have left: volumes with the label [`VOLUME_TRIAL`] and the containers at
    /// them.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub async fn remove_volume_trials(&self, volume: &str) -> Result<(), EngineError> {
        volume_data::remove_trials(&self.ready().await?, volume).await
    }

    /// Starts a command in a running container.
    ///
    /// # Errors
    /// When the engine does not answer, or refuses.
    pub async fn exec(&self, container: &ContainerId, exec: Exec) -> Result<RunningExec, EngineError> {
        exec::start(&self.ready().await?, container, exec).await
    }

    /// Joins the streams of a container's own process, also of one that is still to be started.
    ///
    /// # Errors
    /// When the engine does not answer, or refuses.
    pub async fn attach(&self, container: &ContainerId) -> Result<RunningExec, EngineError> {
        exec::attach(&self.ready().await?, container).await
    }

    /// Starts a command in a running container and leaves it alone.
    ///
    /// # Errors
    /// As [`Engine::exec`].
    pub async fn exec_detached(&self, container: &ContainerId, exec: Exec) -> Result<(), EngineError> {
        exec::detached(&self.ready().await?, container, exec).await
    }

    /// Runs a plan. `base` is the project's folder, or the folder with its compose files ([`Origin`]): what the
    /// containers' labels say, and where relative paths start.
    ///
    /// Every change of every step reaches `progress`, in order; a slow reader delays no step. Cancelling begins
    /// nothing new, ends all waiting, pulling and building, and lets calls to the engine that are under way end.
    pub async fn execute(
        &self,
        project: &Project,
        base: impl Into<Origin>,
        plan: &Plan,
        progress: mpsc::Sender<Progress>,
        cancel: CancellationToken,
    ) -> Outcome {
        self.execute_at_most(None, project, base, plan, progress, cancel).await
    }

    /// As [`Engine::execute`], with at most so many steps under way at once, besides those that wait; none for no limit.
    pub async fn execute_at_most(
        &self,
        at_most: Option<NonZeroUsize>,
        project: &Project,
        base: impl Into<Origin>,
        plan: &Plan,
        progress: mpsc::Sender<Progress>,
        cancel: CancellationToken,
    ) -> Outcome {
        let origin = base.into().or_default_files();
        execute::execute(self, project, origin, plan, at_most, progress, cancel).await
    }
}
