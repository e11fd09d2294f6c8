//! Compose's own labels: what makes containers, networks and volumes visible to `docker compose`.

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
};

use composeyard_compose::{
    ProjectName, ServiceName, default_files,
    model::{Network, Volume},
    render::{network_hash, volume_hash},
};
use composeyard_plan::container_hash;

use super::container::Site;

/// Prefix of them all.
macro_rules! label {
    ($name:literal) => {
        concat!("com.docker.compose.", $name)
    };
}

/// The labels' keys.
#[derive(Clone, Copy, Debug)]
pub struct Labels;

impl Labels {
    /// The project's name.
    pub const PROJECT: &str = label!("project");
    /// The service's key.
    pub const SERVICE: &str = label!("service");
    /// Version of the tool that made it.
    pub const VERSION: &str = label!("version");
    /// The project's folder.
    pub const WORKING_DIR: &str = label!("project.working_dir");
    /// Its compose files, with commas between.
    pub const CONFIG_FILES: &str = label!("project.config_files");
    /// `True` for one-off runs.
    pub const ONEOFF: &str = label!("oneoff");
    /// Hash of the configuration it was made from.
    pub const CONFIG_HASH: &str = label!("config-hash");
    /// From 1.
    pub const NUMBER: &str = label!("container-number");
    /// `service:condition:restart`, with commas between.
    pub const DEPENDS_ON: &str = label!("depends_on");
    /// Digest of the image it was made from.
    pub const IMAGE: &str = label!("image");
    /// Name of the container that it replaced.
    pub const REPLACE: &str = label!("replace");
    /// The network's key.
    pub const NETWORK: &str = label!("network");
    /// The volume's key.
    pub const VOLUME: &str = label!("volume");
}

/// The filter of the Engine API for everything of a project.
pub(super) fn project_filter(project: &str) -> HashMap<String, Vec<String>> {
    HashMap::from([("label".to_owned(), vec![format!("{}={project}", Labels::PROJECT)])])
}

/// Where a project comes from, for its containers' labels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The project's folder, absolute.
    pub folder: PathBuf,
    /// Its compose files, absolute, in merge order; empty when not known.
    pub files: Vec<PathBuf>,
}

impl Origin {
    /// With the files that Compose would take by default, when none are known.
    pub(super) fn or_default_files(mut self) -> Self {
        if self.files.is_empty() {
            let found = default_files(|name| self.folder.join(name).is_file());
            self.files = found.into_iter().map(|name| self.folder.join(name)).collect();
        }
        self
    }
}

impl From<&Path> for Origin {
    fn from(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), files: Vec::new() }
    }
}

impl From<&PathBuf> for Origin {
    fn from(folder: &PathBuf) -> Self {
        folder.as_path().into()
    }
}

/// This tool's version, as the label says it.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The service's own labels with Compose's on top.
pub(super) fn container(site: &Site<'_>) -> HashMap<String, String> {
    let files: Vec<String> = site.origin.files.iter().map(|file| file.display().to_string()).collect();
    let depends_on: Vec<String> = site
        .service
        .depends_on
        .iter()
        .map(|(name, on)| format!("{name}:{}:{}", on.condition.as_str(), on.restart))
        .collect();
    let mut labels: HashMap<String, String> = site.service.labels.clone().into_iter().collect();
    let mut set = |key: &str, value: String| labels.insert(key.to_owned(), value);
    set(Labels::PROJECT, site.project.name.to_string());
    set(Labels::SERVICE, site.name.to_string());
    set(Labels::VERSION, VERSION.to_owned());
    set(Labels::WORKING_DIR, site.origin.folder.display().to_string());
    set(Labels::CONFIG_FILES, files.join(","));
    set(Labels::ONEOFF, if site.one_off.is_some() { "True" } else { "False" }.to_owned());
    set(Labels::CONFIG_HASH, container_hash(site.service));
    set(Labels::NUMBER, site.number.to_string());
    set(Labels::DEPENDS_ON, depends_on.join(","));
    set(Labels::IMAGE, site.image_id.to_owned());
    if let Some(replaced) = site.replaces {
        set(Labels::REPLACE, replaced.to_owned());
    }
    labels
}

/// The labels of a container that does something for a service and goes: `down` takes it along should it be left.
pub(super) fn helper(
    project: &ProjectName,
    service: &ServiceName,
    origin: &Origin,
) -> HashMap<String, String> {
    HashMap::from([
        (Labels::PROJECT.to_owned(), project.to_string()),
        (Labels::SERVICE.to_owned(), service.to_string()),
        (Labels::VERSION.to_owned(), VERSION.to_owned()),
        (Labels::WORKING_DIR.to_owned(), origin.folder.display().to_string()),
        (Labels::ONEOFF.to_owned(), "True".to_owned()),
    ])
}

/// A network's own labels with Compose's on top.
pub(super) fn network(project: &ProjectName, key: &str, network: &Network) -> HashMap<String, String> {
    resource(project, &network.labels, (Labels::NETWORK, key), network_hash(network))
}

/// A volume's own labels with Compose's on top.
pub(super) fn volume(project: &ProjectName, key: &str, volume: &Volume) -> HashMap<String, String> {
    resource(project, &volume.labels, (Labels::VOLUME, key), volume_hash(volume))
}

/// The labels of an image that the project builds.
pub(super) fn image(project: &ProjectName, service: &ServiceName) -> HashMap<String, String> {
    HashMap::from([
        (Labels::PROJECT.to_owned(), project.to_string()),
        (Labels::SERVICE.to_owned(), service.to_string()),
        (Labels::VERSION.to_owned(), VERSION.to_owned()),
    ])
}

fn resource(
    project: &ProjectName,
    own: &BTreeMap<String, String>,
    (kind, key): (&str, &str),
    hash: String,
) -> HashMap<String, String> {
    let mut labels: HashMap<String, String> = own.clone().into_iter().collect();
    labels.insert(kind.to_owned(), key.to_owned());
    labels.insert(Labels::PROJECT.to_owned(), project.to_string());
    labels.insert(Labels::VERSION.to_owned(), VERSION.to_owned());
    labels.insert(Labels::CONFIG_HASH.to_owned(), hash);
    labels
}
