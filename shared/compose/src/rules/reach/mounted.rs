//! Configurations of nginx that services get as files: from the project's folder or from `configs`.

use crate::model::{FileObject, MountType};
use crate::{FileSource, Project, ServiceName};

/// A configuration as one service sees it.
pub(crate) struct Mounted {
    pub(super) service: ServiceName,
    pub(super) origin: Origin,
    pub(super) text: String,
}

/// Where a configuration is written.
pub(super) enum Origin {
    /// A file, as findings name it.
    File(String),
    /// The `content` of this config.
    Content(String),
}

/// What is looked for in a folder that is mounted as a whole.
const NAMES: [&str; 4] = ["nginx.conf", "default.conf", "conf.d/default.conf", "default.conf.template"];

/// The configurations of all services, in the order of the services.
pub(crate) fn of(files: &dyn FileSource, project: &Project) -> Vec<Mounted> {
    let mut found = Vec::new();
    for (name, service) in &project.services {
        let mut add = |(origin, text)| found.push(Mounted { service: name.clone(), origin, text });
        let is_read = |target: &str| target.contains("/nginx");
        for mount in service.volumes.iter().filter(|mount| mount.kind == MountType::Bind) {
            if is_read(&mount.target) {
                file_or_folder(files, &mount.source).into_iter().for_each(&mut add);
            }
        }
        for mount in service.configs.iter().filter(|mount| is_read(&mount.target)) {
            if let Some(config) = project.configs.get(&mount.source) {
                config_text(files, &mount.source, config).into_iter().for_each(&mut add);
            }
        }
    }
    found
}

fn file_or_folder(files: &dyn FileSource, path: &str) -> Vec<(Origin, String)> {
    let read = |path: String| {
        let text = files.read(&path).ok()?;
        Some((Origin::File(path.trim_start_matches("./").to_owned()), text))
    };
    match read(path.to_owned()) {
        Some(file) => vec![file],
        None => {
            NAMES.iter().filter_map(|name| read(format!("{}/{name}", path.trim_end_matches('/')))).collect()
        }
    }
}

fn config_text(files: &dyn FileSource, key: &str, config: &FileObject) -> Option<(Origin, String)> {
    if !config.file.is_empty() {
        return file_or_folder(files, &config.file).pop();
    }
    let is_written = !config.content.is_empty() && config.environment.is_empty();
    is_written.then(|| (Origin::Content(key.to_owned()), config.content.clone()))
}
