//! What a project may hold: how many files, how large, under which paths.

use std::collections::BTreeSet;

use composeyard_compose::ProjectFiles;

use super::WorkspaceError;

/// Files of one project.
pub const MAX_FILES: usize = 500;
/// Bytes of one file.
pub const MAX_FILE_BYTES: usize = 512 * 1024;
/// Bytes of all files of a project. JSON makes them longer: the page looks whether that fits into a message.
pub const MAX_PROJECT_BYTES: usize = 768 * 1024;
const MAX_PATH_BYTES: usize = 512;
const MAX_DEPTH: usize = 16;

/// Accepts files whose paths are plain (`a/b.yaml`) and that keep to the limits.
///
/// # Errors
/// Names the first file that does not.
pub(super) fn accept(files: &ProjectFiles) -> Result<(), WorkspaceError> {
    if files.0.is_empty() {
        return Err(WorkspaceError::refused("", "a project needs at least one file"));
    }
    if files.0.len() > MAX_FILES {
        return Err(WorkspaceError::refused("", format!("a project may hold {MAX_FILES} files")));
    }
    for (path, text) in &files.0 {
        accept_path(path).map_err(|reason| WorkspaceError::refused(path, reason))?;
        if text.len() > MAX_FILE_BYTES {
            return Err(WorkspaceError::refused(
                path,
                format!("a file may hold {} kB", MAX_FILE_BYTES / 1024),
            ));
        }
    }
    let bytes: usize = files.0.values().map(String::len).sum();
    if bytes > MAX_PROJECT_BYTES {
        return Err(WorkspaceError::refused(
            "",
            format!("a project may hold {} kB", MAX_PROJECT_BYTES / 1024),
        ));
    }
    no_file_is_a_folder(files)
}

/// Accepts a path as the workspace stores it.
pub(super) fn accept_path(path: &str) -> Result<(), &'static str> {
    if path.is_empty() || path.len() > MAX_PATH_BYTES || path.split('/').count() > MAX_DEPTH {
        return Err("the path is empty or too long");
    }
    if path.chars().any(|c| c.is_control() || c == '\\') {
        return Err("a path may not hold backslashes or control characters");
    }
    if ProjectFiles::normalize(path).as_deref() != Some(path) {
        return Err("the path must stay inside the project, without . and .. parts");
    }
    if path.split('/').any(|part| part.len() > 255) {
        return Err("a name is too long");
    }
    // Hooks in there would run as the user with the next git command.
    if path.split('/').any(|part| part.eq_ignore_ascii_case(".git")) {
        return Err("a project may not write into .git");
    }
    // An adopted project may lie around the workspace: what the agent notes there says which folders it may write.
    if path.split('/').any(|part| part.eq_ignore_ascii_case(super::manifest::OWN_FOLDER)) {
        return Err("a project may not write into the agent's own folder");
    }
    Ok(())
}

fn no_file_is_a_folder(files: &ProjectFiles) -> Result<(), WorkspaceError> {
    let folders: BTreeSet<&str> =
        files.0.keys().flat_map(|path| path.match_indices('/').map(|(at, _)| &path[..at])).collect();
    match files.0.keys().find(|path| folders.contains(path.as_str())) {
        Some(path) => Err(WorkspaceError::refused(path, "it is a file and a folder at once")),
        None => Ok(()),
    }
}
