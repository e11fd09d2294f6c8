//! What waits to be sent on one connection: a short queue whose senders wait, so that a slow client slows its own
//! streams and nobody else's.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use bytes::Bytes;
use composeyard_protocol::{Failure, Outcome, RequestId, ServerMessage};
use futures_util::stream::{self, SplitSink};
use futures_util::{SinkExt, Stream};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

const QUEUE: usize = 64;
/// A client that takes nothing for so long is gone.
pub(super) const SEND_TIMEOUT: Duration = Duration::from_secs(30);
/// Keeps the path open and shows the client that the agent lives.
pub(super) const PING_EVERY: Duration = Duration::from_secs(10);

/// Codes of RFC 6455, section 7.4.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CloseCode {
    Normal = 1000,
    GoingAway = 1001,
    Protocol = 1002,
    BadText = 1007,
    Policy = 1008,
    TooLarge = 1009,
}

#[derive(Debug)]
enum Outgoing {
    Message(Box<ServerMessage>),
    Batch(Vec<u8>),
    Close(CloseCode),
}

/// The sending end. Sending after the connection is gone does nothing.
#[derive(Clone, Debug)]
pub(super) struct Outbox {
    queue: mpsc::Sender<Outgoing>,
}

impl Outbox {
    /// An outbox, and the future that empties it onto the socket until it is closed.
    pub(super) fn new(sink: SplitSink<WebSocket, Message>) -> (Self, impl Future<Output = ()>) {
        let (queue, waiting) = mpsc::channel(QUEUE);
        (Self { queue }, empty(sink, waiting))
    }

    /// An outbox, and its messages as lines. They end when nobody has more to say.
    pub(super) fn lines() -> (Self, impl Stream<Item = Bytes> + use<>) {
        let (queue, mut waiting) = mpsc::channel(QUEUE);
        let (taken, lines) = mpsc::channel(1);
        tokio::spawn(async move {
            while let Some(outgoing) = waiting.recv().await {
                let Outgoing::Message(message) = outgoing else { continue };
                let Some(text) = text(&message) else { continue };
                if !matches!(timeout(SEND_TIMEOUT, taken.send(Bytes::from(text + "\n"))).await, Ok(Ok(()))) {
                    return;
                }
            }
        });
        (
            Self { queue },
            stream::unfold(lines, |mut lines| async move { lines.recv().await.map(|line| (line, lines)) }),
        )
    }

    pub(super) async fn say(&self, message: ServerMessage) {
        let _ = self.queue.send(Outgoing::Message(Box::new(message))).await;
    }

    pub(super) async fn finish(&self, id: RequestId, outcome: Outcome) {
        self.say(ServerMessage::Finished { id, outcome }).await;
    }

    pub(super) async fn batch(&self, bytes: Vec<u8>) {
        let _ = self.queue.send(Outgoing::Batch(bytes)).await;
    }

    /// Says why and closes.
    pub(super) async fn refuse(&self, failure: Failure) {
        self.say(ServerMessage::Refused { failure }).await;
        self.close(CloseCode::Policy).await;
    }

    pub(super) async fn close(&self, code: CloseCode) {
        let _ = self.queue.send(Outgoing::Close(code)).await;
    }

    /// Waits until the connection takes nothing more.
    pub(super) async fn closed(&self) {
        self.queue.closed().await;
    }
}

async fn empty(mut sink: SplitSink<WebSocket, Message>, mut waiting: mpsc::Receiver<Outgoing>) {
    let mut pings = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let (message, last) = tokio::select! {
            outgoing = waiting.recv() => match outgoing {
                Some(Outgoing::Message(message)) => match text(&message) {
                    Some(text) => (Message::Text(text.into()), false),
                    None => continue,
                },
                Some(Outgoing::Batch(bytes)) => (Message::Binary(bytes.into()), false),
                Some(Outgoing::Close(code)) => (close_frame(code), true),
                None => return,
            },
            _ = pings.tick() => (Message::Ping(Bytes::new()), false),
        };
        if !matches!(timeout(SEND_TIMEOUT, sink.send(message)).await, Ok(Ok(()))) || last {
            return;
        }
    }
}

/// None for a message that cannot be written, which is a defect.
fn text(message: &ServerMessage) -> Option<String> {
    serde_json::to_string(message)
        .inspect_err(|error| tracing::error!(%error, "an answer could not be written"))
        .ok()
}

fn close_frame(code: CloseCode) -> Message {
    Message::Close(Some(CloseFrame { code: code as u16, reason: Utf8Bytes::from_static("") }))
}
