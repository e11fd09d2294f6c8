//! Which files of a project the agent wrote, kept beside the projects: only those are ever removed.

use std::collections::BTreeSet;
use std::io;

use composeyard_compose::ProjectName;
use serde::{Deserialize, Serialize};

use super::folder::Folder;

/// The agent's own folder in the workspace. Not a project name, so it cannot clash with one.
pub(super) const OWN_FOLDER: &str = ".composeyard";
const MAX_BYTES: u64 = 1024 * 1024;

/// Paths that saves of one project wrote.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) files: BTreeSet<String>,
}

impl Manifest {
    /// Reads it; none when the project was never saved here.
    pub(super) fn read(root: &Folder, project: &ProjectName) -> io::Result<Option<Self>> {
        if root.kind(OWN_FOLDER)?.is_none() {
            return Ok(None);
        }
        let own = root.open(OWN_FOLDER)?;
        let name = file_name(project);
        if own.kind(&name)?.is_none() {
            return Ok(None);
        }
        let bytes = own.read(&name, MAX_BYTES)?;
        let mut manifest: Self = serde_json::from_slice(&bytes)?;
        // The file is the user's to edit; a path in it is as little trusted as one from the page.
        manifest.files.retain(|path| super::limits::accept_path(path).is_ok());
        Ok(Some(manifest))
    }

    /// Writes it.
    pub(super) fn write(&self, root: &Folder, project: &ProjectName) -> io::Result<()> {
        let own = root.open_or_make(OWN_FOLDER)?;
        own.write(&file_name(project), &serde_json::to_vec_pretty(self)?, 0o600)
    }
}

fn file_name(project: &ProjectName) -> String {
    format!("{project}.json")
}
