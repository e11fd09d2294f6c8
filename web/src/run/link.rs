//! The link to the agent: finds it, connects, and connects again for as long as the page lives.

use std::{rc::Rc, time::Duration};

use composeyard_logs::wire;
use composeyard_protocol::{
    ClientMessage, EngineState, Failure, FailureKind, MAX_MESSAGE_BYTES, Outcome, RequestId, ServerMessage,
    VERSION,
};
use futures_channel::{mpsc, oneshot};
use futures_util::{
    SinkExt, StreamExt,
    future::{Either, select},
};
use gloo_net::websocket::{Message, futures::WebSocket};
use leptos::{ev, prelude::*};

use super::{
    client::{Client, Reply},
    session::{self, NoSession},
};
use crate::clock;

/// How the page stands with the agent.
#[derive(Clone, Debug, PartialEq)]
pub enum Link {
    /// Looking for one.
    Connecting,
    /// There is none for this page.
    NoAgent {
        /// Why.
        reason: Absence,
    },
    /// It answers.
    Connected {
        /// Its version.
        agent: String,
        /// Its workspace folder.
        workspace: String,
    },
    /// It did, and is being looked for.
    Lost {
        /// Milliseconds since 1970.
        since: f64,
    },
}

/// Why there is no agent for this page.
#[derive(Clone, Debug, PartialEq)]
pub enum Absence {
    /// The page comes from somewhere else.
    NotServed,
    /// The agent does not know this browser.
    NoSession,
    /// The launch link does not open a session (any more).
    CodeUsed,
    /// Too many wrong codes.
    TooManyTries,
    /// It closed the connection and said why.
    Refused(Failure),
}

/// First and longest pause before another attempt, in milliseconds.
const BACKOFF: (f64, f64) = (250.0, 5_000.0);

/// What the link reports to.
#[derive(Clone)]
pub(super) struct Keeper {
    pub(super) client: Rc<Client>,
    pub(super) link: RwSignal<Link>,
    pub(super) engine: RwSignal<EngineState>,
}

/// How an attempt ended.
enum End {
    /// It was connected, then lost.
    Lost,
    /// Nothing answered.
    Unreachable,
    /// The page is not let in.
    Absent(Absence),
}

impl Keeper {
    /// Keeps the link. Never ends.
    pub(super) async fn keep(self) {
        let mut wake = wake_ups();
        let mut attempt = 0;
        loop {
            let end = self.attempt().await;
            self.client.disconnected();
            let was_known = matches!(self.link.get_untracked(), Link::Connected { .. } | Link::Lost { .. });
            match end {
                End::Lost => {
                    attempt = 0;
                    self.link.set(Link::Lost { since: clock::date() });
                }
                End::Unreachable if was_known => {
                    if !matches!(self.link.get_untracked(), Link::Lost { .. }) {
                        self.link.set(Link::Lost { since: clock::date() });
                    }
                }
                End::Unreachable => self.link.set(Link::NoAgent { reason: Absence::NotServed }),
                End::Absent(reason) => self.link.set(Link::NoAgent { reason }),
            }
            if matches!(self.link.get_untracked(), Link::Lost { .. }) {
                let pause = sleep(pause(attempt, js_sys::Math::random()));
                attempt += 1;
                select(Box::pin(pause), wake.next()).await;
            } else {
                // Asking again by the clock would only fill the console of a page that has no agent.
                wake.next().await;
            }
        }
    }

    async fn attempt(&self) -> End {
        match session::ensure().await {
            Ok(()) => {}
            Err(NoSession::Unreachable) => return End::Unreachable,
            Err(NoSession::Absent(reason)) => return End::Absent(reason),
        }
        let Ok(mut socket) = WebSocket::open(&session::socket_url("ws")) else { return End::Unreachable };
        let hello = ClientMessage::Hello { version: VERSION };
        if socket.send(Message::Text(text(&hello))).await.is_err() {
            return End::Unreachable;
        }
        match next(&mut socket).await {
            Some(Incoming::Message(ServerMessage::Hello { agent, workspace, engine, .. })) => {
                self.engine.set(engine);
                let outgoing = self.client.connected();
                self.link.set(Link::Connected { agent, workspace });
                self.serve(socket, outgoing).await
            }
            Some(Incoming::Message(ServerMessage::Refused { failure })) => {
                End::Absent(Absence::Refused(failure))
            }
            _ => End::Unreachable,
        }
    }

    async fn serve(
        &self,
        mut socket: WebSocket,
        mut outgoing: mpsc::UnboundedReceiver<ClientMessage>,
    ) -> End {
        loop {
            let event = match select(Box::pin(next(&mut socket)), outgoing.next()).await {
                Either::Left((incoming, _)) => Either::Left(incoming),
                Either::Right((outgoing, _)) => Either::Right(outgoing),
            };
            match event {
                Either::Left(Some(incoming)) => {
                    if let Some(end) = self.take(incoming) {
                        return end;
                    }
                }
                Either::Right(Some(message)) if self.say(&mut socket, &message).await => {}
                Either::Left(None) | Either::Right(_) => return End::Lost,
            }
        }
    }

