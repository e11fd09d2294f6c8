//! A template's card.

use composeyard_compose::{LoadRequest, graph, load};
use leptos::prelude::*;

use super::{picture::Picture, stacks::Stack};
use crate::{
    app::Projects,
    icons::{Glyph, Icon},
};

/// Title, picture, what it teaches; opens the template.
#[component]
pub fn StackCard(stack: Stack) -> impl IntoView {
    let projects = Projects::from_context();
    let project = stack.project();
    let request = LoadRequest {
        files: project.selection.files.clone(),
        project_name: Some(project.name.to_string()),
        ..LoadRequest::default()
    };
    let loaded = load(stack.files.as_ref(), &request).project;
    let services = loaded.as_ref().map_or(0, |project| project.services.len());
    let variants: Vec<String> = stack.info.variants.iter().map(|variant| variant.name.clone()).collect();
    let facts = match (services, variants.len()) {
        (1, 0 | 1) => "1 service".to_owned(),
        (count, 0 | 1) => format!("{count} services"),
        (count, _) => format!("{count} services · {}", variants.join(", ")),
    };
    let testid = format!("gallery-card-{}", stack.info.name);
    let info = stack.info.clone();
    let open = move |_| projects.open_template(stack.project());
    view! {
        <li>
            <button class="card" data-testid=testid on:click=open>
                <span class="card-picture">{loaded.map(|project| view! { <Picture graph=graph::graph(&project)/> })}</span>
                <span class="card-text">
                    <strong>{info.title}</strong>
                    <span class="card-summary">{info.summary}</span>
                    <span class="card-teaches">
                        {info.teaches.into_iter().map(|topic| view! { <span><Icon glyph=Glyph::Check/>{topic}</span> }).collect_view()}
                    </span>
                    <span class="card-foot">
                        <span>{facts}</span>
                        <span class="card-open">"Open"</span>
                    </span>
                </span>
            </button>
        </li>
    }
}
