//! The last word when the page itself fails: what happened, and that a reload brings the project back.

use std::panic::{PanicHookInfo, set_hook};

use leptos::prelude::document;
use web_sys::console;

/// Says so on the page and in the console when the program stops.
pub fn report() {
    set_hook(Box::new(|info| {
        console::error_1(&info.to_string().into());
        show(info);
    }));
}

/// Builds the message with the browser's own means: nothing of the page's can be relied on any more.
fn show(info: &PanicHookInfo<'_>) {
    let document = document();
    let Some(body) = document.body() else { return };
    let (Ok(note), Ok(words), Ok(detail)) =
        (document.create_element("div"), document.create_element("strong"), document.create_element("code"))
    else {
        return;
    };
    words.set_text_content(Some("Composeyard has stopped because of a mistake of its own. Reload the page to go on; your project is kept."));
    detail.set_text_content(Some(&info.to_string()));
    note.set_class_name("crash");
    // Appending to a live page does not fail, and there is nobody left to tell.
    let _ = note.set_attribute("role", "alert");
    let _ = note.append_child(&words);
    let _ = note.append_child(&detail);
    let _ = body.append_child(&note);
}
