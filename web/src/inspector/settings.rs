//! Settings that are single keys: build, command, health check, restart, resources. Each field holds what the file
//! says and writes it back in the form it has there.

use composeyard_compose::{ServiceName, edit::Intent, facts};
use composeyard_yaml::edit::{Path, Value};
use leptos::prelude::*;

use super::{
    field::{Commit, Fold, Provenance, Refused, Section, TextField, apply},
    sheet::Sheet,
};
use crate::document::Document;

/// A key of a service with the words for it: path, label, example.
type Row = (&'static str, &'static str, &'static str);

const BUILD: [Row; 3] = [
    ("build.context", "Context", "./app"),
    ("build.dockerfile", "Dockerfile", "Dockerfile"),
    ("build.target", "Target", "a stage"),
];
const COMMAND: [Row; 4] = [
    ("command", "Command", "what the image says"),
    ("entrypoint", "Entrypoint", "what the image says"),
    ("working_dir", "Folder", "what the image says"),
    ("user", "User", "what the image says"),
];
const HEALTH: [Row; 5] = [
    ("healthcheck.test", "Test", "[\"CMD\", \"true\"]"),
    ("healthcheck.interval", "Interval", "30s"),
    ("healthcheck.timeout", "Time-out", "30s"),
    ("healthcheck.retries", "Retries", "3"),
    ("healthcheck.start_period", "Start period", "0s"),
];
const LIMITS: [Row; 3] = [
    ("deploy.resources.limits.cpus", "CPU", "no limit"),
    ("deploy.resources.limits.memory", "Memory", "no limit"),
    ("deploy.resources.limits.pids", "Processes", "no limit"),
];
const RESERVATIONS: [Row; 2] = [
    ("deploy.resources.reservations.cpus", "CPU", "none"),
    ("deploy.resources.reservations.memory", "Memory", "none"),
];

/// Every key that a field shows.
pub(super) fn keys() -> impl Iterator<Item = &'static str> {
    let rows = BUILD.iter().chain(&COMMAND).chain(&HEALTH).chain(&LIMITS).chain(&RESERVATIONS);
    rows.map(|(key, ..)| *key).chain(["restart"])
}

fn path(service: StoredValue<ServiceName>, key: &str) -> Path {
    let name = service.get_value();
    Path::of(["services", name.as_str()].into_iter().chain(key.split('.')))
}

/// Sets a key to what was typed, or removes it when nothing was.
fn intent(service: StoredValue<ServiceName>, key: &str, text: &str) -> Intent {
    let path = path(service, key);
    match text.trim() {
        "" => Intent::UnsetKey { path },
        text => Intent::SetKey { path, value: Value::typed_in(text) },
    }
}

/// How the image is built.
#[component]
pub(super) fn Build(service: StoredValue<ServiceName>, sheet: Memo<Sheet>) -> impl IntoView {
    let is_built = Memo::new(move |_| sheet.read().build.is_some());
    let place = Signal::derive(move || sheet.read().build.clone().and_then(|build| build.place));
    view! {
        <Show when=move || is_built.get()>
            <Section title="Build" place>
                <Rows rows=&BUILD service sheet />
            </Section>
        </Show>
    }
}

/// What runs in the container, and as whom.
#[component]
pub(super) fn Command(service: StoredValue<ServiceName>, sheet: Memo<Sheet>) -> impl IntoView {
    view! {
        <Fold title="Command" brief=brief(sheet, &COMMAND[..2]) test_id="inspector-command">
            <Rows rows=&COMMAND service sheet />
        </Fold>
    }
}

/// How to tell that it works.
#[component]
pub(super) fn Health(service: StoredValue<ServiceName>, sheet: Memo<Sheet>) -> impl IntoView {
    view! {
        <Fold title="Health check" brief=brief(sheet, &HEALTH[..2]) test_id="inspector-health">
            <Rows rows=&HEALTH service sheet />
        </Fold>
    }
}

