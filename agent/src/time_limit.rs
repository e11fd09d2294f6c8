//! How long work may take: what takes longer is cancelled, and has failed.

use std::pin::pin;
use std::time::Duration;

use composeyard_protocol::{Failure, FailureKind, Outcome};
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

/// For cancelled work to bring what it does to a safe end.
const SAFE_END: Duration = Duration::from_secs(60);

/// A length of time that has begun.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    length: Duration,
    end: Instant,
}

impl Limit {
    /// From now on. Must run inside a tokio runtime.
    pub(crate) fn from_now(length: Duration) -> Self {
        Self { length, end: Instant::now() + length }
    }

    /// What is said of work that took longer.
    pub(crate) fn failure(self) -> Failure {
        Failure {
            kind: FailureKind::Engine,
            message: format!("it took longer than {} and was cancelled", words(self.length)),
            help: Some("Check that Docker answers, then try again.".to_owned()),
        }
    }
}

/// Does the work within a limit. What takes longer is cancelled, as the user would cancel it, and has failed.
pub(crate) async fn within(
    limit: Option<Limit>,
    cancel: &CancellationToken,
    work: impl Future<Output = Outcome>,
) -> Outcome {
    let Some(limit) = limit else { return work.await };
    let mut work = pin!(work);
    if let Ok(outcome) = timeout_at(limit.end, &mut work).await {
        return outcome;
    }
    cancel.cancel();
    match timeout(SAFE_END, work).await {
        // It was just about to end.
        Ok(Outcome::Done) => Outcome::Done,
        _ => Outcome::Failed { failure: limit.failure() },
    }
}

/// Does work that changes nothing within a limit: what takes longer is dropped.
///
/// # Errors
/// When it took longer.
pub(crate) async fn look<T>(limit: Option<Limit>, work: impl Future<Output = T>) -> Result<T, Failure> {
    match limit {
        None => Ok(work.await),
        Some(limit) => timeout_at(limit.end, work).await.map_err(|_| limit.failure()),
    }
}

/// `2 h`, `5 min`, `90 s`, `0.5 s`
fn words(length: Duration) -> String {
    match length.as_secs() {
        _ if length.subsec_nanos() > 0 => format!("{} s", length.as_secs_f64()),
        seconds if seconds > 0 && seconds % 3600 == 0 => format!("{} h", seconds / 3600),
        seconds if seconds > 0 && seconds % 60 == 0 => format!("{} min", seconds / 60),
        seconds => format!("{seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_takes_too_long_is_cancelled_and_has_failed() {
        let cancel = CancellationToken::new();
        let work = async {
            cancel.cancelled().await;
            Outcome::Cancelled
        };
        let limit = Limit::from_now(Duration::from_millis(1));
        let outcome = within(Some(limit), &cancel, work).await;
        let Outcome::Failed { failure } = outcome else { panic!("{outcome:?}") };
        assert!(failure.message.contains("took longer than 0.001 s"), "{failure:?}");
        assert_eq!(look(Some(limit), std::future::pending::<()>()).await, Err(failure));
    }

    #[tokio::test]
    async fn what_ends_in_time_is_left_alone() {
        let cancel = CancellationToken::new();
        let limit = Some(Limit::from_now(Duration::from_secs(60)));
        assert_eq!(within(limit, &cancel, async { Outcome::Done }).await, Outcome::Done);
        assert_eq!(within(None, &cancel, async { Outcome::Cancelled }).await, Outcome::Cancelled);
        assert_eq!((look(limit, async { 1 }).await, look(None, async { 2 }).await), (Ok(1), Ok(2)));
        assert!(!cancel.is_cancelled());
    }

    #[test]
    fn a_limit_is_told_in_its_own_unit() {
        let told = [7200, 300, 90, 1].map(|seconds| words(Duration::from_secs(seconds)));
        assert_eq!(told, ["2 h", "5 min", "90 s", "1 s"]);
        assert_eq!(words(Duration::from_millis(1500)), "1.5 s");
    }
}
