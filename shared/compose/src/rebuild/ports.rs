//! `ports` and `expose`, in short form.

use serde_json::Value;

use super::{
    inspection::{Config, Container, PortBinding},
    sheet::Sheet,
};

/// Writes both.
pub(super) fn ports(sheet: &mut Sheet, container: &Container, image: &Config) {
    let bindings = &container.host_config.port_bindings;
    let mut published: Vec<(u16, String)> = bindings
        .iter()
        .flat_map(|(target, bindings)| bindings.iter().map(move |binding| (target, binding)))
        .map(|(target, binding)| (port(target), short(target, binding)))
        .collect();
    published.sort();
    sheet.put("ports", published.into_iter().map(|(_, text)| text).collect::<Value>());

    let exposed = container.config.exposed_ports.keys();
    let mut own: Vec<&String> = exposed
        .filter(|target| !bindings.contains_key(*target) && !image.exposed_ports.contains_key(*target))
        .collect();
    own.sort_by_key(|target| port(target));
    sheet.put("expose", own.into_iter().map(|target| without_tcp(target)).collect::<Value>());
}

fn port(target: &str) -> u16 {
    target.split('/').next().and_then(|port| port.parse().ok()).unwrap_or(0)
}

fn without_tcp(target: &str) -> &str {
    target.strip_suffix("/tcp").unwrap_or(target)
}

/// `[[IP:][HOST]:]CONTAINER[/PROTOCOL]`. Compose specification, services "ports".
fn short(target: &str, binding: &PortBinding) -> String {
    let PortBinding { host_ip, host_port } = binding;
    let target = without_tcp(target);
    match (host_ip.as_str(), host_port.as_str()) {
        ("", "" | "0") => target.to_owned(),
        ("", port) => format!("{port}:{target}"),
        (ip, port) if ip.contains(':') => format!("[{ip}]:{port}:{target}"),
        (ip, port) => format!("{ip}:{port}:{target}"),
    }
}
