//! What is written from now on, after what was written before.

use std::io::Write;

use composeyard_logs::wire;
use composeyard_protocol::RequestId;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::super::project::Opened;
use super::super::signals;
use super::Wanted;
use super::lines::{Printer, Style};
use crate::logs::{self, LogEvent, Subscription};

/// Prints lines until Ctrl-C.
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
                LogEvent::Batch(bytes) => print(&bytes, &printer)?,
            }
        }
        anyhow::Ok(())
    };
    let ended = signals::ended()?;
    tokio::select! {
        ((), printed) = async { tokio::join!(following, printing) } => printed,
        () = ended => Ok(()),
    }
}

fn print(batch: &[u8], printer: &Printer) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for line in wire::read(batch)?.lines {
        printer.print(&mut out, line.source, line.time, line.text)?;
    }
    Ok(out.flush()?)
}
