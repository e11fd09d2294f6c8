//! A template's card.

use composeyard_compose::stacks::{CardService, Variant};
use leptos::{prelude::*, task::spawn_local};

use super::{picture::Picture, stacks::Stack};
use crate::{
    app::{Notices, Projects, Tone},
    icons::{Glyph, Icon},
};

/// Picture, what it teaches, its services, what it needs, and the choice of a variant; opens the template in it.
#[component]
pub fn StackCard(stack: Stack) -> impl IntoView {
    let projects = Projects::from_context();
    let notices = expect_context::<Notices>();
    let card = stack.card.clone();
    let chosen = RwSignal::new(card.variants.first().cloned().unwrap_or_default());
    let loading = RwSignal::new(false);
    let drawn = stack.clone();
    let picture = move || drawn.drawn(&chosen.read()).map(|project| view! { <Picture project/> });
    let open = move |_| {
        if loading.get_untracked() {
            return;
        }
        loading.set(true);
        let (stack, variant) = (stack.clone(), chosen.get_untracked());
        spawn_local(async move {
            let project = stack.project(variant).await;
            loading.set(false);
            match project {
                Ok(project) => projects.open_template(project),
                Err(error) => notices.say(Tone::Danger, error),
            }
        });
    };
    view! {
        <li>
            <article class="card">
                <div class="card-picture">{picture}</div>
                <div class="card-text">
                    <h3>{card.title.clone()}</h3>
                    <p class="card-summary">{card.summary.clone()}</p>
                    <ul class="card-teaches">
                        {card.teaches.iter().map(|topic| view! { <li><Icon glyph=Glyph::Check/>{topic.clone()}</li> }).collect_view()}
                    </ul>
                    <Services services=card.services.clone()/>
                    <p class="card-needs">
                        <b>"Needs "</b>
                        {card.needs.join(" · ")}
                    </p>
                    <div class="card-foot">
                        <Variants name=card.name.to_string() variants=card.variants.clone() chosen/>
                        <button
                            class="btn card-open"
                            data-testid=format!("gallery-card-{}", card.name)
                            aria-label=format!("Open {}", card.title)
                            aria-busy=move || loading.get().to_string()
                            on:click=open
                        >
                            "Open"
                        </button>
                    </div>
                </div>
            </article>
        </li>
    }
}

#[component]
fn Services(services: Vec<CardService>) -> impl IntoView {
    let service = |service: CardService| {
        view! { <div><dt>{service.name}</dt> <dd>{service.summary}</dd></div> }
    };
    view! {
        <details class="card-services">
            <summary>{format!("{} services", services.len())}</summary>
            <dl>{services.into_iter().map(service).collect_view()}</dl>
        </details>
    }
}

/// The variants as buttons, and what the chosen one is.
#[component]
fn Variants(name: String, variants: Vec<Variant>, chosen: RwSignal<Variant>) -> impl IntoView {
    let button = |variant: Variant| {
        let (label, testid) = (variant.name.clone(), format!("gallery-variant-{name}-{}", variant.name));
        let title = variant.summary.clone();
        let this = variant.clone();
        let pressed = move || (*chosen.read() == this).to_string();
        view! {
            <button class="pill" data-testid=testid title=title aria-pressed=pressed on:click=move |_| chosen.set(variant.clone())>
                {label}
            </button>
        }
    };
    view! {
        <div class="card-variants">
            <div role="group" aria-label="Variant">{variants.into_iter().map(button).collect_view()}</div>
            <p aria-live="polite">{move || chosen.read().summary.clone()}</p>
        </div>
    }
}
