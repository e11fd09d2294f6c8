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
//! | `units` | bytes and UTF-16 units |
//! | `help` | answers the view's questions: choices, cards, declarations, uses |
//! | `trail`, `sheet` | the keys around the cursor; outline, uses, rename |
//! | `resolved` | the resolved project beside the text |

mod bridge;
mod help;
mod language;
pub(crate) mod places;
mod plain;
mod resolved;
mod sheet;
mod sync;
mod tabs;
mod trail;
mod units;

use leptos::prelude::*;

use crate::document::Document;

/// The text of the active file, with a tab for each file.
#[component]
pub fn EditorPane() -> impl IntoView {
    let help = help::Help::new(expect_context::<Document>());
    provide_context(help);
    view! {
        <div class="editor">
            <tabs::FileTabs />
            <trail::Trail />
            <div class="editor-body" class:with-resolved=move || help.resolved.get()>
                <sync::CodeView />
                <Show when=move || help.resolved.get()>
                    <resolved::ResolvedPane />
                </Show>
                <sheet::SheetHost />
            </div>
        </div>
    }
}
