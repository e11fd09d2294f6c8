//! How long a request may take: a look is quick or goes wrong, a command may wait for downloads and health checks, a
//! stream goes on for as long as someone listens.

use std::time::Duration;

use composeyard_protocol::Request;

const LOOK: Duration = Duration::from_secs(60);
const COMMAND: Duration = Duration::from_secs(2 * 60 * 60);

/// The limit of a request; none for streams.
pub(super) fn of(request: &Request) -> Option<Duration> {
    use Request::{BackUpVolume, Events, FollowLogs, RestoreVolume, Run, Scale, Volumes, Watch};
    match request {
        Watch { .. } | Events { .. } | FollowLogs { .. } => None,
        Run { .. } | Scale { .. } | BackUpVolume { .. } | RestoreVolume { .. } | Volumes { .. } => {
            Some(COMMAND)
        }
        _ => Some(LOOK),
    }
}

#[cfg(test)]
mod tests {
    use composeyard_compose::ProjectName;
    use composeyard_plan::{BuildOptions, Command, PullOptions, RmOptions};
    use composeyard_protocol::Selection;

    use super::*;

    fn project() -> ProjectName {
        ProjectName::new("demo").unwrap()
    }

    #[test]
    fn everything_but_a_stream_has_a_limit_and_a_look_the_shortest() {
        let run = |command| Request::Run {
            project: project(),
            selection: Selection::default(),
            command,
            shown: None,
            consent: Vec::new(),
        };
        let commands = [
            Command::Pull(PullOptions::default()),
            Command::Build(BuildOptions::default()),
            Command::Rm(RmOptions::default()),
            Command::Pause { services: Vec::new() },
        ];
        assert!(commands.into_iter().all(|command| of(&run(command)) == Some(COMMAND)));
        let looks = [
            Request::ListProjects,
            Request::Images { project: project() },
            Request::Top { project: project(), services: Vec::new() },
        ];
        assert!(looks.iter().all(|look| of(look) == Some(LOOK)));
        assert_eq!(of(&Request::Watch { project: project() }), None);
        assert!(LOOK < COMMAND);
    }
}
