//! The projects that this browser keeps.

use composeyard_compose::ProjectName;
use leptos::prelude::*;

use crate::{
    app::Projects,
    clock,
    document::{Document, Library, Summary},
    icons::{Glyph, Icon},
};

/// The list; nothing when there are none.
#[component]
pub fn KeptProjects() -> impl IntoView {
    // What is open may have changed since it was saved last.
    let open = untrack(|| expect_context::<Document>().snapshot());
    if !open.files.0.is_empty() {
        // The autosave says so when the browser refuses.
        let _ = Library::save(&open);
    }
    let list = RwSignal::new(Library::list());
    let refresh = Callback::new(move |()| list.set(Library::list()));
    view! {
        <Show when=move || !list.read().is_empty()>
            <section aria-labelledby="kept">
                <h2 id="kept" class="gallery-title">"Your projects"</h2>
                <ul class="kept">
                    <For each=move || list.get() key=|summary| summary.name.to_string() let:summary>
                        <KeptProject summary refresh/>
                    </For>
                </ul>
            </section>
        </Show>
    }
}

#[component]
fn KeptProject(summary: Summary, refresh: Callback<()>) -> impl IntoView {
    let projects = Projects::from_context();
    let Summary { name, saved_at, files } = summary;
    let shown = name.to_string();
    let label = format!("Delete {name}");
    let facts = format!(
        "{files} {} · {}",
        if files == 1 { "file" } else { "files" },
        clock::ago(clock::date() - saved_at)
    );
    let deleted: ProjectName = name.clone();
    let open = move |_| {
        if let Some(project) = Library::load(name.as_str()) {
            projects.open(project);
        }
    };
    view! {
        <li class="kept-project">
            <button class="kept-open" data-testid=format!("kept-{shown}") on:click=open>
                <Icon glyph=Glyph::Stack/>
                <span><strong>{shown.clone()}</strong><small>{facts}</small></span>
            </button>
            <button class="icon-btn small" aria-label=label title="Delete" on:click=move |_| projects.delete(deleted.clone(), refresh)>
                <Icon glyph=Glyph::Trash/>
            </button>
        </li>
    }
}
