//! The project's variables as a form: what is typed goes to `.env`.

use composeyard_compose::{
    FileEdit,
    edit::Refusal,
    settings::{self, SECRET_BYTES, Setting, secret_text},
};
use leptos::prelude::*;

use super::field::{Commit, Refused, Section, TextField};
use crate::{
    document::{Document, Origin},
    random,
};

/// The form; nothing when the files use no variables.
#[component]
pub(super) fn Variables() -> impl IntoView {
    let document = expect_context::<Document>();
    let all = Memo::new(move |_| {
        // A file that does not load is still one whose variables are wanted: that may be why.
        let mut used = document.selection.read().files.clone();
        used.extend(document.checked().get().loaded.read.iter().cloned());
        settings::settings(&document.files().read(), &used)
    });
    let names = Memo::new(move |_| all.read().iter().map(|it| it.name.clone()).collect::<Vec<_>>());
    view! {
        <Show when=move || !names.read().is_empty()>
            <Section title="Variables">
                <ul class="rows" data-testid="settings">
                    <For each=move || names.get() key=Clone::clone let:name>
                        <Row all name />
                    </For>
                </ul>
                <p class="hint">"Kept in " <code>".env"</code> ". An empty field takes the default."</p>
            </Section>
        </Show>
    }
}

#[component]
fn Row(all: Memo<Vec<Setting>>, name: String) -> impl IntoView {
    let document = expect_context::<Document>();
    let stored = StoredValue::new(name.clone());
    let setting = Memo::new(move |_| {
        let found = all.read().iter().find(|it| stored.with_value(|name| it.name == *name)).cloned();
        found.unwrap_or_default()
    });
    let commit = Commit::new(move |value: String| write(document, &stored.get_value(), &value));
    let refused = RwSignal::new(None::<Refusal>);
    let generate = move |_| {
        let done = random::bytes::<SECRET_BYTES>()
            .map(|bytes| write(document, &stored.get_value(), &secret_text(&bytes)));
        refused.set(done.unwrap_or_else(|reason| Some(Refusal::new(reason))));
    };
    let placeholder = move || match setting.get() {
        it if it.is_missing() => "needs a value".to_owned(),
        it => it.default.unwrap_or_default(),
    };
    let title = name.clone();
    view! {
        <li class="variable setting" class:missing=move || setting.read().is_missing()>
            <div class="variable-head">
                <span class="variable-name" title=title>{name.clone()}</span>
                <Show when=move || setting.read().is_missing()>
                    <span class="hint missing-word">"needs a value"</span>
                </Show>
                <Show when=move || setting.read().secret>
                    <button class="link" data-testid=format!("generate-{}", stored.get_value()) on:click=generate>"Generate"</button>
                </Show>
            </div>
            <TextField
                label=format!("Value of the variable {name}")
                value=Signal::derive(move || setting.get().value.unwrap_or_default())
                commit
                placeholder=Signal::derive(placeholder)
            />
            {move || (!setting.read().about.is_empty()).then(|| view! { <p class="hint">{setting.get().about}</p> })}
            <Refused refused />
        </li>
    }
}

/// Puts a value into `.env`, or takes the variable out when it is empty; returns why not.
fn write(document: Document, name: &str, value: &str) -> Option<Refusal> {
    let text =
        document.files().with_untracked(|files| files.get(settings::FILE).unwrap_or_default().to_owned());
    let edit =
        if value.is_empty() { settings::remove(&text, name)? } else { settings::set(&text, name, value) };
    let edit = FileEdit { file: settings::FILE.to_owned(), edit };
    document.apply_edits(&[edit], Origin::Intent).err()
}
