//! The bar at the bottom of a phone: one pane at a time.

use leptos::prelude::*;

use super::layout::{DockTab, Layout, Pane};
use crate::{
    icons::{Glyph, Icon},
    problems::ProblemCount,
};

/// The bar.
#[component]
pub fn PhoneTabs() -> impl IntoView {
    let layout = expect_context::<Layout>();
    let pane = move |pane: Pane, glyph: Glyph, label: &'static str| {
        view! {
            <button
                aria-pressed=move || (layout.phone.get() == pane).to_string()
                on:click=move |_| layout.phone.set(pane)
            >
                <Icon glyph/>
                {label}
            </button>
        }
    };
    let dock = move |tab: DockTab, glyph: Glyph, label: &'static str| {
        view! {
            <button
                aria-pressed=move || (layout.phone.get() == Pane::Dock && layout.tab() == tab).to_string()
                on:click=move |_| layout.show_tab(tab)
            >
                <Icon glyph/>
                {label}
                {(tab == DockTab::Problems).then(|| view! { <ProblemCount/> })}
            </button>
        }
    };
    view! {
        <nav class="phone-tabs" aria-label="Panes">
            {pane(Pane::Canvas, Glyph::Design, "Stack")}
            {pane(Pane::Editor, Glyph::Code, "Text")}
            {pane(Pane::Inspector, Glyph::Panel, "Details")}
            {dock(DockTab::Problems, Glyph::Warning, "Problems")}
            {dock(DockTab::Logs, Glyph::Logs, "Run")}
            {pane(Pane::Files, Glyph::Folder, "Files")}
        </nav>
    }
}
