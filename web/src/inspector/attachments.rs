//! What a service joins or is given by name: networks, secrets, configs, profiles. One row of names each.

use composeyard_compose::{
    Project, ServiceName,
    edit::{Intent, Refusal},
    graph::NodeKey,
    model::Service,
};
use composeyard_yaml::edit::{Path, Value};
use leptos::prelude::*;

use super::{
    check,
    field::{Commit, Fold, Refused, Section, TextField, apply, wrong},
};
use crate::{
    document::Document,
    icons::{Glyph, Icon},
};

/// Networks: leave one, join one, make a new one.
#[component]
pub(super) fn Networks(service: StoredValue<ServiceName>, model: Memo<Option<Service>>) -> impl IntoView {
    let document = expect_context::<Document>();
    let names = names_of(model, |it| it.networks.keys().cloned().collect());
    let known = known_in(document, |project| project.networks.keys().cloned().collect());
    let mode =
        move || model.read().as_ref().map(|it| it.network_mode.clone()).filter(|mode| !mode.is_empty());
    let leave = Commit::new(move |network| {
        apply(document, &Intent::DetachNetwork { service: service.get_value(), network })
    });
    let join = Commit::new(move |network| {
        apply(document, &Intent::AttachNetwork { service: service.get_value(), network })
    });
    view! {
        <Section title="Networks">
            {move || mode().map(|mode| view! { <p class="hint">"Network mode " <code>{mode}</code></p> })}
            <Names
                class="tag net" list="known-networks" label="Join a network" placeholder="Join, or name a new one"
                names known add=join remove=leave select=NodeKey::Network
            />
        </Section>
    }
}

/// Secrets: give one, take one away.
#[component]
pub(super) fn Secrets(service: StoredValue<ServiceName>, model: Memo<Option<Service>>) -> impl IntoView {
    let document = expect_context::<Document>();
    let names = names_of(model, |it| it.secrets.iter().map(|grant| grant.source.clone()).collect());
    let known = known_in(document, |project| project.secrets.keys().cloned().collect());
    let add = Commit::new(move |secret| {
        apply(document, &Intent::AttachSecret { service: service.get_value(), secret, target: None })
    });
    let remove = Commit::new(move |secret| {
        apply(document, &Intent::DetachSecret { service: service.get_value(), secret })
    });
    view! {
        <Fold title="Secrets" brief=brief(names) test_id="inspector-secrets">
            <Names
                class="tag sec" list="known-secrets" label="Give a secret" placeholder="Give, or name a new one"
                names known add remove select=NodeKey::Secret
            />
        </Fold>
    }
}

/// Configs: give one, take one away.
#[component]
pub(super) fn Configs(service: StoredValue<ServiceName>, model: Memo<Option<Service>>) -> impl IntoView {
    let document = expect_context::<Document>();
    let names = names_of(model, |it| it.configs.iter().map(|grant| grant.source.clone()).collect());
    let known = known_in(document, |project| project.configs.keys().cloned().collect());
    let add = Commit::new(move |config| {
        apply(document, &Intent::AttachConfig { service: service.get_value(), config, target: None })
    });
    let remove = Commit::new(move |config| {
        apply(document, &Intent::DetachConfig { service: service.get_value(), config })
    });
    view! {
        <Fold title="Configs" brief=brief(names) test_id="inspector-configs">
            <Names
                class="tag sec" list="known-configs" label="Give a config" placeholder="Give, or name a new one"
                names known add remove select=NodeKey::Config
            />
        </Fold>
    }
}

/// Profiles in which the service is on.
#[component]
pub(super) fn Profiles(service: StoredValue<ServiceName>, model: Memo<Option<Service>>) -> impl IntoView {
    let document = expect_context::<Document>();
    let names = names_of(model, |it| it.profiles.clone());
    let known = known_in(document, |project| {
        let services = project.services.values().chain(project.disabled_services.values());
        let mut profiles: Vec<String> = services.flat_map(|service| service.profiles.clone()).collect();
        profiles.sort();
        profiles.dedup();
        profiles
    });
    let path = move || Path::of(["services", service.get_value().as_str(), "profiles"]);
    let add = Commit::new(move |name: String| {
        apply(document, &Intent::AddItem { path: path(), value: Value::text(name) })
    });
    let remove = Commit::new(move |name: String| {
        let index = names.read_untracked().iter().position(|it| *it == name)?;
        apply(document, &Intent::RemoveItem { path: path(), index })
    });
    view! {
        <Fold title="Profiles" brief=brief(names) test_id="inspector-profiles">
            <Names
                class="tag" list="known-profiles" label="Add a profile" placeholder="Add, such as debug"
                names known add remove
            />
        </Fold>
    }
}

fn names_of(model: Memo<Option<Service>>, names: fn(&Service) -> Vec<String>) -> Memo<Vec<String>> {
    Memo::new(move |_| model.read().as_ref().map(names).unwrap_or_default())
}

fn known_in(document: Document, names: fn(&Project) -> Vec<String>) -> Memo<Vec<String>> {
    Memo::new(move |_| document.checked().get().project.as_deref().map(names).unwrap_or_default())
}

fn brief(names: Memo<Vec<String>>) -> Signal<String> {
    Signal::derive(move || names.read().join(", "))
}

/// Names as tags, each with a way out, and a field that adds one.
#[component]
fn Names(
    class: &'static str,
    /// Id of the suggestions.
    list: &'static str,
    label: &'static str,
    placeholder: &'static str,
    names: Memo<Vec<String>>,
    known: Memo<Vec<String>>,
    add: Commit,
    remove: Commit,
    /// What a click on a name selects.
    #[prop(optional)]
    select: Option<fn(String) -> NodeKey>,
) -> impl IntoView {
    let document = expect_context::<Document>();
    let refused = RwSignal::new(None::<Refusal>);
    let commit = Commit::new(move |name: String| {
        let name = name.trim().to_owned();
        if name.is_empty() {
            return None;
        }
        wrong(check::key(&name)).or_else(|| add.run(name))
    });
    let tag = move |name: String| {
        let (shown, selected, gone) = (name.clone(), name.clone(), name);
        let title = match select {
            Some(select) => view! {
                <button class="tag-name" on:click=move |_| document.selected.set(Some(select(selected.clone())))>
                    {shown.clone()}
                </button>
            }
            .into_any(),
            None => view! { <span class="tag-name">{shown.clone()}</span> }.into_any(),
        };
        view! {
            <li class=class>
                {title}
                <button
                    class="tag-remove"
                    aria-label=format!("Remove {shown}")
                    title="Remove"
                    on:click=move |_| refused.set(remove.run(gone.clone()))
                >
                    <Icon glyph=Glyph::Close />
                </button>
            </li>
        }
    };
    let free = move || {
        let taken = names.get();
        known.get().into_iter().filter(move |it| !taken.contains(it))
    };
    view! {
        <ul class="tags">
            <For each=move || names.get() key=Clone::clone children=tag />
        </ul>
        <datalist id=list>{move || free().map(|name| view! { <option value=name></option> }).collect_view()}</datalist>
        <TextField label class="adds" list placeholder value=Signal::stored(String::new()) commit adds=true />
        <Refused refused />
    }
}