    /// False when the connection is gone. What would close it by its length fails alone.
    async fn say(&self, socket: &mut WebSocket, message: &ClientMessage) -> bool {
        let text = text(message);
        match too_long(message, &text) {
            Some((id, finished)) => self.client.deliver(id, Reply::Message(finished)),
            None => return socket.send(Message::Text(text)).await.is_ok(),
        }
        true
    }

    fn take(&self, incoming: Incoming) -> Option<End> {
        match incoming {
            Incoming::Message(ServerMessage::Engine { engine }) => self.engine.set(engine),
            Incoming::Message(ServerMessage::Refused { failure }) => {
                return Some(End::Absent(Absence::Refused(failure)));
            }
            Incoming::Message(message) => {
                if let Some(id) = message.request() {
                    self.client.deliver(id, Reply::Message(message));
                }
            }
            Incoming::Batch(id, bytes) => self.client.deliver(id, Reply::Batch(bytes)),
            Incoming::Unknown => {}
        }
        None
    }
}

/// A frame from the agent.
enum Incoming {
    Message(ServerMessage),
    Batch(RequestId, Vec<u8>),
    /// One that this page cannot read.
    Unknown,
}

/// The next frame; none at the end.
async fn next(socket: &mut WebSocket) -> Option<Incoming> {
    Some(match socket.next().await?.ok()? {
        Message::Text(text) => serde_json::from_str(&text).map_or(Incoming::Unknown, Incoming::Message),
        Message::Bytes(bytes) => match wire::request(&bytes) {
            Some(id) => Incoming::Batch(RequestId(id), bytes),
            None => Incoming::Unknown,
        },
    })
}

/// How a request ends whose text the agent would close the connection for.
fn too_long(message: &ClientMessage, text: &str) -> Option<(RequestId, ServerMessage)> {
    let ClientMessage::Request { id, .. } = *message else { return None };
    let failure = Failure {
        kind: FailureKind::BadRequest,
        message: format!("this is more than the {} kB that go to the agent at once", MAX_MESSAGE_BYTES / 1024),
        help: Some(
            "Take out of the project what Compose and its builds do not need, or put the files into the folder by hand."
                .to_owned(),
        ),
    };
    let finished = ServerMessage::Finished { id, outcome: Outcome::Failed { failure } };
    (text.len() > MAX_MESSAGE_BYTES).then_some((id, finished))
}

fn text(message: &ClientMessage) -> String {
    // Keys are strings and numbers are finite: it always serialises.
    serde_json::to_string(message).unwrap_or_default()
}

/// Milliseconds before an attempt: doubled each time up to a limit, and never the same for two pages. `random` lies
/// between 0 and 1.
fn pause(attempt: u32, random: f64) -> f64 {
    let (first, longest) = BACKOFF;
    let pause = (first * f64::from(2_u32.saturating_pow(attempt.min(16)))).min(longest);
    pause * (0.5 + random / 2.0)
}

/// A while.
pub(super) async fn sleep(milliseconds: f64) {
    let (done, waiting) = oneshot::channel();
    let ring = move || {
        // Nobody waits any more.
        let _ = done.send(());
    };
    set_timeout(ring, Duration::from_secs_f64(milliseconds / 1_000.0));
    let _ = waiting.await;
}

/// Moments at which another attempt is worth it: the network is back, the page is looked at, a launch link was opened.
fn wake_ups() -> mpsc::UnboundedReceiver<()> {
    let (sender, receiver) = mpsc::unbounded();
    let ring = move || {
        // The receiver lives as long as the page.
        let _ = sender.unbounded_send(());
    };
    let (online, hash, seen) = (ring.clone(), ring.clone(), ring);
    // The handles are dropped, the listeners stay: so does the link.
    let _ = window_event_listener(ev::online, move |_| online());
    let _ = window_event_listener(ev::hashchange, move |_| hash());
    let _ = window_event_listener(ev::focus, move |_| seen());
    receiver
}

#[cfg(test)]
mod tests {
    use composeyard_compose::{ProjectFiles, ProjectName};
    use composeyard_protocol::Request;

    use super::*;

    #[test]
    fn pauses_grow_to_a_limit_and_differ_between_pages() {
        assert_eq!(pause(0, 1.0), 250.0);
        assert_eq!(pause(1, 1.0), 500.0);
        assert_eq!(pause(60, 1.0), 5_000.0);
        assert!(pause(3, 0.1) < pause(3, 0.9));
    }

    /// Within the limits of a project, as JSON longer than a message: each newline takes two bytes.
    #[test]
    fn a_request_that_would_close_the_connection_ends_with_what_to_do() {
        let save = |bytes: usize| {
            let files = ProjectFiles([("a".to_owned(), "\n".repeat(bytes))].into());
            let request = Request::SaveProject { project: ProjectName::new("a").unwrap(), files, base: None };
            ClientMessage::Request { id: RequestId(7), request }
        };
        let (small, large) = (save(500_000), save(700_000));
        assert!(too_long(&small, &text(&small)).is_none());
        let Some((RequestId(7), ServerMessage::Finished { outcome, .. })) = too_long(&large, &text(&large))
        else {
            panic!("it goes out")
        };
        let Outcome::Failed { failure } = outcome else { panic!("{outcome:?}") };
        assert!(failure.message.contains("1024 kB") && failure.help.is_some(), "{failure:?}");
    }
}
