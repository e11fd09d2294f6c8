//! The text of the active file, with a tab for each file. The document owns the text; the view in `web/js` shows it.
//!
//! | module | what it does |
//! |---|---|
//! | `bridge` | the border to JavaScript |
//! | `language` | file names to languages |
//! | `places` | nodes of the picture to places in a text, and back |
//! | `tabs` | a tab for each file |
//! | `plain` | a plain text field, for as long as there is no view |
//! | `sync` | keeps view and document the same |

mod bridge;
mod language;
pub(crate) mod places;
mod plain;
mod sync;
mod tabs;

use leptos::prelude::*;

/// The text of the active file, with a tab for each file.
#[component]
pub fn EditorPane() -> impl IntoView {
    view! {
        <div class="editor">
            <tabs::FileTabs />
            <sync::CodeView />
        </div>
    }
}