/// What one container may use, and what is kept free for it.
#[component]
pub(super) fn ResourceLimits(
    service: StoredValue<ServiceName>,
    sheet: Memo<Sheet>,
    /// The limits in words.
    #[prop(into)]
    words: Signal<String>,
) -> impl IntoView {
    let place = Signal::derive(move || sheet.read().limits.clone());
    view! {
        <Fold title="Resources" brief=words place test_id="inspector-resources">
            <h4>"At most"</h4>
            <Rows rows=&LIMITS service sheet />
            <h4>"Reserved"</h4>
            <Rows rows=&RESERVATIONS service sheet />
        </Fold>
    }
}

/// When the container starts again after it ended.
#[component]
pub(super) fn Restart(service: StoredValue<ServiceName>, sheet: Memo<Sheet>) -> impl IntoView {
    let document = expect_context::<Document>();
    let refused = RwSignal::new(None);
    let field = Memo::new(move |_| sheet.read().keys.get("restart").cloned().unwrap_or_default());
    let words =
        facts::at("services.x.restart").and_then(|key| key.shape.scalar()).map(|it| it.meaning.words());
    let current = move || field.get().written.text;
    // `on-failure:3` and variables stand beside the common words.
    let other = move || {
        Some(current()).filter(|text| !text.is_empty() && !words.is_some_and(|it| it.contains(&&**text)))
    };
    let choose = move |text: String| refused.set(apply(document, &intent(service, "restart", &text)));
    let unset = move || {
        let elsewhere = field.get().elsewhere;
        if elsewhere.is_empty() {
            "Not said: it stays down".to_owned()
        } else {
            format!("{elsewhere}, from elsewhere")
        }
    };
    let place = Signal::derive(move || field.get().written.place);
    let option = move |text: String| {
        let (value, shown) = (text.clone(), text.clone());
        view! { <option value=value selected=move || current() == text>{shown}</option> }
    };
    view! {
        <Section title="Restart" place>
            <select
                class="select"
                aria-label="Restart policy"
                data-testid="inspector-restart-policy"
                on:change:target=move |event| choose(event.target().value())
                prop:value=current
            >
                <option value="" selected=move || current().is_empty()>{unset}</option>
                {words.unwrap_or_default().iter().map(|word| option((*word).to_owned())).collect_view()}
                {move || other().map(option)}
            </select>
            <Refused refused />
        </Section>
    }
}

/// What is set, in short.
fn brief(sheet: Memo<Sheet>, rows: &'static [Row]) -> Signal<String> {
    Signal::derive(move || {
        let sheet = sheet.read();
        let said = rows.iter().filter_map(|(key, ..)| {
            let field = sheet.keys.get(key)?;
            let text = if field.written.text.is_empty() { &field.elsewhere } else { &field.written.text };
            (!text.is_empty()).then(|| text.clone())
        });
        said.collect::<Vec<_>>().join(" · ")
    })
}

/// A labelled field for each key.
#[component]
fn Rows(rows: &'static [Row], service: StoredValue<ServiceName>, sheet: Memo<Sheet>) -> impl IntoView {
    let document = expect_context::<Document>();
    let row = move |(key, label, example): &'static Row| {
        let field = Memo::new(move |_| sheet.read().keys.get(key).cloned().unwrap_or_default());
        let commit = Commit::new(move |text: String| apply(document, &intent(service, key, &text)));
        let placeholder = Signal::derive(move || {
            let elsewhere = field.get().elsewhere;
            if elsewhere.is_empty() { (*example).to_owned() } else { elsewhere }
        });
        let place = move || field.get().written.place.filter(|place| place.overrides);
        view! {
            <div class="key-row">
                <span class="key-label">{*label}</span>
                <TextField
                    label=*label
                    placeholder=placeholder
                    value=Signal::derive(move || field.get().written.text)
                    commit
                />
                {move || place().map(|place| view! { <Provenance place short=true /> })}
            </div>
        }
    };
    view! { <div class="key-rows">{rows.iter().map(row).collect_view()}</div> }
}
