//! A text field whose value is a piece of a file: Enter or leaving it commits, Escape takes the typing back.

use composeyard_compose::edit::{Intent, Refusal};
use leptos::{ev, html, prelude::*};

use super::sheet::Place;
use crate::document::Document;

/// What a commit did: none when it went through, else why not.
pub(super) type Commit = Callback<String, Option<String>>;

/// Does an intent; returns why not.
pub(super) fn apply(document: Document, intent: &Intent) -> Option<String> {
    document.apply(intent).err().map(|Refusal { reason, .. }| reason)
}

/// The field.
#[component]
pub(super) fn TextField(
    /// What it is, for screen readers.
    #[prop(into)]
    label: String,
    /// The file's text.
    #[prop(into)]
    value: Signal<String>,
    /// Called with what was typed when it differs from `value`.
    commit: Commit,
    #[prop(optional, into)] placeholder: &'static str,
    #[prop(optional, into)] class: &'static str,
    #[prop(optional, into)] test_id: &'static str,
    /// Id of a list of suggestions.
    #[prop(optional, into)]
    list: &'static str,
    /// Empties itself after a commit: for rows that add.
    #[prop(optional)]
    adds: bool,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let wrong = RwSignal::new(None::<String>);
    let shown = move |text: &str| {
        if let Some(input) = input.get_untracked() {
            input.set_value(text);
        }
    };
    Effect::new(move |_| {
        shown(&value.get());
        wrong.set(None);
    });
    let change = move |text: String| {
        if text == value.get_untracked() {
            return wrong.set(None);
        }
        let refused = commit.run(text);
        if refused.is_none() && adds {
            shown("");
        }
        wrong.set(refused);
    };
    let escape = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            shown(&value.get_untracked());
            wrong.set(None);
        }
    };
    view! {
        <div class=format!("text-field {class}")>
            <input
                node_ref=input
                class="input mono"
                aria-label=label
                data-testid=(!test_id.is_empty()).then_some(test_id)
                list=(!list.is_empty()).then_some(list)
                placeholder=placeholder
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-invalid=move || wrong.read().is_some().to_string()
                prop:value=value.get_untracked()
                on:change:target=move |event| change(event.target().value())
                on:keydown=escape
            />
            {move || wrong.get().map(|reason| view! { <p class="field-error" role="alert">{reason}</p> })}
        </div>
    }
}

/// A group of fields under a heading.
#[component]
pub(super) fn Section(
    #[prop(into)] title: &'static str,
    /// Where its value stands.
    #[prop(optional, into)]
    place: MaybeProp<Place>,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="inspector-section">
            <header class="section-head">
                <h3>{title}</h3>
                {move || place.get().map(|place| view! { <Provenance place /> })}
            </header>
            {children()}
        </section>
    }
}

/// The file and line a value comes from; a click shows it.
#[component]
pub(super) fn Provenance(
    place: Place,
    /// Leaves out the name of the first file: in rows there is little room.
    #[prop(optional)]
    short: bool,
) -> impl IntoView {
    let document = expect_context::<Document>();
    let words = if short && !place.overrides {
        format!("line {}", place.line)
    } else {
        format!("{}:{}", place.file, place.line)
    };
    let class = if place.overrides { "provenance overrides" } else { "provenance" };
    let title = format!("Show line {} of {}", place.line, place.file);
    let show = move |_| document.reveal.set(Some((place.file.clone(), place.span)));
    view! { <button class=class title=title on:click=show>{words}</button> }
}
