//! The projects of this machine: those in the agent's workspace, and those that someone else runs on its engine.

use composeyard_protocol::{ProjectSummary, SavedProject};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    app::{Choice, Dialogs, Notices, Projects, Question, Tone},
    document::{Library, SavedProject as Kept},
    icons::{Glyph, Icon},
    run::{Opened, Run, consent_lines},
};

/// The list; nothing without an agent, or when there are none.
#[component]
pub fn MachineProjects() -> impl IntoView {
    let run = expect_context::<Run>();
    let found = RwSignal::new(Vec::<ProjectSummary>::new());
    Effect::new(move |_| {
        if !run.is_connected() {
            return found.set(Vec::new());
        }
        // What runs is known once the engine answers.
        run.engine.track();
        spawn_local(async move {
            let projects = run.projects().await;
            // The gallery may have been left meanwhile.
            let _ = found.try_set(projects);
        });
    });
    view! {
        <Show when=move || !found.read().is_empty()>
            <section aria-labelledby="machine">
                <h2 id="machine" class="gallery-title">"On this machine"</h2>
                <ul class="kept">
                    {move || found.get().into_iter().map(|project| view! { <MachineProject project/> }).collect_view()}
                </ul>
            </section>
        </Show>
    }
}

#[component]
fn MachineProject(project: ProjectSummary) -> impl IntoView {
    let opener = Opener::from_context();
    let name = project.name.to_string();
    let title = if project.folder.is_empty() { name.clone() } else { project.folder.clone() };
    let (facts, runs) = (facts(&project), project.running > 0);
    let open = move |_| opener.open(project.clone(), Vec::new());
    view! {
        <li class="kept-project">
            <button class="kept-open" data-testid=format!("machine-{name}") title=title on:click=open>
                <i class=if runs { "dot ok" } else { "dot idle" } aria-hidden="true"></i>
                <span><strong>{name.clone()}</strong><small>{facts}</small></span>
                <Icon glyph=Glyph::Right/>
            </button>
        </li>
    }
}

/// "3 of 4 running · made elsewhere".
fn facts(project: &ProjectSummary) -> String {
    let runs = match (project.running, project.containers) {
        (_, 0) => "not running".to_owned(),
        (running, all) if running == all => format!("{running} running"),
        (running, all) => format!("{running} of {all} running"),
    };
    if project.saved { runs } else { format!("{runs} · made elsewhere") }
}

/// Opens projects of the agent.
#[derive(Clone, Copy)]
struct Opener {
    run: Run,
    projects: Projects,
    dialogs: Dialogs,
    notices: Notices,
}

impl Opener {
    fn from_context() -> Self {
        Self {
            run: expect_context(),
            projects: Projects::from_context(),
            dialogs: expect_context(),
            notices: expect_context(),
        }
    }

    fn open(self, project: ProjectSummary, consent: Vec<String>) {
        spawn_local(async move {
            match self.run.open_project(project.name.clone(), consent).await {
                Ok(Opened::Project(saved)) => self.show(*saved),
                Ok(Opened::Consent(grants)) => {
                    let mut body = vec!["It was not started from here. Composeyard would use:".to_owned()];
                    body.extend(consent_lines(&grants));
                    let keys: Vec<String> = grants.iter().map(|grant| grant.key.clone()).collect();
                    let title = format!("Take over {}?", project.name);
                    let again = move || self.open(project.clone(), keys.clone());
                    self.dialogs.ask(Question {
                        title,
                        body,
                        choices: vec![Choice::new("Take it over", Tone::Primary, again)],
                    });
                }
                Err(reason) => self.notices.say(Tone::Danger, reason),
            }
        });
    }

    /// Shows the agent's files, unless this browser keeps others under the name and the user wants those.
    fn show(self, saved: SavedProject) {
        let theirs = kept_of(&saved);
        match Library::load(saved.name.as_str()) {
            Some(kept) if kept.files == saved.files => {
                self.run.based_on(&saved);
                self.projects.open(kept);
            }
            Some(kept) => {
                let take = move || {
                    self.run.based_on(&saved);
                    self.projects.open(theirs.clone());
                };
                self.dialogs.ask(Question {
                    title: format!("This browser keeps another {}", kept.name),
                    body: vec![
                        "Its files are not those of the folder. Opening the folder's files replaces the browser's copy."
                            .to_owned(),
                    ],
                    choices: vec![
                        Choice::new("Open the folder's files", Tone::Danger, take),
                        Choice::new("Go on with my copy", Tone::Primary, move || self.projects.open(kept.clone())),
                    ],
                });
            }
            None => {
                self.run.based_on(&saved);
                self.projects.open(theirs);
            }
        }
    }
}

/// The agent's project as the page keeps one.
fn kept_of(saved: &SavedProject) -> Kept {
    let mut kept = Kept::of_files(saved.name.clone(), saved.files.clone());
    if let Some(first) = saved.compose_files.first() {
        kept.active_file.clone_from(first);
        kept.selection.files.clone_from(&saved.compose_files);
        kept.selection.profiles.clear();
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_what_runs_and_who_made_it() {
        let project = |saved, running, containers| ProjectSummary {
            name: composeyard_compose::ProjectName::new("shop").unwrap(),
            saved,
            folder: String::new(),
            running,
            containers,
        };
        assert_eq!(facts(&project(true, 0, 0)), "not running");
        assert_eq!(facts(&project(true, 1, 1)), "1 running");
        assert_eq!(facts(&project(false, 2, 3)), "2 of 3 running · made elsewhere");
    }

    #[test]
    fn the_compose_files_that_were_in_use_stay_in_use() {
        let files =
            ["a.yaml", "b.yaml", "compose.yaml"].map(|name| (name.to_owned(), "services: {}\n".to_owned()));
        let saved = SavedProject {
            name: composeyard_compose::ProjectName::new("shop").unwrap(),
            files: composeyard_compose::ProjectFiles(files.into()),
            revision: String::new(),
            compose_files: vec!["b.yaml".to_owned(), "a.yaml".to_owned()],
        };
        let kept = kept_of(&saved);
        assert_eq!((kept.selection.files, kept.active_file.as_str()), (saved.compose_files, "b.yaml"));
    }
}
