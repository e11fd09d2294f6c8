//! The inspector's heading: what is selected, its name, and the way to delete it.

use composeyard_compose::{
    ServiceName,
    edit::{Approach, Intent, Manner, Mention, Refusal, Subject},
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

/// The same node under another name.
fn renamed(key: &NodeKey, to: &str) -> Option<NodeKey> {
    Some(match key {
        NodeKey::Service(_) => NodeKey::Service(ServiceName::new(to).ok()?),
        NodeKey::Network(_) => NodeKey::Network(to.to_owned()),
        NodeKey::Volume(_) => NodeKey::Volume(to.to_owned()),
        NodeKey::Secret(_) => NodeKey::Secret(to.to_owned()),
        NodeKey::Config(_) => NodeKey::Config(to.to_owned()),
    })
}

/// Renames what a node stands for, everywhere, and says what else speaks of it.
fn rename(document: Document, notices: Notices, key: &NodeKey, to: &str) -> Option<Refusal> {
    let intent = match Intent::renaming(Subject::from(key), to) {
        Ok(intent) => intent,
        Err(error) => return Some(Refusal::new(format!("This name does not work: {}.", error.rule))),
    };
    let mentions = match document.apply_all(&[intent], Approach::Ask) {
        Ok(mentions) => mentions,
        Err(refusal) => return Some(refusal),
    };
    if let Some(to) = renamed(key, to) {
        document.positions.update(|positions| {
            let kept = positions.remove(key);
            positions.extend(kept.map(|corner| (to.clone(), corner)));
        });
        document.selected.set(Some(to));
    }
    offer_undo(document, notices, told(to, &mentions));
    None
}

/// What a rename did, and which words it left because they may mean something else.
fn told(to: &str, mentions: &[Mention]) -> String {
    let left = mentions.iter().filter(|it| it.manner == Manner::Maybe);
    let done = mentions.len() - left.clone().count();
    let mut left: Vec<&str> = left.map(|it| if it.path.is_empty() { &*it.file } else { &*it.path }).collect();
    left.dedup();
    let places = match done {
        1 => "1 place".to_owned(),
        count => format!("{count} places"),
    };
    match left.as_slice() {
        [] => format!("Renamed to {to} in {places}."),
        left => format!("Renamed to {to} in {places}. Left as it was: {}.", left.join(", ")),
    }
}

/// The heading.
#[component]
pub(super) fn Head(
    key: NodeKey,
    /// One line under the name.
    #[prop(into)]
    about: Signal<String>,
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
    // The network that exists without being declared cannot be called otherwise.
    let is_fixed = key == NodeKey::Network("default".to_owned());
    let stored = StoredValue::new(key);
    let commit = Commit::new(move |to: String| rename(document, notices, &stored.get_value(), to.trim()));
    let title = if is_fixed {
        view! { <h2 class="title">{name}</h2> }.into_any()
    } else {
        view! {
            <TextField label="Name" class="title" test_id="inspector-name" value=Signal::stored(name) commit />
        }
        .into_any()
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
