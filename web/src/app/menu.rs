//! A menu that drops from its button: arrow keys move, Escape closes, leaving it closes.

use leptos::{context::Provider, ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};

use crate::icons::{Glyph, Icon};

/// A button and the menu below it.
#[component]
pub fn Menu(
    /// What the button says; its accessible name.
    label: &'static str,
    /// The button's icon.
    glyph: Glyph,
    /// For tests.
    testid: &'static str,
    /// True to show the icon alone on narrow screens.
    #[prop(optional)]
    compact: bool,
    /// [`MenuItem`]s.
    children: ChildrenFn,
) -> impl IntoView {
    let (open, set_open) = signal(false);
    let root = NodeRef::<html::Div>::new();
    let children = StoredValue::new(children);

    let items = move || -> Vec<HtmlElement> {
        let Some(root) = root.get_untracked() else { return Vec::new() };
        let Ok(found) = root.query_selector_all("[role^='menuitem']:not(:disabled)") else {
            return Vec::new();
        };
        (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
    };
    let focus = move |at: usize| {
        if let Some(item) = items().get(at) {
            // Fails only for elements that cannot take the focus.
            let _ = item.focus();
        }
    };
    let focus_button = move || {
        let button = root.get_untracked().and_then(|root| root.query_selector("button").ok().flatten());
        if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
            // As above.
            let _ = button.focus();
        }
    };
    // In a pane that scrolls, the list may begin below its edge.
    let list = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if let Some(list) = list.get() {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            list.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
    let key = move |event: ev::KeyboardEvent| {
        let items = items();
        let active = document().active_element();
        let at =
            items.iter().position(|item| Some(item.unchecked_ref::<web_sys::Element>()) == active.as_ref());
        match event.key().as_str() {
            "Escape" if open.get_untracked() => {
                set_open.set(false);
                focus_button();
            }
            "ArrowDown" if open.get_untracked() => focus(at.map_or(0, |at| (at + 1) % items.len().max(1))),
            "ArrowUp" if open.get_untracked() => {
                focus(at.unwrap_or(0).checked_sub(1).unwrap_or(items.len().saturating_sub(1)));
            }
            "ArrowDown" => {
                set_open.set(true);
                request_animation_frame(move || focus(0));
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let leave = move |event: ev::FocusEvent| {
        let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
        let inside = root.get_untracked().is_some_and(|root| to.is_some_and(|to| root.contains(Some(&to))));
        if !inside {
            set_open.set(false);
        }
    };

    view! {
        <div class="menu" node_ref=root on:keydown=key on:focusout=leave>
            <button
                class="btn"
                class:compact=compact
                data-testid=testid
                aria-label=label
                title=compact.then_some(label)
                aria-haspopup="menu"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| set_open.update(|open| *open = !*open)
            >
                <Icon glyph/>
                <span>{label}</span>
            </button>
            <Show when=move || open.get()>
                // Pressing on an item must not take the focus out of the menu before the click arrives.
                <div node_ref=list class="menu-list" role="menu" aria-label=label on:mousedown=|event| event.prevent_default()>
                    // A provider has an owner of its own; menus beside each other would share their parent's.
                    <Provider value=Close(set_open)>{children.with_value(|children| children())}</Provider>
                </div>
            </Show>
        </div>
    }
}

/// Closes the menu around an item.
#[derive(Clone, Copy)]
struct Close(WriteSignal<bool>);

/// One thing a menu can do.
#[component]
pub fn MenuItem(
    /// What it does.
    label: &'static str,
    /// A line below, in plain words.
    #[prop(into)]
    hint: Signal<String>,
    /// Its icon.
    glyph: Glyph,
    /// True when it cannot be done now.
    #[prop(into, optional)]
    disabled: Signal<bool>,
    /// For tests.
    testid: &'static str,
    /// Does it.
    act: Callback<()>,
) -> impl IntoView {
    let close = expect_context::<Close>().0;
    let click = move |_| {
        close.set(false);
        act.run(());
    };
    view! {
        <button role="menuitem" tabindex="-1" data-testid=testid disabled=disabled on:click=click>
            <Icon glyph/>
            <span>{label}<small>{hint}</small></span>
        </button>
    }
}
