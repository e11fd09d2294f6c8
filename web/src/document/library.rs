//! The projects that this browser keeps, by name.

use composeyard_compose::{
    ProjectFiles, ProjectName,
    graph::{NodeKey, Point},
    stacks::Variant,
};
use composeyard_protocol::Selection;
use serde::{Deserialize, Serialize};

use super::variants;
use crate::storage::{self, StorageError};

/// Raised when a page of an older version could not read what this one keeps.
const VERSION: u32 = 1;
const PROJECT: &str = "project.";
const DAMAGED: &str = "damaged.";
const OPEN: &str = "open";

/// Everything of a project that a reload has to bring back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedProject {
    /// Its name.
    pub name: ProjectName,
    /// Its files.
    pub files: ProjectFiles,
    /// Compose files and profiles in use.
    #[serde(default)]
    pub selection: Selection,
    /// The variants that its template names; empty for projects of the user's own.
    #[serde(default)]
    pub variants: Vec<Variant>,
    /// The file in the editor.
    #[serde(default)]
    pub active_file: String,
    /// Where nodes were dragged to.
    #[serde(default)]
    pub positions: Vec<(NodeKey, Point)>,
    /// When it was saved, in milliseconds since 1970.
    #[serde(default)]
    pub saved_at: f64,
}

impl SavedProject {
    /// A project of these files in its first variant.
    pub fn of_files(name: ProjectName, files: ProjectFiles) -> Self {
        let first = variants(&files, &[]).into_iter().next().unwrap_or_default();
        Self::of_variant(name, files, first, Vec::new())
    }

    /// A project of these files in one of its variants.
    pub fn of_variant(
        name: ProjectName,
        files: ProjectFiles,
        variant: Variant,
        variants: Vec<Variant>,
    ) -> Self {
        let selection = Selection { files: variant.files, profiles: variant.profiles };
        let active_file =
            selection.files.first().or_else(|| files.0.keys().next()).cloned().unwrap_or_default();
        Self { name, files, selection, variants, active_file, positions: Vec::new(), saved_at: 0.0 }
    }
}

/// What stands in storage: the project and the version it was written by.
#[derive(Serialize, Deserialize)]
struct Kept<Project> {
    version: u32,
    project: Project,
}

/// Why a kept project could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// A newer page wrote it.
    #[error("it was saved by a newer version of Composeyard")]
    Newer,
    /// It is not what any version writes.
    #[error("its saved copy is damaged")]
    Damaged,
}

fn encode(project: &SavedProject) -> String {
    serde_json::to_string(&Kept { version: VERSION, project }).unwrap_or_default()
}

fn decode(text: &str) -> Result<SavedProject, DecodeError> {
    #[derive(Deserialize)]
    struct Head {
        version: u32,
    }
    let head: Head = serde_json::from_str(text).map_err(|_| DecodeError::Damaged)?;
    if head.version > VERSION {
        return Err(DecodeError::Newer);
    }
    let kept: Kept<SavedProject> = serde_json::from_str(text).map_err(|_| DecodeError::Damaged)?;
    Ok(kept.project)
}

/// One line of the list of projects.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Its name.
    pub name: ProjectName,
    /// When it was saved, in milliseconds since 1970.
    pub saved_at: f64,
    /// How many files it has.
    pub files: usize,
}

/// What a page finds when it is opened.
#[derive(Clone, Debug, PartialEq)]
pub enum Restored {
    /// Nothing was open.
    Nothing,
    /// The project that was open.
    Project(Box<SavedProject>),
    /// It was there but cannot be read. Its text is kept aside and can be downloaded.
    Unreadable {
        /// Which.
        name: String,
        /// Why.
        error: DecodeError,
        /// Its text as kept.
        text: String,
    },
}

/// The kept projects. No state of its own: local storage is the truth, other tabs write to it too.
pub struct Library;

impl Library {
    /// All projects, the last saved first.
    pub fn list() -> Vec<Summary> {
        let read = |name: String| {
            let project = Self::load(&name)?;
            Some(Summary { name: project.name, saved_at: project.saved_at, files: project.files.0.len() })
        };
        let mut all: Vec<Summary> = storage::keys(PROJECT).into_iter().filter_map(read).collect();
        all.sort_by(|a, b| b.saved_at.total_cmp(&a.saved_at));
        all
    }

    /// A project by name.
    pub fn load(name: &str) -> Option<SavedProject> {
        decode(&storage::get(&format!("{PROJECT}{name}"))?).ok()
    }

    /// True when a project has this name.
    pub fn holds(name: &ProjectName) -> bool {
        storage::get(&format!("{PROJECT}{name}")).is_some()
    }

    /// Keeps a project under its name and remembers that it is the open one.
    ///
    /// # Errors
    /// When the browser refuses; what was kept before stays.
    pub fn save(project: &SavedProject) -> Result<(), StorageError> {
        storage::set(&format!("{PROJECT}{}", project.name), &encode(project))?;
        storage::set(OPEN, project.name.as_str())
    }

    /// Forgets a project.
    pub fn remove(name: &ProjectName) {
        storage::remove(&format!("{PROJECT}{name}"));
        if storage::get(OPEN).as_deref() == Some(name.as_str()) {
            storage::remove(OPEN);
        }
    }

    /// The project that was open when the page was left.
    pub fn restore() -> Restored {
        let Some(name) = storage::get(OPEN) else { return Restored::Nothing };
        let key = format!("{PROJECT}{name}");
        let Some(text) = storage::get(&key) else { return Restored::Nothing };
        match decode(&text) {
            Ok(project) => Restored::Project(Box::new(project)),
            Err(error) => {
                if error == DecodeError::Damaged && storage::set(&format!("{DAMAGED}{name}"), &text).is_ok() {
                    storage::remove(&key);
                }
                storage::remove(OPEN);
                Restored::Unreadable { name, error, text }
            }
        }
    }

    /// `name`, or `name-2`, `name-3` … when it is taken.
    pub fn free_name(name: &ProjectName) -> ProjectName {
        let numbered = |number: u32| {
            let end = format!("-{number}");
            let start: String = name.as_str().chars().take(63 - end.len()).collect();
            ProjectName::new(start + &end).ok()
        };
        let mut candidates = std::iter::once(name.clone()).chain((2..).filter_map(numbered));
        candidates.find(|name| !Self::holds(name)).unwrap_or_else(|| name.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project() -> SavedProject {
        let files = ProjectFiles([("compose.yaml".to_owned(), "services: {}\n".to_owned())].into());
        let name = ProjectName::new("shop").expect("a name");
        let mut project = SavedProject::of_files(name, files);
        project.positions = vec![(NodeKey::Volume("data".to_owned()), Point { x: 1.5, y: -2.0 })];
        project
    }

    #[test]
    fn a_kept_project_reads_back_as_it_was() {
        assert_eq!(decode(&encode(&project())), Ok(project()));
    }

    #[test]
    fn a_newer_format_is_left_alone_and_garbage_is_called_damaged() {
        let newer = encode(&project()).replace("\"version\":1", "\"version\":2");
        assert_eq!(decode(&newer), Err(DecodeError::Newer));
        for text in
            ["", "{", "null", "{\"version\":1}", "{\"version\":1,\"project\":{\"name\":\"UP\",\"files\":{}}}"]
        {
            assert_eq!(decode(text), Err(DecodeError::Damaged), "{text}");
        }
    }

    #[test]
    fn files_open_in_their_first_variant() {
        assert_eq!(project().selection.files, ["compose.yaml"]);
        assert_eq!(project().active_file, "compose.yaml");
    }
}
