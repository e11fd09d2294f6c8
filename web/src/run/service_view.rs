//! What runs of a service and of the whole project, in words.

use composeyard_plan::{ContainerState, Health, Observed, ObservedContainer};

/// What a word means. Never shown by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// Nothing runs, nothing is wrong.
    Idle,
    /// As wanted.
    Ok,
    /// On its way.
    Warn,
    /// Wrong.
    Bad,
}

impl Tone {
    /// The CSS class of a dot or a word.
    pub fn class(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// What runs of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceView {
    /// Containers that run.
    pub running: u32,
    /// Containers that run and do not say that they are unhealthy or still starting.
    pub healthy: u32,
    /// Containers that exist.
    pub total: u32,
    /// "healthy", "2 of 3 running", "exited (1)"; "not created" when there is none.
    pub word: String,
    /// What the word means.
    pub tone: Tone,
}

/// The view of a service's containers. Nothing is known without `observed`.
pub fn service_view(observed: Option<&Observed>, service: &str) -> ServiceView {
    let containers: Vec<&ObservedContainer> = observed
        .map(|observed| observed.containers.iter().filter(|c| !c.oneoff && c.service == service).collect())
        .unwrap_or_default();
    let count = |wanted: &dyn Fn(&ObservedContainer) -> bool| {
        u32::try_from(containers.iter().filter(|c| wanted(c)).count()).unwrap_or(u32::MAX)
    };
    let running = count(&|c| c.state == ContainerState::Running);
    let healthy = count(&is_well);
    let total = count(&|_| true);
    let checked = containers.iter().any(|c| c.health != Health::None);
    let (word, tone) = match &containers[..] {
        [] => ("not created".to_owned(), Tone::Idle),
        [only] => container_word(only),
        all if healthy == total => {
            (format!("{total} {}", if checked { "healthy" } else { "running" }), all_tone(all))
        }
        all if running == 0 && all_tone(all) == Tone::Idle => ("stopped".to_owned(), Tone::Idle),
        all => {
            let word = if checked { "healthy" } else { "running" };
            (format!("{healthy} of {total} {word}"), all_tone(all).max(Tone::Warn))
        }
    };
    ServiceView { running, healthy, total, word, tone }
}

/// "3 of 4 healthy" for the whole project; none when it has no container.
pub fn project_word(observed: &Observed) -> Option<(String, Tone)> {
    let of_service = |c: &&ObservedContainer| !c.oneoff && !c.service.is_empty();
    let containers: Vec<&ObservedContainer> = observed.containers.iter().filter(of_service).collect();
    let tone = containers.iter().map(|c| container_word(c).1).max()?;
    // A container that did its work and ended well is as wanted, and no part of what has to run.
    let expected: Vec<&&ObservedContainer> = containers.iter().filter(|c| !ended_well(c)).collect();
    let well = expected.iter().filter(|c| is_well(c)).count();
    if expected.is_empty() {
        return Some(("stopped".to_owned(), Tone::Idle));
    }
    let word = if containers.iter().any(|c| c.health != Health::None) { "healthy" } else { "running" };
    Some((format!("{well} of {} {word}", expected.len()), tone))
}

fn all_tone(containers: &[&ObservedContainer]) -> Tone {
    containers.iter().map(|container| container_word(container).1).max().unwrap_or(Tone::Idle)
}

fn is_well(container: &ObservedContainer) -> bool {
    container.state == ContainerState::Running && matches!(container.health, Health::None | Health::Healthy)
}

/// Ended by itself without an error, or stopped by the user.
fn ended_well(container: &ObservedContainer) -> bool {
    container.state == ContainerState::Exited && !failed(container)
}

/// 137 and 143 are what a stop leaves behind: killed and terminated.
fn failed(container: &ObservedContainer) -> bool {
    !matches!(container.exit_code, None | Some(0 | 137 | 143))
}

/// One container in words: "healthy", "exited (1)".
pub fn container_word(container: &ObservedContainer) -> (String, Tone) {
    let (word, tone) = match (container.state, container.health) {
        (ContainerState::Running, Health::None) => ("running", Tone::Ok),
        (ContainerState::Running, Health::Healthy) => ("healthy", Tone::Ok),
        (ContainerState::Running, Health::Starting) => ("starting", Tone::Warn),
        (ContainerState::Running, Health::Unhealthy) => ("unhealthy", Tone::Bad),
        (ContainerState::Created, _) => ("created", Tone::Idle),
        (ContainerState::Paused, _) => ("paused", Tone::Warn),
        (ContainerState::Restarting, _) => ("restarting", Tone::Bad),
        (ContainerState::Removing, _) => ("being removed", Tone::Warn),
        (ContainerState::Dead, _) => ("dead", Tone::Bad),
        (ContainerState::Exited, _) => match container.exit_code {
            Some(code) if failed(container) => return (format!("exited ({code})"), Tone::Bad),
            Some(0) | None => ("exited", Tone::Idle),
            Some(_) => ("stopped", Tone::Idle),
        },
    };
    (word.to_owned(), tone)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(state: ContainerState, health: Health, exit_code: Option<i64>) -> ObservedContainer {
        ObservedContainer { service: "app".into(), state, health, exit_code, ..ObservedContainer::default() }
    }

    fn view(containers: Vec<ObservedContainer>) -> (String, Tone) {
        let observed = Observed { containers, ..Observed::default() };
        let view = service_view(Some(&observed), "app");
        (view.word, view.tone)
    }

    fn running() -> ObservedContainer {
        container(ContainerState::Running, Health::Healthy, None)
    }

    #[test]
    fn one_container_is_named_by_its_own_state() {
        assert_eq!(view(vec![]), ("not created".into(), Tone::Idle));
        assert_eq!(view(vec![running()]), ("healthy".into(), Tone::Ok));
        let failed = container(ContainerState::Exited, Health::None, Some(1));
        assert_eq!(view(vec![failed]), ("exited (1)".into(), Tone::Bad));
        let stopped = container(ContainerState::Exited, Health::None, Some(137));
        assert_eq!(view(vec![stopped]), ("stopped".into(), Tone::Idle));
    }

    #[test]
    fn several_containers_are_counted() {
        let starting = container(ContainerState::Running, Health::Starting, None);
        assert_eq!(view(vec![running(), running(), running()]), ("3 healthy".into(), Tone::Ok));
        assert_eq!(view(vec![running(), running(), starting]), ("2 of 3 healthy".into(), Tone::Warn));
        let failed = container(ContainerState::Exited, Health::None, Some(1));
        assert_eq!(view(vec![running(), failed]), ("1 of 2 healthy".into(), Tone::Bad));
        let stopped = || container(ContainerState::Exited, Health::None, Some(0));
        assert_eq!(view(vec![stopped(), stopped()]), ("stopped".into(), Tone::Idle));
    }

    #[test]
    fn a_project_counts_what_has_to_run() {
        let observed = |containers| Observed { containers, ..Observed::default() };
        assert_eq!(project_word(&observed(vec![])), None);
        let migration = container(ContainerState::Exited, Health::None, Some(0));
        let word = project_word(&observed(vec![running(), migration]));
        assert_eq!(word, Some(("1 of 1 healthy".into(), Tone::Ok)));
    }
}
