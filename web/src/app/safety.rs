//! Says when the browser does not keep the project, or another tab changed it, and offers a way to lose nothing.

use leptos::{ev, prelude::*};

use super::{Notices, Tone};
use crate::{
    document::{Document, Library, SaveState},
    download::download_project,
};

/// Watches from now on.
pub fn watch(document: Document, saved: ReadSignal<SaveState>) {
    let notices = expect_context::<Notices>();
    Effect::new(move |_| {
        if let SaveState::Failed(error) = saved.get() {
            let download = move || download_project(&document);
            let text = format!("Your changes are not saved: {error}. Download the project to keep it.");
            notices.sticky(Tone::Danger, text, "Download", download);
        }
    });

    let handle = window_event_listener(ev::storage, move |event| {
        let name = document.name().get_untracked();
        if event.key().is_none_or(|key| !key.ends_with(&format!("project.{name}"))) {
            return;
        }
        let theirs = Library::load(name.as_str());
        if theirs.is_none_or(|theirs| theirs.files == *document.files().get_untracked()) {
            return;
        }
        let shown = name.clone();
        let take = move || {
            // As it stands by now: that tab may have gone on since this was said.
            if let Some(theirs) = Library::load(shown.as_str()) {
                document.open(theirs);
            }
        };
        notices.sticky(
            Tone::Caution,
            format!("{name} was changed in another tab. The next change here replaces what that tab saved."),
            "Use the other tab's",
            take,
        );
    });
    on_cleanup(move || handle.remove());
}
