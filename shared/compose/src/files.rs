//! Where the loader reads from: the project's files in memory, or a disk behind [`FileSource`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// There is no such file.
    #[error("{0} does not exist")]
    NotFound(String),
    /// There is a folder of that name.
    #[error("{0} is a folder")]
    Folder(String),
    /// It may not be read: outside the project, a link, not UTF-8.
    #[error("{path}: {reason}")]
    Refused {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
}

/// Reads text files by the path the project names them with (`compose.yaml`, `./app/.env`, `/etc/x`). The rules of a long
/// project read from two threads.
pub trait FileSource: Sync {
    /// The whole text of a file.
    ///
    /// # Errors
    /// When it does not exist or may not be read.
    fn read(&self, path: &str) -> Result<String, ReadError>;
}

/// A project's text files in memory, by relative path with `/`. What the browser holds and a zip contains.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProjectFiles(pub BTreeMap<String, String>);

impl ProjectFiles {
    /// `./a//b/../c` to `a/c`; none when it leaves the project or is absolute.
    pub fn normalize(path: &str) -> Option<String> {
        if path.starts_with(['/', '~', '\\']) {
            return None;
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part),
            }
        }
        Some(parts.join("/"))
    }

    /// The text of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }
}

impl FileSource for ProjectFiles {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        let normal = Self::normalize(path).ok_or_else(|| ReadError::Refused {
            path: path.to_owned(),
            reason: "it lies outside the project".to_owned(),
        })?;
        let text = self.0.get(&normal).ok_or_else(|| ReadError::NotFound(path.to_owned()))?;
        if text.len() > composeyard_yaml::MAX_BYTES {
            let reason = format!("it is larger than {} MB", composeyard_yaml::MAX_BYTES / 1_000_000);
            return Err(ReadError::Refused { path: path.to_owned(), reason });
        }
        Ok(text.clone())
    }
}
