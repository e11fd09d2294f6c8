//! Whether a dependency meets its condition: what [`crate::Action::WaitFor`] waits for.

use composeyard_compose::{ServiceName, model::Condition};

use crate::{ContainerState, Health, ObservedContainer};

/// Where a condition stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Not yet; look again when something changes.
    Pending,
    /// It holds.
    Met,
    /// It cannot hold any more.
    Failed(String),
}

/// Judges a service's containers. The words are those of the reference.
pub fn verdict(service: &ServiceName, condition: Condition, containers: &[ObservedContainer]) -> Verdict {
    if containers.is_empty() {
        return Verdict::Failed(format!("service {service} has no container"));
    }
    match condition {
        Condition::ServiceStarted => Verdict::Met,
        Condition::ServiceHealthy => healthy(containers),
        Condition::ServiceCompletedSuccessfully => completed(service, containers),
    }
}

/// Judges whether a service is up: its containers run, and are healthy where they have a check.
pub fn up_verdict(service: &ServiceName, containers: &[ObservedContainer]) -> Verdict {
    let checked = containers.iter().any(|container| container.health != Health::None);
    match containers.iter().find(|container| container.state == ContainerState::Exited) {
        _ if containers.is_empty() => verdict(service, Condition::ServiceStarted, containers),
        _ if checked => healthy(containers),
        Some(ended) => {
            Verdict::Failed(format!("container {} exited ({})", ended.name, ended.exit_code.unwrap_or(0)))
        }
        None if containers.iter().all(|container| container.state == ContainerState::Running) => Verdict::Met,
        None => Verdict::Pending,
    }
}

fn healthy(containers: &[ObservedContainer]) -> Verdict {
    let failed = |text: String| Verdict::Failed(format!("dependency failed to start: {text}"));
    let mut pending = false;
    for container in containers {
        let name = &container.name;
        match (container.state, container.health) {
            (ContainerState::Exited | ContainerState::Dead, _) => {
                return failed(format!("container {name} exited ({})", container.exit_code.unwrap_or(0)));
            }
            (ContainerState::Created, _) => pending = true,
            (_, Health::Unhealthy) => return failed(format!("container {name} is unhealthy")),
            (_, Health::None) => return failed(format!("container {name} has no healthcheck configured")),
            (_, Health::Starting) => pending = true,
            (_, Health::Healthy) => {}
        }
    }
    if pending { Verdict::Pending } else { Verdict::Met }
}

fn completed(service: &ServiceName, containers: &[ObservedContainer]) -> Verdict {
    let ended = |container: &&ObservedContainer| {
        matches!(container.state, ContainerState::Exited | ContainerState::Dead)
    };
    match containers.iter().find(ended) {
        None => Verdict::Pending,
        Some(container) => match container.exit_code.unwrap_or(0) {
            0 => Verdict::Met,
            code => Verdict::Failed(format!("service {service} didn't complete successfully: exit {code}")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(condition: Condition, containers: &[(ContainerState, Health, i64)]) -> Verdict {
        let containers: Vec<ObservedContainer> = containers
            .iter()
            .enumerate()
            .map(|(at, (state, health, code))| ObservedContainer {
                name: format!("shop-db-{}", at + 1),
                state: *state,
                health: *health,
                exit_code: Some(*code),
                ..Default::default()
            })
            .collect();
        #[allow(clippy::unwrap_used)]
        verdict(&ServiceName::new("db").unwrap(), condition, &containers)
    }

    #[test]
    fn healthy_means_all_of_them() {
        use ContainerState::Running;
        let healthy = Condition::ServiceHealthy;
        assert_eq!(judge(healthy, &[(Running, Health::Healthy, 0)]), Verdict::Met);
        let one_starting = [(Running, Health::Healthy, 0), (Running, Health::Starting, 0)];
        assert_eq!(judge(healthy, &one_starting), Verdict::Pending);
    }

    #[test]
    fn what_can_never_become_healthy_fails_at_once() {
        let text = |state, health, code| match judge(Condition::ServiceHealthy, &[(state, health, code)]) {
            Verdict::Failed(text) => text,
            other => format!("{other:?}"),
        };
        use ContainerState::{Exited, Running};
        assert_eq!(
            text(Running, Health::Unhealthy, 0),
            "dependency failed to start: container shop-db-1 is unhealthy"
        );
        assert_eq!(
            text(Exited, Health::Unhealthy, 3),
            "dependency failed to start: container shop-db-1 exited (3)"
        );
        assert_eq!(
            text(Running, Health::None, 0),
            "dependency failed to start: container shop-db-1 has no healthcheck configured"
        );
    }

    #[test]
    fn completion_looks_at_the_exit_code() {
        let done = Condition::ServiceCompletedSuccessfully;
        assert_eq!(judge(done, &[(ContainerState::Running, Health::None, 0)]), Verdict::Pending);
        assert_eq!(judge(done, &[(ContainerState::Exited, Health::None, 0)]), Verdict::Met);
        assert_eq!(
            judge(done, &[(ContainerState::Exited, Health::None, 3)]),
            Verdict::Failed("service db didn't complete successfully: exit 3".to_owned())
        );
    }

    #[test]
    fn up_means_running_or_healthy_where_there_is_a_check() {
        let db = ServiceName::new("db").unwrap();
        let one = |state, health| {
            let container =
                ObservedContainer { name: "shop-db-1".to_owned(), state, health, ..Default::default() };
            up_verdict(&db, &[container])
        };
        assert_eq!(one(ContainerState::Running, Health::None), Verdict::Met);
        assert_eq!(one(ContainerState::Running, Health::Starting), Verdict::Pending);
        assert_eq!(one(ContainerState::Running, Health::Healthy), Verdict::Met);
        assert_eq!(one(ContainerState::Restarting, Health::None), Verdict::Pending);
        assert_eq!(
            one(ContainerState::Exited, Health::None),
            Verdict::Failed("container shop-db-1 exited (0)".to_owned())
        );
    }

    #[test]
    fn a_service_without_containers_never_meets_anything() {
        assert!(matches!(judge(Condition::ServiceHealthy, &[]), Verdict::Failed(_)));
    }
}
