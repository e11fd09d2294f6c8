//! The document store: signals in Leptos' arena behind a copyable handle.

use std::{collections::BTreeMap, sync::Arc};

use composeyard_compose::{
    FileEdit, Memory, ProjectFiles, ProjectName,
    edit::{self, Approach, Intent, Mention, Refusal},
    graph::{NodeKey, Point},
    stacks::Variant,
};
use composeyard_protocol::Selection;
use composeyard_yaml::{Span, TextEdit};
use leptos::prelude::*;

use super::{
    Checked, SavedProject,
    checked::Subject,
    history::{Change, History},
    in_use, variants,
};
use crate::clock;

/// Who changed the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The user typed in the editor, which already shows it.
    Editor,
    /// An action of the canvas, the inspector or a fix.
    Intent,
    /// Another project was opened, or a file came or went.
    Load,
    /// Undo or redo.
    History,
}

/// What one change did, for the editor to apply as one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditBatch {
    /// Who did it.
    pub origin: Origin,
    /// Edits against the text before; several edits of one file do not overlap. Empty when whole files came or went.
    pub edits: Vec<FileEdit>,
}

/// The open project. Found in the Leptos context.
#[derive(Clone, Copy)]
pub struct Document {
    name: RwSignal<ProjectName>,
    files: RwSignal<Arc<ProjectFiles>>,
    history: RwSignal<History>,
    epoch: RwSignal<u64>,
    checked: Memo<Arc<Checked>>,
    /// The variants that the template names.
    given: RwSignal<Vec<Variant>>,
    variants: Memo<Vec<Variant>>,
    /// The compose files (the variant) and profiles in use.
    pub selection: RwSignal<Selection>,
    /// The file in the editor.
    pub active_file: RwSignal<String>,
    /// The node in the inspector.
    pub selected: RwSignal<Option<NodeKey>>,
    /// Where the user dragged nodes to.
    pub positions: RwSignal<BTreeMap<NodeKey, Point>>,
    /// A place that the editor should show: file and bytes.
    pub reveal: RwSignal<Option<(String, Span)>>,
    /// The last change of the text.
    pub last_edits: RwSignal<Option<Arc<EditBatch>>>,
}

impl Document {
    /// A document that holds `project`.
    pub fn new(project: SavedProject) -> Self {
        let name = RwSignal::new(project.name);
        let files = RwSignal::new(Arc::new(project.files));
        let selection = RwSignal::new(project.selection);
        let epoch = RwSignal::new(0);
        let given = RwSignal::new(project.variants);
        let variants = Memo::new(move |_| variants(&files.read(), &given.read()));
        let memory = StoredValue::new(Memory::default());
        let checked = Memo::new_with_compare(
            move |previous: Option<&Arc<Checked>>| {
                let (files, name, selection) = (files.read(), name.read(), selection.read());
                let subject =
                    Subject { files: &files, name: &name, selection: &selection, epoch: epoch.get() };
                let previous = previous.map(Arc::as_ref);
                Arc::new(Checked::new(subject, previous, &mut memory.write_value()))
            },
            |_, _| true,
        );
        Self {
            name,
            files,
            history: RwSignal::default(),
            epoch,
            checked,
            given,
            variants,
            selection,
            active_file: RwSignal::new(project.active_file),
            selected: RwSignal::new(None),
            positions: RwSignal::new(project.positions.into_iter().collect()),
            reveal: RwSignal::new(None),
            last_edits: RwSignal::new(None),
        }
    }

    /// Shows another project. The history starts anew.
    pub fn open(&self, project: SavedProject) {
        self.epoch.update(|epoch| *epoch += 1);
        self.name.set(project.name);
        self.selection.set(project.selection);
        self.given.set(project.variants);
        self.files.set(Arc::new(project.files));
        self.history.set(History::default());
        self.selected.set(None);
        self.reveal.set(None);
        self.positions.set(project.positions.into_iter().collect());
        self.active_file.set(project.active_file);
        self.publish(Origin::Load, Vec::new());
    }

    /// Subscribes the running effect to everything that [`Self::snapshot`] holds.
    pub fn track(&self) {
        self.name.track();
        self.files.track();
        self.selection.track();
        self.given.track();
        self.active_file.track();
        self.positions.track();
    }

