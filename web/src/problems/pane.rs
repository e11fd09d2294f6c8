//! The list of findings and their count.

use composeyard_compose::Severity;
use leptos::prelude::*;

use super::{
    order::{Problem, problems},
    row::ProblemRow,
};
use crate::{
    document::Document,
    icons::{Glyph, Icon},
};

/// The list.
#[component]
pub fn ProblemsPane() -> impl IntoView {
    let document = expect_context::<Document>();
    let list = Memo::new(move |_| {
        let checked = document.checked().get();
        problems(&checked.loaded.diagnostics, &document.files().read(), &checked.graph)
    });
    // A finding keeps its row, and whether its help is open, while the text around it changes.
    view! {
        <Show when=move || !list.read().is_empty() fallback=move || view! { <NoProblems/> }>
            <ul class="problems" data-testid="problems">
                <For each=move || list.get() key=Problem::key let:problem>
                    <ProblemRow problem/>
                </For>
            </ul>
        </Show>
    }
}

#[component]
fn NoProblems() -> impl IntoView {
    let document = expect_context::<Document>();
    let took = move || {
        let checked = document.checked().get();
        let services = checked.project.as_ref().map_or(0, |project| project.services.len());
        let noun = if services == 1 { "service" } else { "services" };
        format!("{services} {noun} checked in {:.1} ms.", checked.took)
    };
    view! {
        <div class="empty">
            <Icon glyph=Glyph::Check/>
            <strong>"No problems"</strong>
            <span>{took}</span>
        </div>
    }
}

/// How many findings are more than a hint, in the colour of the worst. Nothing when there are none.
#[component]
pub fn ProblemCount() -> impl IntoView {
    let document = expect_context::<Document>();
    let counts = Memo::new(move |_| {
        let checked = document.checked().get();
        let count =
            |severity| checked.loaded.diagnostics.iter().filter(|found| found.severity == severity).count();
        (count(Severity::Error), count(Severity::Warning))
    });
    let label = move || {
        let (errors, warnings) = counts.get();
        format!("{errors} errors, {warnings} warnings")
    };
    view! {
        <Show when=move || counts.get() != (0, 0)>
            <span
                class="count"
                class:bad=move || { counts.get().0 > 0 }
                class:warn=move || counts.get().0 == 0
                data-testid="problem-count"
                aria-label=label
                title=label
            >
                {move || counts.get().0 + counts.get().1}
            </span>
        </Show>
    }
}
