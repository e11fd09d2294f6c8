//! Intents of the designer to minimal text edits. Every result is parsed again and compared with what was meant.
//!
//! | module | what it does |
//! |---|---|
//! | `desk` | the compose files as drafts: who sets a value, where a new one goes |
//! | `service` | add, remove, rename a service with everything that names it |
//! | `field` | image, replicas, any other single key |
//! | `ports`, `environment`, `depends_on`, `networks`, `volumes` | one key of a service each |

mod depends_on;
mod desk;
mod environment;
mod field;
mod networks;
mod ports;
mod reference;
mod service;
mod volumes;

use serde::{Deserialize, Serialize};

use crate::{FileEdit, ProjectFiles, ServiceName, model::Condition};

pub(crate) use desk::Desk;

/// One visual action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "intent", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the variants say what their fields are")]
pub enum Intent {
    /// A new service at the end of `services`.
    AddService { name: ServiceName, image: String },
    /// The service and every `depends_on`, `links`, `volumes_from`, `network_mode`, `ipc` and `pid` that names it.
    RemoveService { name: ServiceName },
    /// The key and every reference to it, `extends` too.
    RenameService { from: ServiceName, to: ServiceName },
    /// `image`.
    SetImage { service: ServiceName, image: String },
    /// Appends to `ports`, in the list's own form.
    AddPort { service: ServiceName, port: String },
    /// Replaces an item of `ports`. Items count from 0 through all compose files in merge order, as they are
    /// written; where a file has `!override` or `!reset` the count starts anew.
    SetPort { service: ServiceName, index: usize, port: String },
    /// Removes an item of `ports`, counted in the same way.
    RemovePort { service: ServiceName, index: usize },
    /// Sets or adds a variable, in list or map form as the file has it; `None` passes it by name only.
    SetEnvironment { service: ServiceName, name: String, value: Option<String> },
    /// Removes a variable.
    RemoveEnvironment { service: ServiceName, name: String },
    /// Sets or adds `depends_on`; the short list turns long only when the condition needs it.
    Connect { service: ServiceName, dependency: ServiceName, condition: Condition },
    /// Removes a `depends_on` entry.
    Disconnect { service: ServiceName, dependency: ServiceName },
    /// Joins a network, declaring it when it is new. A service that named no network leaves `default` by this.
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
    /// Any other key of a service: sets the value (`[a, b]` is a list, `8` and `true` keep their type, all else is
    /// text), or removes the key.
    SetField { service: ServiceName, path: Vec<String>, value: Option<String> },
}

/// Why an intent cannot be done safely as a text edit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    /// What stands in the way, with the names in question and what to do instead.
    pub reason: String,
}

impl Refusal {
    fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}

/// Plans the smallest edits for an intent. `compose_files` are the project's compose files in merge order (empty: the
/// default names): a value is changed in the last file that sets it, a new one goes to the first.
///
/// # Errors
/// When the intent does not apply or cannot be done without touching more than it must.
pub fn plan(
    files: &ProjectFiles,
    compose_files: &[String],
    intent: &Intent,
) -> Result<Vec<FileEdit>, Refusal> {
    Desk::open(files, compose_files)?.plan(intent)
}

fn make(desk: &mut Desk, intent: &Intent) -> Result<(), Refusal> {
    match intent {
        Intent::AddService { name, image } => service::add(desk, name, image),
        Intent::RemoveService { name } => service::remove(desk, name),
        Intent::RenameService { from, to } => service::rename(desk, from, to),
        Intent::SetImage { service, image } => field::set(desk, service, &["image"], &field::text(image)?),
        Intent::AddPort { service, port } => ports::add(desk, service, port),
        Intent::SetPort { service, index, port } => ports::set(desk, service, *index, port),
        Intent::RemovePort { service, index } => ports::remove(desk, service, *index),
        Intent::SetEnvironment { service, name, value } => {
            environment::set(desk, service, name, value.as_deref())
        }
        Intent::RemoveEnvironment { service, name } => environment::remove(desk, service, name),
        Intent::Connect { service, dependency, condition } => {
            depends_on::connect(desk, service, dependency, *condition)
        }
        Intent::Disconnect { service, dependency } => depends_on::disconnect(desk, service, dependency),
        Intent::AttachNetwork { service, network } => networks::attach(desk, service, network),
        Intent::DetachNetwork { service, network } => networks::detach(desk, service, network),
        Intent::AttachVolume { service, volume, target } => volumes::attach(desk, service, volume, target),
        Intent::DetachVolume { service, volume } => volumes::detach(desk, service, volume),
        Intent::SetReplicas { service, replicas } => field::set_replicas(desk, service, *replicas),
        Intent::AddNetwork { name } => desk.declare_new("networks", name),
        Intent::RemoveNetwork { name } => networks::remove(desk, name),
        Intent::AddVolume { name } => desk.declare_new("volumes", name),
        Intent::RemoveVolume { name } => volumes::remove(desk, name),
        Intent::SetField { service, path, value } => field::set_any(desk, service, path, value.as_deref()),
    }
}
