//! An agent in this process on the real engine, and the page's end of its sockets.

use std::{borrow::Cow, path::PathBuf};

use axum::http::HeaderValue;
use composeyard::{
    app::App,
    engine::Engine,
    http::{Assets, Server, StateFolder},
    jobs::Jobs,
    workspace::Workspace,
};
use composeyard_protocol::{Outcome, RequestId, ServerMessage, VERSION, terminal::TerminalReply};
use futures_util::{Sink, SinkExt, Stream, StreamExt};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

use crate::real::Stack;

/// An agent on the real engine, whose workspace is the folder above the stack's.
pub(super) struct Agent {
    address: std::net::SocketAddr,
    pub(super) token: String,
    pub(super) app: App,
    folder: tempfile::TempDir,
}

pub(super) struct Page(WebSocketStream<TcpStream>);

/// A stack that runs and is in the agent's workspace.
pub(super) async fn running(test: &str) -> (Stack, Agent) {
    running_on(test, None).await
}

/// As [`running`], with the agent's engine at this address.
pub(super) async fn running_on(test: &str, host: Option<String>) -> (Stack, Agent) {
    let file = "services: {app: {image: busybox, command: sleep 600, stop_signal: SIGKILL, ports: ['80']}}\n";
    running_file(test, host, file).await
}

/// As [`running_on`], with this compose file.
pub(super) async fn running_file(test: &str, host: Option<String>, file: &str) -> (Stack, Agent) {
    let stack = Stack::new(test).await;
    stack.write("compose.yaml", file);
    stack.ours(&["up", "-d"]);
    let agent = Agent::of(&stack, host, file);
    (stack, agent)
}

impl Drop for Agent {
    fn drop(&mut self) {
        self.app.shutdown.cancel();
    }
}

impl Agent {
    /// On the engine at this address, with the stack in its workspace as this compose file.
    pub(super) fn of(stack: &Stack, host: Option<String>, file: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::open(&folder.path().join("projects")).unwrap();
        let state = StateFolder::open(&folder.path().join("state")).unwrap();
        let app = App::new(Engine::connect(host), workspace, Jobs::default(), false);
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let page = [("index.html".to_owned(), Cow::Borrowed(&b"<!doctype html>__CSP_NONCE__"[..]))];
        let listener = TcpListener::from_std(listener).unwrap();
        let server = Server::new(listener, &[], app.clone(), Assets::new(page), state).unwrap();
        let address = server.local_addr().unwrap();
        let token = server.sessions().token().expose().to_owned();
        tokio::spawn(server.run());
        let agent = Self { address, token, app, folder };
        std::fs::create_dir_all(agent.project(stack)).unwrap();
        std::fs::write(agent.project(stack).join("compose.yaml"), file).unwrap();
        agent
    }

    /// The stack's folder in the workspace.
    pub(super) fn project(&self, stack: &Stack) -> PathBuf {
        self.folder.path().join("projects").join(&stack.name)
    }

    pub(super) async fn open(&self, socket: &str, headers: &[(&'static str, &str)]) -> Result<Page, u16> {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let mut request = format!("ws://{}/api/{socket}", self.address).into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, HeaderValue::from_str(value).unwrap());
        }
        match tokio_tungstenite::client_async(request, stream).await {
            Ok((stream, _)) => Ok(Page(stream)),
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// What a path answers, head and body.
    pub(super) async fn get(&self, path: &str, token: &str) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n",
            self.address
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        answer
    }

    /// The page's main socket, after its hello.
    pub(super) async fn page(&self) -> Page {
        let mut page =
            self.open("ws", &[("authorization", &format!("Bearer {}", self.token))]).await.unwrap();
        page.say(&json!({"type": "hello", "version": VERSION})).await;
        page
    }

    pub(super) async fn terminal(&self, open: Value) -> Page {
        let mut page =
            self.open("terminal", &[("authorization", &format!("Bearer {}", self.token))]).await.unwrap();
        page.say(&open).await;
        page
    }
}

impl Page {
    pub(super) async fn say(&mut self, message: &Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    pub(super) async fn type_in(&mut self, text: &str) {
        self.0.send(Message::binary(text.as_bytes().to_vec())).await.unwrap();
    }

    /// Bytes of output that come before the answer to a ping.
    pub(super) async fn output_until_pong(&mut self) -> u64 {
        self.0.send(Message::Ping(Vec::new().into())).await.unwrap();
        let mut bytes = 0;
        loop {
            match self.hear().await {
                Message::Binary(part) => bytes += part.len() as u64,
                Message::Pong(_) => return bytes,
                _ => {}
            }
        }
    }

    /// The agent's next word, if it comes before the answer to a ping.
    pub(super) async fn reply_before_pong(&mut self) -> Option<TerminalReply> {
        self.0.send(Message::Ping(Vec::new().into())).await.unwrap();
        loop {
            match self.hear().await {
                Message::Text(text) => return Some(serde_json::from_str(&text).unwrap()),
                Message::Pong(_) => return None,
                _ => {}
            }
        }
    }

    /// Both ends, to be used side by side.
    pub(super) fn split(
        self,
    ) -> (impl Sink<Message, Error = Error> + Send, impl Stream<Item = Result<Message, Error>> + Send) {
        self.0.split()
    }

    pub(super) async fn hear(&mut self) -> Message {
        let heard = tokio::time::timeout(std::time::Duration::from_secs(20), self.0.next()).await;
        heard.expect("the agent says something").unwrap().unwrap()
    }

    /// Asks for something and hears all that is said about it.
    pub(super) async fn ask(&mut self, id: u32, request: Value) -> (Vec<ServerMessage>, Outcome) {
        self.say(&json!({"type": "request", "id": id, "request": request})).await;
        let mut said = Vec::new();
        loop {
            match self.message(id).await {
                ServerMessage::Finished { outcome, .. } => return (said, outcome),
                message => said.push(message),
            }
        }
    }

    /// The next message about a request.
    pub(super) async fn message(&mut self, id: u32) -> ServerMessage {
        loop {
            let message = self.any_message().await;
            if message.request() == Some(RequestId(id)) {
                return message;
            }
        }
    }

    /// The next message.
    pub(super) async fn any_message(&mut self) -> ServerMessage {
        loop {
            if let Message::Text(text) = self.hear().await {
                return serde_json::from_str(&text).unwrap();
            }
        }
    }

    pub(super) async fn reply(&mut self) -> TerminalReply {
        loop {
            match self.hear().await {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Binary(_) | Message::Ping(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    pub(super) async fn see(&mut self, text: &str) {
        let mut seen = String::new();
        while !seen.contains(text) {
            match self.hear().await {
                Message::Binary(bytes) => seen.push_str(&String::from_utf8_lossy(&bytes)),
                Message::Ping(_) => {}
                other => panic!("{other:?} instead of {text:?} after {seen:?}"),
            }
        }
    }

    pub(super) async fn closed(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.hear().await {
                return frame.map_or(0, |frame| frame.code.into());
            }
        }
    }
}
