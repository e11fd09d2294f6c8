//! The agent, what runs and what is about to.

use leptos::prelude::*;

use crate::document::Document;

/// The run store. Found in the Leptos context.
#[derive(Clone, Copy)]
pub struct Run {}

impl Run {
    /// Looks for an agent and keeps the connection to it.
    pub fn new(_document: Document) -> Self {
        Self {}
    }
}

/// Brings the stack up.
#[component]
pub fn UpButton() -> impl IntoView {
    view! { <span></span> }
}

/// Whether an engine answers.
#[component]
pub fn EngineStatus() -> impl IntoView {
    view! { <span></span> }
}

/// What Up would do, and what it does.
#[component]
pub fn PlanPane() -> impl IntoView {
    view! { <div></div> }
}
