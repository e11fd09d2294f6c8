//! The files of a project that someone else put into the workspace folder: its text files, within the limits.

use std::io;

use composeyard_compose::ProjectFiles;

use super::folder::{Folder, Kind};
use super::limits::{MAX_FILE_BYTES, MAX_FILES, MAX_PROJECT_BYTES, accept_path};

/// Folders that hold no sources of a stack.
const SKIPPED: [&str; 5] = [".git", "node_modules", "target", "__pycache__", ".venv"];

/// Reads all text files; what is not text, too large, a link or beyond the limits is left out and stays on disk.
pub(super) fn text_files(folder: &Folder) -> io::Result<ProjectFiles> {
    let mut found = Found::default();
    found.walk(folder, "")?;
    Ok(found.files)
}

/// Names that are looked at: a folder of data may hold millions.
const MAX_NAMES: usize = 20_000;

/// What has been found so far.
#[derive(Default)]
struct Found {
    files: ProjectFiles,
    bytes: usize,
    names: usize,
}

impl Found {
    /// The files of a folder come before its folders: no data hides what lies beside it.
    fn walk(&mut self, folder: &Folder, at: &str) -> io::Result<()> {
        let mut folders = Vec::new();
        for name in folder.names()? {
            self.names += 1;
            if self.is_full() {
                return Ok(());
            }
            let path = if at.is_empty() { name.clone() } else { format!("{at}/{name}") };
            if SKIPPED.contains(&name.as_str()) || accept_path(&path).is_err() {
                continue;
            }
            match folder.kind(&name)? {
                Some(Kind::Folder) => folders.push((name, path)),
                Some(Kind::File) => self.add(folder, &name, path),
                _ => {}
            }
        }
        for (name, path) in folders {
            match folder.open(&name) {
                Ok(inner) => self.walk(&inner, &path)?,
                // A data folder of a container often belongs to someone else.
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.names > MAX_NAMES || self.files.0.len() >= MAX_FILES || self.bytes >= MAX_PROJECT_BYTES
    }

    fn add(&mut self, folder: &Folder, name: &str, path: String) {
        let room = MAX_FILE_BYTES.min(MAX_PROJECT_BYTES - self.bytes);
        let Ok(read) = folder.read(name, room as u64) else { return };
        let Ok(text) = String::from_utf8(read) else { return };
        if !text.contains('\0') {
            self.bytes += text.len();
            self.files.0.insert(path, text);
        }
    }
}
