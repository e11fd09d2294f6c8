//! The plan: steps, what each waits for, and why it is there.

use composeyard_compose::{ServiceName, model::Condition};
use serde::{Deserialize, Serialize};

use crate::BuildChanges;

/// A step's number in its plan. Not its place there: numbers begin at 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StepId(pub u32);

/// A container that exists, or one that an earlier step makes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContainerRef {
    /// By engine id.
    Existing(String),
    /// Made by that step.
    Made(StepId),
}

/// What a step is about, for people and for grouping on the canvas.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// One container of a service.
    Container {
        /// The service; a plain string, since an orphan's service is not in the project.
        service: String,
        /// Container number, from 1.
        number: u32,
    },
    /// A network, by key.
    Network(String),
    /// A volume, by key.
    Volume(String),
    /// An image, by reference.
    Image(String),
}

/// What becomes of a container of `run` when its command has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OneOff {
    /// It stays until someone removes it.
    Stays,
    /// The engine removes it.
    Goes,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// Fetch an image.
    PullImage {
        /// Reference.
        image: String,
        /// A failure is only worth a word.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        optional: bool,
    },
    /// Build the image of a service.
    BuildImage {
        /// Which service's `build`.
        service: ServiceName,
        /// The tag it gets.
        image: String,
        /// What differs from the files.
        #[serde(default, skip_serializing_if = "BuildChanges::is_empty")]
        changes: BuildChanges,
    },
    /// Send an image to its registry.
    PushImage {
        /// Reference.
        image: String,
        /// A failure is only worth a word.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        optional: bool,
    },
    /// Remove an image.
    RemoveImage {
        /// Reference.
        image: String,
    },
    /// Make a network.
    CreateNetwork {
        /// Key in the project.
        key: String,
    },
    /// Remove a network.
    RemoveNetwork {
        /// Engine id or name.
        id: String,
        /// Engine name.
        name: String,
    },
    /// Make a volume.
    CreateVolume {
        /// Key in the project.
        key: String,
    },
    /// Remove a volume and its data.
    RemoveVolume {
        /// Engine name.
        name: String,
    },
    /// Make a container.
    CreateContainer {
        /// Of this service.
        service: ServiceName,
        /// With this number.
        number: u32,
        /// Under this name (a temporary one when it replaces another).
        name: String,
        /// The container it replaces.
        replaces: Option<String>,
        /// It gets new anonymous volumes; else it inherits those of the container it replaces.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        renew_volumes: bool,
        /// It runs one command beside the service's own containers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        one_off: Option<OneOff>,
        /// Id of the image that the replaced container runs, when the only reason to replace it is an image that
        /// this plan fetches or builds: should the image turn out to be the same, the whole group is left undone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unless_image: Option<String>,
    },
    /// Take a container off a network.
    DisconnectNetwork {
        /// Which.
        container: ContainerRef,
        /// Engine name.
        network: String,
    },
    /// Put a container on a network.
    ConnectNetwork {
        /// Which.
        container: ContainerRef,
        /// Of this service, for aliases and addresses.
        service: ServiceName,
        /// Key in the project.
        key: String,
    },
    /// Run a service's `pre_start` commands, each to its end in a container of its own.
    PreStart {
        /// Which service.
        service: ServiceName,
        /// The container that they prepare: they see its volumes.
        container: ContainerRef,
    },
    /// Start a container.
    StartContainer {
        /// Which.
        container: ContainerRef,
    },
    /// Stop a container with its own signal.
    StopContainer {
        /// Which.
        container: ContainerRef,
        /// Seconds until it is killed; none for its own grace period.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grace: Option<u32>,
    },
    /// Freeze a container.
    PauseContainer {
        /// Which.
        container: ContainerRef,
    },
    /// Let a frozen container go on.
    UnpauseContainer {
        /// Which.
        container: ContainerRef,
    },
    /// Send a signal to a container.
    KillContainer {
        /// Which.
        container: ContainerRef,
        /// `SIGKILL`, `HUP`, `9`.
        signal: String,
    },
    /// Remove a container.
    RemoveContainer {
        /// Which.
        container: ContainerRef,
        /// With its anonymous volumes.
        volumes: bool,
    },
    /// Give a container its final name.
    RenameContainer {
        /// Which.
        container: ContainerRef,
        /// The name.
        name: String,
    },
    /// Wait until a service's containers run, and are healthy where they have a check.
    WaitUp {
        /// Which service.
        service: ServiceName,
        /// The longest to wait, seconds; 0 for as long as it takes.
        within: u32,
    },
    /// Wait until a service's containers meet a condition.
    WaitFor {
        /// Which service.
        service: ServiceName,
        /// What to wait for.
        condition: Condition,
        /// A failure is only a warning.
        required: bool,
    },
}

impl Action {
    /// True for steps that change nothing.
    pub fn only_waits(&self) -> bool {
        matches!(self, Self::WaitFor { .. } | Self::WaitUp { .. })
    }
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its place.
    pub id: StepId,
    /// Steps that must have succeeded.
    pub after: Vec<StepId>,
    /// What it is about.
    pub target: Target,
    /// What it does.
    pub action: Action,
    /// Why, in plain words: "environment PORT changed 8000 -> 8001".
    pub reason: String,
    /// Steps that belong together: `recreate:web:1`; empty for none.
    pub group: String,
}

/// Steps in an order in which each stands after those it waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// All steps.
    pub steps: Vec<Step>,
    /// What the user should know first: orphans, resources of other projects, keys that cannot be honoured.
    pub warnings: Vec<String>,
}

impl Plan {
    /// True when nothing has to be done.
    pub fn is_empty(&self) -> bool {
        self.steps.iter().all(|step| step.action.only_waits())
    }

    /// A fingerprint of the steps: the agent applies a plan only when it is still the one that was shown.
    pub fn fingerprint(&self) -> String {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        format!("{:?}", self.steps).hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    }
}
