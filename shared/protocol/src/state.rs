//! Snapshots of what exists.

use composeyard_compose::{ProjectFiles, ProjectName};
use composeyard_plan::Observed;
use serde::{Deserialize, Serialize};

/// Whether an engine answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "engine", rename_all = "snake_case")]
pub enum EngineState {
    /// Not asked yet.
    Connecting,
    /// It answers.
    Up {
        /// `Docker`, `Podman`.
        name: String,
        /// `28.5.1`
        version: String,
        /// `1.41`
        api: String,
    },
    /// It does not.
    Down {
        /// Why: "nothing listens on /var/run/docker.sock".
        reason: String,
        /// What to do.
        help: String,
    },
}

/// A project's state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProjectState {
    /// Which.
    pub project: ProjectName,
    /// Grows with each snapshot of this agent run.
    pub revision: u64,
    /// What exists; none while the engine does not answer.
    pub observed: Option<Observed>,
    /// The verb that someone is running on it now, if any: "up".
    pub busy: Option<String>,
}

/// One line of a project list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectSummary {
    /// Its name.
    pub name: ProjectName,
    /// The workspace has it.
    pub saved: bool,
    /// Where its containers say that its files are, absolute; empty when they do not say.
    #[serde(default)]
    pub folder: String,
    /// Containers that run.
    pub running: u32,
    /// Containers in all.
    pub containers: u32,
}

/// A project as the workspace holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedProject {
    /// Which.
    pub name: ProjectName,
    /// Its text files.
    pub files: ProjectFiles,
    /// Changes with every save.
    pub revision: String,
    /// Its compose files in merge order, where they are not the default names: an adopted project's labels say so.
    #[serde(default)]
    pub compose_files: Vec<String>,
}
