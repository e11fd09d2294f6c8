//! The project's name in the top bar: a button that turns into a field.

use composeyard_compose::ProjectName;
use leptos::{ev, html, prelude::*};

use super::Projects;
use crate::document::Document;

/// Shows the name; renames the project.
#[component]
pub fn ProjectTitle() -> impl IntoView {
    let document = expect_context::<Document>();
    let projects = Projects::from_context();
    let (editing, set_editing) = signal(false);
    let (error, set_error) = signal(None::<String>);
    let input = NodeRef::<html::Input>::new();

    let begin = move |_| {
        set_error.set(None);
        set_editing.set(true);
        request_animation_frame(move || {
            if let Some(input) = input.get_untracked() {
                // Fails only for elements that cannot take the focus.
                let _ = input.focus();
                input.select();
            }
        });
    };
    let check = move |text: String| {
        ProjectName::new(text).map_err(|error| format!("Use {}.", error.rule.trim_start_matches("use ")))
    };
    let finish = move || {
        let Some(input) = input.get_untracked() else { return };
        match check(input.value()).and_then(|name| projects.rename(name)) {
            Ok(()) => set_editing.set(false),
            Err(reason) => set_error.set(Some(reason)),
        }
    };
    let key = move |event: ev::KeyboardEvent| match event.key().as_str() {
        "Enter" => finish(),
        "Escape" => set_editing.set(false),
        _ => {}
    };
    let leave = move |_| {
        finish();
        // Leaving the field with a name that cannot be used keeps the old one.
        set_editing.set(false);
    };

    let field = move || {
        view! {
            <span class="project-rename">
                <input
                    class="input"
                    data-testid="project-name-input"
                    aria-label="Project name"
                    spellcheck="false"
                    autocomplete="off"
                    prop:value=document.name().get_untracked().to_string()
                    node_ref=input
                    aria-invalid=move || error.get().is_some().to_string()
                    on:input=move |event| set_error.set(check(event_target_value(&event)).err())
                    on:keydown=key
                    on:blur=leave
                />
                {move || error.get().map(|error| view! { <span class="field-error" role="alert">{error}</span> })}
            </span>
        }
    };
    view! {
        <Show when=move || editing.get() fallback=move || view! {
            <h1 class="project-title">
                <button class="project-name" data-testid="project-name" title="Rename the project" on:click=begin>
                    {move || document.name().get().to_string()}
                </button>
            </h1>
        }>
            {field}
        </Show>
    }
}
