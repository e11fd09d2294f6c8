//! What only the user can decide, asked in dialogs.

use composeyard_compose::ServiceName;
use composeyard_plan::Grant;
use composeyard_protocol::SavedProject;
use leptos::prelude::*;

use super::{
    commands::{Pending, Question as Open},
    save::differing,
    store::Run,
    words,
};
use crate::app::{Choice, Dialogs, DockTab, Layout, Question, Tone};

/// Asks whatever a command waits for.
pub(super) fn listen(run: Run, dialogs: Dialogs) {
    Effect::new(move |_| {
        let Some(open) = run.question.get() else { return };
        run.question.set(None);
        dialogs.ask(match open {
            Open::Consent { pending, grants } => consent(run, pending, &grants),
            Open::Stale { pending, theirs } => stale(run, pending, *theirs),
        });
    });
}

fn consent(run: Run, pending: Pending, grants: &[Grant]) -> Question {
    let mut body = vec!["These parts of the project reach beyond their containers:".to_owned()];
    body.extend(words::consent_lines(grants));
    let keys: Vec<String> = grants.iter().map(|grant| grant.key.clone()).collect();
    let allow = move || run.go(pending.clone(), keys.clone());
    Question {
        title: "Allow this on your machine?".to_owned(),
        body,
        choices: vec![Choice::new("Allow and run", Tone::Danger, allow)],
    }
}

fn stale(run: Run, pending: Pending, theirs: SavedProject) -> Question {
    let ours = run.document.files().get_untracked();
    let files = differing(&ours, &theirs.files).join(", ");
    let adopted = theirs.clone();
    let adopt = move || run.adopt(&adopted);
    let replace = move || run.overwrite(pending.clone(), theirs.clone());
    Question {
        title: "The files in the workspace are different".to_owned(),
        body: vec![
            format!("Someone else changed the project's folder, or another browser saved it: {files}."),
            "Take the folder's files into this page (undo brings yours back), or replace the folder's with yours."
                .to_owned(),
        ],
        choices: vec![
            Choice::new("Take the folder's files", Tone::Plain, adopt),
            Choice::new("Replace them with mine", Tone::Danger, replace),
        ],
    }
}

/// Asks before data is lost, naming the volumes.
pub(super) fn ask_down_with_volumes(run: Run, dialogs: Dialogs) {
    let volumes = untrack(|| run.own_volumes());
    let list = if volumes.is_empty() {
        "The project has no volume of its own.".to_owned()
    } else {
        format!("This deletes the data in: {}. It cannot be undone.", volumes.join(", "))
    };
    dialogs.ask(Question {
        title: "Take everything down with its volumes?".to_owned(),
        body: vec!["All containers and networks are removed.".to_owned(), list],
        choices: vec![Choice::new("Delete containers and data", Tone::Danger, move || run.down(true))],
    });
}

/// Asks which signal to send to services; none for all.
pub(super) fn ask_signal(run: Run, layout: Layout, dialogs: Dialogs, services: Vec<ServiceName>) {
    let choice = |label: &str, tone, signal: &'static str| {
        let services = services.clone();
        Choice::new(label, tone, move || {
            layout.show_tab(DockTab::Plan);
            run.kill(services.clone(), signal);
        })
    };
    dialogs.ask(Question {
        title: format!("Send a signal to {}?", whom(&services)),
        body: vec![
            "HUP asks many servers to read their settings again, INT to end as Ctrl-C does.".to_owned(),
            "KILL ends every process at once: what it has not written is lost.".to_owned(),
        ],
        choices: vec![
            choice("HUP", Tone::Plain, "SIGHUP"),
            choice("INT", Tone::Plain, "SIGINT"),
            choice("KILL", Tone::Danger, "SIGKILL"),
        ],
    });
}

/// Asks before stopped containers go.
pub(super) fn ask_remove_stopped(run: Run, layout: Layout, dialogs: Dialogs, services: Vec<ServiceName>) {
    let count = untrack(|| run.standing(services.first()).resting);
    let containers = words::count(count, "stopped container", "stopped containers");
    dialogs.ask(Question {
        title: format!("Remove {containers} of {}?", whom(&services)),
        body: vec!["What they wrote outside of volumes is lost. Up makes them anew.".to_owned()],
        choices: vec![Choice::new(format!("Remove {containers}"), Tone::Danger, move || {
            layout.show_tab(DockTab::Plan);
            run.remove_stopped(services.clone());
        })],
    });
}

/// Asks before a terminal ends for the sake of another one.
pub(super) fn ask_new_terminal(dialogs: Dialogs, open: impl Fn() + Send + Sync + 'static) {
    dialogs.ask(Question {
        title: "End the terminal that is open?".to_owned(),
        body: vec!["What runs in it is ended, and another terminal is opened.".to_owned()],
        choices: vec![Choice::new("End it and open another", Tone::Danger, open)],
    });
}

fn whom(services: &[ServiceName]) -> String {
    services.first().map_or_else(|| "all services".to_owned(), ServiceName::to_string)
}
