//! The pill that says whether an engine answers and how the stack is, with the reason and what to do behind it.

use leptos::{html, prelude::*};

use super::{link::Link, store::Run, words};

/// Whether an engine answers.
#[component]
pub fn EngineStatus() -> impl IntoView {
    let run = expect_context::<Run>();
    let status = Memo::new(move |_| {
        let state = run.state.read();
        let observed = state.as_ref().and_then(|state| state.observed.as_ref());
        words::status(&run.link.read(), &run.engine.read(), observed)
    });
    let connection = move || match *run.link.read() {
        Link::Connecting => "connecting",
        Link::NoAgent { .. } => "no-agent",
        Link::Connected { .. } => "connected",
        Link::Lost { .. } => "lost",
    };
    let about = move || match &*run.link.read() {
        Link::Connected { agent, workspace } => format!("Agent {agent}, workspace {workspace}"),
        _ => String::new(),
    };
    let popover = NodeRef::<html::Div>::new();
    view! {
        <button
            class="pill engine-status"
            popovertarget="engine-help"
            data-testid="connection-state"
            data-state=connection
            title="What the agent and the engine say"
        >
            <i class=move || format!("dot {}", status.read().tone.class())></i>
            <span class="engine-word">{move || status.read().word.clone()}</span>
        </button>
        <div class="engine-help" id="engine-help" popover="auto" node_ref=popover>
            <strong>{move || status.read().word.clone()}</strong>
            <p>{move || status.read().detail.clone()}</p>
            <p class="engine-what">{move || status.read().help.clone()}</p>
            <p class="engine-about">{about}</p>
        </div>
    }
}
