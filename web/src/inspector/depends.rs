//! What a service waits for, and until when.

use composeyard_compose::{
    Project, ServiceName,
    edit::{Intent, Refusal},
    model::Condition,
};
use leptos::prelude::*;

use super::field::{Refused, Section, apply};
use crate::{
    document::Document,
    icons::{Glyph, Icon},
};

/// Conditions and how the list of choices says them.
const CONDITIONS: [(Condition, &str); 3] = [
    (Condition::ServiceStarted, "until it has started"),
    (Condition::ServiceHealthy, "until it is healthy"),
    (Condition::ServiceCompletedSuccessfully, "until it has completed"),
];

fn dependencies(project: &Project, service: &ServiceName) -> Vec<(ServiceName, Condition)> {
    let service = project.services.get(service).or_else(|| project.disabled_services.get(service));
    service
        .map(|service| service.depends_on.iter().map(|(name, it)| (name.clone(), it.condition)).collect())
        .unwrap_or_default()
}

/// The rows.
#[component]
pub(super) fn DependsOn(service: StoredValue<ServiceName>) -> impl IntoView {
    let document = expect_context::<Document>();
    let refused = RwSignal::new(None::<Refusal>);
    let rows = Memo::new(move |_| {
        let project = document.checked().get().project.clone();
        project.map(|project| dependencies(&project, &service.get_value())).unwrap_or_default()
    });
    let others = Memo::new(move |_| {
        let project = document.checked().get().project.clone();
        let taken: Vec<ServiceName> = rows.get().into_iter().map(|(name, _)| name).collect();
        let free = |name: &ServiceName| !taken.contains(name) && *name != service.get_value();
        project
            .map(|project| project.services.keys().filter(|name| free(name)).cloned().collect::<Vec<_>>())
            .unwrap_or_default()
    });
    let connect = move |dependency: ServiceName, condition: Condition| {
        let intent = Intent::Connect { service: service.get_value(), dependency, condition };
        refused.set(apply(document, &intent));
    };
    let add = move |name: String| {
        let Ok(dependency) = ServiceName::new(name) else { return };
        let project = document.checked().get_untracked().project.clone();
        let healthy = project.is_some_and(|project| {
            project.services.get(&dependency).is_some_and(|service| service.has_healthcheck())
        });
        connect(dependency, if healthy { Condition::ServiceHealthy } else { Condition::ServiceStarted });
    };
    let remove = move |dependency: ServiceName| {
        refused.set(apply(document, &Intent::Disconnect { service: service.get_value(), dependency }));
    };
    let names = move || rows.get().into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    view! {
        <Section title="Waits for">
            <ul class="rows">
                <For each=names key=Clone::clone let:name>
                    {
                        let (shown, chosen, removed) = (name.to_string(), name.clone(), name.clone());
                        let condition = Memo::new(move |_| {
                            rows.read().iter().find(|row| row.0 == name).map(|row| row.1).unwrap_or_default()
                        });
                        let choose = move |value: String| {
                            let condition = CONDITIONS.iter().find(|(it, _)| it.as_str() == value);
                            if let Some((condition, _)) = condition {
                                connect(chosen.clone(), *condition);
                            }
                        };
                        view! {
                            <li class="row">
                                <span class="row-name">{shown.clone()}</span>
                                <select
                                    class="select"
                                    aria-label=format!("Wait for {shown}")
                                    on:change:target=move |event| choose(event.target().value())
                                    prop:value=move || condition.get().as_str()
                                >
                                    {CONDITIONS.map(|(it, words)| view! {
                                        <option value=it.as_str() selected=move || condition.get() == it>{words}</option>
                                    }).collect_view()}
                                </select>
                                <button
                                    class="icon-btn small"
                                    aria-label=format!("Do not wait for {shown}")
                                    title="Remove"
                                    on:click=move |_| remove(removed.clone())
                                >
                                    <Icon glyph=Glyph::Close />
                                </button>
                            </li>
                        }
                    }
                </For>
            </ul>
            <Show when=move || !others.read().is_empty()>
                <select
                    class="select adds"
                    aria-label="Wait for another service"
                    prop:value=""
                    on:change:target=move |event| {
                        add(event.target().value());
                        event.target().set_value("");
                    }
                >
                    <option value="">"Add a service to wait for"</option>
                    {move || others.get().into_iter().map(|name| view! { <option value=name.to_string()>{name.to_string()}</option> }).collect_view()}
                </select>
            </Show>
            <Refused refused />
        </Section>
    }
}
