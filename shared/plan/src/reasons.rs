//! Why a container is replaced or started, in plain words.

use composeyard_compose::model::{Port, Service};

use crate::{ContainerState, MadeFrom, ObservedContainer, ObservedImage};

/// At most so many changes are named.
const NAMED: usize = 3;

/// A state as people say it.
pub(crate) fn state(state: ContainerState) -> &'static str {
    match state {
        ContainerState::Created => "not started",
        ContainerState::Running => "running",
        ContainerState::Paused => "paused",
        ContainerState::Restarting => "restarting",
        ContainerState::Removing => "being removed",
        ContainerState::Exited => "stopped",
        ContainerState::Dead => "dead",
    }
}

/// Why an ended container is started.
pub(crate) fn ended(container: &ObservedContainer) -> String {
    match container.exit_code {
        Some(code) => format!("it has exited ({code})"),
        None => "it has exited".to_owned(),
    }
}

/// What differs between a container and its service: "environment PORT changed 8000 -> 8001".
pub(crate) fn changes(
    service: &Service,
    image: &str,
    container: &ObservedContainer,
    local: Option<&ObservedImage>,
) -> String {
    if container.config_hash.is_none() {
        return "its configuration is not known: another tool made it".to_owned();
    }
    let mut found = Vec::new();
    if !container.image.is_empty() && container.image != image {
        found.push(format!("image changed {} -> {image}", container.image));
    }
    if let Some(made) = &container.made_from {
        environment(service, made, local, &mut found);
        settings(service, made, &mut found);
    }
    match found.len() {
        0 => "its configuration changed".to_owned(),
        1..=NAMED => found.join(", "),
        more => format!("{} and {} more", found[..NAMED].join(", "), more - NAMED),
    }
}

fn environment(service: &Service, made: &MadeFrom, image: Option<&ObservedImage>, found: &mut Vec<String>) {
    for (key, wanted) in service.environment.iter().filter_map(|(key, value)| Some((key, value.as_ref()?))) {
        match made.environment.get(key) {
            Some(now) if now == wanted => {}
            Some(now) => found.push(format!("environment {key} changed{}", from_to(key, now, wanted))),
            None => found.push(format!("environment {key} added")),
        }
    }
    let of_image = |key: &String| image.is_none_or(|image| image.variables.contains(key));
    let gone =
        made.environment.keys().filter(|key| !service.environment.contains_key(*key) && !of_image(key));
    found.extend(gone.map(|key| format!("environment {key} removed")));
}

/// Both values, unless the name says that nobody should read them.
fn from_to(key: &str, now: &str, wanted: &str) -> String {
    const SECRET: [&str; 6] = ["PASS", "SECRET", "TOKEN", "KEY", "CREDENTIAL", "AUTH"];
    let key = key.to_ascii_uppercase();
    let long = now.len() > 40 || wanted.len() > 40;
    let url_with_user = now.contains('@') || wanted.contains('@');
    if long || url_with_user || SECRET.iter().any(|word| key.contains(word)) {
        return String::new();
    }
    let shown = |value: &str| if value.is_empty() { "(empty)".to_owned() } else { value.to_owned() };
    format!(" {} -> {}", shown(now), shown(wanted))
}

fn settings(service: &Service, made: &MadeFrom, found: &mut Vec<String>) {
    if service.command.as_ref().is_some_and(|command| *command != made.command) {
        found.push("command changed".to_owned());
    }
    if service.entrypoint.as_ref().is_some_and(|entrypoint| *entrypoint != made.entrypoint) {
        found.push("entrypoint changed".to_owned());
    }
    let mut ports: Vec<String> = service.ports.iter().map(port).collect();
    ports.sort();
    if ports != made.ports {
        found.push("ports changed".to_owned());
    }
    if service.labels.iter().any(|(key, value)| made.labels.get(key) != Some(value)) {
        found.push("labels changed".to_owned());
    }
    let test = service.healthcheck.as_ref().map_or(&[][..], |check| &check.test);
    if !test.is_empty() && test != made.healthcheck {
        found.push("healthcheck changed".to_owned());
    }
}

fn port(port: &Port) -> String {
    let protocol = if port.protocol.is_empty() { "tcp" } else { &port.protocol };
    format!("{}:{}/{protocol}", port.published, port.target)
}
