//! The dialog for a new service.

use composeyard_compose::{ServiceName, edit::Intent, facts::images, graph::NodeKey};
use leptos::{ev, html, prelude::*};

use super::board::Board;

/// A name for a service of this image that is not taken: `redis`, `redis-2`.
fn propose(image: &str, taken: impl Fn(&str) -> bool) -> String {
    let last = image.rsplit('/').next().unwrap_or_default();
    let base: String = last.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    if base.is_empty() {
        return base;
    }
    let numbered = (2..).map(|number| format!("{base}-{number}"));
    std::iter::once(base.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(base)
}

/// The dialog; open while [`Board::adding`] says so.
#[component]
pub(super) fn AddService() -> impl IntoView {
    let board = expect_context::<Board>();
    let dialog = NodeRef::<html::Dialog>::new();
    let (name, set_name) = signal(String::new());
    let (image, set_image) = signal(String::new());
    // The name follows the image until the user writes one.
    let (named, set_named) = signal(false);
    let (refused, set_refused) = signal(None::<String>);

    let taken = move |name: &str| {
        let graph = board.graph.read_untracked();
        graph.nodes.iter().any(|key| matches!(key, NodeKey::Service(service) if service.as_str() == name))
    };
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if !board.adding.get() {
            return dialog.close();
        }
        set_name.set(String::new());
        set_image.set(String::new());
        set_named.set(false);
        set_refused.set(None);
        // Showing fails only for a dialog that is open already.
        let _ = dialog.show_modal();
    });

    let problem = move || {
        let name = name.get();
        if name.is_empty() {
            return None;
        }
        match ServiceName::new(name.as_str()) {
            Err(error) => Some(format!("This name does not work: {}.", error.rule)),
            Ok(_) if taken(&name) => Some(format!("There is already a service named {name}.")),
            Ok(_) => None,
        }
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if problem().is_some() {
            return;
        }
        let Ok(name) = ServiceName::new(name.get_untracked()) else { return };
        let image = image.get_untracked().trim().to_owned();
        match board.document.apply(&Intent::AddService { name: name.clone(), image }) {
            Ok(()) => {
                board.adding.set(false);
                board.done(format!("Added {name}."));
                let key = NodeKey::Service(name);
                board.document.selected.set(Some(key.clone()));
                // Its card is drawn by then.
                request_animation_frame(move || board.focus_node(&key));
            }
            Err(refusal) => set_refused.set(Some(refusal.reason)),
        }
    };
    let type_image = move |image: String| {
        if !named.get_untracked() {
            set_name.set(propose(&image, taken));
        }
        set_image.set(image);
    };
    let type_name = move |name: String| {
        set_named.set(!name.is_empty());
        set_name.set(name);
    };
    let wrong = move || problem().or_else(|| refused.get());

    view! {
        <dialog class="dialog add-service" node_ref=dialog aria-labelledby="add-title" on:close=move |_| board.adding.set(false)>
            <form on:submit=submit>
                <div class="dialog-body">
                <h2 id="add-title">"Add a service"</h2>
                <div class="field">
                <label for="add-image">"Image"</label>
                <input
                    id="add-image"
                    class="input mono"
                    list="known-images"
                    placeholder="redis:7-alpine"
                    autocomplete="off"
                    spellcheck="false"
                    required
                    prop:value=image
                    on:input:target=move |event| type_image(event.target().value())
                />
                <datalist id="known-images">
                    {images::proposed().map(|(image, about)| view! { <option value=image>{about.what}</option> }).collect_view()}
                </datalist>
                </div>
                <div class="field">
                <label for="add-name">"Name"</label>
                <input
                    id="add-name"
                    class="input mono"
                    autocomplete="off"
                    spellcheck="false"
                    required
                    aria-describedby="add-wrong"
                    aria-invalid=move || problem().is_some().to_string()
                    prop:value=name
                    on:input:target=move |event| type_name(event.target().value())
                />
                <p id="add-wrong" class="field-error" role="alert">{wrong}</p>
                </div>
                </div>
                <footer class="dialog-actions">
                    <button type="button" class="btn" on:click=move |_| board.adding.set(false)>"Cancel"</button>
                    <button type="submit" class="btn primary" disabled=move || problem().is_some()>"Add service"</button>
                </footer>
            </form>
        </dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_proposed_from_the_image_and_never_one_that_is_taken() {
        assert_eq!(propose("grafana/grafana:11", |_| false), "grafana");
        assert_eq!(propose("redis:7-alpine", |name| name == "redis"), "redis-2");
        assert_eq!(propose("", |_| false), "");
    }
}
