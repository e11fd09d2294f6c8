//! The line between two panes: drag it, or move it with the arrow keys.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

use super::layout::{Layout, Pane};

/// How far an arrow key moves it, in CSS pixels.
const STEP: f64 = 16.0;

/// Changes the extent of `pane`. Enter or a double click folds the pane, Home and End take it to its limits.
#[component]
pub fn Splitter(
    /// The pane it resizes.
    pane: Pane,
    /// What it is called: "Editor width".
    label: &'static str,
) -> impl IntoView {
    let layout = expect_context::<Layout>();
    let (dragging, set_dragging) = signal(None::<(f64, f64)>);
    let upright = pane != Pane::Dock;
    // Panes at the right and at the bottom grow against the direction of the pointer.
    let sign = if pane == Pane::Files { 1.0 } else { -1.0 };
    let place =
        move |event: &ev::PointerEvent| f64::from(if upright { event.client_x() } else { event.client_y() });

    let grab = move |event: ev::PointerEvent| {
        let target = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if let Some(element) = target {
            // Without capture the drag ends at the line's edge; nothing else is lost.
            let _ = element.set_pointer_capture(event.pointer_id());
        }
        set_dragging.set(Some((place(&event), layout.size(pane))));
    };
    let drag = move |event: ev::PointerEvent| {
        if let Some((start, size)) = dragging.get_untracked() {
            layout.resize(pane, size + sign * (place(&event) - start));
        }
    };
    let key = move |event: ev::KeyboardEvent| {
        let (least, _, greatest) = pane.extent();
        let size = layout.size(pane);
        match event.key().as_str() {
            "ArrowRight" if upright => layout.resize(pane, size + sign * STEP),
            "ArrowLeft" if upright => layout.resize(pane, size - sign * STEP),
            "ArrowDown" if !upright => layout.resize(pane, size - STEP),
            "ArrowUp" if !upright => layout.resize(pane, size + STEP),
            "Home" => layout.resize(pane, least),
            "End" => layout.resize(pane, greatest),
            "Enter" => layout.toggle(pane),
            _ => return,
        }
        event.prevent_default();
    };

    view! {
        <div
            role="separator"
            tabindex="0"
            class="splitter"
            class:vertical=upright
            class:horizontal=!upright
            class:dragging=move || dragging.get().is_some()
            class:folded=move || !layout.shows(pane)
            aria-label=label
            aria-orientation=if upright { "vertical" } else { "horizontal" }
            aria-controls=pane.id()
            aria-valuemin=pane.extent().0.to_string()
            aria-valuemax=pane.extent().2.to_string()
            aria-valuenow=move || layout.size(pane).to_string()
            on:pointerdown=grab
            on:pointermove=drag
            on:pointerup=move |_| set_dragging.set(None)
            on:pointercancel=move |_| set_dragging.set(None)
            on:dblclick=move |_| layout.toggle(pane)
            on:keydown=key
        ></div>
    }
}
