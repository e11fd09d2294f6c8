//! The button that brings the stack up, and the menu of the other commands.

use leptos::prelude::*;

use super::{menus::ProjectMenu, questions, store::Run, words};
use crate::app::{Dialogs, DockTab, Layout};

/// Brings the stack up.
#[component]
pub fn UpButton() -> impl IntoView {
    let run = expect_context::<Run>();
    let dialogs = expect_context::<Dialogs>();
    let layout = expect_context::<Layout>();
    questions::listen(run, dialogs);

    let label = move || {
        let changes = run.forecast.read().as_ref().map(|forecast| forecast.changes);
        words::up_label(run.job.read().as_ref(), run.busy_verb().as_deref(), changes)
    };
    let show_plan = move || layout.show_tab(DockTab::Plan);
    let press = move |_| {
        show_plan();
        if untrack(|| !run.is_busy()) {
            run.up();
        }
    };
    let ready = Memo::new(move |_| run.is_ready());
    let why_not = move || (!ready.get()).then(|| words::why_not(&run.link.read(), &run.engine.read()));
    let title = move || why_not().or_else(|| run.foreseen_pulls());
    view! {
        <span class="up-group">
            <button
                class="btn primary up"
                data-testid="up-button"
                disabled=move || !ready.get()
                title=title
                on:click=press
            >
                {label}
            </button>
            <ProjectMenu/>
        </span>
    }
}
