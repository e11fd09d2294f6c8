//! The text of the active file, with a tab for each file.

use leptos::prelude::*;

/// The text of the active file, with a tab for each file.
#[component]
pub fn EditorPane() -> impl IntoView {
    view! { <div></div> }
}
