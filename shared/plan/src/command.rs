//! What can be asked of the planner: commands and their options.

use std::collections::BTreeMap;

use composeyard_compose::ServiceName;
use serde::{Deserialize, Serialize};

/// What the user asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "verb", rename_all = "snake_case")]
pub enum Command {
    /// Bring it to the state that the files describe.
    Up(UpOptions),
    /// Stop and remove containers and networks.
    Down(DownOptions),
    /// Start stopped containers; empty for all services.
    Start {
        /// Which.
        services: Vec<ServiceName>,
    },
    /// Stop running containers; empty for all services.
    Stop {
        /// Which.
        services: Vec<ServiceName>,
        /// Seconds until they are killed; none for each one's own grace period.
        #[serde(default)]
        grace: Option<u32>,
    },
    /// Stop and start; empty for all services.
    Restart {
        /// Which.
        services: Vec<ServiceName>,
        /// Leave alone those that ask to be restarted with them.
        #[serde(default)]
        no_deps: bool,
        /// Seconds until they are killed; none for each one's own grace period.
        #[serde(default)]
        grace: Option<u32>,
    },
    /// Freeze running containers; empty for all services.
    Pause {
        /// Which.
        services: Vec<ServiceName>,
    },
    /// Let frozen containers go on; empty for all services.
    Unpause {
        /// Which.
        services: Vec<ServiceName>,
    },
    /// Send a signal to running containers; empty for all services.
    Kill {
        /// Which.
        services: Vec<ServiceName>,
        /// `SIGKILL`, `HUP`, `9`.
        signal: String,
        /// Also to containers of services that the files no longer name.
        #[serde(default)]
        orphans: bool,
    },
    /// Remove stopped containers.
    Rm(RmOptions),
    /// Fetch images.
    Pull(PullOptions),
    /// Build images.
    Build(BuildOptions),
    /// Send images to their registries. Only on the command line, as with `Run`.
    #[serde(skip)]
    Push(PushOptions),
    /// Make a container for one command. Only on the command line: nobody may ask for it over the wire.
    #[serde(skip)]
    Run(RunOptions),
}

impl Command {
    /// The services that it names, by themselves or with a number of containers.
    pub fn named(&self) -> Vec<ServiceName> {
        match self {
            Self::Up(options) => options.named(),
            Self::Down(options) => options.services.clone(),
            Self::Rm(options) => options.services.clone(),
            Self::Pull(options) => options.services.clone(),
            Self::Build(options) => options.services.clone(),
            Self::Push(options) => options.services.clone(),
            Self::Run(options) => vec![options.service.clone()],
            Self::Start { services }
            | Self::Stop { services, .. }
            | Self::Restart { services, .. }
            | Self::Pause { services }
            | Self::Unpause { services }
            | Self::Kill { services, .. } => services.clone(),
        }
    }

    /// The word for it on a command line.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Up(_) => "up",
            Self::Down(_) => "down",
            Self::Start { .. } => "start",
            Self::Stop { .. } => "stop",
            Self::Restart { .. } => "restart",
            Self::Pause { .. } => "pause",
            Self::Unpause { .. } => "unpause",
            Self::Kill { .. } => "kill",
            Self::Rm(_) => "rm",
            Self::Pull(_) => "pull",
            Self::Build(_) => "build",
            Self::Push(_) => "push",
            Self::Run(_) => "run",
        }
    }
}

/// When existing containers are replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recreate {
    /// When their configuration or image differs.
    #[default]
    Diverged,
    /// Always.
    Force,
    /// Never.
    Never,
}

/// When `up` fetches images, whatever the services' policies are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pull {
    /// Also those that are on this machine.
    Always,
    /// Only those that are not.
    Missing,
    /// None.
    Never,
}

