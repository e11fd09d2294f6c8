//! One command's connection, from its beginning to its end. It is not made again by itself: the command is gone with it.

use composeyard_protocol::{
    VERSION,
    terminal::{MAX_TERMINAL_FRAME, TerminalOpen, TerminalReply, TerminalRequest, TerminalSize},
};
use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::{
    SinkExt, StreamExt,
    future::{Either, select},
};
use gloo_net::websocket::{Message, futures::WebSocket};
use js_sys::Uint8Array;
use leptos::prelude::*;

use super::{
    bridge::View,
    store::{Phase, Place, Terminal, command},
};
use crate::run::socket_url;

/// Bytes of output on their way at once: more would only make Ctrl-C wait.
pub(super) const WINDOW: u64 = 256 * 1024;
/// Shown bytes are told in parts of this size, so that the window never closes without need.
pub(super) const TOLD: u64 = WINDOW / 4;

/// Something for the agent.
pub(super) enum Frame {
    /// Keys or a paste.
    Typed(Vec<u8>),
    /// Words.
    Say(TerminalRequest),
}

impl Frame {
    fn into_messages(self) -> Vec<Message> {
        match self {
            Self::Typed(bytes) => {
                bytes.chunks(MAX_TERMINAL_FRAME).map(|part| Message::Bytes(part.to_vec())).collect()
            }
            Self::Say(request) => vec![text(&request)],
        }
    }
}

fn text(request: &TerminalRequest) -> Message {
    // Keys are strings and numbers are finite: it always serialises.
    Message::Text(serde_json::to_string(request).unwrap_or_default())
}

/// Runs a command and shows it to its end, in place of the one before.
pub(super) async fn run(terminal: Terminal, view: View, place: Place) {
    let (keys, frames) = unbounded();
    terminal.keys.set_value(Some(keys.clone()));
    terminal.phase.set(Phase::Opening);
    view.reset();
    view.listen(true);
    view.focus();
    let open = TerminalOpen {
        version: VERSION,
        project: terminal.document.name().get_untracked(),
        service: place.service,
        index: Some(place.number),
        command: command(&terminal.line.read_untracked()),
        user: String::new(),
        working_dir: String::new(),
        size: TerminalSize { rows: view.rows(), columns: view.columns() },
        window: Some(WINDOW),
    };
    let end = converse(terminal, &view, open, frames).await;
    let is_replaced =
        |now: &Option<UnboundedSender<Frame>>| now.as_ref().is_some_and(|it| !it.same_receiver(&keys));
    if terminal.keys.with_value(is_replaced) {
        return;
    }
    terminal.keys.set_value(None);
    view.listen(false);
    if let Some(end) = end {
        terminal.phase.set(end);
    }
}

/// How it ended; none when the user has ended it.
async fn converse(
    terminal: Terminal,
    view: &View,
    open: TerminalOpen,
    mut frames: UnboundedReceiver<Frame>,
) -> Option<Phase> {
    let Ok(mut socket) = WebSocket::open(&socket_url("terminal")) else { return Some(Phase::Lost) };
    if socket.send(text(&TerminalRequest::Open(open))).await.is_err() {
        return Some(Phase::Lost);
    }
    loop {
        let event = match select(socket.next(), frames.next()).await {
            Either::Left((message, _)) => Either::Left(message),
            Either::Right((frame, _)) => Either::Right(frame),
        };
        match event {
            Either::Left(Some(Ok(Message::Bytes(bytes)))) => view.write(&Uint8Array::from(&bytes[..])),
            Either::Left(Some(Ok(Message::Text(text)))) => match serde_json::from_str(&text) {
                Ok(TerminalReply::Opened { container }) => terminal.phase.set(Phase::Open(container)),
                Ok(TerminalReply::Exited { code }) => return Some(Phase::Exited(code)),
                Ok(TerminalReply::Failed { failure }) => return Some(Phase::Failed(failure)),
                // A word that this page does not know.
                Err(_) => {}
            },
            Either::Left(Some(Err(_)) | None) => return Some(Phase::Lost),
            Either::Right(Some(frame)) => {
                for message in frame.into_messages() {
                    if socket.send(message).await.is_err() {
                        return Some(Phase::Lost);
                    }
                }
            }
            Either::Right(None) => {
                // The agent hangs up on the command when the socket closes.
                let _ = socket.close(None, None);
                return None;
            }
        }
    }
}
