//! Replaces a project's files. The order makes a crash harmless: the manifest first names old and new files, then the
//! files are written one by one, then the gone ones are removed, then the manifest names just the new ones.

use std::io;

use composeyard_compose::{ProjectFiles, ProjectName};

use super::folder::{Folder, Kind};
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
        let folder = match self.home(project) {
            Ok((folder, _)) => folder,
            Err(WorkspaceError::NoProject(_)) => {
                let made = self.shared.root.open_or_make(project.as_str());
                made.map_err(|source| self.io(project.as_str(), source))?
            }
            Err(error) => return Err(error),
        };
        check_targets(&folder, files)?;
        self.write_all(project, &folder, &before, files)
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
        both.write(root, project).map_err(own)?;
        for (path, text) in files.0.iter().filter(|(path, text)| before.get(path) != Some(text.as_str())) {
            write_file(folder, path, text).map_err(|error| self.failed(project, path, error))?;
        }
        for path in old.files.difference(&new.files) {
            remove_file(folder, path).map_err(|error| self.failed(project, path, error))?;
        }
        new.write(root, project).map_err(own)
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

fn write_file(folder: &Folder, path: &str, text: &str) -> io::Result<()> {
    let (at, name) = folder.parent_of(path, true)?;
    // Containers run scripts of the project as they are; a text file elsewhere has no way to carry the bit.
    let mode = if text.starts_with("#!") { 0o755 } else { 0o644 };
    at.write(name, text.as_bytes(), mode)
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
