//! One container's log stream. It ends when the container does, and begins again, at the line after the last one
//! seen, when the container or the engine comes back.

use std::time::Duration;

use bollard::{
    Docker,
    container::LogOutput,
    errors::Error,
    query_parameters::{InspectContainerOptions, LogsOptions},
};
use composeyard_logs::{
    demux::Demux,
    line::{Cursor, Line, Stream},
    resume::Resume,
    stamp,
};
use composeyard_plan::Observed;
use composeyard_protocol::{EngineState, LogSource};
use futures_util::StreamExt;
use tokio::{sync::watch, time};

use super::{
    Item,
    queue::{Gone, Queue},
};
use crate::engine::{ContainerId, Engine};

/// Where a follower begins.
#[derive(Clone, Debug)]
pub(super) struct Start {
    /// The container, open.
    pub(super) source: LogSource,
    /// The last line that the subscriber has seen.
    pub(super) cursor: Option<Cursor>,
    /// Without a cursor, how much of the past; none for all of it.
    pub(super) tail: Option<u32>,
    /// Without a cursor, only lines from then on; nanoseconds since 1970.
    pub(super) since: Option<i64>,
    /// When its last run began, nanoseconds since 1970; 0 when it never ran and has no past.
    pub(super) run: i64,
}

/// Frames that are taken together when they are there at once.
const FRAMES_AT_ONCE: usize = 128;
/// Before a broken stream is opened again.
const PAUSE: Duration = Duration::from_millis(200);

/// Follows one container until it is removed or nobody listens.
pub(super) async fn follow(
    engine: Engine,
    start: Start,
    snapshots: watch::Receiver<Option<Observed>>,
    queue: Queue,
) {
    let Ok(id) = ContainerId::new(start.source.container.as_str()) else { return };
    let mut snapshots = snapshots;
    if start.run == 0 && !matches!(started_again(&mut snapshots, id.as_str(), 0).await, Ok(true)) {
        return;
    }
    let follower = Follower {
        id,
        source: start.source,
        cursor: start.cursor,
        tail: start.tail,
        since: start.since,
        run: start.run,
        queue,
        open: false,
    };
    // It ends early only when nobody listens any more.
    let _gone = follower.run(&engine, snapshots).await;
}

struct Follower {
    id: ContainerId,
    source: LogSource,
    cursor: Option<Cursor>,
    tail: Option<u32>,
    since: Option<i64>,
    /// The run that the stream was opened for, or an earlier one.
    run: i64,
    queue: Queue,
    /// The subscriber has been told that lines come.
    open: bool,
}

/// How a stream ended.
enum End {
    /// By itself, after some lines or none.
    Ended { lines: bool },
    /// There is no such container.
    Removed,
    /// The engine will not give its lines.
    Refused(String),
    /// The connection broke.
    Lost,
}

/// A container between two runs.
struct Rest {
    running: bool,
    started_at: i64,
    note: String,
}

impl Follower {
    async fn run(
        mut self,
        engine: &Engine,
        mut snapshots: watch::Receiver<Option<Observed>>,
    ) -> Result<(), Gone> {
        loop {
            let docker = connected(engine).await?;
            match self.stream(&docker).await? {
                End::Removed => return self.close("removed".to_owned(), 0).await,
                End::Refused(reason) => return self.close(reason, 0).await,
                End::Lost => time::sleep(PAUSE).await,
                // The engine may end a stream before the last lines are out: only an empty one is the end.
                End::Ended { lines: true } => {}
                End::Ended { lines: false } => match self.rest(&docker).await {
                    Ok(rest) if rest.running => time::sleep(PAUSE).await,
                    // Another run has begun and ended since: its lines are to come.
                    Ok(rest) if rest.started_at != self.run => self.run = rest.started_at,
                    Ok(rest) => {
                        self.close(rest.note, rest.started_at).await?;
                        if !started_again(&mut snapshots, self.id.as_str(), rest.started_at).await? {
                            return Ok(());
                        }
                    }
                    Err(error) if is_missing(&error) => return self.close("removed".to_owned(), 0).await,
                    Err(_) => time::sleep(PAUSE).await,
                },
            }
        }
    }