    /// Everything that a reload has to bring back.
    pub fn snapshot(&self) -> SavedProject {
        SavedProject {
            name: self.name.get(),
            files: self.files.read().as_ref().clone(),
            selection: self.selection.get(),
            variants: self.given.get(),
            active_file: self.active_file.get(),
            positions: self.positions.get().into_iter().collect(),
            saved_at: clock::date(),
        }
    }

    /// The project's name; also that of its folder.
    pub fn name(&self) -> Signal<ProjectName> {
        self.name.into()
    }

    /// Gives the project another name. Whether it is taken is [`super::Library`]'s business.
    pub fn rename(&self, name: ProjectName) {
        self.name.set(name);
    }

    /// All files.
    pub fn files(&self) -> Signal<Arc<ProjectFiles>> {
        self.files.into()
    }

    /// Ways to run the project: files and profiles that belong together, the default first.
    pub fn variants(&self) -> Memo<Vec<Variant>> {
        self.variants
    }

    /// The compose files and profiles in use, under the name of the variant that has them.
    pub fn variant_in_use(&self) -> Variant {
        let selection = self.selection.get_untracked();
        let known = self.variants.read_untracked();
        let name = in_use(&known, &selection).map(|at| known[at].name.clone()).unwrap_or_default();
        Variant { name, files: selection.files, profiles: selection.profiles, ..Variant::default() }
    }

    /// Findings, last good project and graph of the text as it stands.
    pub fn checked(&self) -> Memo<Arc<Checked>> {
        self.checked
    }

    /// Grows when another project is opened: what was on screen is another document's.
    pub fn epoch(&self) -> Signal<u64> {
        self.epoch.into()
    }

    /// Gives a file a new text, creating it when there is none.
    pub fn set_text(&self, file: &str, text: String, origin: Origin) {
        let before = self.files.with_untracked(|files| files.get(file).map(str::to_owned));
        let change = match before {
            Some(before) => Change::between(file, &before, &text),
            None => Some(Change::Create { file: file.to_owned(), text }),
        };
        let Some(change) = change else { return };
        if origin == Origin::Editor {
            let edits = self.perform(std::slice::from_ref(&change));
            self.history.update(|history| history.record_typing(change, clock::now()));
            self.publish(origin, edits);
        } else {
            self.commit(vec![change], origin);
        }
    }

    /// Does a visual action as the smallest text edit, as one undo step.
    ///
    /// # Errors
    /// When the action cannot be done safely; the text is untouched.
    pub fn apply(&self, intent: &Intent) -> Result<(), Refusal> {
        self.apply_all(std::slice::from_ref(intent), Approach::Ask).map(drop)
    }

    /// Does several visual actions as one, as one undo step: what a choice of a refusal holds. Returns every place
    /// that spoke of what was renamed.
    ///
    /// # Errors
    /// As [`Document::apply`].
    pub fn apply_all(&self, intents: &[Intent], approach: Approach) -> Result<Vec<Mention>, Refusal> {
        let plan = {
            let (files, selection) = (self.files.read_untracked(), self.selection.read_untracked());
            edit::plan_all(&files, &selection.files, intents, approach)?
        };
        self.apply_edits(&plan.edits, Origin::Intent).map(|()| plan.mentions)
    }

    /// Applies edits of one action together, as one undo step.
    ///
    /// # Errors
    /// When an edit does not fit the text as it stands; the text is untouched.
    pub fn apply_edits(&self, edits: &[FileEdit], origin: Origin) -> Result<(), Refusal> {
        let mut by_file: BTreeMap<&str, Vec<TextEdit>> = BTreeMap::new();
        for edit in edits {
            by_file.entry(&edit.file).or_default().push(edit.edit.clone());
        }
        let mut changes = Vec::new();
        {
            let files = self.files.read_untracked();
            for (file, edits) in by_file {
                let before = files.get(file);
                let after = composeyard_yaml::edit::apply(before.unwrap_or_default(), &edits)
                    .ok_or_else(|| Refusal::new(format!("{file} has changed since; try again")))?;
                match before {
                    Some(before) => changes.extend(Change::between(file, before, &after)),
                    None => changes.push(Change::Create { file: file.to_owned(), text: after }),
                }
            }
        }
        self.perform(&changes);
        self.history.update(|history| history.record(changes));
        self.publish(origin, edits.to_vec());
        Ok(())
    }

