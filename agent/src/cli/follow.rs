//! `logs`: what containers write, each line with the container's name before it.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::ExitCode;

use bollard::container::LogOutput;
use bollard::query_parameters::LogsOptionsBuilder;
use composeyard_compose::ServiceName;
use composeyard_logs::demux::Demux;
use composeyard_logs::line::{Line, SourceId, Stream};
use composeyard_logs::wire;
use composeyard_plan::ObservedContainer;
use composeyard_protocol::RequestId;
use futures_util::StreamExt;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::project::{Opened, RunArgs};
use super::signals;
use crate::engine::ContainerId;
use crate::logs::{self, LogEvent, Subscription};

/// Arguments of `logs`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    run: RunArgs,
    /// Go on with what is written from now on
    #[arg(long)]
    follow: bool,
    /// Lines of the past, for each container [default: all]
    #[arg(short = 'n', long, value_name = "N")]
    tail: Option<u32>,
    /// Only these services
    services: Vec<ServiceName>,
}

pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let Some(opened) = args.run.open().await? else { return Ok(ExitCode::FAILURE) };
    if args.follow {
        follow(&opened, &args.services, args.tail).await?;
    } else {
        print_past(&opened, &args.services, args.tail).await?;
    }
    Ok(ExitCode::SUCCESS)
}

/// All of a project's lines until Ctrl-C.
pub(super) async fn until_signal(opened: &Opened, services: &[ServiceName]) -> anyhow::Result<()> {
    follow(opened, services, None).await
}

async fn follow(opened: &Opened, services: &[ServiceName], tail: Option<u32>) -> anyhow::Result<()> {
    let (out, mut events) = mpsc::channel(8);
    let cancel = CancellationToken::new();
    let subscription = Subscription {
        request: RequestId(0),
        project: opened.project.name.clone(),
        services: services.to_vec(),
        tail,
        cursors: Vec::new(),
    };
    let following = logs::follow(opened.engine.clone(), subscription, out, cancel.clone());
    let printing = async {
        let mut names = BTreeMap::new();
        while let Some(event) = events.recv().await {
            match event {
                LogEvent::Source(source) => {
                    names.insert(source.source, source.name);
                }
                LogEvent::Batch(bytes) => print_batch(&bytes, &names)?,
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

fn print_batch(bytes: &[u8], names: &BTreeMap<SourceId, String>) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for line in wire::read(bytes)?.lines {
        print_line(&mut out, names.get(&line.source).map_or("", String::as_str), line.text)?;
    }
    Ok(out.flush()?)
}

fn print_line(out: &mut impl Write, name: &str, text: &[u8]) -> std::io::Result<()> {
    write!(out, "{name}  | ")?;
    out.write_all(text)?;
    writeln!(out)
}

/// What has been written so far, of all containers in the order of the engine's time stamps.
async fn print_past(opened: &Opened, services: &[ServiceName], tail: Option<u32>) -> anyhow::Result<()> {
    let observed = opened.engine.observe(&opened.project.name, None).await?;
    let wanted = |container: &&ObservedContainer| {
        services.is_empty() || services.iter().any(|service| service.as_str() == container.service)
    };
    let mut lines = Vec::new();
    let mut names = BTreeMap::new();
    for (source, container) in (0..).map(SourceId).zip(observed.containers.iter().filter(wanted)) {
        names.insert(source, format!("{}-{}", container.service, container.number));
        past_of(opened, container, source, tail, &mut lines).await?;
    }
    lines.sort_by_key(|line| line.time);
    let mut out = std::io::stdout().lock();
    for line in &lines {
        print_line(&mut out, names.get(&line.source).map_or("", String::as_str), &line.text)?;
    }
    Ok(out.flush()?)
}

/// GET /containers/{id}/logs
async fn past_of(
    opened: &Opened,
    container: &ObservedContainer,
    source: SourceId,
    tail: Option<u32>,
    lines: &mut Vec<Line>,
) -> anyhow::Result<()> {
    let id = ContainerId::new(container.id.as_str())?;
    let tail = tail.map_or_else(|| "all".to_owned(), |count| count.to_string());
    let options =
        LogsOptionsBuilder::default().stdout(true).stderr(true).timestamps(true).tail(&tail).build();
    let docker = opened.engine.docker()?;
    let mut frames = docker.logs(id.as_str(), Some(options));
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
