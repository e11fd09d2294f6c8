//! The terminal in the dock: where, what, how it stands, and its screen.

use composeyard_protocol::terminal::{TerminalRequest, TerminalSize};
use leptos::{html, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;

use super::{
    bridge::{self, Handlers},
    session::{self, Frame, TOLD},
    store::{Phase, Terminal},
};
use crate::{
    icons::{Glyph, Icon},
    report::Report,
};

/// The terminal.
#[component]
pub fn TerminalPane() -> impl IntoView {
    let terminal = expect_context::<Terminal>();
    let host = NodeRef::<html::Div>::new();
    let opener = NodeRef::<html::Button>::new();
    let left = move || {
        if let Some(button) = opener.get_untracked() {
            // Fails only for elements that cannot take the focus.
            let _ = button.focus();
        }
    };
    let report = StoredValue::new_local(handlers(terminal, left).into_report());
    Effect::new(move |before: Option<u32>| {
        let asked = terminal.asked.get();
        // What was asked for before the pane was there counts.
        if asked > before.unwrap_or_default() {
            // The pane has its size once the tab is drawn.
            request_animation_frame(move || open(terminal, host, report));
        }
        asked
    });
    on_cleanup(move || {
        terminal.end();
        if let Some(view) = terminal.view.try_update(Option::take).flatten() {
            view.destroy();
        }
        terminal.asked.set(0);
        terminal.phase.set(Phase::None);
    });
    let none = move || *terminal.phase.read() == Phase::None;
    view! {
        <div class="terminal-pane">
            <Head opener/>
            <div class="terminal-screen" data-testid="terminal" hidden=none node_ref=host></div>
            <Show when=none>
                <div class="empty">
                    <strong>"A shell inside a container"</strong>
                    <p>"Choose a container that runs and open a terminal in it. Shift+Escape leaves it."</p>
                </div>
            </Show>
        </div>
    }
}

#[component]
fn Head(opener: NodeRef<html::Button>) -> impl IntoView {
    let terminal = expect_context::<Terminal>();
    let places = Memo::new(move |_| terminal.places());
    let place = Memo::new(move |_| terminal.place());
    let choose = move |event| {
        let words = event_target_value(&event);
        terminal.chosen.set(places.get_untracked().into_iter().find(|place| place.words() == words));
    };
    let option = move |words: String| {
        let is_chosen = {
            let words = words.clone();
            move || place.read().as_ref().is_some_and(|place| place.words() == words)
        };
        // The text of an option is its value.
        view! { <option selected=is_chosen>{words}</option> }
    };
    let is_empty = move || places.read().is_empty();
    let live = move || terminal.is_live();
    let label = move || match &*terminal.phase.read() {
        Phase::None => "Open terminal",
        phase if phase.is_live() => "End",
        _ => "Open a new one",
    };
    let press = move |_| {
        if untrack(live) {
            terminal.end();
        } else {
            terminal.asked.update(|asked| *asked += 1);
        }
    };
    let state = move || terminal.phase.read().words();
    view! {
        <div class="terminal-head">
            <select class="select" aria-label="Container" data-testid="terminal-container" disabled=move || is_empty() || live() on:change=choose>
                {move || places.get().into_iter().map(|place| option(place.words())).collect_view()}
                <Show when=is_empty><option>"Nothing runs"</option></Show>
            </select>
            <input
                class="input mono"
                aria-label="Command"
                placeholder="bash or sh"
                list="known-shells"
                data-testid="terminal-command"
                disabled=live
                prop:value=move || terminal.line.get()
                on:input=move |event| terminal.line.set(event_target_value(&event))
                on:keydown=move |event| {
                    if event.key() == "Enter" && !untrack(is_empty) {
                        terminal.asked.update(|asked| *asked += 1);
                    }
                }
            />
            <datalist id="known-shells">
                {["sh", "bash", "ash", "python", "redis-cli", "psql -U postgres"].map(|name| view! { <option value=name></option> }).collect_view()}
            </datalist>
            <button
                class="btn small"
                class:primary=move || !live()
                data-testid="terminal-open"
                disabled=move || is_empty() && !live()
                title=move || if is_empty() { "Nothing runs: Up starts it" } else { "" }
                node_ref=opener
                on:click=press
            >
                <Icon glyph=Glyph::Terminal/>
                {label}
            </button>
            <span class="terminal-state" role="status" data-testid="terminal-state">
                <Show when=move || *terminal.phase.read() != Phase::None>
                    <i class=move || format!("dot {}", state().1.class()) aria-hidden="true"></i>
                    <span>{move || state().0}</span>
                </Show>
            </span>
        </div>
    }
}

/// Opens a terminal in the chosen container, loading the view for the first one.
fn open(terminal: Terminal, host: NodeRef<html::Div>, report: StoredValue<Report, LocalStorage>) {
    let Some(place) = untrack(|| terminal.place()) else { return };
    terminal.end();
    terminal.phase.set(Phase::Opening);
    let (Some(host), Some(functions)) = (host.get_untracked(), report.try_with_value(Report::functions))
    else {
        return;
    };
    spawn_local(async move {
        let view = match terminal.view.get_untracked() {
            Some(view) => view,
            None => match bridge::open(host.unchecked_ref(), &functions).await {
                Ok(view) => {
                    terminal.view.set(Some(view.clone()));
                    view
                }
                Err(reason) => return terminal.phase.set(Phase::Unloadable(reason)),
            },
        };
        session::run(terminal, view, place).await;
    });
}

fn handlers(terminal: Terminal, left: impl FnMut() + 'static) -> Handlers {
    let mut untold = 0;
    Handlers {
        typed: Box::new(move |bytes| terminal.send(Frame::Typed(bytes))),
        resized: Box::new(move |rows, columns| {
            let size = TerminalSize { rows, columns };
            terminal.send(Frame::Say(TerminalRequest::Resize { size }));
        }),
        shown: Box::new(move |bytes| {
            untold += bytes as u64;
            if untold >= TOLD {
                terminal.send(Frame::Say(TerminalRequest::Taken { bytes: untold }));
                untold = 0;
            }
        }),
        left: Box::new(left),
    }
}
