//! One command at a time for each project, over all processes of this user: a file below the state folder, locked for
//! as long as the command runs. The kernel frees it when its holder ends, however that happens.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::{self, Read, Seek, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

use composeyard_compose::ProjectName;
use rustix::fs::{FlockOperation, flock};

/// Holds a project until dropped.
#[derive(Debug)]
pub struct ProjectLock {
    _locked: File,
}

/// Why there is no lock.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Someone else has it.
    #[error("{verb} is running on {project} (process {process})")]
    Held {
        /// The project.
        project: ProjectName,
        /// The command: `up`.
        verb: String,
        /// Its process id.
        process: u32,
    },
    /// The file cannot be made or read.
    #[error("{path}: {source}")]
    Io {
        /// File or folder.
        path: String,
        /// The system's answer.
        source: io::Error,
    },
}

impl ProjectLock {
    /// Takes a project for a command; `folder` is made if it is missing.
    ///
    /// # Errors
    /// [`LockError::Held`] when another command has it, in this process or another.
    pub fn take(folder: &Path, project: &ProjectName, verb: &str) -> Result<Self, LockError> {
        let path = folder.join(format!("{project}.lock"));
        let failed = |source| LockError::Io { path: path.display().to_string(), source };
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).mode(0o600).open(&path);
        let mut file = file.map_err(failed)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => return Err(held(&mut file, project)),
            Err(error) => return Err(failed(error.into())),
        }
        let written = file.set_len(0).and_then(|()| write!(file, "{verb} {}", std::process::id()));
        written.map_err(failed)?;
        Ok(Self { _locked: file })
    }
}

/// Who has it, as the file says: between its lock and its first words it says nothing.
fn held(file: &mut File, project: &ProjectName) -> LockError {
    let mut text = String::new();
    let _unreadable = file.rewind().and_then(|()| file.read_to_string(&mut text));
    let (verb, process) = text.split_once(' ').unwrap_or(("a command", ""));
    LockError::Held {
        project: project.clone(),
        verb: verb.to_owned(),
        process: process.parse().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_told_who_has_it_and_gets_it_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let project = ProjectName::new("demo").unwrap();
        let first = ProjectLock::take(folder.path(), &project, "restart").unwrap();
        let refused = ProjectLock::take(folder.path(), &project, "up").unwrap_err().to_string();
        assert_eq!(refused, format!("restart is running on demo (process {})", std::process::id()));
        let other = ProjectName::new("other").unwrap();
        assert!(ProjectLock::take(folder.path(), &other, "up").is_ok());
        drop(first);
        assert!(ProjectLock::take(folder.path(), &project, "up").is_ok());
    }
}
