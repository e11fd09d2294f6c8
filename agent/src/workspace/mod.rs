//! The projects' files on disk: one folder for each project below one workspace folder. A save is whole or refused,
//! links are never followed, and only files that an earlier save wrote are ever removed.

mod adopt;
mod folder;
pub mod limits;
mod manifest;
mod save;
mod source;
#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use composeyard_compose::{ProjectFiles, ProjectName};
use composeyard_protocol::SavedProject;
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use folder::{Folder, Kind};
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

    /// Changes with every save.
    pub fn saves(&self) -> watch::Receiver<u64> {
        self.shared.saves.subscribe()
    }

    /// True when the project has a folder here.
    pub fn knows(&self, project: &ProjectName) -> bool {
        matches!(self.shared.root.kind(project.as_str()), Ok(Some(Kind::Folder)))
    }

    /// Names of all projects, sorted.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn projects(&self) -> Result<Vec<ProjectName>, WorkspaceError> {
        let names = self.shared.root.names().map_err(|source| self.io("", source))?;
        Ok(names
            .into_iter()
            .filter_map(|name| ProjectName::new(name).ok())
            .filter(|name| self.knows(name))
            .collect())
    }

    /// The files of a project: those that saves wrote; of a folder that was never saved to, its text files.
    ///
    /// # Errors
    /// When it is not here or cannot be read.
    pub fn read(&self, project: &ProjectName) -> Result<SavedProject, WorkspaceError> {
        let _held = self.hold();
        let files = self.files(project)?;
        let revision = revision(&files);
        Ok(SavedProject { name: project.clone(), files, revision })
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
        drop(held);
        self.shared.saves.send_modify(|count| *count += 1);
        Ok(SavedProject { name: project.clone(), files: files.clone(), revision: revision(files) })
    }

    /// The project's files for the loader.
    ///
    /// # Errors
    /// When it is not here.
    pub fn source(&self, project: &ProjectName) -> Result<ProjectSource, WorkspaceError> {
        let folder = self.project_folder(project)?;
        Ok(ProjectSource::new(folder, self.shared.path.join(project.as_str())))
    }

    /// Reads something of a project while no save is under way.
    pub fn with_files_at_rest<T>(&self, read: impl FnOnce() -> T) -> T {
        let _held = self.hold();
        read()
    }

    fn project_folder(&self, project: &ProjectName) -> Result<Folder, WorkspaceError> {
        match self.shared.root.kind(project.as_str()) {
            Ok(Some(Kind::Folder)) => {
                self.shared.root.open(project.as_str()).map_err(|source| self.io(project.as_str(), source))
            }
            Ok(Some(_)) => Err(WorkspaceError::refused("", format!("{project} is not a folder"))),
            Ok(None) => Err(WorkspaceError::NoProject(project.clone())),
            Err(source) => Err(self.io(project.as_str(), source)),
        }
    }

    fn files(&self, project: &ProjectName) -> Result<ProjectFiles, WorkspaceError> {
        let folder = self.project_folder(project)?;
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
