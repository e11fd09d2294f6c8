//! Replaces a project's files. All bytes are on disk before the first old file is touched: a disk that is full, or fails,
//! leaves the old files as they are. From there on the order makes a crash harmless: the manifest first names old and new
//! files, then the new ones are put in the place of the old ones, then those that are gone are removed, then the manifest
//! names just the new ones.

use std::io;

use composeyard_compose::{ProjectFiles, ProjectName};

use super::folder::{Folder, Kind, Prepared};
use super::manifest::Manifest;
use super::{Workspace, WorkspaceError, revision};

impl Workspace {
    /// The save proper; the caller holds the lock and has checked paths and sizes.
    pub(super) fn replace(
        &self,
        project: &ProjectName,
        files: &ProjectFiles,
        base: Option<&str>,
    ) -> Result<(), WorkspaceError> {
        let before = match self.files(project) {
            Ok(before) => before,
            Err(WorkspaceError::NoProject(_)) => ProjectFiles::default(),
            Err(error) => return Err(error),
        };
        if before == *files && self.manifest(project)?.is_some() {
            return Ok(());
        }
        let expected = base.map_or_else(|| revision(&ProjectFiles::default()), str::to_owned);
        if before != *files && expected != revision(&before) {
            return Err(WorkspaceError::Stale(project.clone()));
        }
        let (folder, is_new) = match self.home(project) {
            Ok((folder, _)) => (folder, false),
            Err(WorkspaceError::NoProject(_)) => {
                let made = self.shared.root.open_or_make(project.as_str());
                (made.map_err(|source| self.io(project.as_str(), source))?, true)
            }
            Err(error) => return Err(error),
        };
        check_targets(&folder, files)?;
        let written = self.write_all(project, &folder, &before, files);
        if is_new && written.is_err() {
            self.leave_no_folders(project, &folder, files);
        }
        written
    }

    fn write_all(
        &self,
        project: &ProjectName,
        folder: &Folder,
        before: &ProjectFiles,
        files: &ProjectFiles,
    ) -> Result<(), WorkspaceError> {
        let root = &self.shared.root;
        let own = |source| self.io(super::manifest::OWN_FOLDER, source);
        let old = self.manifest(project)?.unwrap_or_default();
        let new = Manifest { files: files.0.keys().cloned().collect(), ..old.clone() };
        let both = Manifest { files: old.files.union(&new.files).cloned().collect(), ..old.clone() };
        let changed = files.0.iter().filter(|(path, text)| before.get(path) != Some(text.as_str()));
        let prepared = changed.map(|(path, text)| {
            let prepared = prepare_file(folder, path, text);
            Ok((path, prepared.map_err(|error| self.failed(project, path, error))?))
        });
        let prepared = prepared.collect::<Result<Vec<_>, WorkspaceError>>()?;
        let gone = old.files.difference(&new.files);
        let new = new.prepare(root, project).map_err(own)?;
        both.write(root, project).map_err(own)?;
        for (path, file) in prepared {
            file.put().map_err(|error| self.failed(project, path, error))?;
        }
        for path in gone {
            remove_file(folder, path).map_err(|error| self.failed(project, path, error))?;
        }
        new.put().map_err(own)
    }

    /// A project whose first save failed is none: the empty folders that were made for it go.
    fn leave_no_folders(&self, project: &ProjectName, folder: &Folder, files: &ProjectFiles) {
        for path in files.0.keys() {
            // The failure of the save is the one to report.
            let _ = remove_empty_folders(folder, path);
        }
        self.shared.root.remove_if_empty(project.as_str());
    }

    fn failed(&self, project: &ProjectName, path: &str, error: io::Error) -> WorkspaceError {
        match error.kind() {
            io::ErrorKind::InvalidInput => WorkspaceError::refused(path, error.to_string()),
            _ => self.io(&format!("{project}/{path}"), error),
        }
    }
}

/// Refuses before the first byte is written when any target is not an ordinary file in ordinary folders.
fn check_targets(folder: &Folder, files: &ProjectFiles) -> Result<(), WorkspaceError> {
    for path in files.0.keys() {
        let refuse = |reason: String| WorkspaceError::refused(path, reason);
        let (at, name) = match folder.parent_of(path, false) {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(refuse(error.to_string())),
        };
        match at.kind(name).map_err(|error| refuse(error.to_string()))? {
            None | Some(Kind::File) => {}
            Some(Kind::Folder) => return Err(refuse("there is a folder of that name".to_owned())),
            Some(Kind::Other) => {
                return Err(refuse("there is a link, a pipe or a device of that name".to_owned()));
            }
        }
    }
    Ok(())
}

fn prepare_file(folder: &Folder, path: &str, text: &str) -> io::Result<Prepared> {
    let (at, name) = folder.parent_of(path, true)?;
    at.prepare(name, text.as_bytes(), mode_of_new(path, text))
}

fn mode_of_new(path: &str, text: &str) -> u32 {
    match path {
        // Passwords; only whoever starts the project reads it.
        ".env" => 0o600,
        // Containers run scripts of the project as they are; a text file elsewhere has no way to carry the bit.
        _ if text.starts_with("#!") => 0o755,
        _ => 0o644,
    }
}

fn remove_file(folder: &Folder, path: &str) -> io::Result<()> {
    let (at, name) = match folder.parent_of(path, false) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        // A link or file now stands where a folder was: what is behind it was not written by a save.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => return Ok(()),
        Err(error) => return Err(error),
    };
    at.remove_file(name)?;
    remove_empty_folders(folder, path)
}

fn remove_empty_folders(folder: &Folder, path: &str) -> io::Result<()> {
    let mut rest = path;
    while let Some((parent, _)) = rest.rsplit_once('/') {
        let (at, name) = folder.parent_of(parent, false)?;
        if !at.remove_if_empty(name) {
            break;
        }
        rest = parent;
    }
    Ok(())
}
