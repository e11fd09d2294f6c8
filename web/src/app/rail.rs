//! The slim rail at the left: which panes are shown.

use leptos::prelude::*;

use super::{
    keys::KeysButton,
    layout::{Layout, Pane},
    theme::ThemeButton,
};
use crate::icons::{Glyph, Icon};

/// The rail.
#[component]
pub fn Rail() -> impl IntoView {
    let layout = expect_context::<Layout>();
    let toggle = move |pane: Pane, glyph: Glyph, label: &'static str, testid: &'static str| {
        view! {
            <button
                class="icon-btn"
                data-testid=testid
                aria-label=label
                title=label
                aria-pressed=move || layout.shows(pane).to_string()
                aria-controls=pane.id()
                on:click=move |_| layout.toggle(pane)
            >
                <Icon glyph/>
            </button>
        }
    };
    view! {
        <nav class="rail" aria-label="Panes">
            {toggle(Pane::Files, Glyph::Folder, "Files", "rail-files")}
            <hr/>
            {toggle(Pane::Canvas, Glyph::Design, "Canvas", "rail-canvas")}
            {toggle(Pane::Editor, Glyph::Code, "Text", "rail-editor")}
            {toggle(Pane::Inspector, Glyph::Panel, "Inspector", "rail-inspector")}
            {toggle(Pane::Dock, Glyph::Logs, "Problems, plan and logs", "rail-dock")}
            <span class="grow"></span>
            <KeysButton/>
            <ThemeButton/>
        </nav>
    }
}
