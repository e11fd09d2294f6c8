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
    let facts =
        format!("{files} {} · {}", if files == 1 { "file" } else { "files" }, ago(clock::date() - saved_at));
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

/// "just now", "5 minutes ago", "3 days ago".
fn ago(milliseconds: f64) -> String {
    let minutes = (milliseconds / 60_000.0).max(0.0) as u64;
    let (count, unit) = match minutes {
        0 => return "just now".to_owned(),
        1..60 => (minutes, "minute"),
        60..1440 => (minutes / 60, "hour"),
        _ => (minutes / 1440, "day"),
    };
    format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::ago;

    #[test]
    fn time_is_told_in_the_largest_unit_that_fits() {
        let minute = 60_000.0;
        let told = [0.0, minute, 59.0 * minute, 60.0 * minute, 49.0 * 60.0 * minute, -5.0].map(ago);
        assert_eq!(
            told,
            ["just now", "1 minute ago", "59 minutes ago", "1 hour ago", "2 days ago", "just now"]
        );
    }
}
