//! Compose's own labels: what makes containers, networks and volumes visible to `docker compose`.

use std::collections::HashMap;

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
