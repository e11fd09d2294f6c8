//! A service: everything about it that can be changed without touching the text by hand.

use composeyard_compose::{Project, ServiceName, edit::Intent, graph::NodeKey, model::Service};
use leptos::prelude::*;

use super::{
    attachments::{Configs, Networks, Profiles, Secrets},
    check,
    depends::DependsOn,
    environment::Environment,
    field::{Commit, Section, TextField, apply, wrong},
    findings::Findings,
    head::Head,
    live::Live,
    ports::Ports,
    settings::{Build, Command, Health, ResourceLimits, Restart},
    sheet::{Sheet, Sources},
    volumes::Volumes,
};
use crate::{
    canvas::card::{findings_of, limits},
    document::Document,
};

/// More containers than this are a slip of the finger.
const MOST_REPLICAS: u32 = 100;

fn find<'project>(project: &'project Project, name: &ServiceName) -> Option<&'project Service> {
    project.services.get(name).or_else(|| project.disabled_services.get(name)).map(|service| &**service)
}

/// The service.
#[component]
pub(super) fn ServiceInspector(name: ServiceName) -> impl IntoView {
    let document = expect_context::<Document>();
    let key = NodeKey::Service(name.clone());
    let service = StoredValue::new(name);
    let model = Memo::new(move |_| {
        let project = document.checked().get().project.clone()?;
        service.with_value(|name| find(&project, name).cloned())
    });
    let sheet = Memo::new(move |before: Option<&Sheet>| {
        // While a file cannot be read, the fields hold what they held, as the picture does.
        if let Some(before) = before.filter(|_| document.checked().get().stale) {
            return before.clone();
        }
        let (files, selection) = (document.files().get(), document.selection.read());
        let sources = Sources::read(&files, &selection.files);
        let model = model.read();
        model
            .as_ref()
            .map_or_else(Sheet::default, |model| service.with_value(|name| sources.sheet(name, model)))
    });
    let findings = {
        let key = key.clone();
        Memo::new(move |_| {
            let checked = document.checked().get();
            findings_of(&checked.loaded.diagnostics, &key).cloned().collect::<Vec<_>>()
        })
    };
    let words = Signal::derive(move || {
        let model = model.read();
        let words: Vec<String> = model.as_ref().map(|model| limits(model).collect()).unwrap_or_default();
        if words.is_empty() { "no limits".to_owned() } else { words.join(" · ") }
    });
    let about = move || model.read().as_ref().map(about).unwrap_or_default();
    view! {
        <Head key about=Signal::derive(about) />
        <Findings findings />
        <Live service />
        <Build service sheet />
        <Image service sheet />
        <Ports service sheet />
        <Environment service sheet />
        <DependsOn service />
        <Networks service model />
        <Volumes service model />
        <Replicas service sheet />
        <Restart service sheet />
        <Health service sheet />
        <Command service sheet />
        <ResourceLimits service sheet words />
        <Secrets service model />
        <Configs service model />
        <Profiles service model />
    }
}

/// `3 replicas · built from ./app`.
fn about(service: &Service) -> String {
    let mut words = vec!["Service".to_owned()];
    match service.replicas() {
        1 => {}
        count => words.push(format!("{count} replicas")),
    }
    if let Some(build) = &service.build {
        words.push(format!("built from {}", build.context));
    }
    if !service.profiles.is_empty() {
        words.push(format!("profile {}", service.profiles.join(", ")));
    }
    words.join(" · ")
}

#[component]
fn Image(service: StoredValue<ServiceName>, sheet: Memo<Sheet>) -> impl IntoView {
    let document = expect_context::<Document>();
    let image = Memo::new(move |_| sheet.read().image.clone());
    // A service that is built needs no image; when it has one, that is the name of what is built.
    let shows_image = Memo::new(move |_| sheet.read().build.is_none() || image.read().is_some());
    let commit = Commit::new(move |image: String| {
        let image = image.trim().to_owned();
        wrong(check::image(&image))
            .or_else(|| apply(document, &Intent::SetImage { service: service.get_value(), image }))
    });
    let place = Signal::derive(move || image.get().and_then(|image| image.place));
    view! {
        <Show when=move || shows_image.get()>
            <Section title="Image" place>
                <TextField
                    label="Image"
                    test_id="inspector-image"
                    list="known-images"
                    value=Signal::derive(move || image.get().map(|image| image.text).unwrap_or_default())
                    commit
                />
            </Section>
        </Show>
    }
}

#[component]
fn Replicas(service: StoredValue<ServiceName>, sheet: Memo<Sheet>) -> impl IntoView {
    let document = expect_context::<Document>();
    let commit = Commit::new(move |text: String| match text.trim().parse::<u32>() {
        Ok(replicas) if replicas <= MOST_REPLICAS => {
            apply(document, &Intent::SetReplicas { service: service.get_value(), replicas })
        }
        _ => wrong(Some(format!("Write a number from 0 to {MOST_REPLICAS}."))),
    });
    let place = Signal::derive(move || sheet.read().replicas.place.clone());
    view! {
        <Section title="Replicas" place>
            <TextField
                label="Replicas"
                class="short"
                test_id="inspector-replicas"
                value=Signal::derive(move || sheet.read().replicas.text.clone())
                commit
            />
        </Section>
    }
}
