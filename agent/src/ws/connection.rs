//! One connection from hello to close: reads messages, starts requests, cancels them.

use std::collections::HashMap;
use std::time::Duration;

use axum::Error;
use axum::extract::ws::{Message, WebSocket};
use composeyard_protocol::{ClientMessage, EngineState, Outcome, Request, RequestId, ServerMessage, VERSION};
use futures_util::StreamExt;
use futures_util::stream::SplitStream;
use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite;
use tokio_util::sync::CancellationToken;

use super::failure;
use super::outbox::{CloseCode, Outbox, PING_EVERY};
use super::requests::{self, Asked};
use crate::app::App;

/// For the first message.
const HELLO_TIMEOUT: Duration = Duration::from_secs(5);
/// Two pings without a sign of life, and some.
const SILENCE: Duration = Duration::from_millis(2_500 * PING_EVERY.as_secs());
/// Requests under way on one connection.
const MAX_REQUESTS: usize = 32;

/// Serves one socket to its end. Streams end with it; commands go on.
pub async fn serve(app: App, socket: WebSocket) {
    let (sink, stream) = socket.split();
    let (outbox, sending) = Outbox::new(sink);
    let connection = Connection {
        cancel: app.shutdown.child_token(),
        app,
        outbox,
        stream,
        running: HashMap::new(),
        tasks: JoinSet::new(),
    };
    tokio::join!(sending, connection.run());
}

struct Connection {
    app: App,
    outbox: Outbox,
    stream: SplitStream<WebSocket>,
    /// Ends the streams of this connection.
    cancel: CancellationToken,
    running: HashMap<RequestId, CancellationToken>,
    tasks: JoinSet<RequestId>,
}

/// Why reading ended.
enum End {
    /// The other side is gone, or has been told why it must go.
    Gone,
    /// It broke a rule of the transport.
    Broken(CloseCode),
}

impl Connection {
    async fn run(mut self) {
        let end = match self.hello().await {
            Ok(()) => self.requests().await,
            Err(end) => end,
        };
        self.cancel.cancel();
        if let End::Broken(code) = end {
            self.outbox.close(code).await;
        }
        self.tasks.shutdown().await;
    }

    async fn hello(&mut self) -> Result<(), End> {
        let first = tokio::select! {
            first = timeout(HELLO_TIMEOUT, next(&mut self.stream)) => first.map_err(|_| End::Broken(CloseCode::Policy))??,
            () = self.app.shutdown.cancelled() => return Err(End::Broken(CloseCode::GoingAway)),
        };
        match serde_json::from_str(&first) {
            Ok(ClientMessage::Hello { version: VERSION }) => {}
            Ok(ClientMessage::Hello { version }) => {
                self.outbox.refuse(failure::version(version)).await;
                return Err(End::Gone);
            }
            Ok(_) | Err(_) => {
                self.outbox.refuse(failure::bad_request("the first message must be a hello")).await;
                return Err(End::Gone);
            }
        }
        let engine: EngineState = self.app.engine.state().borrow().clone();
        let workspace = self.app.workspace.path().display().to_string();
        let agent = env!("CARGO_PKG_VERSION").to_owned();
        self.outbox.say(ServerMessage::Hello { version: VERSION, agent, workspace, engine }).await;
        Ok(())
    }

    async fn requests(&mut self) -> End {
        let mut engine = self.app.engine.state();
        loop {
            tokio::select! {
                () = self.app.shutdown.cancelled() => return End::Broken(CloseCode::GoingAway),
                () = self.outbox.closed() => return End::Gone,
                Ok(()) = engine.changed() => {
                    let engine = engine.borrow_and_update().clone();
                    self.outbox.say(ServerMessage::Engine { engine }).await;
                }
                Some(ended) = self.tasks.join_next() => self.forget(&ended),
                text = next(&mut self.stream) => match text {
                    Ok(text) => {
                        if let Err(end) = self.message(&text).await {
                            return end;
                        }
                    }
                    Err(end) => return end,
                },
            }
        }
    }

    async fn message(&mut self, text: &str) -> Result<(), End> {
        match serde_json::from_str(text) {
            Ok(ClientMessage::Request { id, request }) => self.start(id, request).await,
            Ok(ClientMessage::Cancel { id }) => {
                if let Some(request) = self.running.get(&id) {
                    request.cancel();
                }
                Ok(())
            }
            Ok(ClientMessage::Hello { .. }) => self.refuse("a second hello").await,
            Err(error) => match request_id(text).filter(|id| !self.running.contains_key(id)) {
                Some(id) => {
                    let failure = failure::bad_request(error.to_string());
                    self.outbox.finish(id, Outcome::Failed { failure }).await;
                    Ok(())
                }
                None => self.refuse(&format!("a message that is none: {error}")).await,
            },
        }
    }

    async fn refuse(&self, reason: &str) -> Result<(), End> {
        self.outbox.refuse(failure::bad_request(reason)).await;
        Err(End::Gone)
    }

    async fn start(&mut self, id: RequestId, request: Request) -> Result<(), End> {
        while let Some(ended) = self.tasks.try_join_next() {
            self.forget(&ended);
        }
        if self.running.contains_key(&id) {
            return self.refuse(&format!("request {} is still running", id.0)).await;
        }
        if self.running.len() >= MAX_REQUESTS {
            let failure = failure::bad_request("too many requests at once: cancel some first");
            self.outbox.finish(id, Outcome::Failed { failure }).await;
            return Ok(());
        }
        // A command goes on when its page is reloaded; a stream has no one left to read it.
        let parent = if requests::is_command(&request) { &self.app.shutdown } else { &self.cancel };
        let cancel = parent.child_token();
        self.running.insert(id, cancel.clone());
        let asked = Asked { app: self.app.clone(), id, outbox: self.outbox.clone(), cancel };
        self.tasks.spawn(requests::answer(asked, request));
        Ok(())
    }

    fn forget(&mut self, ended: &Result<RequestId, JoinError>) {
        if let Ok(id) = ended {
            self.running.remove(id);
        }
    }
}

/// The next text of the client. Pings are answered by the transport.
async fn next(stream: &mut SplitStream<WebSocket>) -> Result<String, End> {
    loop {
        match timeout(SILENCE, stream.next()).await {
            Err(_) | Ok(None) => return Err(End::Gone),
            Ok(Some(Ok(Message::Text(text)))) => return Ok(text.as_str().to_owned()),
            Ok(Some(Ok(Message::Binary(_)))) => return Err(End::Broken(CloseCode::Policy)),
            Ok(Some(Ok(Message::Close(_)))) => return Err(End::Gone),
            Ok(Some(Ok(Message::Ping(_) | Message::Pong(_)))) => {}
            Ok(Some(Err(error))) => return Err(broken(error)),
        }
    }
}

fn broken(error: Error) -> End {
    match error.into_inner().downcast_ref::<tungstenite::Error>() {
        Some(tungstenite::Error::Capacity(_)) => End::Broken(CloseCode::TooLarge),
        Some(tungstenite::Error::Utf8(_)) => End::Broken(CloseCode::BadText),
        Some(tungstenite::Error::Protocol(_)) => End::Broken(CloseCode::Protocol),
        _ => End::Gone,
    }
}

/// The number of a request that is otherwise not well-formed, so that its sender hears about it.
fn request_id(text: &str) -> Option<RequestId> {
    let message: serde_json::Value = serde_json::from_str(text).ok()?;
    let is_request = message.get("type")?.as_str()? == "request";
    let id = message.get("id")?.as_u64().and_then(|id| u32::try_from(id).ok())?;
    is_request.then_some(RequestId(id))
}
