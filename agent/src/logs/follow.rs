//! One subscription to a project's logs.

use std::collections::BTreeMap;

use composeyard_compose::{ProjectName, ServiceName};
use composeyard_logs::line::{Cursor, SourceId};
use composeyard_plan::{Observed, ObservedContainer};
use composeyard_protocol::{LogSource, RequestId};
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

use super::{container, gather, queue::Queue};
use crate::engine::Engine;

/// What a subscriber gets.
#[derive(Clone, Debug)]
pub enum LogEvent {
    /// A container began to be followed.
    Opened(LogSource),
    /// A container's lines have come to an end.
    Closed {
        /// Which, and why.
        source: LogSource,
        /// When the run began whose lines have all come, nanoseconds since 1970; 0 when that is not known.
        run: i64,
    },
    /// Lines, encoded for the wire.
    Batch(Vec<u8>),
}

/// What a subscriber wants.
#[derive(Clone, Debug)]
pub struct Subscription {
    /// Stands in each batch.
    pub request: RequestId,
    /// Which project.
    pub project: ProjectName,
    /// Only these services; empty for all.
    pub services: Vec<ServiceName>,
    /// Only containers with this number.
    pub index: Option<u32>,
    /// Lines of the past for containers without a cursor; none for all.
    pub tail: Option<u32>,
    /// For containers without a cursor, only lines from then on; nanoseconds since 1970.
    pub since: Option<i64>,
    /// How far the subscriber has already read.
    pub cursors: Vec<Cursor>,
}

/// Sends a project's logs until cancelled or until nobody listens to `out`: containers that exist and those that are
/// started later. A container is announced before its first line.
pub async fn follow(
    engine: Engine,
    subscription: Subscription,
    out: mpsc::Sender<LogEvent>,
    cancel: CancellationToken,
) {
    let (queue, waiting) = Queue::new();
    let request = subscription.request;
    tokio::select! {
        () = cancel.cancelled() => {}
        () = gather::run(request, waiting, out) => {}
        () = attach(engine, subscription, queue) => {}
    }
}

/// Starts a follower for each container as it appears. Ends when the engine's handle does.
async fn attach(engine: Engine, mut subscription: Subscription, queue: Queue) {
    // No line of the past, but all that come from now on, also those of a run that begins before its stream is open.
    if subscription.tail == Some(0)
        && let Ok(now) = engine.now().await
    {
        subscription.tail = None;
        subscription.since = subscription.since.max(Some(now));
    }
    let mut snapshots = engine.watch_project(subscription.project.clone());
    let mut cursors: BTreeMap<String, Cursor> =
        subscription.cursors.iter().map(|c| (c.container.clone(), c.clone())).collect();
    let mut known = BTreeMap::new();
    let mut followers = JoinSet::new();
    let mut first = true;
    loop {
        let Some(containers) = wanted(&subscription, &snapshots.borrow_and_update()) else {
            if snapshots.changed().await.is_err() {
                return;
            }
            continue;
        };
        for found in containers {
            if known.contains_key(&found.id) {
                continue;
            }
            let Ok(number) = u16::try_from(known.len()) else {
                tracing::warn!("a log subscription has seen 65536 containers and follows no more");
                break;
            };
            known.insert(found.id.clone(), number);
            let start = container::Start {
                source: source(&subscription.project, &found, SourceId(number)),
                cursor: cursors.remove(&found.id),
                // A container that came after the subscription is new from its first line on.
                tail: if first { subscription.tail } else { None },
                since: subscription.since,
                run: found.started_at,
            };
            followers.spawn(container::follow(engine.clone(), start, snapshots.clone(), queue.clone()));
        }
        first = false;
        while followers.try_join_next().is_some() {}
        if snapshots.changed().await.is_err() {
            return;
        }
    }
}

fn wanted(
    subscription: &Subscription,
    snapshot: &watch::Ref<'_, Option<Observed>>,
) -> Option<Vec<ObservedContainer>> {
    let is_wanted = |c: &&ObservedContainer| {
        // The classic builder's containers carry the project's label, but belong to no service.
        !c.oneoff
            && !c.service.is_empty()
            && subscription.index.is_none_or(|index| c.number == index)
            && (subscription.services.is_empty()
                || subscription.services.iter().any(|s| s.as_str() == c.service))
    };
    Some(snapshot.as_ref()?.containers.iter().filter(is_wanted).cloned().collect())
}

fn source(project: &ProjectName, container: &ObservedContainer, source: SourceId) -> LogSource {
    let short = container.name.strip_prefix(project.as_str()).and_then(|rest| rest.strip_prefix(['-', '_']));
    LogSource {
        source,
        container: container.id.clone(),
        name: short.unwrap_or(&container.name).to_owned(),
        service: container.service.clone(),
        open: true,
        note: String::new(),
    }
}
