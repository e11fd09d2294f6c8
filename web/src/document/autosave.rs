//! Keeps the open project in the browser: soon after each change, and at once when the page is left.

use std::time::Duration;

use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*};

use super::{Document, Library};
use crate::storage::StorageError;

/// How long after a change the project is saved; changes in between ride along.
const DELAY: Duration = Duration::from_millis(300);

/// Whether the project is safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveState {
    /// As it stands.
    Saved,
    /// A change is about to be saved.
    Pending,
    /// The browser refused to keep it.
    Failed(StorageError),
}

/// Saves `document` from now on. A project without files is not kept.
pub fn keep_saved(document: Document) -> ReadSignal<SaveState> {
    let (state, set_state) = signal(SaveState::Saved);
    let timer = StoredValue::<Option<TimeoutHandle>>::new(None);

    let save = move || {
        timer.set_value(None);
        let project = untrack(|| document.snapshot());
        if project.files.0.is_empty() {
            return set_state.set(SaveState::Saved);
        }
        match Library::save(&project) {
            Ok(()) => set_state.set(SaveState::Saved),
            Err(error) => set_state.set(SaveState::Failed(error)),
        }
    };

    Effect::new(move |first: Option<()>| {
        document.track();
        if first.is_none() || timer.read_value().is_some() {
            return;
        }
        if state.read_untracked().clone() == SaveState::Saved {
            set_state.set(SaveState::Pending);
        }
        timer.set_value(set_timeout_with_handle(save, DELAY).ok());
    });

    let leave = window_event_listener(ev::pagehide, move |_| {
        if timer.read_value().is_some() {
            save();
        }
    });
    on_cleanup(move || leave.remove());
    state
}
