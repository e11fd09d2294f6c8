//! The page's end of the socket.

use axum::http::HeaderValue;
use composeyard_protocol::{ClientMessage, Failure, FailureKind, Outcome, Request, RequestId, ServerMessage};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::agent::{PATIENCE, TestAgent};

pub(crate) struct Page {
    pub(crate) stream: WebSocketStream<TcpStream>,
}

/// What came next on a socket.
#[derive(Debug, PartialEq)]
pub(crate) enum Heard {
    Message(Box<ServerMessage>),
    Binary(Vec<u8>),
    /// Closed, with its code; 0 when the agent gave none.
    Closed(u16),
}

impl TestAgent {
    /// Opens a socket with these headers on top of a good `Host`; the status when it is refused.
    pub(crate) async fn open(&self, headers: &[(&str, &str)]) -> Result<Page, u16> {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let mut request = format!("ws://{}/api/ws", self.address).into_client_request().unwrap();
        for (name, value) in headers {
            let name: axum::http::HeaderName = name.parse().unwrap();
            request.headers_mut().insert(name, HeaderValue::from_str(value).unwrap());
        }
        match tokio_tungstenite::client_async(request, stream).await {
            Ok((stream, _)) => Ok(Page { stream }),
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// A socket with the script's token, before its hello.
    pub(crate) async fn open_with_token(&self) -> Page {
        self.open(&[("Authorization", &format!("Bearer {}", self.token))]).await.unwrap()
    }

    /// A socket that has said hello and been answered.
    pub(crate) async fn page(&self) -> Page {
        let mut page = self.open_with_token().await;
        page.say(&json!({"type": "hello", "version": composeyard_protocol::VERSION})).await;
        let hello = page.hear().await;
        assert!(
            matches!(&hello, Heard::Message(m) if matches!(**m, ServerMessage::Hello { .. })),
            "{hello:?}"
        );
        page
    }
}

impl Page {
    pub(crate) async fn say(&mut self, message: &Value) {
        self.send(Message::text(message.to_string())).await;
    }

    pub(crate) async fn send(&mut self, message: Message) {
        self.stream.send(message).await.unwrap();
    }

    pub(crate) async fn hear(&mut self) -> Heard {
        loop {
            match timeout(PATIENCE, self.stream.next()).await.expect("the agent says something") {
                Some(Ok(Message::Text(text))) => return Heard::Message(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Binary(bytes))) => return Heard::Binary(bytes.to_vec()),
                Some(Ok(Message::Close(frame))) => {
                    return Heard::Closed(frame.map_or(0, |frame| frame.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Heard::Closed(0),
            }
        }
    }

    /// Reads to the close and gives its code.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            if let Heard::Closed(code) = self.hear().await {
                return code;
            }
        }
    }

    /// The next message that is not about the engine's state.
    pub(crate) async fn message(&mut self) -> ServerMessage {
        loop {
            match self.hear().await {
                Heard::Message(message) if matches!(*message, ServerMessage::Engine { .. }) => {}
                Heard::Message(message) => return *message,
                other => panic!("{other:?}"),
            }
        }
    }

    /// Sends a request as it stands and collects what is said about it up to its end.
    pub(crate) async fn ask_raw(&mut self, id: u32, request: Value) -> (Vec<ServerMessage>, Outcome) {
        self.say(&json!({"type": "request", "id": id, "request": request})).await;
        self.end_of(id).await
    }

    pub(crate) async fn ask(&mut self, id: u32, request: Request) -> (Vec<ServerMessage>, Outcome) {
        self.start(id, request).await;
        self.end_of(id).await
    }

    pub(crate) async fn start(&mut self, id: u32, request: Request) {
        let message = ClientMessage::Request { id: RequestId(id), request };
        self.send(Message::text(serde_json::to_string(&message).unwrap())).await;
    }

    pub(crate) async fn end_of(&mut self, id: u32) -> (Vec<ServerMessage>, Outcome) {
        let mut said = Vec::new();
        loop {
            match self.message().await {
                ServerMessage::Finished { id: RequestId(ended), outcome } if ended == id => {
                    return (said, outcome);
                }
                message => said.push(message),
            }
        }
    }
}

/// The failure that an outcome must be.
pub(crate) fn failure(outcome: Outcome, kind: FailureKind) -> Failure {
    match outcome {
        Outcome::Failed { failure } if failure.kind == kind => failure,
        other => panic!("{other:?} is no {kind:?}"),
    }
}
