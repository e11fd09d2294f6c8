//! The loader's view of a project on disk: its own folder and nothing else.

use std::path::{Path, PathBuf};

use composeyard_compose::files::ReadError;
use composeyard_compose::{FileSource, ProjectFiles};

use super::folder::Folder;
use super::limits::MAX_FILE_BYTES;

/// Reads a project's files by relative path, or by absolute path below its folder. Links are not followed.
#[derive(Debug)]
pub struct ProjectSource {
    folder: Folder,
    base: PathBuf,
}

impl ProjectSource {
    pub(super) fn new(folder: Folder, base: PathBuf) -> Self {
        Self { folder, base }
    }

    /// The project's folder, absolute.
    pub fn base(&self) -> &Path {
        &self.base
    }

    fn inside(&self, path: &str) -> Option<String> {
        if !path.starts_with('/') {
            return ProjectFiles::normalize(path);
        }
        let below = Path::new(path).strip_prefix(&self.base).ok()?;
        ProjectFiles::normalize(below.to_str()?)
    }
}

impl FileSource for ProjectSource {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        let refuse = |reason: String| ReadError::Refused { path: path.to_owned(), reason };
        let inside = self.inside(path).ok_or_else(|| refuse("it lies outside the project".to_owned()))?;
        let bytes = self
            .folder
            .parent_of(&inside, false)
            .and_then(|(folder, name)| folder.read(name, MAX_FILE_BYTES as u64))
            .map_err(|error| match error.kind() {
                std::io::ErrorKind::NotFound => ReadError::NotFound(path.to_owned()),
                _ => refuse(error.to_string()),
            })?;
        String::from_utf8(bytes).map_err(|_| refuse("it is not UTF-8 text".to_owned()))
    }
}
