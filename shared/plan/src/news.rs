//! What an event of the engine tells of a container that was looked at before: where it tells enough, a wait needs no
//! second look.

use crate::{ContainerState, Health, ObservedContainer};

/// An event of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// Engine id.
    pub container: String,
    /// By the engine's clock, nanoseconds since 1970.
    pub at: i64,
    /// What happened.
    pub what: Happened,
}

/// What happened to a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened {
    /// Its check came to another result. Event `health_status`.
    Health(Health),
    /// Its process ended, with this exit code. Event `die`.
    Ended(i64),
    /// Anything else.
    Other,
}

impl News {
    /// Puts it into what was seen before. False when it does not say how things stand now: another look must.
    #[must_use]
    pub fn enter(&self, seen: &mut [ObservedContainer]) -> bool {
        let Some(container) = seen.iter_mut().find(|container| container.id == self.container) else {
            return false;
        };
        // Events of the last moments before a look come after it, also those of a run that has ended.
        if container.state != ContainerState::Running || self.at < container.started_at {
            return false;
        }
        match self.what {
            Happened::Health(health) => container.health = health,
            // Else the engine may be about to start it again.
            Happened::Ended(code) if container.ends_for_good => {
                container.state = ContainerState::Exited;
                container.exit_code = Some(code);
            }
            Happened::Ended(_) | Happened::Other => return false,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(state: ContainerState) -> ObservedContainer {
        ObservedContainer {
            id: "db".to_owned(),
            state,
            health: Health::Starting,
            started_at: 100,
            ..ObservedContainer::default()
        }
    }

    fn news(at: i64, what: Happened) -> News {
        News { container: "db".to_owned(), at, what }
    }

    const HEALTHY: Happened = Happened::Health(Health::Healthy);

    #[test]
    fn a_check_of_this_run_tells_its_health() {
        let mut containers = [seen(ContainerState::Running)];
        assert!(news(101, HEALTHY).enter(&mut containers));
        assert_eq!(containers[0].health, Health::Healthy);
    }

    #[test]
    fn an_end_tells_all_only_where_nothing_starts_it_again() {
        let ended = news(101, Happened::Ended(3));
        let mut containers = [seen(ContainerState::Running)];
        assert!(!ended.enter(&mut containers));
        containers[0].ends_for_good = true;
        assert!(ended.enter(&mut containers));
        assert_eq!((containers[0].state, containers[0].exit_code), (ContainerState::Exited, Some(3)));
    }

    #[test]
    fn old_news_of_strangers_and_of_other_kinds_ask_for_a_look() {
        let asks_for_a_look = |news: News, seen: ObservedContainer| {
            let mut containers = [seen];
            let before = containers.clone();
            assert!(!news.enter(&mut containers), "{news:?}");
            assert_eq!(containers, before, "{news:?}");
        };
        asks_for_a_look(news(99, HEALTHY), seen(ContainerState::Running));
        asks_for_a_look(news(101, HEALTHY), seen(ContainerState::Created));
        asks_for_a_look(news(101, Happened::Other), seen(ContainerState::Running));
        let stranger = News { container: "web".to_owned(), ..news(101, HEALTHY) };
        asks_for_a_look(stranger, seen(ContainerState::Running));
    }
}
