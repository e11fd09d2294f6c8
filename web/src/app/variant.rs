//! Which compose files and profiles are in use.

use std::collections::BTreeSet;

use composeyard_compose::stacks::Variant;
use composeyard_protocol::Selection;
use leptos::prelude::*;

use super::Menu;
use crate::{
    document::{Document, in_use},
    icons::{Glyph, Icon},
};

/// The variant; shown when there is a choice.
#[component]
pub(super) fn VariantSelect() -> impl IntoView {
    let document = expect_context::<Document>();
    let known = document.variants();
    let current = move || in_use(&known.read(), &document.selection.read());
    let choose = move |event: leptos::ev::Event| {
        let at: usize = event_target_value(&event).parse().unwrap_or(0);
        if let Some(variant) = known.read_untracked().get(at).cloned() {
            if let Some(last) = variant.files.last() {
                document.active_file.set(last.clone());
            }
            document.selection.set(Selection { files: variant.files, profiles: variant.profiles });
        }
    };
    let options = move || {
        let option = |(at, variant): (usize, &Variant)| {
            let title = variant.summary.clone();
            view! { <option value=at.to_string() title=title selected=move || current() == Some(at)>{variant.name.clone()}</option> }
        };
        known.read().iter().enumerate().map(option).collect_view()
    };
    view! {
        <Show when=move || { known.read().len() > 1 }>
            <label class="variant">
                <span class="visually-hidden">"Variant"</span>
                <select class="select" data-testid="variant" title="Which files and profiles are in use" on:change=choose>
                    {options}
                </select>
            </label>
        </Show>
    }
}

/// Profiles to switch on and off; shown when the project has any.
#[component]
pub(super) fn ProfileMenu() -> impl IntoView {
    let document = expect_context::<Document>();
    let all = Memo::new(move |_| {
        let checked = document.checked().get();
        let services = checked.project.iter().flat_map(|project| {
            project
                .services
                .values()
                .chain(project.disabled_services.values())
                .flat_map(|it| it.profiles.clone())
        });
        services.collect::<BTreeSet<String>>()
    });
    let toggle = move |profile: &str| {
        document.selection.update(|selection| {
            if selection.profiles.iter().any(|it| it == profile) {
                selection.profiles.retain(|it| it != profile);
            } else {
                selection.profiles.push(profile.to_owned());
            }
        });
    };
    let item = move |profile: String| {
        let (shown, testid) = (profile.clone(), format!("profile-{profile}"));
        let this = profile.clone();
        let on = Memo::new(move |_| document.selection.read().profiles.contains(&this));
        view! {
            <button role="menuitemcheckbox" tabindex="-1" data-testid=testid aria-checked=move || on.get().to_string() on:click=move |_| toggle(&profile)>
                <span class="menu-check">{move || on.get().then(|| view! { <Icon glyph=Glyph::Check/> })}</span>
                <span>{shown}</span>
            </button>
        }
    };
    view! {
        <Show when=move || !all.read().is_empty()>
            <div class="profiles">
                <Menu label="Profiles" glyph=Glyph::Stack testid="profiles" compact=true>
                    {move || all.get().into_iter().map(item).collect_view()}
                </Menu>
            </div>
        </Show>
    }
}
