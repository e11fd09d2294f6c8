//! The inspector's heading: what is selected, its name, and the way to delete it.

use composeyard_compose::{
    edit::{Intent, Refusal, Subject},
    graph::NodeKey,
};
use leptos::prelude::*;

use super::field::{Commit, TextField};
use crate::{
    app::{Notices, Tone},
    canvas::offer_undo,
    document::Document,
    icons::{Glyph, Icon},
};

/// The name and icon of a node.
fn name_and_glyph(key: &NodeKey) -> (String, Glyph, &'static str) {
    match key {
        NodeKey::Service(name) => (name.to_string(), Glyph::Service, "svc"),
        NodeKey::Volume(name) => (name.clone(), Glyph::Volume, "vol"),
        NodeKey::Secret(name) => (name.clone(), Glyph::Secret, "sec"),
        NodeKey::Config(name) => (name.clone(), Glyph::Config, "sec"),
        NodeKey::Network(name) => (name.clone(), Glyph::Network, "net"),
    }
}

/// The heading.
#[component]
pub(super) fn Head(
    key: NodeKey,
    /// One line under the name.
    #[prop(into)]
    about: Signal<String>,
    /// How to give it another name, when it can have one.
    #[prop(optional)]
    rename: Option<Commit>,
) -> impl IntoView {
    let document = expect_context::<Document>();
    let notices = expect_context::<Notices>();
    let (name, glyph, class) = name_and_glyph(&key);
    let intent = Intent::removing(Subject::from(&key));
    let gone = format!("Deleted {name}.");
    let remove = move |_| match document.apply(&intent) {
        Ok(()) => {
            document.selected.set(None);
            offer_undo(document, notices, gone.clone());
        }
        Err(Refusal { reason, .. }) => notices.say(Tone::Caution, reason),
    };
    let title = match rename {
        Some(commit) => view! {
            <TextField label="Name" class="title" test_id="inspector-name" value=Signal::stored(name) commit />
        }
        .into_any(),
        None => view! { <h2 class="title">{name}</h2> }.into_any(),
    };
    view! {
        <header class="inspector-head">
            <span class=format!("kind {class}")><Icon glyph /></span>
            <div>{title} <p>{about}</p></div>
            <button class="icon-btn" aria-label="Delete" title="Delete" data-testid="inspector-delete" on:click=remove>
                <Icon glyph=Glyph::Trash />
            </button>
        </header>
    }
}