/// How to bring a project up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UpOptions {
    /// Only these and what they depend on; empty for all.
    pub services: Vec<ServiceName>,
    /// Leave alone what the named services depend on.
    pub no_deps: bool,
    /// Container counts that win over the files'.
    pub scale: BTreeMap<ServiceName, u32>,
    /// Replacement policy.
    pub recreate: Recreate,
    /// Replacement policy for services that come along only as dependencies.
    pub recreate_dependencies: Recreate,
    /// Build images even when they exist.
    pub build: bool,
    /// Build no image, even when it is missing.
    pub no_build: bool,
    /// When images are fetched; none for what each service says.
    pub pull: Option<Pull>,
    /// Give replacements new anonymous volumes instead of those of the containers that they replace.
    pub renew_volumes: bool,
    /// Remove containers of services that the files no longer name.
    pub remove_orphans: bool,
    /// Volumes, by key, whose recreation (data lost) the user has agreed to.
    pub recreate_volumes: Vec<String>,
    /// Make everything and start nothing.
    pub no_start: bool,
    /// Seconds until a container that has to stop is killed; none for each one's own grace period.
    pub grace: Option<u32>,
    /// Wait until everything runs, and is healthy where it has a check.
    pub wait: bool,
    /// The longest to wait, seconds; 0 for as long as it takes.
    pub wait_timeout: u32,
    /// Also networks and volumes that no service uses. Only on the command line.
    #[serde(skip)]
    pub all_resources: bool,
    /// Do not mention containers of services that the files no longer name. Only on the command line.
    #[serde(skip)]
    pub ignore_orphans: bool,
}

impl UpOptions {
    /// The services that are named, whose profiles become active.
    pub fn named(&self) -> Vec<ServiceName> {
        self.services.iter().chain(self.scale.keys()).cloned().collect()
    }
}

/// How to run a command in a container of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunOptions {
    /// The service whose container it is.
    pub service: ServiceName,
    /// The container's name.
    pub name: String,
    /// Leave alone what the service depends on.
    pub no_deps: bool,
    /// Build images even when they exist.
    pub build: bool,
    /// When images are fetched; none for what each service says.
    pub pull: Option<Pull>,
    /// Remove containers of services that the files no longer name.
    pub remove_orphans: bool,
    /// Start it, too.
    pub start: bool,
    /// The engine removes it when its command has ended.
    pub auto_remove: bool,
    /// Also networks and volumes that no service uses.
    pub all_resources: bool,
}

/// How to take a project down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DownOptions {
    /// Only these and what depends on them; empty for all.
    pub services: Vec<ServiceName>,
    /// Also the project's own volumes.
    pub volumes: bool,
    /// Also containers of services that the files no longer name.
    pub remove_orphans: bool,
    /// Also images.
    pub images: Option<Images>,
    /// Seconds until a container is killed; none for each one's own grace period.
    pub grace: Option<u32>,
}

/// Which images `down` removes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Images {
    /// Those that were built for a service that gives them no name.
    Local,
    /// Those of all services.
    All,
}

/// Which containers to remove.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RmOptions {
    /// Only these; empty for all.
    pub services: Vec<ServiceName>,
    /// Also those that run, which are stopped first.
    pub stop: bool,
    /// With their anonymous volumes.
    pub volumes: bool,
}

/// Which images to fetch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PullOptions {
    /// Only these; empty for all.
    pub services: Vec<ServiceName>,
    /// Also those that the named services depend on.
    pub include_deps: bool,
    /// An image that cannot be fetched is only worth a word.
    pub ignore_failures: bool,
    /// Leave out images that a service builds.
    pub ignore_buildable: bool,
    /// Leave out images that are on this machine.
    pub only_missing: bool,
}

/// Which images to build, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BuildOptions {
    /// Only these; empty for all.
    pub services: Vec<ServiceName>,
    /// Also those that the named services depend on.
    pub with_dependencies: bool,
    /// Send each image to its registry once it is built. Only on the command line.
    #[serde(skip)]
    pub push: bool,
    /// What differs from the files.
    pub changes: BuildChanges,
}

/// Which images to send to their registries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PushOptions {
    /// Only these; empty for all.
    pub services: Vec<ServiceName>,
    /// Also those that the named services depend on.
    pub include_deps: bool,
    /// An image that cannot be sent is only worth a word.
    pub ignore_failures: bool,
}

/// What a command changes about a service's `build`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BuildChanges {
    /// Use nothing of earlier builds.
    pub no_cache: bool,
    /// Fetch the images it starts from, also when they are on this machine.
    pub pull: bool,
    /// Build arguments that win over the files'.
    pub args: BTreeMap<String, String>,
    /// Bytes of memory that the build may use; 0 for no limit.
    #[serde(default, skip_serializing_if = "is_none")]
    pub memory: u64,
}

fn is_none(memory: &u64) -> bool {
    *memory == 0
}

impl BuildChanges {
    /// True when the build is as the files say.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
