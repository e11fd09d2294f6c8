//! How long a request may take: a look is quick or goes wrong, a command may wait for downloads and health checks, a
//! stream goes on for as long as someone listens.

use std::pin::pin;
use std::time::Duration;

use composeyard_protocol::{Outcome, Request};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::failure;

const LOOK: Duration = Duration::from_secs(60);
const COMMAND: Duration = Duration::from_secs(2 * 60 * 60);
/// For a cancelled command to bring what it does to a safe end.
const SAFE_END: Duration = Duration::from_secs(60);

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

/// Does the work within a limit. What takes longer is cancelled, as the client would cancel it, and has failed.
pub(super) async fn within(
    limit: Option<Duration>,
    cancel: &CancellationToken,
    work: impl Future<Output = Outcome>,
) -> Outcome {
    let Some(limit) = limit else { return work.await };
    let mut work = pin!(work);
    if let Ok(outcome) = timeout(limit, &mut work).await {
        return outcome;
    }
    cancel.cancel();
    match timeout(SAFE_END, work).await {
        // It was just about to end.
        Ok(Outcome::Done) => Outcome::Done,
        _ => Outcome::Failed { failure: failure::too_long(limit) },
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

    #[tokio::test]
    async fn what_takes_too_long_is_cancelled_and_has_failed() {
        let cancel = CancellationToken::new();
        let work = async {
            cancel.cancelled().await;
            Outcome::Cancelled
        };
        let outcome = within(Some(Duration::from_millis(1)), &cancel, work).await;
        let Outcome::Failed { failure } = outcome else { panic!("{outcome:?}") };
        assert!(failure.message.contains("took longer than"), "{failure:?}");
    }

    #[tokio::test]
    async fn what_ends_in_time_is_left_alone() {
        let cancel = CancellationToken::new();
        assert_eq!(within(Some(LOOK), &cancel, async { Outcome::Done }).await, Outcome::Done);
        assert_eq!(within(None, &cancel, async { Outcome::Cancelled }).await, Outcome::Cancelled);
        assert!(!cancel.is_cancelled());
    }
}
