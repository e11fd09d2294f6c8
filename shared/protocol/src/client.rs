//! What the page says.

use std::collections::BTreeMap;

use composeyard_compose::{ProjectFiles, ProjectName, ServiceName};
use composeyard_logs::line::Cursor;
use composeyard_plan::{Command, UpOptions};
use serde::{Deserialize, Serialize};

/// A number that the client gives to a request, unique on its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(pub u32);

/// One frame from the page.
#[allow(
    clippy::large_enum_variant,
    reason = "one at a time, and nearly all are requests; on wasm32 it is not large"
)]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientMessage {
    /// First frame.
    Hello {
        /// [`crate::VERSION`] of the page.
        version: u32,
    },
    /// Do something.
    Request {
        /// The client's number.
        id: RequestId,
        /// What.
        request: Request,
    },
    /// Stop a running request; it ends with [`crate::Outcome::Cancelled`].
    Cancel {
        /// Which.
        id: RequestId,
    },
}

/// What can be asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// Names of the projects in the workspace and on the engine.
    ListProjects,
    /// The files of a project in the workspace.
    OpenProject {
        /// Which.
        project: ProjectName,
    },
    /// Takes a project of the engine, made by someone else, into the workspace: its files stay in their folder when its
    /// labels tell where that is and they can be read; else they are rebuilt from what runs. Both need a consent.
    /// Answered as [`Request::OpenProject`]; of a project in the workspace it is the same.
    AdoptProject {
        /// Which.
        project: ProjectName,
        /// As in [`Request::Run`].
        #[serde(default)]
        consent: Vec<String>,
    },
    /// Writes a project's files below the workspace folder. A new project under the name of one that someone else has on
    /// the engine is denied: that one is taken in with [`Request::AdoptProject`].
    SaveProject {
        /// Which.
        project: ProjectName,
        /// All its files: others that an earlier save wrote are removed, files it did not write stay.
        files: ProjectFiles,
        /// The revision this save is based on; none for the first. A stale one is refused.
        base: Option<String>,
    },
    /// What a command would do now.
    Plan {
        /// Which project, as last saved.
        project: ProjectName,
        /// Compose files and profiles in use.
        selection: Selection,
        /// The command.
        command: Command,
    },
    /// What there is to download for images that a plan fetches. Their registries are asked, which takes seconds: a plan
    /// does not wait for it.
    Downloads {
        /// Which project, as last saved.
        project: ProjectName,
        /// Compose files and profiles in use.
        selection: Selection,
        /// [`composeyard_plan::Plan::pulled`]; what the project does not name is left out.
        images: Vec<String>,
    },
    /// Does it. Progress arrives as [`crate::ServerMessage::Progress`].
    Run {
        /// Which project, as last saved.
        project: ProjectName,
        /// Compose files and profiles in use.
        selection: Selection,
        /// The command.
        command: Command,
        /// Fingerprint of the plan that was shown; none to run whatever is needed now.
        #[serde(default)]
        shown: Option<String>,
        /// Keys of the [`composeyard_plan::Grant`]s that the user has agreed to.
        #[serde(default)]
        consent: Vec<String>,
    },
    /// Changes the number of containers of services, live: `up` with these counts for just these services.
    Scale {
        /// Which project, as last saved.
        project: ProjectName,
        /// Compose files and profiles in use.
        selection: Selection,
        /// Counts.
        scale: BTreeMap<ServiceName, u32>,
        /// As in [`Request::Run`].
        #[serde(default)]
        consent: Vec<String>,
    },
    /// State snapshots of a project from now on, until cancelled.
    Watch {
        /// Which.
        project: ProjectName,
    },
    /// The images that a project's containers were made from.
    Images {
        /// Which.
        project: ProjectName,
    },
    /// The processes of a project's running containers.
    Top {
        /// Which.
        project: ProjectName,
        /// Only these; empty for all.
        #[serde(default)]
        services: Vec<ServiceName>,
    },
    /// Where the host answers for a port of a container.
    Port {
        /// Which project.
        project: ProjectName,
        /// Which service.
        service: ServiceName,
        /// The port inside.
        private_port: u16,
        /// `tcp`, `udp`.
        protocol: String,
        /// Number of the container; none for the first that runs.
        #[serde(default)]
        index: Option<u32>,
    },
    /// One file of a container, not larger than [`crate::MAX_FILE_BYTES`].
    ReadFile {
        /// Which project.
        project: ProjectName,
        /// Which service.
        service: ServiceName,
        /// Number of the container; none for the first.
        #[serde(default)]
        index: Option<u32>,
        /// From the root of the container.
        path: String,
    },
    /// Writes one file into the containers of a service. Its folder must exist. A file that is there keeps its owner.
    WriteFile {
        /// Which project.
        project: ProjectName,
        /// Which service.
        service: ServiceName,
        /// Number of the container; none for all.
        #[serde(default)]
        index: Option<u32>,
        /// From the root of the container.
        path: String,
        /// Permissions: `0o644`.
        mode: u32,
        /// Its bytes, in Base64; at most [`crate::MAX_FILE_BYTES`] of them.
        content: String,
    },
    /// A project's volumes with their use and size, and the back-ups of them.
    Volumes {
        /// Which.
        project: ProjectName,
    },
    /// Removes a volume and its data. No container may use it.
    RemoveVolume {
        /// Of which project.
        project: ProjectName,
        /// Its key, or its name on the engine.
        volume: String,
    },
    /// Writes what a volume holds into a tar below the workspace folder.
    BackUpVolume {
        /// Of which project.
        project: ProjectName,
        /// Its key, or its name on the engine.
        volume: String,
    },
    /// Replaces what a volume holds by what a back-up holds. No container may use it.
    RestoreVolume {
        /// Of which project, as last saved.
        project: ProjectName,
        /// Compose files and profiles in use.
        selection: Selection,
        /// Its key, or its name on the engine.
        volume: String,
        /// [`crate::Backup::file`]
        backup: String,
    },
    /// Removes a back-up.
    RemoveBackup {
        /// Of which project.
        project: ProjectName,
        /// [`crate::Backup::file`]
        backup: String,
    },
    /// What happens to a project's containers from now on, until cancelled.
    Events {
        /// Which.
        project: ProjectName,
        /// Only these; empty for all.
        #[serde(default)]
        services: Vec<ServiceName>,
    },
    /// Log batches of a project's containers from now on, also of ones that start later, until cancelled.
    FollowLogs {
        /// Which.
        project: ProjectName,
        /// Only these; empty for all.
        services: Vec<ServiceName>,
        /// Lines of the past for containers without a cursor; none for all.
        tail: Option<u32>,
        /// How far the client has already read.
        cursors: Vec<Cursor>,
    },
}

/// Which of a project's files and profiles are in use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Selection {
    /// Compose files in merge order; empty for the default names.
    pub files: Vec<String>,
    /// Active profiles.
    pub profiles: Vec<String>,
}

impl Request {
    /// `up` of everything with nothing special.
    pub fn up(project: ProjectName, selection: Selection) -> Self {
        let command = Command::Up(UpOptions::default());
        Self::Run { project, selection, command, shown: None, consent: Vec::new() }
    }
}
