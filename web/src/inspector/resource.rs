//! A volume, network, secret or config: what it is and who uses it.

use composeyard_compose::{Diagnostic, Project, graph::NodeKey};
use leptos::prelude::*;

use super::{field::Section, findings::Findings, head::Head};
use crate::{canvas::card::findings_of, document::Document};

/// A line of facts: name and value.
type Fact = (&'static str, String);

/// What a resource is in one line, and its facts.
fn facts(project: &Project, key: &NodeKey) -> (String, Vec<Fact>) {
    let or = |text: &str, default: &str| if text.is_empty() { default.to_owned() } else { text.to_owned() };
    let made = |external: bool| if external { "made elsewhere" } else { "made with the stack" };
    match key {
        NodeKey::Volume(name) => project.volumes.get(name).map(|it| {
            (
                format!("Volume · {}", made(it.external)),
                vec![("Name on the engine", it.name.clone()), ("Driver", or(&it.driver, "local"))],
            )
        }),
        NodeKey::Network(name) => project.networks.get(name).map(|it| {
            let reach = if it.internal { "internal: no way out" } else { "reaches the outside" };
            let mut facts = vec![
                ("Name on the engine", it.name.clone()),
                ("Driver", or(&it.driver, "bridge")),
                ("Reach", reach.to_owned()),
            ];
            facts.extend(it.ipam.config.iter().map(|pool| ("Subnet", pool.subnet.clone())));
            (format!("Network · {}", made(it.external)), facts)
        }),
        NodeKey::Secret(name) => {
            project.secrets.get(name).map(|it| ("Secret".to_owned(), object(&it.file, &it.environment)))
        }
        NodeKey::Config(name) => {
            project.configs.get(name).map(|it| ("Config".to_owned(), object(&it.file, &it.environment)))
        }
        NodeKey::Service(_) => None,
    }
    .unwrap_or_default()
}

fn object(file: &str, environment: &str) -> Vec<Fact> {
    match (file, environment) {
        ("", "") => vec![("Content", "written in the compose file".to_owned())],
        ("", variable) => vec![("From the variable", variable.to_owned())],
        (file, _) => vec![("File", file.to_owned())],
    }
}

/// Services that use a resource, and where.
fn members(project: &Project, key: &NodeKey) -> Vec<(NodeKey, String)> {
    let mut members = Vec::new();
    for (name, service) in project.services.iter().chain(&project.disabled_services) {
        let uses: Vec<String> = match key {
            NodeKey::Volume(volume) => {
                service.volumes.iter().filter(|it| it.source == *volume).map(|it| it.target.clone()).collect()
            }
            NodeKey::Network(network) => service
                .networks
                .contains_key(network)
                .then(|| service.replicas())
                .map(|count| if count == 1 { String::new() } else { format!("{count} containers") })
                .into_iter()
                .collect(),
            NodeKey::Secret(secret) => {
                service.secrets.iter().filter(|it| it.source == *secret).map(|it| it.target.clone()).collect()
            }
            NodeKey::Config(config) => {
                service.configs.iter().filter(|it| it.source == *config).map(|it| it.target.clone()).collect()
            }
            NodeKey::Service(_) => Vec::new(),
        };
        members.extend(uses.into_iter().map(|at| (NodeKey::Service(name.clone()), at)));
    }
    members
}

/// The resource.
#[component]
pub(super) fn ResourceInspector(key: NodeKey) -> impl IntoView {
    let document = expect_context::<Document>();
    let stored = StoredValue::new(key.clone());
    let shown = Memo::new(move |_| {
        let project = document.checked().get().project.clone();
        project
            .map(|project| stored.with_value(|key| (facts(&project, key), members(&project, key))))
            .unwrap_or_default()
    });
    let findings = Memo::new(move |_| {
        let checked = document.checked().get();
        stored.with_value(|key| {
            findings_of(&checked.loaded.diagnostics, key).cloned().collect::<Vec<Diagnostic>>()
        })
    });
    let member = move |(key, at): (NodeKey, String)| {
        let NodeKey::Service(name) = &key else { return None };
        let name = name.to_string();
        Some(view! {
            <li class="row">
                <button class="link" on:click=move |_| document.selected.set(Some(key.clone()))>{name}</button>
                <code class="mount-target">{at}</code>
            </li>
        })
    };
    view! {
        <Head key about=Signal::derive(move || shown.get().0.0) />
        <Findings findings />
        <dl class="facts">
            {move || shown.get().0.1.into_iter().map(|(name, value)| view! {
                <div><dt>{name}</dt> <dd>{value}</dd></div>
            }).collect_view()}
        </dl>
        <Section title="Used by">
            <ul class="rows">{move || shown.get().1.into_iter().map(member).collect_view()}</ul>
            <Show when=move || shown.read().1.is_empty()>
                <p class="hint">"No service uses it."</p>
            </Show>
        </Section>
    }
}
