//! Secrets and configs: files of the host are bound read-only; content is written into the container before it
//! starts.

use std::path::Path;

use bollard::models::{self, MountBindOptions};
use composeyard_compose::model::{FileObject, ObjectMount};

use super::{EngineError, Site, absolute};

/// A file to write into a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Upload {
    /// Path in the container, without the leading `/`.
    pub(in super::super) path: String,
    pub(in super::super) content: String,
    /// Permission bits.
    pub(in super::super) mode: u32,
    pub(in super::super) uid: u64,
    pub(in super::super) gid: u64,
}

/// Where a secret or config goes.
struct Place {
    /// Absolute path in the container.
    path: String,
    is_secret: bool,
}

/// What a service uses, with the object it names and where it goes.
fn used<'a>(
    site: &Site<'a>,
) -> impl Iterator<Item = Result<(&'a ObjectMount, &'a FileObject, Place), EngineError>> {
    let project = site.project;
    let name = site.name;
    let secrets = site.service.secrets.iter().map(move |mount| ("secret", mount, &project.secrets));
    let configs = site.service.configs.iter().map(move |mount| ("config", mount, &project.configs));
    secrets.chain(configs).map(move |(kind, mount, declared)| {
        let object = declared.get(&mount.source).ok_or_else(|| {
            EngineError::Step(format!("service {name} uses {kind} {}, which is not declared", mount.source))
        })?;
        if object.external {
            return Err(EngineError::Step(format!(
                "{kind} {} is external: only a Swarm has those. Give it a file instead.",
                mount.source
            )));
        }
        Ok((mount, object, Place { path: place(kind, mount), is_secret: kind == "secret" }))
    })
}

/// `/run/secrets/<target>` for secrets, `/<source>` for configs, unless the target is absolute.
fn place(kind: &str, mount: &ObjectMount) -> String {
    let folder = if kind == "secret" { "/run/secrets/" } else { "/" };
    match mount.target.as_str() {
        "" => format!("{folder}{}", mount.source),
        absolute if absolute.starts_with('/') => absolute.to_owned(),
        relative => format!("{folder}{relative}"),
    }
}

/// Binds of the host's files.
pub(super) fn mounts(site: &Site<'_>) -> Result<Vec<models::Mount>, EngineError> {
    let mut mounts = Vec::new();
    for used in used(site) {
        let (mount, object, target) = used?;
        if object.file.is_empty() {
            continue;
        }
        let source = absolute(&site.origin.folder, &object.file);
        if !Path::new(&source).exists() {
            return Err(EngineError::File {
                path: source,
                reason: format!("does not exist, but {} takes it for {}", site.name, mount.source),
            });
        }
        mounts.push(models::Mount {
            typ: Some(models::MountType::BIND),
            source: Some(source),
            // The reference says so for secrets only; an inspection shows it.
            bind_options: target.is_secret.then(MountBindOptions::default),
            target: Some(target.path),
            read_only: Some(true),
            ..Default::default()
        });
    }
    Ok(mounts)
}

/// Files whose content is in the project.
pub(in super::super) fn uploads(site: &Site<'_>) -> Result<Vec<Upload>, EngineError> {
    let mut uploads = Vec::new();
    for used in used(site) {
        let (mount, object, target) = used?;
        if !object.file.is_empty() {
            continue;
        }
        let content = object.value.as_ref().unwrap_or(&object.content);
        if object.value.is_none() && content.is_empty() && !object.environment.is_empty() {
            return Err(EngineError::Step(format!(
                "environment variable {} is not set, but {} takes it for {}",
                object.environment, site.name, mount.source
            )));
        }
        if site.service.read_only {
            return Err(EngineError::Step(format!(
                "{} cannot be written into the read-only service {}: give it a file instead",
                mount.source, site.name
            )));
        }
        let number = |text: &str| text.parse().unwrap_or(0);
        uploads.push(Upload {
            path: target.path.trim_start_matches('/').to_owned(),
            content: content.clone(),
            mode: mount.mode.as_deref().and_then(|mode| u32::from_str_radix(mode, 8).ok()).unwrap_or(0o444),
            uid: number(&mount.uid),
            gid: number(&mount.gid),
        });
    }
    Ok(uploads)
}
