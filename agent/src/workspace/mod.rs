//! The projects' files on disk: one folder for each project below one workspace folder. A save is whole or refused,
//! links are never followed, and only files that an earlier save wrote are ever removed.

mod adopt;
mod backups;
mod folder;
pub mod limits;
mod link;
mod manifest;
mod save;
mod source;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use composeyard_compose::{ProjectFiles, ProjectName};
use composeyard_protocol::SavedProject;
use sha2::{Digest, Sha256};
use tokio::sync::watch;

pub use backups::NewBackup;
use folder::{Folder, Kind};
pub use link::Linkable;
use manifest::Manifest;
pub use source::ProjectSource;

/// Why the workspace did not do it.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// The project is not in the workspace.
    #[error("the workspace has no project {0}")]
    NoProject(ProjectName),
    /// The files on disk are not those that the save is based on.
    #[error("the files of {0} on disk changed since this page read them")]
    Stale(ProjectName),
    /// A file may not be there, or not be read or written.
    #[error("{}{reason}", prefix(.path))]
    Refused {
        /// The file, relative to the project; empty for the project itself.
        path: String,
        /// Why.
        reason: String,
    },
    /// The system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// What was read or written.
        path: PathBuf,
        /// Its answer.
        source: io::Error,
    },
}

impl WorkspaceError {
    pub(super) fn refused(path: &str, reason: impl Into<String>) -> Self {
        Self::Refused { path: path.to_owned(), reason: reason.into() }
    }
}

fn prefix(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("{path}: ") }
}

/// The workspace folder.
#[derive(Clone, Debug)]
pub struct Workspace {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    path: PathBuf,
    root: Folder,
    /// Held while files are read or written as one: a load never sees half a save.
    lock: Mutex<()>,
    saves: watch::Sender<u64>,
}

impl Workspace {
    /// Opens the workspace folder, made if it is missing.
    ///
    /// # Errors
    /// When it cannot be made or is not a folder.
    pub fn open(path: &Path) -> Result<Self, WorkspaceError> {
        let io = |source| WorkspaceError::Io { path: path.to_owned(), source };
        std::fs::create_dir_all(path).map_err(io)?;
        let path = path.canonicalize().map_err(io)?;
        let root = Folder::open_root(&path).map_err(io)?;
        let saves = watch::Sender::new(0);
        Ok(Self { shared: Arc::new(Shared { path, root, lock: Mutex::new(()), saves }) })
    }

    /// The folder, absolute, without links.
    pub fn path(&self) -> &Path {
        &self.shared.path
    }

    /// Changes with every save and every project that is taken in.
    pub fn saves(&self) -> watch::Receiver<u64> {
        self.shared.saves.subscribe()
    }

    /// True when the project has a folder here, or was adopted with the folder it has.
    pub fn knows(&self, project: &ProjectName) -> bool {
        matches!(self.shared.root.kind(project.as_str()), Ok(Some(Kind::Folder))) || self.is_linked(project)
    }

