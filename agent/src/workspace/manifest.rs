//! Which files of a project the agent wrote, kept beside the projects: only those are ever removed. Of an adopted
//! project also where its folder is.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;

use composeyard_compose::ProjectName;
use serde::{Deserialize, Serialize};

use super::folder::{Folder, Prepared};

/// The agent's own folder in the workspace. Not a project name, so it cannot clash with one.
pub(super) const OWN_FOLDER: &str = ".composeyard";
const MAX_BYTES: u64 = 1024 * 1024;

/// What the workspace knows of one project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// Paths that saves wrote, or that came with an adopted project.
    pub(super) files: BTreeSet<String>,
    /// Where an adopted project's files are, absolute; none for those in the workspace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) folder: Option<PathBuf>,
    /// Compose files in merge order; empty for the default names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) compose_files: Vec<String>,
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

    /// Names of all projects that have one.
    pub(super) fn names(root: &Folder) -> io::Result<Vec<ProjectName>> {
        if root.kind(OWN_FOLDER)?.is_none() {
            return Ok(Vec::new());
        }
        let names = root.open(OWN_FOLDER)?.names()?;
        let project = |name: &String| ProjectName::new(name.strip_suffix(".json")?).ok();
        Ok(names.iter().filter_map(project).collect())
    }

    /// Writes it.
    pub(super) fn write(&self, root: &Folder, project: &ProjectName) -> io::Result<()> {
        self.prepare(root, project)?.put()
    }

    /// Brings it to the disk, not yet in the place of the one before.
    pub(super) fn prepare(&self, root: &Folder, project: &ProjectName) -> io::Result<Prepared> {
        let own = root.open_or_make(OWN_FOLDER)?;
        own.prepare(&file_name(project), &serde_json::to_vec_pretty(self)?, 0o600)
    }
}

fn file_name(project: &ProjectName) -> String {
    format!("{project}.json")
}
