//! Intents of the designer to minimal text edits. Every result is parsed again and compared with what was meant.
//!
//! | module | what it does |
//! |---|---|
//! | `desk` | the compose files as drafts: who sets a value, where a new one goes |
//! | `sources` | which files those are: in use, included, extended |
//! | `mention` | every place that speaks of something |
//! | `rename` | a new name and all that follows it |
//! | `walk` | what services hold, through aliases and merge keys |
//! | `service` | add and remove a service with everything that names it |
//! | `resource` | declare and remove networks, volumes, secrets, configs |
//! | `field` | image, replicas, any other single key |
//! | `ports`, `environment`, `depends_on`, `networks`, `volumes` | one key of a service each |

mod depends_on;
mod desk;
mod environment;
mod field;
mod mention;
mod networks;
mod ports;
mod refusal;
mod rename;
mod resource;
mod service;
mod sources;
mod volumes;
mod walk;

use serde::{Deserialize, Serialize};

use crate::{FileEdit, ProjectFiles, ServiceName, model::Condition, name::NameError};

pub(crate) use desk::Desk;
pub use mention::{Manner, Mention, Resource, Subject, mentions};
pub use refusal::{Choice, Refusal};
pub use resource::Source;

/// One visual action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "intent", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the variants say what their fields are")]
pub enum Intent {
    /// A new service at the end of `services`.
    AddService { name: ServiceName, image: String },
    /// The service and every `depends_on`, `links`, `volumes_from`, `network_mode`, `ipc` and `pid` that names it.
    RemoveService { name: ServiceName },
    /// The key, every reference to it, `extends` too, and its address in values where that is certain.
    RenameService { from: ServiceName, to: ServiceName },
    /// The key of a network, volume, secret or config and every reference to it; of a secret also the file it is
    /// mounted as. The engine's own volumes and networks keep their names: a renamed volume starts empty.
    RenameResource { resource: Resource, from: String, to: String },
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
    /// A new network, volume, secret or config. Without a source a secret or config is the file `./NAME.txt`.
    AddResource { resource: Resource, name: String, source: Option<Source> },
    /// The declaration and every reference to it.
    RemoveResource { resource: Resource, name: String },
    /// Any other key of a service: sets the value (`[a, b]` is a list, `8` and `true` keep their type, all else is
    /// text), or removes the key.
    SetField { service: ServiceName, path: Vec<String>, value: Option<String> },
}

impl Intent {
    /// Removes something and every reference to it.
    pub fn removing(subject: Subject) -> Self {
        match subject {
            Subject::Service(name) => Self::RemoveService { name },
            Subject::Resource(resource, name) => Self::RemoveResource { resource, name },
        }
    }

    /// Gives something another name.
    ///
    /// # Errors
    /// When a service cannot be called so.
    pub fn renaming(subject: Subject, to: &str) -> Result<Self, NameError> {
        Ok(match subject {
            Subject::Service(from) => Self::RenameService { from, to: ServiceName::new(to)? },
            Subject::Resource(resource, from) => Self::RenameResource { resource, from, to: to.to_owned() },
        })
    }
}

/// Where to change a value that is not written where an intent looks for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approach {
    /// Nowhere: refuse, and name the choices.
    #[default]
    Ask,
    /// Where the intent looks, on top of what comes from elsewhere.
    Here,
    /// Where it comes from, for all that use it.
    AtOrigin,
}

/// What an intent comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The edits, by file in merge order; within a file sorted and apart from each other.
    pub edits: Vec<FileEdit>,
    /// For a rename: every place that speaks of the thing, in the texts as they were before. [`Manner::Maybe`] ones
    /// were left alone.
    pub mentions: Vec<Mention>,
}

/// Plans the smallest edits for an intent. `compose_files` are the project's compose files in merge order (empty: the
/// default names): a value is changed in the last file that sets it, a new one goes to the first.
///
/// # Errors
/// When the intent does not apply or cannot be done without touching more than it must.
pub fn plan(files: &ProjectFiles, compose_files: &[String], intent: &Intent) -> Result<Plan, Refusal> {
    let mut desk = Desk::open(files, compose_files)?;
    make(&mut desk, intent)?;
    Ok(Plan { edits: desk.edits(), mentions: desk.mentioned })
}

fn make(desk: &mut Desk, intent: &Intent) -> Result<(), Refusal> {
    match intent {
        Intent::AddService { name, image } => service::add(desk, name, image),
        Intent::RemoveService { name } => service::remove(desk, name),
        Intent::RenameService { from, to } => rename::service(desk, from, to),
        Intent::RenameResource { resource, from, to } => rename::resource(desk, *resource, from, to),
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
        Intent::AddResource { resource, name, source } => {
            resource::add(desk, *resource, name, source.as_ref())
        }
        Intent::RemoveResource { resource, name } => resource::remove(desk, *resource, name),
        Intent::SetField { service, path, value } => field::set_any(desk, service, path, value.as_deref()),
    }
}
