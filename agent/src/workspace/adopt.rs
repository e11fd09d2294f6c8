//! The files of a project that someone else put into the workspace folder: its text files, within the limits.

use std::io;

use composeyard_compose::ProjectFiles;

use super::folder::{Folder, Kind};
use super::limits::{MAX_FILE_BYTES, MAX_FILES, MAX_PROJECT_BYTES, accept_path};

/// Folders that hold no sources of a stack.
const SKIPPED: [&str; 5] = [".git", "node_modules", "target", "__pycache__", ".venv"];

/// Reads all text files; what is not text, too large, a link or beyond the limits is left out and stays on disk.
pub(super) fn text_files(folder: &Folder) -> io::Result<ProjectFiles> {
    let mut files = ProjectFiles::default();
    let mut bytes = 0;
    walk(folder, "", &mut files, &mut bytes)?;
    Ok(files)
}

fn walk(folder: &Folder, at: &str, files: &mut ProjectFiles, bytes: &mut usize) -> io::Result<()> {
    for name in folder.names()? {
        let path = if at.is_empty() { name.clone() } else { format!("{at}/{name}") };
        if SKIPPED.contains(&name.as_str()) || accept_path(&path).is_err() {
            continue;
        }
        match folder.kind(&name)? {
            Some(Kind::Folder) => match folder.open(&name) {
                Ok(inner) => walk(&inner, &path, files, bytes)?,
                // A data folder of a container often belongs to someone else.
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
                Err(error) => return Err(error),
            },
            Some(Kind::File) => add(folder, &name, path, files, bytes),
            _ => {}
        }
    }
    Ok(())
}

fn add(folder: &Folder, name: &str, path: String, files: &mut ProjectFiles, bytes: &mut usize) {
    let Ok(read) = folder.read(name, MAX_FILE_BYTES as u64) else { return };
    let Ok(text) = String::from_utf8(read) else { return };
    if files.0.len() < MAX_FILES && *bytes + text.len() <= MAX_PROJECT_BYTES && !text.contains('\0') {
        *bytes += text.len();
        files.0.insert(path, text);
    }
}
