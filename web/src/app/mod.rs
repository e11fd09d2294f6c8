//! The page: what is mounted where.

use leptos::prelude::*;

use crate::{canvas::CanvasPane, document::*, editor::EditorPane, inspector::InspectorPane};

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    let restored = match Library::restore() {
        Restored::Project(project) => *project,
        _ => return ().into_any(),
    };
    let document = Document::new(restored);
    provide_context(document);
    keep_saved(document);
    view! { <CanvasPane/> <EditorPane/> <InspectorPane/> }.into_any()
}
