//! Keys that work everywhere on the page.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

use super::{
    Notices, Tone,
    keys::Keys,
    layout::{Layout, Pane},
};
use crate::document::Document;

/// Listens from now on. A key that another part has already used is left alone.
pub fn listen(document: Document, layout: Layout) {
    let notices = expect_context::<Notices>();
    let keys = expect_context::<Keys>();
    let handle = window_event_listener(ev::keydown, move |event| {
        if event.key() == "?" && !event.default_prevented() && !is_typing(&event) {
            return keys.show();
        }
        if event.default_prevented() || !(event.ctrl_key() || event.meta_key()) || event.alt_key() {
            return;
        }
        match (event.key().to_lowercase().as_str(), event.shift_key()) {
            // A text field has its own undo.
            ("z" | "y", _) if in_text_field(&event) => return,
            ("z", false) => document.undo(),
            ("z", true) | ("y", false) => document.redo(),
            ("s", false) => notices.say(Tone::Plain, "Every change is saved in this browser as you make it."),
            ("b", false) => layout.toggle(Pane::Files),
            ("j", false) => layout.toggle(Pane::Dock),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || handle.remove());
}

fn in_text_field(event: &ev::KeyboardEvent) -> bool {
    comes_from(event, "input, textarea, select")
}

/// True when a key that prints is meant for a text.
fn is_typing(event: &ev::KeyboardEvent) -> bool {
    comes_from(event, "input, textarea, select, [contenteditable]")
}

fn comes_from(event: &ev::KeyboardEvent, selector: &str) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|element| element.matches(selector).unwrap_or(false))
}
