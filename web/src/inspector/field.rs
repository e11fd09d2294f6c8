//! A text field whose value is a piece of a file: Enter or leaving it commits, Escape takes the typing back.

use composeyard_compose::edit::{Choice, Intent, Refusal};
use leptos::{ev, html, prelude::*};

use super::sheet::Place;
use crate::document::Document;

/// What a commit did: none when it went through, else why not.
pub(super) type Commit = Callback<String, Option<Refusal>>;

/// Does an intent; returns why not.
pub(super) fn apply(document: Document, intent: &Intent) -> Option<Refusal> {
    document.apply(intent).err()
}

/// A reason without choices, when there is one.
pub(super) fn wrong(reason: Option<String>) -> Option<Refusal> {
    reason.map(Refusal::new)
}

/// Why something was not done, with a button for each other way.
#[component]
pub(super) fn Refused(refused: RwSignal<Option<Refusal>>) -> impl IntoView {
    let document = expect_context::<Document>();
    let way = move |choice: Choice| {
        let title = choice.title.clone();
        let click = move |_| refused.set(document.apply_all(&choice.intents, choice.approach).err());
        view! { <button type="button" class="link" on:click=click>{title}</button> }
    };
    move || {
        refused.get().map(|Refusal { reason, choices }| {
            view! {
                <div class="field-error" role="alert">
                    <p>{reason}</p>
                    <div class="choices">{choices.into_iter().map(way).collect_view()}</div>
                </div>
            }
        })
    }
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
    #[prop(optional, into)] placeholder: MaybeProp<String>,
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
    let wrong = RwSignal::new(None::<Refusal>);
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
                placeholder=move || placeholder.get()
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-invalid=move || wrong.read().is_some().to_string()
                prop:value=value.get_untracked()
                on:change:target=move |event| change(event.target().value())
                on:keydown=escape
            />
            <Refused refused=wrong />
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

/// A group that stays folded, with its value in short beside its heading.
#[component]
pub(super) fn Fold(
    #[prop(into)] title: &'static str,
    /// What it says while it is folded.
    #[prop(into)]
    brief: Signal<String>,
    /// Where its value stands.
    #[prop(optional, into)]
    place: MaybeProp<Place>,
    #[prop(optional, into)] test_id: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="fold" data-testid=(!test_id.is_empty()).then_some(test_id)>
            <summary>
                <h3>{title}</h3>
                <span class="fold-brief" title=brief>{brief}</span>
            </summary>
            <div class="fold-body">
                {children()}
                {move || place.get().map(|place| view! { <Provenance place /> })}
            </div>
        </details>
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
