//! What is written from now on, after what was written before.

use std::io::Write;
use std::time::Duration;

use composeyard_logs::wire;
use composeyard_protocol::RequestId;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::super::project::Opened;
use super::super::{signals, when};
use super::Wanted;
use super::lines::{Printer, Style};
use crate::logs::{self, LogEvent, Subscription};

/// For a line from the engine to here.
const ARRIVAL: Duration = Duration::from_millis(300);

/// Prints lines until Ctrl-C, or until the moment that was named.
pub(super) async fn until_signal(opened: &Opened, wanted: &Wanted, style: Style) -> anyhow::Result<()> {
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
    let printing = async {
        let mut printer = Printer::new(style);
        while let Some(event) = events.recv().await {
            match event {
                LogEvent::Source(source) => printer.source(source.source, &source.name, &source.service),
                LogEvent::Batch(bytes) => print(&bytes, &printer, wanted.until)?,
            }
        }
        anyhow::Ok(())
    };
    let ended = signals::ended()?;
    tokio::select! {
        ((), printed) = async { tokio::join!(following, printing) } => printed,
        () = ended => Ok(()),
        () = at(wanted.until) => Ok(()),
    }
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
