//! The networks a service is on and what it mounts.

use composeyard_compose::{
    ServiceName,
    edit::Intent,
    graph::NodeKey,
    model::{Mount, MountType, Service},
};
use leptos::{ev, prelude::*};

use super::{
    check,
    field::{Commit, Section, TextField, apply},
};
use crate::{
    document::Document,
    icons::{Glyph, Icon},
};

/// Networks: leave one, join one, make a new one.
#[component]
pub(super) fn Networks(service: StoredValue<ServiceName>, model: Memo<Option<Service>>) -> impl IntoView {
    let document = expect_context::<Document>();
    let refused = RwSignal::new(None::<String>);
    let joined = Memo::new(move |_| {
        model.read().as_ref().map(|it| it.networks.keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
    });
    let known = Memo::new(move |_| {
        let project = document.checked().get().project.clone();
        project.map(|project| project.networks.keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
    });
    let mode =
        move || model.read().as_ref().map(|it| it.network_mode.clone()).filter(|mode| !mode.is_empty());
    let leave = move |network: String| {
        refused.set(apply(document, &Intent::DetachNetwork { service: service.get_value(), network }));
    };
    let join = Commit::new(move |network: String| {
        let network = network.trim().to_owned();
        if network.is_empty() {
            return None;
        }
        check::key(&network)
            .or_else(|| apply(document, &Intent::AttachNetwork { service: service.get_value(), network }))
    });
    view! {
        <Section title="Networks">
            {move || mode().map(|mode| view! { <p class="hint">"Network mode " <code>{mode}</code></p> })}
            <ul class="tags">
                <For each=move || joined.get() key=Clone::clone let:network>
                    {
                        let (shown, select, left) = (network.clone(), network.clone(), network);
                        view! {
                            <li class="tag net">
                                <button
                                    class="tag-name"
                                    on:click=move |_| document.selected.set(Some(NodeKey::Network(select.clone())))
                                >
                                    {shown.clone()}
                                </button>
                                <button
                                    class="tag-remove"
                                    aria-label=format!("Leave {shown}")
                                    title="Leave"
                                    on:click=move |_| leave(left.clone())
                                >
                                    <Icon glyph=Glyph::Close />
                                </button>
                            </li>
                        }
                    }
                </For>
            </ul>
            <datalist id="known-networks">
                {move || known.get().into_iter().filter(|it| !joined.read().contains(it)).map(|network| view! {
                    <option value=network></option>
                }).collect_view()}
            </datalist>
            <TextField
                label="Join a network"
                class="adds"
                list="known-networks"
                placeholder="Join, or name a new one"
                value=Signal::stored(String::new())
                commit=join
                adds=true
            />
            {move || refused.get().map(|reason| view! { <p class="field-error" role="alert">{reason}</p> })}
        </Section>
    }
}

/// Mounts: named volumes can be added and removed, the rest is shown.
#[component]
pub(super) fn Volumes(service: StoredValue<ServiceName>, model: Memo<Option<Service>>) -> impl IntoView {
    let document = expect_context::<Document>();
    let refused = RwSignal::new(None::<String>);
    let mounts = Memo::new(move |_| model.read().as_ref().map(|it| it.volumes.clone()).unwrap_or_default());
    let detach = move |volume: String| {
        refused.set(apply(document, &Intent::DetachVolume { service: service.get_value(), volume }));
    };
    let row = move |mount: Mount| {
        let named = mount.kind == MountType::Volume && !mount.source.is_empty();
        let (volume, removed) = (mount.source.clone(), mount.source.clone());
        let source = if mount.source.is_empty() { "new for each container".to_owned() } else { mount.source };
        let title = source.clone();
        let class = if named { "tag vol" } else { "tag" };
        view! {
            <li class="mount">
                <span class=class title=title>
                    {if named {
                        view! {
                            <button
                                class="tag-name"
                                on:click=move |_| document.selected.set(Some(NodeKey::Volume(volume.clone())))
                            >
                                {source}
                            </button>
                        }.into_any()
                    } else {
                        view! { <span class="tag-name">{source}</span> }.into_any()
                    }}
                </span>
                <span class="mount-target" title=mount.target.clone()>{mount.target.clone()}</span>
                {mount.read_only.then(|| view! { <span class="hint">"read only"</span> })}
                {named.then(|| view! {
                    <button
                        class="icon-btn small"
                        aria-label=format!("Remove the mount at {}", mount.target)
                        title="Remove"
                        on:click=move |_| detach(removed.clone())
                    >
                        <Icon glyph=Glyph::Close />
                    </button>
                })}
            </li>
        }
    };
    view! {
        <Section title="Mounts">
            <ul class="rows">{move || mounts.get().into_iter().map(row).collect_view()}</ul>
            <AddVolume service />
            {move || refused.get().map(|reason| view! { <p class="field-error" role="alert">{reason}</p> })}
        </Section>
    }
}

/// A named volume and a path: Enter in either field adds the mount.
#[component]
fn AddVolume(service: StoredValue<ServiceName>) -> impl IntoView {
    let document = expect_context::<Document>();
    let volume = RwSignal::new(String::new());
    let target = RwSignal::new(String::new());
    let refused = RwSignal::new(None::<String>);
    let known = Memo::new(move |_| {
        let project = document.checked().get().project.clone();
        project.map(|project| project.volumes.keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let (name, path) =
            (volume.get_untracked().trim().to_owned(), target.get_untracked().trim().to_owned());
        let wrong = check::key(&name).or_else(|| check::target(&path)).or_else(|| {
            let intent = Intent::AttachVolume { service: service.get_value(), volume: name, target: path };
            apply(document, &intent)
        });
        if wrong.is_none() {
            volume.set(String::new());
            target.set(String::new());
        }
        refused.set(wrong);
    };
    view! {
        <form class="add-variable" on:submit=submit>
            <datalist id="known-volumes">
                {move || known.get().into_iter().map(|name| view! { <option value=name></option> }).collect_view()}
            </datalist>
            <input
                class="input mono"
                aria-label="Volume to mount"
                list="known-volumes"
                placeholder="volume"
                autocomplete="off"
                spellcheck="false"
                bind:value=volume
            />
            <input
                class="input mono"
                aria-label="Path in the container"
                placeholder="/path"
                autocomplete="off"
                spellcheck="false"
                bind:value=target
            />
            <button class="icon-btn small" aria-label="Mount the volume" title="Add" disabled=move || volume.read().is_empty()>
                <Icon glyph=Glyph::Plus />
            </button>
            {move || refused.get().map(|reason| view! { <p class="field-error" role="alert">{reason}</p> })}
        </form>
    }
}