    /// Reads one stream to its end.
    async fn stream(&mut self, docker: &Docker) -> Result<End, Gone> {
        self.announce().await?;
        let mut frames = docker.logs(self.id.as_str(), Some(self.options())).ready_chunks(FRAMES_AT_ONCE);
        let mut demux = Demux::new(self.source.source);
        let mut resume = Resume::new(self.cursor.clone());
        let (mut came, mut lines, mut broken) = (false, Vec::new(), None);
        while let (None, Some(chunk)) = (&broken, frames.next().await) {
            for frame in chunk {
                match frame {
                    Ok(frame) => take(&mut demux, frame, &mut lines),
                    Err(error) => broken = Some(error),
                }
            }
            came |= self.hand_on(&mut resume, &mut lines).await?;
        }
        let Some(error) = broken else {
            demux.finish(&mut lines);
            came |= self.hand_on(&mut resume, &mut lines).await?;
            resume.finish(&mut lines);
            came |= self.send(std::mem::take(&mut lines)).await?;
            self.cursor = resume.cursor(self.id.as_str());
            if self.tail != Some(0) {
                // Without a cursor by now it has no past.
                self.tail = None;
            }
            return Ok(End::Ended { lines: came });
        };
        // The part of a line that has arrived comes again with the next stream.
        Ok(match error {
            error if is_missing(&error) => End::Removed,
            Error::DockerResponseServerError { message, .. } => End::Refused(message),
            _ => End::Lost,
        })
    }

    /// Sends the lines that are new; true when there were some.
    async fn hand_on(&mut self, resume: &mut Resume, lines: &mut Vec<Line>) -> Result<bool, Gone> {
        if let Some(since) = self.since {
            // The engine counts whole seconds.
            lines.retain(|line| line.time >= since);
        }
        let mut new = Vec::with_capacity(lines.len());
        for line in lines.drain(..) {
            resume.push(line, &mut new);
        }
        let some = self.send(new).await?;
        self.cursor = resume.cursor(self.id.as_str());
        Ok(some)
    }

    async fn send(&mut self, lines: Vec<Line>) -> Result<bool, Gone> {
        if lines.is_empty() {
            return Ok(false);
        }
        self.queue.lines(lines).await?;
        Ok(true)
    }

    async fn announce(&mut self) -> Result<(), Gone> {
        if self.open {
            return Ok(());
        }
        self.open = true;
        let source = LogSource { open: true, note: String::new(), ..self.source.clone() };
        self.queue.put(Item::Opened(source)).await
    }

    async fn close(&mut self, note: String, run: i64) -> Result<(), Gone> {
        self.open = false;
        let source = LogSource { open: false, note, ..self.source.clone() };
        self.queue.put(Item::Closed(source, run)).await
    }

    fn options(&self) -> LogsOptions {
        let (since, tail) = match &self.cursor {
            Some(cursor) => (Resume::since(cursor), None),
            None => (self.since.unwrap_or(0).div_euclid(1_000_000_000), self.tail),
        };
        LogsOptions {
            follow: true,
            stdout: true,
            stderr: true,
            timestamps: true,
            since: i32::try_from(since).unwrap_or(i32::MAX),
            tail: tail.map_or_else(|| "all".to_owned(), |lines| lines.to_string()),
            ..LogsOptions::default()
        }
    }

    async fn rest(&self, docker: &Docker) -> Result<Rest, Error> {
        let found = docker.inspect_container(self.id.as_str(), None::<InspectContainerOptions>).await?;
        let state = found.state.unwrap_or_default();
        let started_at = state.started_at.as_deref().and_then(|s| stamp::parse(s.as_bytes()));
        let note = match state.exit_code {
            _ if started_at.is_none_or(|at| at <= 0) => "not started".to_owned(),
            Some(0) => "exited".to_owned(),
            Some(code) => format!("exited with code {code}"),
            None => "ended".to_owned(),
        };
        Ok(Rest { running: state.running.unwrap_or(false), started_at: started_at.unwrap_or(0).max(0), note })
    }
}

fn take(demux: &mut Demux, frame: LogOutput, lines: &mut Vec<Line>) {
    match frame {
        LogOutput::StdErr { message } => demux.frame(Stream::Stderr, &message, lines),
        LogOutput::StdOut { message } | LogOutput::StdIn { message } => {
            demux.frame(Stream::Stdout, &message, lines);
        }
        LogOutput::Console { message } => demux.raw(&message, lines),
    }
}

fn is_missing(error: &Error) -> bool {
    matches!(error, Error::DockerResponseServerError { status_code: 404, .. })
}

/// The client, as soon as an engine answers.
async fn connected(engine: &Engine) -> Result<Docker, Gone> {
    let mut state = engine.state();
    loop {
        if let Ok(docker) = engine.docker() {
            return Ok(docker);
        }
        state.changed().await.map_err(|_| Gone)?;
        state.wait_for(|state| matches!(state, EngineState::Up { .. })).await.map_err(|_| Gone)?;
    }
}

/// Waits until the container has begun another run; false when it is removed instead.
async fn started_again(
    snapshots: &mut watch::Receiver<Option<Observed>>,
    id: &str,
    last_start: i64,
) -> Result<bool, Gone> {
    loop {
        if let Some(observed) = &*snapshots.borrow_and_update() {
            match observed.containers.iter().find(|container| container.id == id) {
                None => return Ok(false),
                Some(container) if container.started_at != last_start => return Ok(true),
                Some(_) => {}
            }
        }
        snapshots.changed().await.map_err(|_| Gone)?;
    }
}
