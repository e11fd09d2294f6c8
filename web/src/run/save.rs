//! The project's files on their way to the agent's workspace. A file that someone else changed there is never
//! overwritten without a question.

use std::{collections::BTreeMap, sync::Arc};

use composeyard_compose::{ProjectFiles, ProjectName};
use composeyard_protocol::{Failure, FailureKind, Request, SavedProject, ServerMessage};
use leptos::prelude::*;

use super::{client::Trouble, store::Run};
use crate::storage;

/// What the files were when they were last saved, per project: the next save is based on it.
fn revision_key(name: &ProjectName) -> String {
    format!("revision.{name}")
}

/// How saving went wrong.
pub(super) enum NotSaved {
    /// The files in the workspace are not those that the page knows of.
    Stale(Box<SavedProject>),
    /// Anything else.
    Trouble(Trouble),
}

impl Run {
    /// True when this browser has saved the open project to the agent before.
    pub(super) fn was_saved(&self) -> bool {
        storage::get(&revision_key(&self.document.name().get_untracked())).is_some()
    }

    /// Writes the files as they stand.
    pub(super) async fn write(&self) -> Result<(), NotSaved> {
        let name = self.document.name().get_untracked();
        let base = storage::get(&revision_key(&name));
        match self.write_over(base).await {
            Err(Trouble::Failed(Failure { kind: FailureKind::Stale, .. })) => {
                let theirs = self.read(name).await.map_err(NotSaved::Trouble)?;
                Err(NotSaved::Stale(Box::new(theirs)))
            }
            result => result.map_err(NotSaved::Trouble),
        }
    }

    /// Writes the files over a revision that the user has agreed to replace.
    pub(super) async fn write_over(&self, base: Option<String>) -> Result<(), Trouble> {
        let project = self.document.name().get_untracked();
        let files = self.document.files().get_untracked().as_ref().clone();
        let request = Request::SaveProject { project: project.clone(), files, base };
        self.client().request(request).finish(|message| remember(&project, &message)).await
    }

    async fn read(&self, project: ProjectName) -> Result<SavedProject, Trouble> {
        let mut found = None;
        let request = Request::OpenProject { project };
        let each = |message| {
            if let ServerMessage::Project { saved, .. } = message {
                found = Some(saved);
            }
        };
        self.client().request(request).finish(each).await?;
        found.ok_or(Trouble::Lost)
    }

    /// Takes the workspace's files in place of the page's own, as steps that undo takes back.
    pub(super) fn adopt(&self, theirs: &SavedProject) {
        let ours: Arc<ProjectFiles> = self.document.files().get_untracked();
        let added: BTreeMap<String, String> = theirs.files.0.clone();
        self.document.put_files(&added);
        for gone in ours.0.keys().filter(|file| !added.contains_key(*file)) {
            self.document.remove_file(gone);
        }
        keep_revision(&theirs.name, &theirs.revision);
    }
}

fn remember(project: &ProjectName, message: &ServerMessage) {
    if let ServerMessage::Project { saved, .. } = message {
        keep_revision(project, &saved.revision);
    }
}

pub(super) fn keep_revision(project: &ProjectName, revision: &str) {
    // Without it the next save asks once more than it would have to.
    let _ = storage::set(&revision_key(project), revision);
}

/// The files that differ, by name.
pub(super) fn differing(ours: &ProjectFiles, theirs: &ProjectFiles) -> Vec<String> {
    let names: std::collections::BTreeSet<&String> = ours.0.keys().chain(theirs.0.keys()).collect();
    names.into_iter().filter(|name| ours.get(name) != theirs.get(name)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_differ_or_stand_on_one_side_are_named() {
        let files = |files: &[(&str, &str)]| {
            ProjectFiles(files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
        };
        let ours = files(&[("a", "1"), ("b", "2"), ("c", "3")]);
        let theirs = files(&[("a", "1"), ("b", "x"), ("d", "4")]);
        assert_eq!(differing(&ours, &theirs), ["b", "c", "d"]);
    }
}
