//! A project's volumes: who uses them, what they hold, back-ups and their restoring. For the command line and for the
//! page.

mod backup;
mod restore;
mod tar_list;

use composeyard_compose::ProjectName;
use composeyard_plan::{ContainerState, Observed, ObservedVolume};
use composeyard_protocol::{Failure, FailureKind};

use crate::engine::EngineError;

pub use backup::back_up;
pub use restore::restore;

/// Why a volume was not dealt with.
#[derive(Debug, thiserror::Error)]
pub enum VolumeError {
    /// The project has none of this key or name.
    #[error("project {project} has no volume {volume}")]
    None {
        /// Which project.
        project: ProjectName,
        /// What was asked for.
        volume: String,
    },
    /// Containers mount it.
    #[error("volume {volume} is used{}", by(.users))]
    Used {
        /// Which.
        volume: String,
        /// Names of containers; empty for some outside the project.
        users: Vec<String>,
    },
    /// The compose files no longer have it.
    #[error("the files do not say how volume {0} is made")]
    NotDeclared(String),
    /// Another project made it, or nobody knows who.
    #[error("volume {volume} was not made by project {project}")]
    Foreign {
        /// Which.
        volume: String,
        /// The project that wanted it.
        project: ProjectName,
    },
    /// Its data lies where the engine does not remove it.
    #[error("volume {volume} lies at {device}: its data stays there when the volume is removed")]
    Elsewhere {
        /// Which.
        volume: String,
        /// The `device` of its options: a folder, a share.
        device: String,
    },
    /// The back-up cannot be used.
    #[error("{file} is no whole tar: {reason}")]
    Broken {
        /// Which file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The old data is gone and the new is not all there.
    #[error("volume {volume} was removed and could not be filled again: {reason}")]
    Lost {
        /// Which.
        volume: String,
        /// Why.
        reason: EngineError,
    },
    /// A file of this machine.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: String,
        /// The system's answer.
        source: std::io::Error,
    },
    /// The engine's answer.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl VolumeError {
    /// As the page shows it.
    pub fn to_failure(&self) -> Failure {
        let (kind, help) = match self {
            Self::Engine(error) => return error.to_failure(),
            Self::None { .. } => (FailureKind::BadRequest, None),
            Self::Used { .. } => {
                (FailureKind::Engine, Some("Take the project down first; its volumes stay."))
            }
            Self::NotDeclared(_) => (FailureKind::Project, Some("Add the volume to a compose file.")),
            Self::Foreign { .. } => (
                FailureKind::Denied,
                Some("Restore it with the project that made it, or remove it first if its data may go."),
            ),
            Self::Elsewhere { .. } => {
                (FailureKind::Project, Some("Unpack the back-up at that place yourself."))
            }
            Self::Broken { .. } => {
                (FailureKind::Workspace, Some("Choose another back-up. The volume is as it was."))
            }
            Self::Lost { .. } => (FailureKind::Engine, Some("The back-up is whole: restore it again.")),
            Self::File { .. } => (FailureKind::Workspace, None),
        };
        Failure { kind, message: self.to_string(), help: help.map(str::to_owned) }
    }
}

fn by(users: &[String]) -> String {
    if users.is_empty() { " outside this project".to_owned() } else { format!(" by {}", users.join(", ")) }
}

/// The project's own volumes.
pub fn own<'a>(observed: &'a Observed, project: &ProjectName) -> Vec<&'a ObservedVolume> {
    observed.volumes.iter().filter(|volume| volume.project == project.as_str()).collect()
}

/// One of the project's own, by key or name.
///
/// # Errors
/// When there is none.
pub fn find<'a>(
    observed: &'a Observed,
    project: &ProjectName,
    name: &str,
) -> Result<&'a ObservedVolume, VolumeError> {
    let own = own(observed, project);
    let found = own.into_iter().find(|volume| volume.key == name || volume.name == name);
    found.ok_or_else(|| VolumeError::None { project: project.clone(), volume: name.to_owned() })
}

/// Names of the containers that mount it, whether they run or not.
pub fn users(observed: &Observed, volume: &ObservedVolume) -> Vec<String> {
    let mounts = observed.containers.iter().filter(|container| container.volumes.contains(&volume.name));
    mounts.map(|container| container.name.clone()).collect()
}

/// True when a container that runs mounts it: what it writes meanwhile may be torn in a copy.
pub fn is_live(observed: &Observed, volume: &ObservedVolume) -> bool {
    observed.containers.iter().any(|container| {
        container.state == ContainerState::Running && container.volumes.contains(&volume.name)
    })
}

/// Removes a volume and its data.
///
/// # Errors
/// When something uses it.
pub async fn remove(
    engine: &crate::engine::Engine,
    project: &ProjectName,
    name: &str,
) -> Result<String, VolumeError> {
    let observed = engine.observe(project, None).await?;
    let volume = find(&observed, project, name)?;
    let users = users(&observed, volume);
    if users.is_empty() && engine.remove_volume(&volume.name).await? {
        Ok(volume.name.clone())
    } else {
        Err(VolumeError::Used { volume: volume.name.clone(), users })
    }
}
