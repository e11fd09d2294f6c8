//! What a service mounts.

use composeyard_compose::{
    ServiceName,
    edit::{Intent, Refusal},
    graph::NodeKey,
    model::{Mount, MountType, Service},
};
use leptos::{ev, prelude::*};

use super::{
    check,
    field::{Refused, Section, apply, wrong},
};
use crate::{
    document::Document,
    icons::{Glyph, Icon},
};

/// Mounts: named volumes can be added and removed, the rest is shown.
#[component]
pub(super) fn Volumes(service: StoredValue<ServiceName>, model: Memo<Option<Service>>) -> impl IntoView {
    let document = expect_context::<Document>();
    let refused = RwSignal::new(None::<Refusal>);
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
            <Refused refused />
        </Section>
    }
}

/// A named volume and a path: Enter in either field adds the mount.
#[component]
fn AddVolume(service: StoredValue<ServiceName>) -> impl IntoView {
    let document = expect_context::<Document>();
    let volume = RwSignal::new(String::new());
    let target = RwSignal::new(String::new());
    let refused = RwSignal::new(None::<Refusal>);
    let known = Memo::new(move |_| {
        let project = document.checked().get().project.clone();
        project.map(|project| project.volumes.keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let (name, path) =
            (volume.get_untracked().trim().to_owned(), target.get_untracked().trim().to_owned());
        let refusal = wrong(check::key(&name).or_else(|| check::target(&path))).or_else(|| {
            let intent = Intent::AttachVolume { service: service.get_value(), volume: name, target: path };
            apply(document, &intent)
        });
        if refusal.is_none() {
            volume.set(String::new());
            target.set(String::new());
        }
        refused.set(refusal);
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
            <Refused refused />
        </form>
    }
}
