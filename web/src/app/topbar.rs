//! The bar at the top: which project, what to do with it, and whether an engine answers.

use leptos::prelude::*;

use super::{
    brand::Mark,
    layout::{Layout, Mode, Screen},
    project_name::ProjectTitle,
    theme::ThemeButton,
    variant::{ProfileMenu, VariantSelect},
};
use crate::{
    document::{Document, SaveState},
    download::DownloadMenu,
    icons::{Glyph, Icon},
    run::{EngineStatus, UpButton},
};

/// The bar.
#[component]
pub fn TopBar(
    /// Whether the project is safe.
    saved: ReadSignal<SaveState>,
) -> impl IntoView {
    let layout = expect_context::<Layout>();
    let working = move || layout.screen.get() == Screen::Workbench;
    view! {
        <header class="topbar">
            <div>
                <button class="brand" data-testid="gallery" aria-label="Composeyard: all projects" on:click=move |_| layout.screen.set(Screen::Gallery)>
                    <Mark/>
                    <span class="brand-name">"Composeyard"</span>
                </button>
                <Show when=working>
                    <span class="slash" aria-hidden="true">"/"</span>
                    <ProjectTitle/>
                    <VariantSelect/>
                    <ProfileMenu/>
                    <UndoRedo/>
                    <SaveNote saved/>
                </Show>
            </div>
            <div class="not-phone">
                <Show when=working>
                    <ModeSwitch/>
                </Show>
            </div>
            <div class="topbar-end">
                <EngineStatus/>
                <Show when=working fallback=|| view! { <span class="theme-alone"><ThemeButton/></span> }>
                    <DownloadMenu/>
                    <UpButton/>
                </Show>
            </div>
        </header>
    }
}

#[component]
fn ModeSwitch() -> impl IntoView {
    let layout = expect_context::<Layout>();
    let button = move |mode: Mode, label: &'static str, testid: &'static str| {
        view! {
            <button
                data-testid=testid
                aria-pressed=move || (layout.mode.get() == mode).to_string()
                on:click=move |_| layout.mode.set(mode)
            >
                {label}
            </button>
        }
    };
    view! {
        <div class="seg" role="group" aria-label="Mode">
            {button(Mode::Design, "Design", "mode-design")}
            {button(Mode::Run, "Run", "mode-run")}
        </div>
    }
}

#[component]
fn UndoRedo() -> impl IntoView {
    let document = expect_context::<Document>();
    let (can_undo, can_redo) = (document.can_undo(), document.can_redo());
    view! {
        <span class="history">
            <button
                class="icon-btn"
                data-testid="undo"
                aria-label="Undo"
                title="Undo (Ctrl+Z)"
                disabled=move || !can_undo.get()
                on:click=move |_| document.undo()
            >
                <Icon glyph=Glyph::Undo/>
            </button>
            <button
                class="icon-btn"
                data-testid="redo"
                aria-label="Redo"
                title="Redo (Ctrl+Shift+Z)"
                disabled=move || !can_redo.get()
                on:click=move |_| document.redo()
            >
                <Icon glyph=Glyph::Redo/>
            </button>
        </span>
    }
}

#[component]
fn SaveNote(saved: ReadSignal<SaveState>) -> impl IntoView {
    let word = move || match saved.get() {
        SaveState::Saved => "Saved",
        SaveState::Pending => "Saving…",
        SaveState::Failed(_) => "Not saved",
    };
    let failed = move || matches!(saved.get(), SaveState::Failed(_));
    view! { <span class="save-state not-phone" class:bad=failed data-testid="save-state" title="Kept in this browser">{word}</span> }
}
