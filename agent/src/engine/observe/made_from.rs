//! What a container was made from: the parts that people change most.

use bollard::models::{ContainerInspectResponse, PortBinding};
use composeyard_plan::MadeFrom;

/// Reads them from an inspection.
pub(super) fn made_from(details: &ContainerInspectResponse) -> MadeFrom {
    let config = details.config.clone().unwrap_or_default();
    let bindings = details.host_config.as_ref().and_then(|host| host.port_bindings.clone());
    let port = |(target, bindings): (String, Option<Vec<PortBinding>>)| {
        let published = bindings.into_iter().flatten().map(|binding| binding.host_port.unwrap_or_default());
        published.map(move |published| format!("{published}:{target}")).collect::<Vec<_>>()
    };
    let mut ports: Vec<String> = bindings.unwrap_or_default().into_iter().flat_map(port).collect();
    ports.sort();
    let own = |key: &String| !key.starts_with("com.docker.compose.");
    MadeFrom {
        environment: config
            .env
            .unwrap_or_default()
            .iter()
            .filter_map(|line| line.split_once('='))
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect(),
        command: config.cmd.unwrap_or_default(),
        entrypoint: config.entrypoint.unwrap_or_default(),
        ports,
        labels: config.labels.unwrap_or_default().into_iter().filter(|(key, _)| own(key)).collect(),
        healthcheck: config.healthcheck.and_then(|check| check.test).unwrap_or_default(),
    }
}
