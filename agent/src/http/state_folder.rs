//! The agent's own small files (token, sessions), in a folder that only its owner can enter.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The folder.
#[derive(Clone, Debug)]
pub struct StateFolder {
    path: PathBuf,
}

/// Why the agent cannot keep its state.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// Others may read or write it.
    #[error("{} is open to others (mode {mode:o}): run chmod {want} {}", path.display(), path.display())]
    Open {
        /// File or folder.
        path: PathBuf,
        /// Its mode.
        mode: u32,
        /// The mode it should have.
        want: &'static str,
    },
    /// The system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// File or folder.
        path: PathBuf,
        /// Its answer.
        source: io::Error,
    },
}

impl StateFolder {
    /// Opens the folder, made if it is missing.
    ///
    /// # Errors
    /// When it is open to others or cannot be made.
    pub fn open(path: &Path) -> Result<Self, StateError> {
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(io_at(path))?;
        check_mode(path, "700")?;
        Ok(Self { path: path.to_owned() })
    }

    /// The bytes of a file; none when there is no such file.
    ///
    /// # Errors
    /// When it is open to others or cannot be read.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>, StateError> {
        let path = self.path.join(name);
        if !exists(&path)? {
            return Ok(None);
        }
        check_mode(&path, "600")?;
        std::fs::read(&path).map(Some).map_err(io_at(&path))
    }

    /// Replaces a file, whole or not at all.
    ///
    /// # Errors
    /// When an older one is open to others, or it cannot be written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, StateError> {
        let path = self.path.join(name);
        if exists(&path)? {
            check_mode(&path, "600")?;
        }
        let random = crate::secret::random_hex::<8>().map_err(io_at(&path))?;
        let temporary = self.path.join(format!(".{name}-{random}"));
        let mut options = OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o600).open(&temporary);
        file.and_then(|mut file| file.write_all(bytes)).map_err(io_at(&temporary))?;
        std::fs::rename(&temporary, &path).map_err(io_at(&path))?;
        Ok(path)
    }
}

fn exists(path: &Path) -> Result<bool, StateError> {
    match std::fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(StateError::Io { path: path.to_owned(), source }),
    }
}

fn check_mode(path: &Path, want: &'static str) -> Result<(), StateError> {
    let mode = std::fs::symlink_metadata(path).map_err(io_at(path))?.mode() & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(StateError::Open { path: path.to_owned(), mode, want }) }
}

fn io_at(path: &Path) -> impl FnOnce(io::Error) -> StateError {
    let path = path.to_owned();
    move |source| StateError::Io { path, source }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn chmod(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn only_the_owner_can_enter_the_folder_and_read_its_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let state = StateFolder::open(&path).unwrap();
        let file = state.write("token", b"secret").unwrap();
        assert_eq!((mode(&path), mode(&file)), (0o700, 0o600));
        assert_eq!(state.read("token").unwrap().unwrap(), b"secret");
        assert!(state.read("none").unwrap().is_none());
    }

    #[test]
    fn a_file_or_folder_that_is_open_to_others_is_refused_with_the_mend() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let state = StateFolder::open(&path).unwrap();
        let file = state.write("token", b"secret").unwrap();
        chmod(&file, 0o644);
        for refused in [state.read("token").unwrap_err(), state.write("token", b"new").unwrap_err()] {
            assert!(refused.to_string().contains("chmod 600"), "{refused}");
        }
        chmod(&path, 0o755);
        let refused = StateFolder::open(&path).unwrap_err().to_string();
        assert!(refused.contains("chmod 700"), "{refused}");
    }
}
