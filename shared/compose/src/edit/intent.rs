//! Everything that can be asked for.

use composeyard_yaml::edit::{Path, Step, Value};
use serde::{Deserialize, Serialize};

use super::{
    Refusal, Resource, Source, Subject, depends_on,
    desk::{Desk, service_path},
    environment, grants, image, keys, lists, networks, ports, rename, resource, service, volumes,
};
use crate::{ServiceName, model::Condition, name::NameError};

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
    /// The tag of `image`, its name and registry untouched.
    SetImageTag { service: ServiceName, tag: String },
    /// Gives a service a secret, declaring it when it is new.
    AttachSecret { service: ServiceName, secret: String, target: Option<String> },
    /// Takes a secret from a service.
    DetachSecret { service: ServiceName, secret: String },
    /// Gives a service a config, declaring it when it is new.
    AttachConfig { service: ServiceName, config: String, target: Option<String> },
    /// Takes a config from a service.
    DetachConfig { service: ServiceName, config: String },
    /// Any key of any section, its path in long form (`services.web.build.target`). What the file writes in short
    /// form stays short where that can say it.
    SetKey { path: Path, value: Value },
    /// Removes a key from every file that has it.
    UnsetKey { path: Path },
    /// Appends to a list. Items count as for ports: from 0 through all files in merge order.
    AddItem { path: Path, value: Value },
    /// Removes an item of a list.
    RemoveItem { path: Path, index: usize },
    /// Moves an item within its list, with its comments.
    MoveItem { path: Path, from: usize, to: usize },
}

impl Intent {
    /// Removes something and every reference to it.
    pub fn removing(subject: Subject) -> Self {
        match subject {
            Subject::Service(name) => Self::RemoveService { name },
            Subject::Resource(resource, name) => Self::RemoveResource { resource, name },
        }
    }

    /// The service that it is about, if it is about one.
    pub fn service(&self) -> Option<&str> {
        match self {
            Self::AddService { name, .. } | Self::RemoveService { name } => Some(name.as_str()),
            Self::RenameService { from, .. } => Some(from.as_str()),
            Self::SetImage { service, .. }
            | Self::SetImageTag { service, .. }
            | Self::AddPort { service, .. }
            | Self::SetPort { service, .. }
            | Self::RemovePort { service, .. }
            | Self::SetEnvironment { service, .. }
            | Self::RemoveEnvironment { service, .. }
            | Self::Connect { service, .. }
            | Self::Disconnect { service, .. }
            | Self::AttachNetwork { service, .. }
            | Self::DetachNetwork { service, .. }
            | Self::AttachVolume { service, .. }
            | Self::DetachVolume { service, .. }
            | Self::AttachSecret { service, .. }
            | Self::DetachSecret { service, .. }
            | Self::AttachConfig { service, .. }
            | Self::DetachConfig { service, .. }
            | Self::SetReplicas { service, .. } => Some(service.as_str()),
            Self::SetKey { path, .. }
            | Self::UnsetKey { path }
            | Self::AddItem { path, .. }
            | Self::RemoveItem { path, .. }
            | Self::MoveItem { path, .. } => match path.0.as_slice() {
                [Step::Key(section), Step::Key(name), ..] if section == "services" => Some(name),
                _ => None,
            },
            Self::AddResource { .. } | Self::RemoveResource { .. } | Self::RenameResource { .. } => None,
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

    /// Carries it out on the desk.
    pub(super) fn make(&self, desk: &mut Desk) -> Result<(), Refusal> {
        match self {
            Self::AddService { name, image } => service::add(desk, name, image),
            Self::RemoveService { name } => service::remove(desk, name),
            Self::RenameService { from, to } => rename::service(desk, from, to),
            Self::RenameResource { resource, from, to } => rename::resource(desk, *resource, from, to),
            Self::SetImage { service, image } => {
                keys::set(desk, &service_path(service).key("image"), &keys::text(image)?)
            }
            Self::SetImageTag { service, tag } => image::set_tag(desk, service, tag),
            Self::AddPort { service, port } => ports::add(desk, service, port),
            Self::SetPort { service, index, port } => ports::set(desk, service, *index, port),
            Self::RemovePort { service, index } => ports::remove(desk, service, *index),
            Self::SetEnvironment { service, name, value } => {
                environment::set(desk, service, name, value.as_deref())
            }
            Self::RemoveEnvironment { service, name } => environment::remove(desk, service, name),
            Self::Connect { service, dependency, condition } => {
                depends_on::connect(desk, service, dependency, *condition)
            }
            Self::Disconnect { service, dependency } => depends_on::disconnect(desk, service, dependency),
            Self::AttachNetwork { service, network } => networks::attach(desk, service, network),
            Self::DetachNetwork { service, network } => networks::detach(desk, service, network),
            Self::AttachVolume { service, volume, target } => volumes::attach(desk, service, volume, target),
            Self::DetachVolume { service, volume } => volumes::detach(desk, service, volume),
            Self::SetReplicas { service, replicas } => keys::set_replicas(desk, service, *replicas),
            Self::AddResource { resource, name, source } => {
                resource::add(desk, *resource, name, source.as_ref())
            }
            Self::RemoveResource { resource, name } => resource::remove(desk, *resource, name),
            Self::AttachSecret { service, secret, target } => {
                grants::attach(desk, service, Resource::Secret, secret, target.as_deref())
            }
            Self::DetachSecret { service, secret } => grants::detach(desk, service, Resource::Secret, secret),
            Self::AttachConfig { service, config, target } => {
                grants::attach(desk, service, Resource::Config, config, target.as_deref())
            }
            Self::DetachConfig { service, config } => grants::detach(desk, service, Resource::Config, config),
            Self::SetKey { path, value } => keys::set(desk, path, value),
            Self::UnsetKey { path } => keys::unset(desk, path),
            Self::AddItem { path, value } => lists::add(desk, path, value),
            Self::RemoveItem { path, index } => lists::remove(desk, path, *index),
            Self::MoveItem { path, from, to } => lists::reorder(desk, path, *from, *to),
        }
    }
}
