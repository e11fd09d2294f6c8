//! The browser's Back and Forward lead between the gallery and the open project; a reload stays where it was.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsValue;

use super::layout::{Layout, Screen};
use crate::document::Document;

const fn word(screen: Screen) -> &'static str {
    match screen {
        Screen::Gallery => "gallery",
        Screen::Workbench => "workbench",
    }
}

/// The screen of an entry of the browser's history, by its word. The workbench is empty while no project is open.
fn screen(word: Option<&str>, project_is_open: bool) -> Screen {
    match word {
        Some("gallery") => Screen::Gallery,
        _ if project_is_open => Screen::Workbench,
        _ => Screen::Gallery,
    }
}

/// What this entry of the history shows.
fn entry() -> Option<String> {
    window().history().ok()?.state().ok()?.as_string()
}

/// The screen that a page begins with: that of the entry when it is loaded again, else the project that was open.
pub fn first(project_is_open: bool) -> Screen {
    screen(entry().as_deref(), project_is_open)
}

/// Keeps the history and the screen together from now on.
pub fn follow(document: Document, layout: Layout) {
    Effect::new(move |before: Option<()>| {
        let shown = word(layout.screen.get());
        let Ok(history) = window().history() else { return };
        let state = JsValue::from_str(shown);
        // Refused only when a page floods the history; then Back leaves the page, as it would without this.
        let _ = match before {
            None => history.replace_state_with_url(&state, "", None),
            Some(()) if entry().as_deref() == Some(shown) => Ok(()),
            Some(()) => history.push_state_with_url(&state, "", None),
        };
    });
    let handle = window_event_listener(ev::popstate, move |event| {
        let open = !document.files().read_untracked().0.is_empty();
        let shown = screen(event.state().as_string().as_deref(), open);
        if layout.screen.get_untracked() != shown {
            layout.screen.set(shown);
        }
    });
    on_cleanup(move || handle.remove());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_screen_is_found_again_by_its_word() {
        for shown in [Screen::Gallery, Screen::Workbench] {
            assert_eq!(screen(Some(word(shown)), true), shown);
        }
    }

    #[test]
    fn a_project_that_is_open_is_shown_first_and_none_is_never_shown() {
        assert_eq!(screen(None, true), Screen::Workbench);
        assert_eq!(screen(None, false), Screen::Gallery);
        assert_eq!(screen(Some("workbench"), false), Screen::Gallery);
    }
}
