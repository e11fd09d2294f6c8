//! Ports: what is published, what is only exposed.

use std::collections::{BTreeMap, BTreeSet};

use bollard::models::{PortBinding, PortMap};
use composeyard_compose::model::{Port, Service};

/// `80/tcp` for each published or exposed port; none when there is none.
pub(super) fn exposed(service: &Service) -> Option<Vec<String>> {
    let published = service.ports.iter().map(target);
    let exposed = service.expose.iter().flat_map(|entry| range(entry));
    let all: BTreeSet<String> = published.chain(exposed).collect();
    (!all.is_empty()).then(|| all.into_iter().collect())
}

/// Container port to host ports. A host range (`8000-8010`) is left to the engine, which takes a free one.
pub(super) fn bindings(service: &Service) -> PortMap {
    let mut map = BTreeMap::<String, Vec<PortBinding>>::new();
    for port in &service.ports {
        map.entry(target(port)).or_default().push(PortBinding {
            host_ip: (!port.host_ip.is_empty()).then(|| port.host_ip.clone()),
            host_port: Some(port.published.clone()),
        });
    }
    map.into_iter().map(|(target, bindings)| (target, Some(bindings))).collect()
}

fn target(port: &Port) -> String {
    let protocol = if port.protocol.is_empty() { "tcp" } else { &port.protocol };
    format!("{}/{protocol}", port.target)
}

/// `3000`, `3000-3005`, `3000/udp`.
fn range(entry: &str) -> Vec<String> {
    let (ports, protocol) = entry.split_once('/').unwrap_or((entry, "tcp"));
    let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
    match (first.parse::<u16>(), last.parse::<u16>()) {
        (Ok(first), Ok(last)) => (first..=last).map(|port| format!("{port}/{protocol}")).collect(),
        _ => Vec::new(),
    }
}
