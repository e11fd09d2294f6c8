//! Pages that the running containers publish.

use composeyard_plan::{ContainerState, Observed};

/// A port of this machine that a service answers on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Published {
    /// Who answers.
    pub service: String,
    /// On this machine.
    pub port: u16,
    /// `http://localhost:8080`
    pub url: String,
}

/// All TCP ports that running containers publish, by service and port.
pub fn published(observed: &Observed) -> Vec<Published> {
    let running = observed.containers.iter().filter(|c| c.state == ContainerState::Running);
    let ports = running.flat_map(|c| c.ports.iter().map(move |port| (c, port)));
    let tcp = ports.filter(|(_, port)| port.protocol == "tcp" && port.host_port != 0);
    let mut found: Vec<Published> = tcp
        .map(|(container, port)| Published {
            service: container.service.clone(),
            port: port.host_port,
            url: url(port.host_port, port.container_port),
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

fn url(host_port: u16, container_port: u16) -> String {
    match (host_port, container_port) {
        (443, _) => "https://localhost".to_owned(),
        (port, 443 | 8443) => format!("https://localhost:{port}"),
        (80, _) => "http://localhost".to_owned(),
        (port, _) => format!("http://localhost:{port}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use composeyard_plan::{ObservedContainer, observed::PublishedPort};

    #[test]
    fn each_port_is_listed_once_as_an_address() {
        let port = |host_ip: &str| PublishedPort {
            host_ip: host_ip.into(),
            host_port: 8080,
            container_port: 80,
            protocol: "tcp".into(),
        };
        let container = ObservedContainer {
            service: "web".into(),
            state: ContainerState::Running,
            ports: vec![port("0.0.0.0"), port("::")],
            ..ObservedContainer::default()
        };
        let stopped = ObservedContainer { state: ContainerState::Exited, ..container.clone() };
        let observed = Observed { containers: vec![container, stopped], ..Observed::default() };
        let urls: Vec<String> = published(&observed).into_iter().map(|p| p.url).collect();
        assert_eq!(urls, ["http://localhost:8080"]);
    }
}
