//! What the agent says.

use composeyard_logs::line::SourceId;
use composeyard_plan::{Downloads, Grant, Plan, PublishedPort, StepId};
use serde::{Deserialize, Serialize};

use crate::{
    Backup, ContainerEvent, EngineState, ImageInUse, ProcessTable, ProjectState, ProjectSummary, RequestId,
    SavedProject, VolumeInUse,
};

/// One text frame from the agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage {
    /// Answer to the client's hello.
    Hello {
        /// [`crate::VERSION`] of the agent.
        version: u32,
        /// The agent's own version, for people.
        agent: String,
        /// The workspace folder, for people.
        workspace: String,
        /// Whether an engine answers.
        engine: EngineState,
    },
    /// The engine came, went or changed.
    Engine {
        /// Its state now.
        engine: EngineState,
    },
    /// Answer to [`crate::Request::ListProjects`].
    Projects {
        /// The request.
        id: RequestId,
        /// All, by name.
        projects: Vec<ProjectSummary>,
    },
    /// Answer to open and save.
    Project {
        /// The request.
        id: RequestId,
        /// The files and their revision.
        saved: SavedProject,
    },
    /// The plan of a [`crate::Request::Plan`], or of a run that is about to begin.
    Plan {
        /// The request.
        id: RequestId,
        /// The steps.
        plan: Plan,
        /// To run just this plan.
        fingerprint: String,
    },
    /// Answer to [`crate::Request::Downloads`].
    Downloads {
        /// The request.
        id: RequestId,
        /// What the registries tell.
        sizes: Downloads,
    },
    /// The run needs these consents; it then ends with [`FailureKind::Denied`]. To go on, ask the user and send the
    /// request again with the grants' keys.
    Consent {
        /// The request.
        id: RequestId,
        /// All that the project wants and the request did not agree to.
        grants: Vec<Grant>,
    },
    /// A step moved.
    Progress {
        /// The request.
        id: RequestId,
        /// How.
        progress: Progress,
    },
    /// A watched project's state, whole.
    State {
        /// The [`crate::Request::Watch`].
        id: RequestId,
        /// What exists.
        state: ProjectState,
    },
    /// A container that log lines will come from; sent before its first line and when it ends.
    LogSource {
        /// The [`crate::Request::FollowLogs`].
        id: RequestId,
        /// Which.
        source: LogSource,
    },
    /// Answer to [`crate::Request::Images`].
    Images {
        /// The request.
        id: RequestId,
        /// One for each container, by the container's name.
        images: Vec<ImageInUse>,
    },
    /// Answer to [`crate::Request::Top`].
    Processes {
        /// The request.
        id: RequestId,
        /// One table for each running container, by service and number.
        tables: Vec<ProcessTable>,
    },
    /// Answer to [`crate::Request::Port`].
    Port {
        /// The request.
        id: RequestId,
        /// Where the host answers.
        port: PublishedPort,
    },
    /// Answer to [`crate::Request::ReadFile`].
    File {
        /// The request.
        id: RequestId,
        /// Permissions: `0o644`.
        mode: u32,
        /// Its bytes, in Base64.
        content: String,
    },
    /// Answer to [`crate::Request::Volumes`]: at once without sizes, then with them.
    Volumes {
        /// The request.
        id: RequestId,
        /// The project's own.
        volumes: Vec<VolumeInUse>,
        /// Of these volumes and of ones that are gone, the newest first.
        backups: Vec<Backup>,
    },
    /// Answer to [`crate::Request::BackUpVolume`].
    BackedUp {
        /// The request.
        id: RequestId,
        /// [`Backup::file`]
        file: String,
        /// Bytes.
        size: u64,
    },
    /// Something has happened to a container.
    Event {
        /// The [`crate::Request::Events`].
        id: RequestId,
        /// What.
        event: ContainerEvent,
    },
    /// The end of a request.
    Finished {
        /// The request.
        id: RequestId,
        /// How it ended.
        outcome: Outcome,
    },
    /// The connection is about to be closed for this reason.
    Refused {
        /// Why.
        failure: Failure,
    },
}

impl ServerMessage {
    /// The request that it is about; none for what concerns the whole connection.
    pub fn request(&self) -> Option<RequestId> {
        match self {
            Self::Hello { .. } | Self::Engine { .. } | Self::Refused { .. } => None,
            Self::Projects { id, .. }
            | Self::Project { id, .. }
            | Self::Plan { id, .. }
            | Self::Downloads { id, .. }
            | Self::Consent { id, .. }
            | Self::Progress { id, .. }
            | Self::State { id, .. }
            | Self::LogSource { id, .. }
            | Self::Images { id, .. }
            | Self::Processes { id, .. }
            | Self::Port { id, .. }
            | Self::File { id, .. }
            | Self::Volumes { id, .. }
            | Self::BackedUp { id, .. }
            | Self::Event { id, .. }
            | Self::Finished { id, .. } => Some(*id),
        }
    }
}

/// What happened to a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Which.
    pub step: StepId,
    /// Where it stands.
    pub state: StepState,
}

/// Where a step stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum StepState {
    /// Begun.
    Running {
        /// What it does just now: "downloading layer 3 of 5", a line of build output; may be empty.
        detail: String,
        /// Bytes done and in all, when known.
        bytes: Option<(u64, u64)>,
    },
    /// Done.
    Done {
        /// In milliseconds.
        took: u64,
    },
    /// Failed; steps after it are skipped.
    Failed {
        /// What, where, and what to do.
        failure: Failure,
    },
    /// Not done because a step before it failed or the request was cancelled.
    Skipped,
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// As asked.
    Done,
    /// By the client.
    Cancelled,
    /// The plan that was shown no longer holds; a new [`ServerMessage::Plan`] was sent.
    PlanChanged,
    /// Not done, or not all.
    Failed {
        /// What, where, and what to do.
        failure: Failure,
    },
}

/// What kind of failure, for the page to choose how to show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// The request is not well-formed or names something that does not exist.
    BadRequest,
    /// Protocol versions differ.
    Version,
    /// No engine answers.
    NoEngine,
    /// The engine refused a step.
    Engine,
    /// The project's files do not load.
    Project,
    /// Someone else is working on this project.
    Busy,
    /// The files changed since the client read them.
    Stale,
    /// It needs a consent that was not given, or this mode denies it.
    Denied,
    /// Reading or writing the workspace failed.
    Workspace,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Kind.
    pub kind: FailureKind,
    /// One sentence.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// A container in a log subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogSource {
    /// Its number in the batches.
    pub source: SourceId,
    /// Engine id.
    pub container: String,
    /// Name without the project: `app-2`.
    pub name: String,
    /// Service.
    pub service: String,
    /// False when its stream has ended, with the reason in `note`.
    pub open: bool,
    /// "exited with code 1", "removed", "12 lines lost in rotation"; may be empty.
    pub note: String,
}
