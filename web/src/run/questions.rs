//! What only the user can decide, asked in dialogs.

use composeyard_plan::Grant;
use composeyard_protocol::SavedProject;
use leptos::prelude::*;

use super::{
    commands::{Pending, Question as Open},
    save::differing,
    store::Run,
    words,
};
use crate::app::{Choice, Dialogs, Question, Tone};

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
