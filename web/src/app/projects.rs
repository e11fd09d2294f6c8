//! Opening, making and renaming projects. None of it loses the project that is open.

use std::collections::BTreeMap;

use composeyard_compose::{ProjectFiles, ProjectName, stacks::is_untouched};
use leptos::prelude::*;

use super::{
    Choice, Dialogs, Layout, Notices, Question, Tone,
    layout::{Mode, Pane, Screen},
};
use crate::{
    document::{Document, Library, SavedProject},
    download::download_project,
};

/// What a project without files is called.
const UNNAMED: &str = "my-stack";
/// The file that a new project starts with.
const FIRST_FILE: &str = "compose.yaml";
const FIRST_TEXT: &str = "# Add a service on the canvas, or write it here.\nservices: {}\n";

/// The verbs on whole projects, with the stores they need.
#[derive(Clone, Copy)]
pub struct Projects {
    document: Document,
    layout: Layout,
    dialogs: Dialogs,
    notices: Notices,
}

impl Projects {
    /// From the Leptos context.
    pub fn from_context() -> Self {
        Self {
            document: expect_context(),
            layout: expect_context(),
            dialogs: expect_context(),
            notices: expect_context(),
        }
    }

    /// A project without files: what stands behind the gallery before anything is open.
    pub fn blank() -> SavedProject {
        SavedProject::of_files(name(UNNAMED), ProjectFiles::default())
    }

    /// A new project with one compose file.
    pub fn start(&self) {
        let files = ProjectFiles([(FIRST_FILE.to_owned(), FIRST_TEXT.to_owned())].into());
        self.open(SavedProject::of_files(Library::free_name(&name(UNNAMED)), files));
    }

    /// Shows a project. When the browser cannot keep the one that is open, it asks first.
    pub fn open(&self, project: SavedProject) {
        let this = *self;
        let go = move || {
            this.document.open(project.clone());
            this.layout.mode.set(Mode::Design);
            this.layout.screen.set(Screen::Workbench);
            this.layout.phone.set(Pane::Canvas);
        };
        let open = untrack(|| self.document.snapshot());
        if open.files.0.is_empty() || Library::save(&open).is_ok() {
            return go();
        }
        let document = self.document;
        self.dialogs.ask(Question {
            title: format!("Leave {} without a copy?", open.name),
            body: vec![
                "The browser does not keep it. Download the project first, or its changes are gone."
                    .to_owned(),
            ],
            choices: vec![
                Choice::new("Leave it", Tone::Danger, go),
                Choice::new("Download it", Tone::Primary, move || download_project(&document)),
            ],
        });
    }

    /// Opens a template: as it is, or the copy the user has already worked on.
    pub fn open_template(&self, template: SavedProject) {
        let kept =
            Library::load(template.name.as_str()).filter(|kept| !is_untouched(&kept.files, &template.files));
        let Some(kept) = kept else { return self.open(template) };
        let this = *self;
        let fresh = SavedProject { name: Library::free_name(&template.name), ..template };
        self.dialogs.ask(Question {
            title: format!("You have changed {} before", kept.name),
            body: vec![format!("Go on with your copy, or open the template anew as {}.", fresh.name)],
            choices: vec![
                Choice::new("Open it anew", Tone::Plain, move || this.open(fresh.clone())),
                Choice::new("Go on with my copy", Tone::Primary, move || this.open(kept.clone())),
            ],
        });
    }

    /// Takes in files that the user dropped or chose.
    pub fn import(&self, added: BTreeMap<String, String>) {
        if added.is_empty() {
            return;
        }
        let open = self.document.files().get_untracked();
        if open.0.is_empty() || self.layout.screen.get_untracked() == Screen::Gallery {
            return self.import_as_project(added);
        }
        let replaced: Vec<&str> = added
            .iter()
            .filter(|(path, text)| open.get(path).is_some_and(|before| before != text.as_str()))
            .map(|(path, _)| path.as_str())
            .collect();
        let name = self.document.name().get_untracked();
        let body = if replaced.is_empty() {
            "No file of the project is replaced.".to_owned()
        } else {
            format!("Adding replaces {}. Undo brings the old text back.", replaced.join(", "))
        };
        let (this, again) = (*self, added.clone());
        let count = added.len();
        self.dialogs.ask(Question {
            title: format!("Add {} to {name}?", files(count)),
            body: vec![body],
            choices: vec![
                Choice::new("Open as a new project", Tone::Plain, move || {
                    this.import_as_project(again.clone());
                }),
                Choice::new("Add", Tone::Primary, move || {
                    this.document.put_files(&added);
                    this.notices.say(Tone::Primary, format!("Added {}.", files(count)));
                }),
            ],
        });
    }

    fn import_as_project(&self, added: BTreeMap<String, String>) {
        let files = ProjectFiles(added);
        let project = SavedProject::of_files(name(UNNAMED), files);
        // `name:` in the compose file, as the reference reads it, is the best name there is.
        let written = project.files.get(&project.active_file).and_then(|text| {
            let line = text.lines().find_map(|line| line.strip_prefix("name:"))?;
            ProjectName::normalize(line.trim().trim_matches(['"', '\''])).ok()
        });
        let name = Library::free_name(&written.unwrap_or_else(|| project.name.clone()));
        self.open(SavedProject { name, ..project });
    }

    /// Gives the open project another name.
    ///
    /// # Errors
    /// When another project has it.
    pub fn rename(&self, to: ProjectName) -> Result<(), String> {
        let from = self.document.name().get_untracked();
        if to == from {
            return Ok(());
        }
        if Library::holds(&to) {
            return Err(format!("Another project is called {to}."));
        }
        self.document.rename(to);
        if Library::save(&untrack(|| self.document.snapshot())).is_ok() {
            Library::remove(&from);
        }
        Ok(())
    }

    /// Deletes a kept project, after asking.
    pub fn delete(&self, name: ProjectName, done: Callback<()>) {
        let this = *self;
        self.dialogs.ask(Question {
            title: format!("Delete {name}?"),
            body: vec!["Its files are removed from this browser. This cannot be undone.".to_owned()],
            choices: vec![Choice::new(format!("Delete {name}"), Tone::Danger, move || {
                if this.document.name().get_untracked() == name {
                    this.document.open(Self::blank());
                }
                Library::remove(&name);
                done.run(());
            })],
        });
    }
}

/// "1 file", "3 files".
fn files(count: usize) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}

#[expect(clippy::expect_used, reason = "the names are constants of this file")]
fn name(text: &str) -> ProjectName {
    ProjectName::new(text).expect("a valid project name")
}
