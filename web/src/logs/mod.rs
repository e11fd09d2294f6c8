//! The containers' output.

use leptos::prelude::*;

/// The containers' output.
#[component]
pub fn LogsPane() -> impl IntoView {
    view! { <div></div> }
}
