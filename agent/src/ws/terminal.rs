//! The WebSocket of a terminal (`/api/terminal`), as [`composeyard_protocol::terminal`] describes it.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use bytes::Bytes;
use composeyard_logs::line::Stream as Pipe;
use composeyard_plan::running_container;
use composeyard_protocol::terminal::{
    MAX_TERMINAL_FRAME, TerminalOpen, TerminalReply, TerminalRequest, TerminalSize,
};
use composeyard_protocol::{Failure, VERSION};
use futures_util::{Stream, StreamExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};
use tokio_util::task::AbortOnDropHandle;

use super::failure;
use super::outbox::{CloseCode, PING_EVERY, SEND_TIMEOUT};
use crate::app::App;
use crate::engine::{ContainerId, EngineError, Exec, ExecHandle, ExecInput, ExecSize, RunningExec};
use crate::time_limit::{Limit, look};
use crate::workspace::WorkspaceError;

/// What a command writes.
trait Output: Stream<Item = Result<(Pipe, Bytes), EngineError>> + Send + Unpin {}
impl<O: Stream<Item = Result<(Pipe, Bytes), EngineError>> + Send + Unpin> Output for O {}

/// For the command to begin. Once it runs it may take as long as someone looks.
const START_LIMIT: Duration = Duration::from_secs(60);
/// For the first message.
const OPEN_TIMEOUT: Duration = Duration::from_secs(5);
/// Two pings without a sign of life, and some.
const SILENCE: Duration = Duration::from_millis(2_500 * PING_EVERY.as_secs());
/// Ctrl-C
const INTERRUPT: &[u8] = b"\x03";
/// Ctrl-D
const END_OF_FILE: &[u8] = b"\x04";
/// For what they do to show.
const BETWEEN_KEYS: Duration = Duration::from_millis(100);
const HANG_UPS: u32 = 5;
const MAX_ARGUMENTS: usize = 256;
/// Frames that wait for a command that reads slowly.
const TYPED_AHEAD: usize = 4;

/// The limits of a terminal's socket, set before it opens.
pub fn limited(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade.max_message_size(MAX_TERMINAL_FRAME).max_frame_size(MAX_TERMINAL_FRAME)
}

/// Serves one terminal to its end.
pub async fn serve(app: App, mut socket: WebSocket) {
    let limit = Some(Limit::from_now(START_LIMIT));
    let reply = match look(limit, open(&app, &mut socket)).await.and_then(|opened| opened) {
        Ok(Some(Opened { container, running, size, window })) => {
            let opened = TerminalReply::Opened { container };
            let (output, input, handle) = running.split();
            let (input, typing) = keyboard(input);
            let mut command = Command { output, input, handle, _typing: typing };
            let conversed = match say(&mut socket, &opened).await {
                Ok(()) => {
                    resize(&command.handle, size).await;
                    converse(&app, &mut socket, &mut command, Window::new(window)).await
                }
                Err(gone) => Err(gone),
            };
            match conversed {
                Ok(Some(reply)) => reply,
                Ok(None) => {
                    close(&mut socket, CloseCode::GoingAway).await;
                    return command.hang_up().await;
                }
                Err(Gone) => return command.hang_up().await,
            }
        }
        Ok(None) => return close(&mut socket, CloseCode::Policy).await,
        Err(failure) => TerminalReply::Failed { failure },
    };
    if say(&mut socket, &reply).await.is_ok() {
        close(&mut socket, CloseCode::Normal).await;
    }
}

/// Nobody is left to talk to.
struct Gone;

/// The running command's ends.
struct Command<Output> {
    output: Output,
    input: mpsc::Sender<Bytes>,
    handle: ExecHandle,
    /// A command that never reads must not keep its connection after everyone has left.
    _typing: AbortOnDropHandle<()>,
}

/// A command that has just begun.
struct Opened {
    /// Name of its container.
    container: String,
    running: RunningExec,
    size: TerminalSize,
    window: Option<u64>,
}

/// How much of the output is on its way to the client.
struct Window {
    most: u64,
    under_way: u64,
}

impl Window {
    fn new(most: Option<u64>) -> Self {
        Self { most: most.unwrap_or(u64::MAX), under_way: 0 }
    }

    fn is_open(&self) -> bool {
        self.under_way < self.most
    }
}

/// Types what it is given for as long as someone gives. A command that does not read must not keep its output from
/// being read, or neither would ever go on.
fn keyboard(mut input: ExecInput) -> (mpsc::Sender<Bytes>, AbortOnDropHandle<()>) {
    let (sender, mut typed) = mpsc::channel::<Bytes>(TYPED_AHEAD);
    let typing = tokio::spawn(async move {
        while let Some(bytes) = typed.recv().await {
            if input.write(&bytes).await.is_err() {
                return;
            }
        }
        input.end().await;
    });
    (sender, AbortOnDropHandle::new(typing))
}

/// The command that the first frame asks for; none for a client that has sent none in time.
async fn open(app: &App, socket: &mut WebSocket) -> Result<Option<Opened>, Failure> {
    let Ok(Some(Ok(Message::Text(first)))) = timeout(OPEN_TIMEOUT, socket.recv()).await else {
        return Ok(None);
    };
    let wanted = match serde_json::from_str(&first) {
        Ok(TerminalRequest::Open(wanted)) => wanted,
        Ok(TerminalRequest::Resize { .. } | TerminalRequest::Taken { .. }) => {
            return Err(failure::bad_request("the first message must open the terminal"));
        }
        Err(error) => return Err(failure::bad_request(error.to_string())),
    };
    if wanted.version != VERSION {
        return Err(failure::version(wanted.version));
    }
    if wanted.command.len() > MAX_ARGUMENTS {
        return Err(failure::bad_request("the command has too many arguments"));
    }
    if !app.workspace.knows(&wanted.project) {
        return Err(failure::workspace(&WorkspaceError::NoProject(wanted.project)));
    }
    let failed = |error: EngineError| error.to_failure();
    let observed = app.engine.observe(&wanted.project, None).await.map_err(failed)?;
    let container = running_container(&observed, &wanted.service, wanted.index)
        .map_err(|error| failure::bad_request(error.to_string()))?;
    let id = ContainerId::new(container.id.as_str()).map_err(|error| failed(error.into()))?;
    let (container, size, window) = (container.name.clone(), wanted.size, wanted.window);
    let running = app.engine.exec(&id, exec(wanted)).await.map_err(failed)?;
    Ok(Some(Opened { container, running, size, window }))
}

