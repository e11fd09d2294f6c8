//! What the files say right now: findings, the last good project and its graph.

use std::sync::Arc;

use composeyard_compose::{
    LoadRequest, Loaded, Memory, Project, ProjectFiles, ProjectName, check_again, graph,
};
use composeyard_protocol::Selection;

use crate::clock;

/// The outcome of the last check. Made anew on every change of a file, on each key press.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Findings and origins of the text as it stands.
    pub loaded: Loaded,
    /// The project of the last text that could be read as one.
    pub project: Option<Arc<Project>>,
    /// True when the text has moved on from `project` and cannot be read now.
    pub stale: bool,
    /// The picture of `project`.
    pub graph: Arc<graph::Graph>,
    /// How long the check took, in milliseconds.
    pub took: f64,
    /// Counts the projects opened since the page was loaded: the last good project of another one does not count.
    epoch: u64,
}

/// What is checked.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The files of the project.
    pub files: &'a ProjectFiles,
    /// Its name.
    pub name: &'a ProjectName,
    /// The Compose files and profiles in use.
    pub selection: &'a Selection,
    /// How many projects were opened before.
    pub epoch: u64,
}

impl Checked {
    /// Checks the files, falling back on what `previous` could still read. What did not change since the last check is
    /// taken from the memory.
    pub fn new(subject: Subject<'_>, previous: Option<&Self>, memory: &mut Memory) -> Self {
        let Subject { files, name, selection, epoch } = subject;
        let begun = clock::now();
        let request = LoadRequest {
            files: selection.files.clone(),
            project_name: Some(name.to_string()),
            profiles: selection.profiles.clone(),
            ..LoadRequest::default()
        };
        let mut loaded = check_again(files, &request, memory);
        let fresh = loaded.project.take().map(Arc::new);
        let kept = previous.filter(|previous| previous.epoch == epoch);
        let (project, graph, stale) = match (fresh, kept) {
            (Some(project), _) => {
                let graph = Arc::new(graph::graph(&project));
                (Some(project), graph, false)
            }
            (None, Some(kept)) => (kept.project.clone(), kept.graph.clone(), kept.project.is_some()),
            (None, None) => (None, Arc::default(), false),
        };
        Self { loaded, project, stale, graph, took: clock::now() - begun, epoch }
    }
}