    /// Names of all projects, sorted.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn projects(&self) -> Result<Vec<ProjectName>, WorkspaceError> {
        let names = self.shared.root.names().map_err(|source| self.io("", source))?;
        let mut projects: BTreeSet<ProjectName> =
            names.into_iter().filter_map(|name| ProjectName::new(name).ok()).collect();
        let noted = Manifest::names(&self.shared.root);
        projects.extend(noted.map_err(|source| self.io(manifest::OWN_FOLDER, source))?);
        Ok(projects.into_iter().filter(|name| self.knows(name)).collect())
    }

    /// The files of a project: those that saves wrote; of a folder that was never saved to, its text files.
    ///
    /// # Errors
    /// When it is not here or cannot be read.
    pub fn read(&self, project: &ProjectName) -> Result<SavedProject, WorkspaceError> {
        let _held = self.hold();
        self.saved(project)
    }

    /// Replaces the files of a project by these. `base` is the revision they were made from.
    ///
    /// # Errors
    /// When a path or size is refused, when the files on disk are neither of `base` nor these, when writing fails.
    pub fn save(
        &self,
        project: &ProjectName,
        files: &ProjectFiles,
        base: Option<&str>,
    ) -> Result<SavedProject, WorkspaceError> {
        limits::accept(files)?;
        let held = self.hold();
        self.replace(project, files, base)?;
        let saved = self.saved(project)?;
        drop(held);
        self.shared.saves.send_modify(|count| *count += 1);
        Ok(saved)
    }

    /// The project's files for the loader.
    ///
    /// # Errors
    /// When it is not here.
    pub fn source(&self, project: &ProjectName) -> Result<ProjectSource, WorkspaceError> {
        let (folder, path) = self.home(project)?;
        Ok(ProjectSource::new(folder, path))
    }

    /// Reads something of a project while no save is under way.
    pub fn with_files_at_rest<T>(&self, read: impl FnOnce() -> T) -> T {
        let _held = self.hold();
        read()
    }

    /// A project as it is now; the caller holds the lock.
    fn saved(&self, project: &ProjectName) -> Result<SavedProject, WorkspaceError> {
        let files = self.files(project)?;
        let revision = revision(&files);
        let compose_files = self.manifest(project)?.unwrap_or_default().compose_files;
        Ok(SavedProject { name: project.clone(), files, revision, compose_files })
    }

    /// A project's folder, open, and where it is.
    fn home(&self, project: &ProjectName) -> Result<(Folder, PathBuf), WorkspaceError> {
        if let Some(path) = self.linked(project)? {
            let folder = Folder::open_root(&path)
                .map_err(|source| WorkspaceError::Io { path: path.clone(), source })?;
            return Ok((folder, path));
        }
        let io = |source| self.io(project.as_str(), source);
        match self.shared.root.kind(project.as_str()).map_err(io)? {
            Some(Kind::Folder) => {
                let folder = self.shared.root.open(project.as_str()).map_err(io)?;
                Ok((folder, self.shared.path.join(project.as_str())))
            }
            Some(_) => Err(WorkspaceError::refused("", format!("{project} is not a folder"))),
            None => Err(WorkspaceError::NoProject(project.clone())),
        }
    }

    fn files(&self, project: &ProjectName) -> Result<ProjectFiles, WorkspaceError> {
        let (folder, _) = self.home(project)?;
        match self.manifest(project)? {
            Some(manifest) => self.written_files(project, &folder, &manifest),
            None => adopt::text_files(&folder).map_err(|source| self.io(project.as_str(), source)),
        }
    }

    fn written_files(
        &self,
        project: &ProjectName,
        folder: &Folder,
        manifest: &Manifest,
    ) -> Result<ProjectFiles, WorkspaceError> {
        let mut files = ProjectFiles::default();
        for path in &manifest.files {
            let read = folder
                .parent_of(path, false)
                .and_then(|(at, name)| at.read(name, limits::MAX_FILE_BYTES as u64));
            match read {
                Ok(bytes) => {
                    let text = String::from_utf8(bytes)
                        .map_err(|_| WorkspaceError::refused(path, "it is not UTF-8 text"))?;
                    files.0.insert(path.clone(), text);
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
                    return Err(WorkspaceError::refused(path, error.to_string()));
                }
                Err(source) => return Err(self.io(&format!("{project}/{path}"), source)),
            }
        }
        Ok(files)
    }

    fn manifest(&self, project: &ProjectName) -> Result<Option<Manifest>, WorkspaceError> {
        Manifest::read(&self.shared.root, project).map_err(|source| self.io(manifest::OWN_FOLDER, source))
    }

    fn io(&self, below: &str, source: io::Error) -> WorkspaceError {
        WorkspaceError::Io { path: self.shared.path.join(below), source }
    }

    fn hold(&self) -> MutexGuard<'_, ()> {
        // The lock guards no data that a panic could have left half-made: saves are atomic file by file.
        self.shared.lock.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A hash of paths and contents.
fn revision(files: &ProjectFiles) -> String {
    let mut hasher = Sha256::new();
    for (path, text) in &files.0 {
        for part in [path, text] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
    }
    hasher.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
