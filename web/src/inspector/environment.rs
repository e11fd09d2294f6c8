//! Environment variables: a row for each, name and value as written.

use composeyard_compose::{
    ServiceName,
    edit::{Intent, Refusal},
};
use leptos::{ev, prelude::*};

use super::{
    check,
    field::{Commit, Provenance, Refused, Section, TextField, apply, wrong},
    sheet::{Sheet, Variable},
};
use crate::{
    document::Document,
    icons::{Glyph, Icon},
};

/// The rows.
#[component]
pub(super) fn Environment(service: StoredValue<ServiceName>, sheet: Memo<Sheet>) -> impl IntoView {
    let names = Memo::new(move |_| {
        sheet.read().environment.iter().map(|variable| variable.name.clone()).collect::<Vec<_>>()
    });
    view! {
        <Section title="Environment">
            <ul class="rows">
                <For each=move || names.get() key=Clone::clone let:name>
                    <VariableRow service sheet name />
                </For>
            </ul>
            <AddVariable service />
        </Section>
    }
}

#[component]
fn VariableRow(service: StoredValue<ServiceName>, sheet: Memo<Sheet>, name: String) -> impl IntoView {
    let document = expect_context::<Document>();
    let stored = StoredValue::new(name.clone());
    let variable = Memo::new(move |_| {
        let sheet = sheet.read();
        sheet.environment.iter().find(|it| stored.with_value(|name| it.name == *name)).cloned()
    });
    let value = move || variable.get().and_then(|it: Variable| it.value);
    let commit = Commit::new(move |value: String| {
        let intent = Intent::SetEnvironment {
            service: service.get_value(),
            name: stored.get_value(),
            value: Some(value),
        };
        apply(document, &intent)
    });
    let refused = RwSignal::new(None::<Refusal>);
    let remove = move |_| {
        let intent = Intent::RemoveEnvironment { service: service.get_value(), name: stored.get_value() };
        refused.set(apply(document, &intent));
    };
    view! {
        <li class="variable">
            <div class="variable-head">
                <span class="variable-name" title=name.clone()>{name.clone()}</span>
                {move || value().is_none().then(|| view! { <span class="hint">"passed by name"</span> })}
                {move || variable.get().and_then(|it| it.place).map(|place| view! { <Provenance place /> })}
                <button class="icon-btn small" aria-label=format!("Remove {name}") title="Remove" on:click=remove>
                    <Icon glyph=Glyph::Close />
                </button>
            </div>
            <TextField label=format!("Value of {name}") value=Signal::derive(move || value().unwrap_or_default()) commit />
            <Refused refused />
        </li>
    }
}

/// A new variable: Enter in either field adds it.
#[component]
fn AddVariable(service: StoredValue<ServiceName>) -> impl IntoView {
    let document = expect_context::<Document>();
    let name = RwSignal::new(String::new());
    let value = RwSignal::new(String::new());
    let refused = RwSignal::new(None::<Refusal>);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        // NAME=value in the first field is what people paste.
        let typed = name.get_untracked();
        let (typed, pasted) = match typed.trim().split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (typed.trim().to_owned(), None),
        };
        let value_typed = pasted.unwrap_or_else(|| value.get_untracked());
        let refusal = wrong(check::variable(&typed)).or_else(|| {
            let intent = Intent::SetEnvironment {
                service: service.get_value(),
                name: typed,
                value: Some(value_typed),
            };
            apply(document, &intent)
        });
        if refusal.is_none() {
            name.set(String::new());
            value.set(String::new());
        }
        refused.set(refusal);
    };
    view! {
        <form class="add-variable" on:submit=submit>
            <input
                class="input mono"
                aria-label="Name of a new variable"
                data-testid="inspector-add-variable"
                placeholder="NAME"
                autocomplete="off"
                spellcheck="false"
                bind:value=name
            />
            <input
                class="input mono"
                aria-label="Value of the new variable"
                placeholder="value"
                autocomplete="off"
                spellcheck="false"
                bind:value=value
            />
            <button class="icon-btn small" aria-label="Add the variable" title="Add" disabled=move || name.read().is_empty()>
                <Icon glyph=Glyph::Plus />
            </button>
            <Refused refused />
        </form>
    }
}
