//! What has been written so far, of all containers in the order of the engine's time stamps.

use std::io::Write;

use bollard::container::LogOutput;
use bollard::query_parameters::LogsOptionsBuilder;
use composeyard_logs::demux::Demux;
use composeyard_logs::line::{Line, SourceId, Stream};
use composeyard_plan::ObservedContainer;
use futures_util::StreamExt;

use super::super::project::Opened;
use super::Wanted;
use super::lines::{Printer, Style};
use crate::engine::ContainerId;

pub(super) async fn print(opened: &Opened, wanted: &Wanted, style: Style) -> anyhow::Result<()> {
    let observed = opened.engine.observe(&opened.project.name, None).await?.only(&wanted.services);
    let is_it = |container: &&ObservedContainer| wanted.index.is_none_or(|index| container.number == index);
    let mut lines = Vec::new();
    let mut printer = Printer::new(style);
    for (source, container) in (0..).map(SourceId).zip(observed.containers.iter().filter(is_it)) {
        let name = format!("{}-{}", container.service, container.number);
        printer.source(source, &name, &container.service);
        past_of(opened, container, source, wanted, &mut lines).await?;
    }
    // The engine counts whole seconds.
    let from = wanted.since.unwrap_or(i64::MIN);
    let to = wanted.until.unwrap_or(i64::MAX);
    lines.retain(|line| (from..to).contains(&line.time));
    lines.sort_by_key(|line| line.time);
    let mut out = std::io::stdout().lock();
    for line in &lines {
        printer.print(&mut out, line.source, line.time, &line.text)?;
    }
    Ok(out.flush()?)
}

/// GET /containers/{id}/logs
async fn past_of(
    opened: &Opened,
    container: &ObservedContainer,
    source: SourceId,
    wanted: &Wanted,
    lines: &mut Vec<Line>,
) -> anyhow::Result<()> {
    let id = ContainerId::new(container.id.as_str())?;
    let tail = wanted.tail.map_or_else(|| "all".to_owned(), |count| count.to_string());
    let seconds = |nanos: i64| i32::try_from(nanos.div_euclid(1_000_000_000)).unwrap_or(i32::MAX);
    let mut options = LogsOptionsBuilder::default().stdout(true).stderr(true).timestamps(true).tail(&tail);
    if let Some(since) = wanted.since {
        options = options.since(seconds(since));
    }
    if let Some(until) = wanted.until {
        options = options.until(seconds(until).saturating_add(1));
    }
    let docker = opened.engine.docker()?;
    let mut frames = docker.logs(id.as_str(), Some(options.build()));
    let mut demux = Demux::new(source);
    while let Some(frame) = frames.next().await {
        match frame? {
            LogOutput::StdErr { message } => demux.frame(Stream::Stderr, &message, lines),
            LogOutput::StdOut { message } => demux.frame(Stream::Stdout, &message, lines),
            LogOutput::Console { message } => demux.raw(&message, lines),
            LogOutput::StdIn { .. } => {}
        }
    }
    demux.finish(lines);
    Ok(())
}
