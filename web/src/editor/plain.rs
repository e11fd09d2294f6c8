//! A plain text field in place of the editor: while it loads, and when it cannot be loaded.

use leptos::{ev, prelude::*};

use crate::document::{Document, Origin};

/// The field.
#[component]
pub(super) fn PlainText(
    /// Why the editor could not be loaded, when it could not.
    failed: Signal<Option<String>>,
) -> impl IntoView {
    let document = expect_context::<Document>();
    let text = move || {
        let files = document.files().get();
        files.get(&document.active_file.read()).unwrap_or_default().to_owned()
    };
    let typed = move |text: String| {
        document.set_text(&document.active_file.get_untracked(), text, Origin::Editor);
    };
    let history = move |event: ev::KeyboardEvent| {
        if !(event.ctrl_key() || event.meta_key()) {
            return;
        }
        match (event.key().as_str(), event.shift_key()) {
            ("z", false) => document.undo(),
            ("z" | "Z", true) | ("y", _) => document.redo(),
            _ => return,
        }
        event.stop_propagation();
        event.prevent_default();
    };
    view! {
        {move || failed.get().map(|reason| view! {
            <p class="editor-note" role="status" title=reason>
                "The editor could not be loaded. This plain field works the same; reload the page to try again."
            </p>
        })}
        <textarea
            class="plain-text"
            spellcheck="false"
            autocapitalize="off"
            aria-label=move || format!("Text of {}", document.active_file.read())
            prop:value=text
            on:input:target=move |event| typed(event.target().value())
            on:keydown=history
        ></textarea>
    }
}
