//! Volumes, binds and tmpfs of a container.

use std::{collections::HashMap, path::Path};

use bollard::models::{
    self, MountBindOptions, MountBindOptionsPropagationEnum as Propagation, MountTmpfsOptions,
    MountVolumeOptions,
};
use composeyard_compose::model::{Mount, MountType};

use super::{EngineError, Site, absolute, files};

/// An anonymous volume that goes over to a replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Inherited {
    /// The engine's name of the volume.
    pub(in super::super) volume: String,
    /// Where it was mounted.
    pub(in super::super) target: String,
}

/// `HostConfig.Binds` and `HostConfig.Mounts`.
#[derive(Debug, Default)]
pub(super) struct Mounts {
    pub(super) binds: Vec<String>,
    pub(super) mounts: Vec<models::Mount>,
}

/// All mounts of a container. `Binds` is used wherever it can say the same, as the reference does.
pub(super) fn all(site: &Site<'_>) -> Result<Mounts, EngineError> {
    let mut all = Mounts::default();
    for mount in &site.service.volumes {
        match mount.kind {
            MountType::Bind => bind(&mut all, mount, &site.origin.folder)?,
            MountType::Volume => volume(&mut all, mount, site),
            MountType::Tmpfs => all.mounts.push(tmpfs(mount)),
            MountType::Npipe => all.mounts.push(plain(mount, models::MountType::NPIPE)),
            MountType::Cluster => all.mounts.push(plain(mount, models::MountType::CLUSTER)),
            MountType::Image => all.mounts.push(plain(mount, models::MountType::IMAGE)),
        }
    }
    for inherited in site.inherited {
        let named = |mount: &&Mount| mount.target == inherited.target && !mount.source.is_empty();
        if site.service.volumes.iter().any(|mount| named(&mount)) {
            continue;
        }
        all.mounts.retain(|mount| mount.target.as_deref() != Some(inherited.target.as_str()));
        all.mounts.push(models::Mount {
            typ: Some(models::MountType::VOLUME),
            source: Some(inherited.volume.clone()),
            target: Some(inherited.target.clone()),
            ..Default::default()
        });
    }
    all.mounts.extend(files::mounts(site)?);
    Ok(all)
}

fn plain(mount: &Mount, kind: models::MountType) -> models::Mount {
    models::Mount {
        typ: Some(kind),
        source: (!mount.source.is_empty()).then(|| mount.source.clone()),
        target: Some(mount.target.clone()),
        read_only: Some(mount.read_only),
        ..Default::default()
    }
}

fn bind(all: &mut Mounts, mount: &Mount, base: &Path) -> Result<(), EngineError> {
    let source = absolute(base, &mount.source);
    let options = mount.bind.clone().unwrap_or_default();
    let simple = options.create_host_path && options.propagation.is_empty() && options.recursive.is_empty();
    if simple {
        let selinux = (!options.selinux.is_empty()).then_some(options.selinux.as_str());
        all.binds.push(bind_line(&source, mount, selinux));
        return Ok(());
    }
    let mut made = plain(mount, models::MountType::BIND);
    made.source = Some(source);
    made.bind_options = Some(MountBindOptions {
        propagation: propagation(&options.propagation)?,
        create_mountpoint: Some(options.create_host_path),
        non_recursive: (options.recursive == "disabled").then_some(true),
        read_only_non_recursive: (options.recursive == "writable").then_some(true),
        read_only_force_recursive: (options.recursive == "readonly").then_some(true),
    });
    all.mounts.push(made);
    Ok(())
}

fn propagation(word: &str) -> Result<Option<Propagation>, EngineError> {
    Ok(Some(match word {
        "" => return Ok(None),
        "private" => Propagation::PRIVATE,
        "rprivate" => Propagation::RPRIVATE,
        "shared" => Propagation::SHARED,
        "rshared" => Propagation::RSHARED,
        "slave" => Propagation::SLAVE,
        "rslave" => Propagation::RSLAVE,
        other => {
            return Err(EngineError::Step(format!("bind.propagation {other} is not one the engine knows")));
        }
    }))
}

/// `source:target:rw` or `ro`, with further options after commas.
fn bind_line(source: &str, mount: &Mount, option: Option<&str>) -> String {
    let access = if mount.read_only { "ro" } else { "rw" };
    let option = option.map(|option| format!(",{option}")).unwrap_or_default();
    format!("{source}:{}:{access}{option}", mount.target)
}

fn volume(all: &mut Mounts, mount: &Mount, site: &Site<'_>) {
    let options = *mount.volume.clone().unwrap_or_default();
    let simple = options.labels.is_empty() && options.subpath.is_empty() && !options.nocopy;
    let name = site.project.volumes.get(&mount.source).map_or(&mount.source, |volume| &volume.name);
    if simple && !name.is_empty() {
        all.binds.push(bind_line(name, mount, None));
        return;
    }
    let mut made = plain(mount, models::MountType::VOLUME);
    made.source = (!name.is_empty()).then(|| name.clone());
    made.volume_options = mount.volume.is_some().then(|| MountVolumeOptions {
        no_copy: options.nocopy.then_some(true),
        labels: (!options.labels.is_empty()).then(|| options.labels.into_iter().collect()),
        subpath: (!options.subpath.is_empty()).then_some(options.subpath),
        ..Default::default()
    });
    all.mounts.push(made);
}

fn tmpfs(mount: &Mount) -> models::Mount {
    let options = mount.tmpfs.clone().unwrap_or_default();
    let mut made = plain(mount, models::MountType::TMPFS);
    made.tmpfs_options = mount.tmpfs.is_some().then(|| MountTmpfsOptions {
        size_bytes: (options.size.0 != 0).then_some(options.size.0),
        mode: options.mode.map(i64::from),
        options: None,
    });
    made
}

/// `HostConfig.Tmpfs` from the short list: `/run:size=64m`.
pub(super) fn memory(entries: &[String]) -> Option<HashMap<String, String>> {
    let split = |entry: &String| {
        let (path, options) = entry.split_once(':').unwrap_or((entry, ""));
        (path.to_owned(), options.to_owned())
    };
    (!entries.is_empty()).then(|| entries.iter().map(split).collect())
}
