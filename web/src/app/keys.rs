//! The keys of the page in one list: what no button says.

use leptos::{ev, html, prelude::*};

use crate::icons::{Glyph, Icon};

/// Where keys work, and what each does there.
const KEYS: [(&str, &[(&str, &str)]); 3] = [
    (
        "Everywhere",
        &[
            ("?", "Show these keys"),
            ("Ctrl+Z, Ctrl+Shift+Z", "Undo, redo"),
            ("Ctrl+B", "Show or fold the files"),
            ("Ctrl+J", "Show or fold the dock"),
        ],
    ),
    (
        "Canvas",
        &[
            ("Arrow keys", "Go from node to node"),
            ("Alt+arrow key", "Move a node"),
            ("Enter", "Select, or end a connection"),
            ("C", "Connect to a service it waits for"),
            ("A", "Add a service"),
            ("Delete", "Delete what is selected"),
            ("+, −, 0", "Zoom in, zoom out, show everything"),
            ("Space and drag", "Move the picture"),
        ],
    ),
    (
        "Text",
        &[
            ("Ctrl+Space", "Complete"),
            ("Ctrl+K Ctrl+I", "Explain what is under the cursor"),
            ("F12, Shift+F12", "Go to the declaration, list the uses"),
            ("F2", "Rename"),
            ("Ctrl+Shift+O", "Outline"),
            ("Ctrl+F", "Search and replace"),
            ("F8", "Next finding"),
            ("Escape Tab", "Leave the text; Tab alone indents"),
        ],
    ),
];

/// Whether the list is shown. Found in the Leptos context.
#[derive(Clone, Copy, Default)]
pub struct Keys(RwSignal<bool>);

impl Keys {
    /// Shows the list.
    pub fn show(&self) {
        self.0.set(true);
    }
}

/// A button that shows the list.
#[component]
pub fn KeysButton() -> impl IntoView {
    let keys = expect_context::<Keys>();
    view! {
        <button class="icon-btn" data-testid="keys" aria-label="Keys" title="Keys (?)" on:click=move |_| keys.show()>
            <Icon glyph=Glyph::Help/>
        </button>
    }
}

/// Where the list appears.
#[component]
pub fn KeysHost() -> impl IntoView {
    let Keys(shown) = expect_context::<Keys>();
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let (shown, Some(dialog)) = (shown.get(), dialog.get()) else { return };
        if shown && !dialog.open() {
            // Fails only when it is open already.
            let _ = dialog.show_modal();
        } else if !shown {
            dialog.close();
        }
    });
    // On the dialog itself, a press is one on what lies behind it.
    let beside = move |event: ev::MouseEvent| {
        if event.target() == event.current_target() {
            shown.set(false);
        }
    };
    let row = |(keys, what): &(&'static str, &'static str)| {
        view! { <div><dt><kbd>{*keys}</kbd></dt> <dd>{*what}</dd></div> }
    };
    let group = |(title, keys): (&'static str, &'static [_])| {
        view! {
            <section>
                <h3>{title}</h3>
                <dl>{keys.iter().map(row).collect_view()}</dl>
            </section>
        }
    };
    view! {
        <dialog
            class="dialog wide"
            aria-labelledby="keys-title"
            data-testid="keys-list"
            node_ref=dialog
            on:close=move |_| shown.set(false)
            on:click=beside
        >
            <div class="dialog-body">
                <h2 id="keys-title">"Keys"</h2>
                <div class="keys">{KEYS.map(group).collect_view()}</div>
            </div>
            <div class="dialog-actions">
                <button class="btn primary" on:click=move |_| shown.set(false)>"Close"</button>
            </div>
        </dialog>
    }
}
