//! Intents of the designer to minimal text edits. Every result is parsed again and compared with what was meant.

use serde::{Deserialize, Serialize};

use crate::{FileEdit, ProjectFiles, ServiceName, model::Condition};

/// One visual action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "intent", rename_all = "snake_case")]
pub enum Intent {
    /// A new service at the end of `services`.
    AddService { name: ServiceName, image: String },
    /// The service and every `depends_on`, `links`, `volumes_from` entry that names it.
    RemoveService { name: ServiceName },
    /// The key and every reference to it.
    RenameService { from: ServiceName, to: ServiceName },
    /// `image`.
    SetImage { service: ServiceName, image: String },
    /// Appends to `ports`, in the list's own form.
    AddPort { service: ServiceName, port: String },
    /// Replaces the item of `ports` at an index.
    SetPort { service: ServiceName, index: usize, port: String },
    /// Removes the item of `ports` at an index.
    RemovePort { service: ServiceName, index: usize },
    /// Sets or adds a variable, in list or map form as the file has it; `None` passes it by name only.
    SetEnvironment { service: ServiceName, name: String, value: Option<String> },
    /// Removes a variable.
    RemoveEnvironment { service: ServiceName, name: String },
    /// Sets or adds `depends_on`; the short list turns long only when the condition needs it.
    Connect { service: ServiceName, dependency: ServiceName, condition: Condition },
    /// Removes a `depends_on` entry.
    Disconnect { service: ServiceName, dependency: ServiceName },
    /// Joins a network, declaring it when it is new.
    AttachNetwork { service: ServiceName, network: String },
    /// Leaves a network.
    DetachNetwork { service: ServiceName, network: String },
    /// Mounts a named volume, declaring it when it is new.
    AttachVolume { service: ServiceName, volume: String, target: String },
    /// Removes the mount of a named volume.
    DetachVolume { service: ServiceName, volume: String },
    /// `deploy.replicas` or `scale`, whichever the file uses.
    SetReplicas { service: ServiceName, replicas: u32 },
    /// A new top-level network.
    AddNetwork { name: String },
    /// The network and every reference to it.
    RemoveNetwork { name: String },
    /// A new top-level volume.
    AddVolume { name: String },
    /// The volume and every mount of it.
    RemoveVolume { name: String },
}

/// Why an intent cannot be done safely as a text edit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    /// What stands in the way, with the names in question and what to do instead.
    pub reason: String,
}

/// Plans the smallest edits for an intent. `compose_files` are the project's compose files in merge order: a value
/// is changed in the last file that sets it, a new one goes to the first.
///
/// # Errors
/// When the intent does not apply or cannot be done without touching more than it must.
pub fn plan(
    _files: &ProjectFiles,
    _compose_files: &[String],
    _intent: &Intent,
) -> Result<Vec<FileEdit>, Refusal> {
    Err(Refusal { reason: String::new() })
}
