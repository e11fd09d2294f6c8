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
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::failure;
use super::outbox::{CloseCode, PING_EVERY, SEND_TIMEOUT};
use crate::app::App;
use crate::engine::{ContainerId, EngineError, Exec, ExecHandle, ExecInput, ExecSize, RunningExec};
use crate::workspace::WorkspaceError;

/// What a command writes.
trait Output: Stream<Item = Result<(Pipe, Bytes), EngineError>> + Send + Unpin {}
impl<O: Stream<Item = Result<(Pipe, Bytes), EngineError>> + Send + Unpin> Output for O {}

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

/// The limits of a terminal's socket, set before it opens.
pub fn limited(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade.max_message_size(MAX_TERMINAL_FRAME).max_frame_size(MAX_TERMINAL_FRAME)
}

/// Serves one terminal to its end.
pub async fn serve(app: App, mut socket: WebSocket) {
    let reply = match open(&app, &mut socket).await {
        Ok(Some((container, running, size))) => {
            let opened = TerminalReply::Opened { container };
            let (output, input, handle) = running.split();
            let mut command = Command { output, input, handle };
            let conversed = match say(&mut socket, &opened).await {
                Ok(()) => converse(&app, &mut socket, &mut command, size).await,
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
    input: ExecInput,
    handle: ExecHandle,
}

/// The command that the first frame asks for; none for a client that has sent none in time.
async fn open(
    app: &App,
    socket: &mut WebSocket,
) -> Result<Option<(String, RunningExec, TerminalSize)>, Failure> {
    let Ok(Some(Ok(Message::Text(first)))) = timeout(OPEN_TIMEOUT, socket.recv()).await else {
        return Ok(None);
    };
    let wanted = match serde_json::from_str(&first) {
        Ok(TerminalRequest::Open(wanted)) => wanted,
        Ok(TerminalRequest::Resize { .. }) => {
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
    let (name, size) = (container.name.clone(), wanted.size);
    let running = app.engine.exec(&id, exec(wanted)).await.map_err(failed)?;
    Ok(Some((name, running, size)))
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
    size: TerminalSize,
) -> Result<Option<TerminalReply>, Gone> {
    let Command { output, input, handle } = command;
    resize(handle, size).await;
    let mut pings = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard = Instant::now();
    loop {
        tokio::select! {
            part = output.next() => {
                match part {
                    Some(Ok((_, bytes))) => send(socket, Message::Binary(bytes)).await?,
                    Some(Err(error)) => return Ok(Some(TerminalReply::Failed { failure: error.to_failure() })),
                    None => return Ok(Some(ended(handle).await)),
                }
            }
            message = socket.recv() => {
                heard = Instant::now();
                take(message, input, handle).await?;
            }
            _ = pings.tick() => {
                if heard.elapsed() > SILENCE {
                    return Err(Gone);
                }
                send(socket, Message::Ping(Bytes::new())).await?;
            }
            () = app.shutdown.cancelled() => return Ok(None),
        }
    }
}

/// What the client says. A command that has ended takes nothing more: its end comes with the output's.
async fn take(
    message: Option<Result<Message, axum::Error>>,
    input: &mut ExecInput,
    handle: &ExecHandle,
) -> Result<(), Gone> {
    match message {
        Some(Ok(Message::Binary(bytes))) => drop(input.write(&bytes).await),
        Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
            Ok(TerminalRequest::Resize { size }) => resize(handle, size).await,
            Ok(TerminalRequest::Open(_)) | Err(_) => return Err(Gone),
        },
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
        Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(Gone),
    }
    Ok(())
}

async fn ended(handle: &ExecHandle) -> TerminalReply {
    match handle.exit_code().await {
        Ok(code) => TerminalReply::Exited { code },
        Err(error) => TerminalReply::Failed { failure: error.to_failure() },
    }
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
                let typed = self.input.write(key).await;
                let ended = async { while self.output.next().await.is_some_and(|part| part.is_ok()) {} };
                if typed.is_err() || timeout(BETWEEN_KEYS, ended).await.is_ok() {
                    return;
                }
            }
        }
        self.input.end().await;
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
