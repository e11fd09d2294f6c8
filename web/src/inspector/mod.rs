//! The selected node's settings.

use leptos::prelude::*;

/// The selected node's settings.
#[component]
pub fn InspectorPane() -> impl IntoView {
    view! { <div></div> }
}
