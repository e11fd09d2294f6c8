//! The container that a person means by a service and a number, and the port that they mean of it.

use composeyard_compose::ServiceName;

use crate::{ContainerState, Observed, ObservedContainer, PublishedPort};

/// Why there is no such thing. The words are those of the reference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PickError {
    /// No container of the service runs.
    #[error("service \"{0}\" is not running")]
    NotRunning(ServiceName),
    /// The container with this number does not run.
    #[error("service \"{service}\" is not running container #{number}")]
    NumberNotRunning {
        /// Which service.
        service: ServiceName,
        /// The number.
        number: u32,
    },
    /// The service has no container.
    #[error("no container found for service \"{0}\"")]
    None(ServiceName),
    /// The port is not published.
    #[error("no port {port}/{protocol} for container {container}: {published}")]
    NoPort {
        /// The port inside.
        port: u16,
        /// `tcp`, `udp`.
        protocol: String,
        /// Name of the container.
        container: String,
        /// The ports that are: `8080/tcp, 8443/tcp`.
        published: String,
    },
}

/// The running container of a service with this number; the first one without a number.
///
/// # Errors
/// When there is none.
pub fn running_container<'a>(
    observed: &'a Observed,
    service: &ServiceName,
    number: Option<u32>,
) -> Result<&'a ObservedContainer, PickError> {
    let mut running = observed.of(service).filter(|container| {
        use ContainerState::{Paused, Restarting, Running};
        matches!(container.state, Running | Paused | Restarting)
    });
    match number {
        None => running.next().ok_or_else(|| PickError::NotRunning(service.clone())),
        Some(number) => running
            .find(|container| container.number == number)
            .ok_or_else(|| PickError::NumberNotRunning { service: service.clone(), number }),
    }
}

/// All containers of a service, running or not; with a number, just that one. Those of one-off runs, when they are
/// wanted, come last.
///
/// # Errors
/// When there is none.
pub fn containers<'a>(
    observed: &'a Observed,
    service: &ServiceName,
    number: Option<u32>,
    runs: bool,
) -> Result<Vec<&'a ObservedContainer>, PickError> {
    let wanted = |container: &&ObservedContainer| number.is_none_or(|number| container.number == number);
    let of_service = |container: &&ObservedContainer| container.service == service.as_str();
    let oneoff = observed.containers.iter().filter(|container| runs && container.oneoff).filter(of_service);
    let found: Vec<_> = observed.of(service).chain(oneoff).filter(wanted).collect();
    if found.is_empty() { Err(PickError::None(service.clone())) } else { Ok(found) }
}

/// Where the host answers for a port of a container.
///
/// # Errors
/// When it is not published.
pub fn published_port<'a>(
    container: &'a ObservedContainer,
    port: u16,
    protocol: &str,
) -> Result<&'a PublishedPort, PickError> {
    let is_it = |published: &&PublishedPort| {
        published.container_port == port && published.protocol.eq_ignore_ascii_case(protocol)
    };
    // A port may have two addresses: the older kind is understood everywhere.
    let found = container.ports.iter().filter(is_it).min_by_key(|port| port.host_ip.contains(':'));
    found.ok_or_else(|| {
        let mut published: Vec<String> =
            container.ports.iter().map(|port| format!("{}/{}", port.host_port, port.protocol)).collect();
        published.dedup();
        PickError::NoPort {
            port,
            protocol: protocol.to_owned(),
            container: container.name.clone(),
            published: published.join(", "),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(service: &str, number: u32, state: ContainerState) -> ObservedContainer {
        let ports = [(8080, 80, "tcp"), (8053, 53, "udp")].map(|(host_port, container_port, protocol)| {
            PublishedPort { host_port, container_port, protocol: protocol.to_owned(), ..Default::default() }
        });
        ObservedContainer {
            service: service.to_owned(),
            number,
            state,
            name: format!("demo-{service}-{number}"),
            ports: ports.into(),
            ..Default::default()
        }
    }

    fn observed() -> Observed {
        let containers = vec![
            container("app", 1, ContainerState::Exited),
            container("app", 2, ContainerState::Running),
            container("app", 3, ContainerState::Paused),
        ];
        Observed { containers, ..Default::default() }
    }

    fn name(service: &str) -> ServiceName {
        ServiceName::new(service).unwrap()
    }

    #[test]
    fn without_a_number_it_is_the_first_that_runs() {
        let number = |wanted| running_container(&observed(), &name("app"), wanted).map(|c| c.number);
        assert_eq!(number(None), Ok(2));
        assert_eq!(number(Some(3)), Ok(3));
        assert_eq!(number(Some(1)).unwrap_err().to_string(), "service \"app\" is not running container #1");
        let nobody = running_container(&observed(), &name("db"), None).unwrap_err();
        assert_eq!(nobody.to_string(), "service \"db\" is not running");
    }

    #[test]
    fn stopped_containers_count_where_nothing_has_to_run() {
        let numbers = |wanted| {
            let observed = observed();
            let found = containers(&observed, &name("app"), wanted, false);
            found.map(|found| found.iter().map(|c| c.number).collect::<Vec<_>>())
        };
        assert_eq!(numbers(None), Ok(vec![1, 2, 3]));
        assert_eq!(numbers(Some(1)), Ok(vec![1]));
        assert_eq!(numbers(Some(9)), Err(PickError::None(name("app"))));
    }

    #[test]
    fn one_off_runs_count_last_and_only_when_they_are_wanted() {
        let mut observed = observed();
        observed.containers[0].oneoff = true;
        let numbers = |runs| {
            let found = containers(&observed, &name("app"), None, runs).unwrap();
            found.iter().map(|c| c.number).collect::<Vec<_>>()
        };
        assert_eq!((numbers(false), numbers(true)), (vec![2, 3], vec![2, 3, 1]));
    }

    #[test]
    fn a_port_is_one_of_a_protocol() {
        let app = container("app", 1, ContainerState::Running);
        assert_eq!(published_port(&app, 80, "tcp").map(|port| port.host_port), Ok(8080));
        assert_eq!(published_port(&app, 53, "UDP").map(|port| port.host_port), Ok(8053));
        let none = published_port(&app, 80, "udp").unwrap_err().to_string();
        assert_eq!(none, "no port 80/udp for container demo-app-1: 8080/tcp, 8053/udp");
    }
}
