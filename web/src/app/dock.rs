//! The dock below the panes: problems, plan, logs, events, volumes and terminal.

use leptos::{ev, prelude::*};

use super::layout::{DockTab, Layout, Pane};
use crate::{
    icons::{Glyph, Icon},
    logs::LogsPane,
    problems::{ProblemCount, ProblemsPane},
    run::{EventsPane, PlanPane, VolumesPane},
    terminal::TerminalPane,
};

const TABS: [(DockTab, &str, &str); 6] = [
    (DockTab::Problems, "Problems", "dock-problems"),
    (DockTab::Plan, "Plan", "dock-plan"),
    (DockTab::Logs, "Logs", "dock-logs"),
    (DockTab::Events, "Events", "dock-events"),
    (DockTab::Volumes, "Volumes", "dock-volumes"),
    (DockTab::Terminal, "Terminal", "dock-terminal"),
];

/// The dock.
#[component]
pub fn Dock() -> impl IntoView {
    let layout = expect_context::<Layout>();
    let open = move || layout.shows(Pane::Dock);
    let phone = move || layout.phone.get() == Pane::Dock;
    let shown = move |tab: DockTab| layout.tab() == tab && (open() || phone());
    let key = move |event: ev::KeyboardEvent| {
        let at = TABS.iter().position(|(tab, ..)| *tab == layout.tab()).unwrap_or(0);
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1) % TABS.len(),
            "ArrowLeft" => (at + TABS.len() - 1) % TABS.len(),
            _ => return,
        };
        layout.show_tab(TABS[to].0);
        focus(TABS[to].2);
        event.prevent_default();
    };
    let tab = move |(tab, label, id): (DockTab, &'static str, &'static str)| {
        view! {
            <button
                id=id
                role="tab"
                data-testid=id
                aria-selected=move || shown(tab).to_string()
                aria-controls=format!("{id}-panel")
                tabindex=move || if layout.tab() == tab { "0" } else { "-1" }
                on:click=move |_| layout.show_tab(tab)
            >
                {label}
                {(tab == DockTab::Problems).then(|| view! { <ProblemCount/> })}
            </button>
        }
    };
    view! {
        <section
            class="dock"
            id=Pane::Dock.id()
            aria-label="Problems, plan, logs, events, volumes and terminal"
            class:closed=move || !open()
            class:phone-shown=phone
            style:height=move || format!("{}px", layout.size(Pane::Dock))
        >
            <div class="tabs">
                <div role="tablist" aria-label="Dock" on:keydown=key>{TABS.map(tab).collect_view()}</div>
                <button
                    class="icon-btn not-phone"
                    aria-label=move || if open() { "Fold the dock" } else { "Unfold the dock" }
                    title="Fold or unfold (Ctrl+J)"
                    class:turned=move || !open()
                    on:click=move |_| layout.toggle(Pane::Dock)
                >
                    <Icon glyph=Glyph::Down/>
                </button>
            </div>
            <div class="dock-body">
                <DockPanel id="dock-problems" hidden=Signal::derive(move || !shown(DockTab::Problems))><ProblemsPane/></DockPanel>
                <DockPanel id="dock-plan" hidden=Signal::derive(move || !shown(DockTab::Plan))><PlanPane/></DockPanel>
                <DockPanel id="dock-logs" hidden=Signal::derive(move || !shown(DockTab::Logs))><LogsPane/></DockPanel>
                <DockPanel id="dock-events" hidden=Signal::derive(move || !shown(DockTab::Events))><EventsPane/></DockPanel>
                <DockPanel id="dock-volumes" hidden=Signal::derive(move || !shown(DockTab::Volumes))><VolumesPane/></DockPanel>
                <DockPanel id="dock-terminal" hidden=Signal::derive(move || !shown(DockTab::Terminal))><TerminalPane/></DockPanel>
            </div>
        </section>
    }
}

#[component]
fn DockPanel(id: &'static str, hidden: Signal<bool>, children: Children) -> impl IntoView {
    view! {
        <div class="dock-panel" id=format!("{id}-panel") role="tabpanel" aria-labelledby=id hidden=hidden>
            {children()}
        </div>
    }
}

/// Moves the focus to an element by its id.
fn focus(id: &str) {
    use wasm_bindgen::JsCast;
    let element =
        document().get_element_by_id(id).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        // Fails only for elements that cannot take the focus.
        let _ = element.focus();
    }
}
