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
        let Some(other) = Library::load(name.as_str()) else { return };
        if other.files == *document.files().get_untracked() {
            return;
        }
        let take = move || document.open(other.clone());
        notices.sticky(
            Tone::Caution,
            format!("{name} was changed in another tab. The next change here replaces what that tab saved."),
            "Use the other tab's",
            take,
        );
    });
    on_cleanup(move || handle.remove());
}