    /// Renames a file, as one undo step, and follows it in the selection and the editor.
    pub fn rename_file(&self, from: &str, to: &str) {
        let Some(text) = self.files.with_untracked(|files| files.get(from).map(str::to_owned)) else {
            return;
        };
        let create = Change::Create { file: to.to_owned(), text: text.clone() };
        let delete = Change::Delete { file: from.to_owned(), text };
        if *self.active_file.read_untracked() == from {
            self.active_file.set(to.to_owned());
        }
        self.commit(vec![create, delete], Origin::Load);
    }

    /// Deletes a file, as one undo step.
    pub fn remove_file(&self, file: &str) {
        let Some(text) = self.files.with_untracked(|files| files.get(file).map(str::to_owned)) else {
            return;
        };
        self.commit(vec![Change::Delete { file: file.to_owned(), text }], Origin::Load);
    }

    /// Adds or replaces several files, as one undo step.
    pub fn put_files(&self, added: &BTreeMap<String, String>) {
        let changes = self.files.with_untracked(|files| {
            let change = |(file, text): (&String, &String)| match files.get(file) {
                Some(before) => Change::between(file, before, text),
                None => Some(Change::Create { file: file.clone(), text: text.clone() }),
            };
            added.iter().filter_map(change).collect()
        });
        self.commit(changes, Origin::Load);
    }

    /// Takes the last action back.
    pub fn undo(&self) {
        let changes = self.history.try_update(History::undo).flatten();
        self.travel(changes);
    }

    /// Does the last undone action again.
    pub fn redo(&self) {
        let changes = self.history.try_update(History::redo).flatten();
        self.travel(changes);
    }

    /// True when there is something to take back.
    pub fn can_undo(&self) -> Signal<bool> {
        let history = self.history;
        Signal::derive(move || history.read().can_undo())
    }

    /// True when there is something to do again.
    pub fn can_redo(&self) -> Signal<bool> {
        let history = self.history;
        Signal::derive(move || history.read().can_redo())
    }

    fn travel(&self, changes: Option<Vec<Change>>) {
        let Some(changes) = changes else { return };
        let edits = self.perform(&changes);
        let touched = changes.iter().rev().find_map(|change| match change {
            Change::Edit { file, .. } | Change::Create { file, .. } => Some(file.clone()),
            Change::Delete { .. } => None,
        });
        if let Some(file) = touched {
            self.active_file.set(file);
        }
        self.publish(Origin::History, edits);
    }

    fn commit(&self, changes: Vec<Change>, origin: Origin) {
        let edits = self.perform(&changes);
        self.history.update(|history| history.record(changes));
        self.publish(origin, edits);
    }

    /// Changes the files and keeps the selection and the active file on files that exist.
    fn perform(&self, changes: &[Change]) -> Vec<FileEdit> {
        let files_before: Vec<String> = self.files.with_untracked(|files| files.0.keys().cloned().collect());
        let edits = self
            .files
            .try_update(|files| {
                let files = Arc::make_mut(files);
                changes.iter().filter_map(|change| change.apply(files)).collect()
            })
            .unwrap_or_default();
        if self.files.with_untracked(|files| !files.0.keys().eq(files_before.iter())) {
            self.follow_files();
        }
        edits
    }

    fn follow_files(&self) {
        let files = self.files.get_untracked();
        let known = variants(&files, &self.given.read_untracked());
        let in_use = self.selection.with_untracked(|selection| selection.files.clone());
        if !known.iter().any(|variant| variant.files == in_use) {
            let files = known.first().map(|variant| variant.files.clone()).unwrap_or_default();
            self.selection.update(|selection| selection.files = files);
        }
        if files.get(&self.active_file.read_untracked()).is_none() {
            let first = self.selection.with_untracked(|selection| selection.files.first().cloned());
            let file = first.or_else(|| files.0.keys().next().cloned()).unwrap_or_default();
            self.active_file.set(file);
        }
    }

    fn publish(&self, origin: Origin, edits: Vec<FileEdit>) {
        self.last_edits.set(Some(Arc::new(EditBatch { origin, edits })));
    }
}
