//! The token for scripts, in a file that only its owner can read.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::secret::Secret;

/// The file; removed when the agent ends.
#[derive(Debug)]
pub struct TokenFile {
    path: PathBuf,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub enum TokenFileError {
    /// Others may read or write it.
    #[error("{} can be read by others (mode {mode:o}): run chmod {want} {}", path.display(), path.display())]
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

impl TokenFile {
    /// Writes the token of the agent on this port into the state folder, made if it is missing.
    ///
    /// # Errors
    /// When the folder or an older file is open to others, or cannot be written.
    pub fn write(state: &Path, port: u16, token: &Secret) -> Result<Self, TokenFileError> {
        DirBuilder::new().recursive(true).mode(0o700).create(state).map_err(io_at(state))?;
        check_mode(state, "700")?;
        let path = state.join(format!("agent-{port}.token"));
        match std::fs::symlink_metadata(&path) {
            Ok(_) => {
                check_mode(&path, "600")?;
                std::fs::remove_file(&path).map_err(io_at(&path))?;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(source) => return Err(TokenFileError::Io { path, source }),
        }
        let mut file: File =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(io_at(&path))?;
        writeln!(file, "{}", token.expose()).map_err(io_at(&path))?;
        Ok(Self { path })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for TokenFile {
    fn drop(&mut self) {
        // The token ends with the agent anyway.
        let _ = std::fs::remove_file(&self.path);
    }
}

fn check_mode(path: &Path, want: &'static str) -> Result<(), TokenFileError> {
    let mode = std::fs::symlink_metadata(path).map_err(io_at(path))?.mode() & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(TokenFileError::Open { path: path.to_owned(), mode, want }) }
}

fn io_at(path: &Path) -> impl FnOnce(io::Error) -> TokenFileError {
    let path = path.to_owned();
    move |source| TokenFileError::Io { path, source }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn only_the_owner_can_read_the_token() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let token = Secret::new().unwrap();
        let file = TokenFile::write(&state, 7420, &token).unwrap();
        assert_eq!((mode(&state), mode(file.path())), (0o700, 0o600));
        assert_eq!(std::fs::read_to_string(file.path()).unwrap().trim(), token.expose());
        let path = file.path().to_owned();
        drop(file);
        assert!(!path.exists());
    }

    #[test]
    fn a_file_or_folder_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let token = Secret::new().unwrap();
        let kept = TokenFile::write(&state, 7420, &token).unwrap();
        std::fs::set_permissions(kept.path(), std::fs::Permissions::from_mode(0o644)).unwrap();
        let refused = TokenFile::write(&state, 7420, &token).unwrap_err().to_string();
        assert!(refused.contains("chmod 600"), "{refused}");
        std::fs::set_permissions(&state, std::fs::Permissions::from_mode(0o755)).unwrap();
        let refused = TokenFile::write(&state, 7421, &token).unwrap_err().to_string();
        assert!(refused.contains("chmod 700"), "{refused}");
    }
}
