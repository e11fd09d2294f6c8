//! The page's frame: what is shown where, and what belongs to no single pane.

mod back;
mod brand;
mod dialogs;
mod dock;
mod files;
mod import;
mod keys;
mod layout;
mod menu;
mod notices;
mod phone;
mod project_name;
mod projects;
mod rail;
mod safety;
mod shortcuts;
mod splitter;
mod theme;
mod topbar;
mod variant;
mod workbench;

use leptos::prelude::*;

pub use dialogs::{Choice, Dialogs, Question, Tone};
pub use import::OpenFilesButton;
pub use layout::{DockTab, Layout, Pane, Screen};
pub use menu::{Menu, MenuItem};
pub use notices::Notices;
pub use projects::Projects;

use crate::{
    document::{Document, Library, Restored, keep_saved},
    download::download_text,
    gallery::Gallery,
    run::{Events, Look, LookHost, Run, Volumes},
    terminal::Terminal,
};

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    let restored = Library::restore();
    let first = match &restored {
        Restored::Project(project) => project.as_ref().clone(),
        _ => Projects::blank(),
    };
    let document = Document::new(first);
    provide_context(document);
    let run = Run::new(document);
    provide_context(run);
    provide_context(Terminal::new(document, run));
    provide_context(Volumes::new(run));
    provide_context(Events::new(run));
    provide_context(Look::default());
    let notices = Notices::default();
    provide_context(notices);
    provide_context(Dialogs::default());
    provide_context(keys::Keys::default());
    let layout = Layout::restore(back::first(matches!(restored, Restored::Project(_))));
    provide_context(layout);
    provide_context(theme::Theme::restore());
    let saved = keep_saved(document);
    safety::watch(document, saved);
    shortcuts::listen(document, layout);
    back::follow(document, layout);
    if let Restored::Unreadable { name, error, text } = restored {
        let save = move || download_text(&format!("{name}.json"), &text);
        notices.sticky(
            Tone::Danger,
            format!("The project that was open cannot be read: {error}."),
            "Download what is left",
            save,
        );
    }

    view! {
        <div class="app">
            <a class="skip-link" href="#main">"Skip to the stack"</a>
            <topbar::TopBar saved/>
            <Show
                when=move || layout.screen.get() == Screen::Workbench
                fallback=|| view! { <Gallery/> }
            >
                <workbench::Workbench/>
            </Show>
            <import::DropZone/>
            <notices::NoticeRegion/>
            <LookHost/>
            <dialogs::DialogHost/>
            <keys::KeysHost/>
        </div>
    }
}
