//! Which verbs make sense for a service, or for the whole project, and why the others do not.

use composeyard_compose::{Project, ServiceName};
use composeyard_plan::{ContainerState, Observed};

/// What the menus offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Stop and start.
    Restart,
    /// Stop what runs.
    Stop,
    /// Start what is stopped.
    Start,
    /// Freeze what runs.
    Pause,
    /// Let what is frozen go on.
    Unpause,
    /// Send a signal.
    Kill,
    /// Remove stopped containers.
    RemoveStopped,
    /// Fetch images.
    Pull,
    /// Build images.
    Build,
    /// Look at or into containers that run.
    Enter,
    /// Look at what exists.
    Look,
    /// Remove everything.
    Down,
}

/// How a service stands, or the whole project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Why nothing can be done just now.
    pub barred: Option<String>,
    /// Containers that run or are being started again.
    pub running: usize,
    /// Frozen containers.
    pub paused: usize,
    /// Containers without a process.
    pub resting: usize,
    /// A network is there.
    pub networked: bool,
    /// A service is built here.
    pub builds: bool,
    /// A service runs an image that is fetched.
    pub fetches: bool,
}

impl Standing {
    /// From the files and from what exists; of one service or of all.
    pub fn of(
        barred: Option<String>,
        project: Option<&Project>,
        observed: Option<&Observed>,
        service: Option<&ServiceName>,
    ) -> Self {
        let mut standing = Self { barred, ..Self::default() };
        let ours = |name: &str| service.is_none_or(|service| service.as_str() == name);
        for container in observed.into_iter().flat_map(|observed| &observed.containers) {
            if container.oneoff || !ours(&container.service) {
                continue;
            }
            match container.state {
                ContainerState::Running | ContainerState::Restarting => standing.running += 1,
                ContainerState::Paused => standing.paused += 1,
                _ => standing.resting += 1,
            }
        }
        standing.networked = observed.is_some_and(|observed| !observed.networks.is_empty());
        let services = project.into_iter().flat_map(|project| &project.services);
        for (_, service) in services.filter(|(name, _)| ours(name.as_str())) {
            standing.builds |= service.build.is_some();
            standing.fetches |= service.build.is_none() && !service.image.is_empty();
        }
        standing
    }

    /// Why a verb makes no sense now; none when it does.
    pub fn why_not(&self, verb: Verb) -> Option<String> {
        if let Some(barred) = &self.barred {
            // Looking disturbs no command.
            if !matches!(verb, Verb::Enter | Verb::Look) {
                return Some(barred.clone());
            }
        }
        let (alive, any) = (self.running + self.paused, self.running + self.paused + self.resting);
        let reason = match verb {
            Verb::Restart | Verb::Look if any == 0 => "There is no container yet.",
            Verb::Start if any == 0 => "There is no container yet: use Up.",
            Verb::Start if self.resting == 0 => "Everything runs.",
            Verb::Stop | Verb::Kill if alive == 0 => "Nothing runs.",
            Verb::Pause | Verb::Enter if self.running == 0 => "Nothing runs.",
            Verb::Unpause if self.paused == 0 => "Nothing is paused.",
            Verb::RemoveStopped if self.resting == 0 => "No container is stopped.",
            Verb::Pull if !self.fetches => "The image is built here.",
            Verb::Build if !self.builds => "The files have no build for it.",
            Verb::Down if any == 0 && !self.networked => "Nothing is up.",
            _ => return None,
        };
        Some(reason.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use composeyard_plan::ObservedContainer;

    fn standing(states: &[ContainerState]) -> Standing {
        let containers = states.iter().map(|state| ObservedContainer {
            service: "app".into(),
            state: *state,
            ..Default::default()
        });
        let observed = Observed { containers: containers.collect(), ..Observed::default() };
        Standing::of(None, None, Some(&observed), Some(&ServiceName::new("app").unwrap()))
    }

    fn offered(standing: &Standing) -> Vec<Verb> {
        use Verb::{Kill, Pause, RemoveStopped, Restart, Start, Stop, Unpause};
        let all = [Restart, Stop, Start, Pause, Unpause, Kill, RemoveStopped];
        all.into_iter().filter(|verb| standing.why_not(*verb).is_none()).collect()
    }

    #[test]
    fn a_verb_is_offered_when_something_would_come_of_it() {
        use ContainerState::{Exited, Paused, Running};
        use Verb::{Kill, Pause, RemoveStopped, Restart, Start, Stop, Unpause};
        assert_eq!(offered(&standing(&[])), []);
        assert_eq!(offered(&standing(&[Running])), [Restart, Stop, Pause, Kill]);
        assert_eq!(offered(&standing(&[Paused])), [Restart, Stop, Unpause, Kill]);
        assert_eq!(offered(&standing(&[Exited])), [Restart, Start, RemoveStopped]);
    }

    #[test]
    fn while_a_command_runs_one_may_only_look() {
        let busy =
            Standing { barred: Some("Up is under way.".into()), ..standing(&[ContainerState::Running]) };
        assert_eq!(offered(&busy), []);
        assert_eq!(busy.why_not(Verb::Stop).as_deref(), Some("Up is under way."));
        assert_eq!(busy.why_not(Verb::Enter), None);
    }

    #[test]
    fn another_services_containers_do_not_count() {
        let running = ObservedContainer {
            service: "db".into(),
            state: ContainerState::Running,
            ..ObservedContainer::default()
        };
        let observed = Observed { containers: vec![running], ..Observed::default() };
        let of = |service: Option<&str>| {
            let service = service.map(|name| ServiceName::new(name).unwrap());
            Standing::of(None, None, Some(&observed), service.as_ref()).running
        };
        assert_eq!((of(Some("app")), of(Some("db")), of(None)), (0, 1, 1));
    }
}
