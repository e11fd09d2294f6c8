//! The stack as a graph.

use leptos::prelude::*;

/// The stack as a graph.
#[component]
pub fn CanvasPane() -> impl IntoView {
    view! { <div></div> }
}
