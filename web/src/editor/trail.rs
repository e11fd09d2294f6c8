//! The line between tabs and text: the keys around the cursor, the outline, and the way to the resolved project.

use composeyard_compose::assist;
use leptos::prelude::*;

use super::{
    help::{Help, Sheet},
    language::language,
};
use crate::icons::{Glyph, Icon};

/// The line; absent for files that are not YAML.
#[component]
pub(super) fn Trail() -> impl IntoView {
    let help = expect_context::<Help>();
    let document = help.document;
    let is_yaml = Memo::new(move |_| language(&document.active_file.read()) == "yaml");
    let keys = Memo::new(move |_| {
        let files = document.files().get();
        let text = files.get(&document.active_file.read()).unwrap_or_default();
        if is_yaml.get() { assist::trail(text, help.cursor.get()) } else { Vec::new() }
    });
    let step = move |entry: assist::Entry| {
        let show = move |_| {
            let file = document.active_file.get_untracked();
            document.reveal.set(Some((file, entry.key)));
        };
        view! { <li><button type="button" on:click=show>{entry.name}</button></li> }
    };
    let outline_open = move || *help.sheet.read() == Some(Sheet::Outline);
    view! {
        <Show when=move || is_yaml.get()>
            <div class="trail" data-testid="trail">
                <button
                    type="button"
                    class="icon-btn small"
                    data-testid="outline"
                    aria-label="Outline"
                    title="Outline (Ctrl+Shift+O)"
                    aria-expanded=move || outline_open().to_string()
                    on:click=move |_| { help.toggle(Sheet::Outline); }
                >
                    <Icon glyph=Glyph::Tidy/>
                </button>
                <nav aria-label="Keys around the cursor">
                    <ol>{move || keys.get().into_iter().map(step).collect_view()}</ol>
                </nav>
                <button
                    type="button"
                    class="btn small"
                    data-testid="resolved-toggle"
                    title="The whole project as the engine will see it: variables, merges and defaults filled in"
                    aria-pressed=move || help.resolved.get().to_string()
                    on:click=move |_| help.resolved.update(|open| *open = !*open)
                >
                    "Resolved"
                </button>
            </div>
        </Show>
    }
}
