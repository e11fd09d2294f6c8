//! What is written from now on, after what was written before.

use std::collections::BTreeMap;
use std::io::Write;
use std::time::Duration;

use composeyard_compose::ServiceName;
use composeyard_logs::wire;
use composeyard_plan::{ContainerState, Observed, ObservedContainer};
use composeyard_protocol::RequestId;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::super::project::Opened;
use super::super::{signals, when};
use super::Wanted;
use super::lines::{Printer, Style};
use crate::logs::{self, LogEvent, Subscription};

/// For a line from the engine to here.
const ARRIVAL: Duration = Duration::from_millis(300);
/// For the last lines of containers that have ended.
const LAST_LINES: Duration = Duration::from_secs(10);
/// A container that has ended may be between two runs: a restart begins the next within that.
const RESTART: Duration = Duration::from_secs(1);

/// Containers by id, each with the moment at which a run of it began, nanoseconds since 1970.
pub(in super::super) type Runs = BTreeMap<String, i64>;

/// Prints lines until all containers have ended, until Ctrl-C, or until the moment that was named.
pub(super) async fn until_over(opened: &Opened, wanted: &Wanted, style: Style) -> anyhow::Result<()> {
    let (over, last) = watch::channel(None);
    let ended = signals::ended()?;
    let before = ended_runs(opened, &wanted.services).await?;
    let waiting = async {
        let runs = all_ended(opened, wanted, &before).await;
        over.send_replace(Some(runs));
        std::future::pending::<()>().await;
    };
    tokio::select! {
        printed = until_read(opened, wanted, style, &before, last) => printed,
        () = waiting => Ok(()),
        () = ended => Ok(()),
        () = at(wanted.until) => Ok(()),
    }
}

/// Waits until each container has ended a run that had not ended `before`, and gives these runs. One that had ended is
/// waited for, as the reference does: it may be about to be started.
async fn all_ended(opened: &Opened, wanted: &Wanted, before: &Runs) -> Runs {
    let mut snapshots = opened.engine.watch_project(opened.project.name.clone());
    loop {
        snapshots.mark_unchanged();
        // A snapshot may be older than what is followed: this look is not. While the engine is away, nothing is over.
        let observed = opened.engine.observe(&opened.project.name, None).await;
        let runs = observed.ok().and_then(|observed| last_runs(observed, wanted, before));
        let changed = match runs {
            Some(runs) => match tokio::time::timeout(RESTART, snapshots.changed()).await {
                Err(_quiet) => return runs,
                Ok(changed) => changed,
            },
            None => snapshots.changed().await,
        };
        if changed.is_err() {
            return Runs::new();
        }
    }
}

/// The runs that have ended; none while a container runs, is about to, or had ended `before`.
fn last_runs(observed: Observed, wanted: &Wanted, before: &Runs) -> Option<Runs> {
    let followed = observed.only(&wanted.services).containers.into_iter().filter(|it| wanted.is_of(it));
    let over = |it: &ObservedContainer| has_ended(it) && before.get(&it.id) != Some(&it.started_at);
    followed.map(|it| over(&it).then_some((it.id, it.started_at))).collect()
}

/// The runs of the services' containers that have ended; of all when none is named.
///
/// # Errors
/// When the engine does not answer.
pub(in super::super) async fn ended_runs(opened: &Opened, services: &[ServiceName]) -> anyhow::Result<Runs> {
    let observed = opened.engine.observe(&opened.project.name, None).await?.only(services);
    let ran = observed.containers.into_iter().filter(|it| has_ended(it) && it.started_at != 0);
    Ok(ran.map(|container| (container.id, container.started_at)).collect())
}

fn has_ended(container: &ObservedContainer) -> bool {
    matches!(container.state, ContainerState::Exited | ContainerState::Dead)
}

/// Prints lines until those of the last runs, once these are told, have all come. The end of a container is a line, too,
/// unless it had ended `before`.
pub(in super::super) async fn until_read(
    opened: &Opened,
    wanted: &Wanted,
    style: Style,
    before: &Runs,
    mut last: watch::Receiver<Option<Runs>>,
) -> anyhow::Result<()> {
    let (out, mut events) = mpsc::channel(8);
    let subscription = Subscription {
        request: RequestId(0),
        project: opened.project.name.clone(),
        services: wanted.services.clone(),
        index: wanted.index,
        tail: wanted.tail,
        since: wanted.since,
        cursors: Vec::new(),
    };
    let following = logs::follow(opened.engine.clone(), subscription, out, CancellationToken::new());
    let mut patience = last.clone();
    let printing = async {
        let mut printer = Printer::new(style);
        let mut read = Runs::new();
        while !last.borrow().as_ref().is_some_and(|last| are_read(last, &read)) {
            tokio::select! {
                event = events.recv() => match event {
                    Some(LogEvent::Opened(source)) => printer.source(source.source, &source.name, &source.service),
                    Some(LogEvent::Closed { source, run }) => {
                        if before.get(&source.container) != Some(&run) {
                            printer.note(&mut std::io::stdout(), &source.name, &source.note)?;
                        }
                        read.insert(source.container, run);
                    }
                    Some(LogEvent::Batch(bytes)) => print(&bytes, &printer, wanted.until)?,
                    None => break,
                },
                Ok(()) = last.changed() => {}
            }
        }
        anyhow::Ok(())
    };
    let gone = async {
        let _told = patience.wait_for(Option::is_some).await;
        tokio::time::sleep(LAST_LINES).await;
    };
    tokio::select! {
        () = following => Ok(()),
        printed = printing => printed,
        () = gone => Ok(()),
    }
}

/// Each of the last runs, or a later one, has been read.
fn are_read(last: &Runs, read: &Runs) -> bool {
    last.iter().all(|(container, run)| read.get(container).is_some_and(|read| read >= run))
}

/// Ends at a moment; never without one.
async fn at(moment: Option<i64>) {
    let Some(moment) = moment else { return std::future::pending().await };
    let left = u64::try_from(moment.saturating_sub(when::now())).unwrap_or(0);
    tokio::time::sleep(Duration::from_nanos(left)).await;
    // What was written just before is still on its way.
    tokio::time::sleep(ARRIVAL).await;
}

fn print(batch: &[u8], printer: &Printer, until: Option<i64>) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let is_wanted = |time: i64| until.is_none_or(|until| time <= until);
    for line in wire::read(batch)?.lines.into_iter().filter(|line| is_wanted(line.time)) {
        printer.print(&mut out, line.source, line.time, line.text)?;
    }
    Ok(out.flush()?)
}