fn exec(wanted: TerminalOpen) -> Exec {
    let shell = ["sh", "-c", "command -v bash >/dev/null && exec bash || exec sh"];
    Exec {
        command: if wanted.command.is_empty() { shell.map(str::to_owned).into() } else { wanted.command },
        environment: vec!["TERM=xterm-256color".to_owned()],
        user: wanted.user,
        working_dir: wanted.working_dir,
        privileged: false,
        tty: true,
    }
}

/// Carries bytes both ways until one side ends. None when the agent does.
async fn converse(
    app: &App,
    socket: &mut WebSocket,
    command: &mut Command<impl Output>,
    mut window: Window,
) -> Result<Option<TerminalReply>, Gone> {
    let mut pings = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard = Instant::now();
    // Nothing more is heard of the client until it is typed.
    let mut typed: Option<Bytes> = None;
    loop {
        tokio::select! {
            part = command.output.next(), if window.is_open() => match part {
                Some(Ok((_, bytes))) => {
                    window.under_way = window.under_way.saturating_add(bytes.len() as u64);
                    send(socket, Message::Binary(bytes)).await?;
                }
                Some(Err(error)) => return Ok(Some(TerminalReply::Failed { failure: error.to_failure() })),
                None => return Ok(Some(ended(&command.handle).await)),
            },
            message = socket.recv(), if typed.is_none() => {
                heard = Instant::now();
                match message {
                    Some(Ok(Message::Binary(bytes))) => typed = Some(bytes),
                    Some(Ok(Message::Text(text))) => obey(&text, &command.handle, &mut window).await?,
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(Gone),
                }
            }
            room = command.input.reserve(), if typed.is_some() => {
                heard = Instant::now();
                // A command that has ended takes nothing more: its end comes with the output's.
                if let (Ok(room), Some(bytes)) = (room, typed.take()) {
                    room.send(bytes);
                }
            }
            _ = pings.tick() => {
                if typed.is_none() && heard.elapsed() > SILENCE {
                    return Err(Gone);
                }
                send(socket, Message::Ping(Bytes::new())).await?;
            }
            () = app.shutdown.cancelled() => return Ok(None),
        }
    }
}

async fn ended(handle: &ExecHandle) -> TerminalReply {
    match handle.exit_code().await {
        Ok(code) => TerminalReply::Exited { code },
        Err(error) => TerminalReply::Failed { failure: error.to_failure() },
    }
}

/// What the client says in words.
async fn obey(text: &str, handle: &ExecHandle, window: &mut Window) -> Result<(), Gone> {
    match serde_json::from_str(text) {
        Ok(TerminalRequest::Resize { size }) => resize(handle, size).await,
        Ok(TerminalRequest::Taken { bytes }) => window.under_way = window.under_way.saturating_sub(bytes),
        Ok(TerminalRequest::Open(_)) | Err(_) => return Err(Gone),
    }
    Ok(())
}

async fn resize(handle: &ExecHandle, size: TerminalSize) {
    handle.resize(ExecSize { rows: size.rows, columns: size.columns }).await;
}

impl<O: Output> Command<O> {
    /// Ends what runs in the foreground, then the shell. A shell that is about to ask for its next command throws away
    /// what was typed before, so it is told more than once.
    async fn hang_up(&mut self) {
        for _ in 0..HANG_UPS {
            for key in [INTERRUPT, END_OF_FILE] {
                let typed = self.input.try_send(Bytes::from_static(key));
                let ended = async { while self.output.next().await.is_some_and(|part| part.is_ok()) {} };
                let is_over = matches!(typed, Err(mpsc::error::TrySendError::Closed(_)));
                if is_over || timeout(BETWEEN_KEYS, ended).await.is_ok() {
                    return;
                }
            }
        }
    }
}

async fn say(socket: &mut WebSocket, reply: &TerminalReply) -> Result<(), Gone> {
    let text = serde_json::to_string(reply).map_err(|_| Gone)?;
    send(socket, Message::Text(text.into())).await
}

async fn send(socket: &mut WebSocket, message: Message) -> Result<(), Gone> {
    match timeout(SEND_TIMEOUT, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Gone),
    }
}

async fn close(socket: &mut WebSocket, code: CloseCode) {
    let frame = CloseFrame { code: code as u16, reason: Utf8Bytes::from_static("") };
    let _gone = send(socket, Message::Close(Some(frame))).await;
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, duplex};

    use super::*;

    #[tokio::test]
    async fn a_command_that_never_reads_is_let_go_when_everyone_has_left() {
        let (near, mut far) = duplex(1);
        let (input, typing) = keyboard(ExecInput::to(near));
        input.send(Bytes::from_static(b"more than it takes")).await.unwrap();
        tokio::task::yield_now().await;
        drop((input, typing));
        let mut read = Vec::new();
        // Were the rest still to be typed, there would be no end before all of it.
        timeout(PING_EVERY, far.read_to_end(&mut read)).await.unwrap().unwrap();
        assert!(read.len() <= 1, "{read:?}");
    }
}
