//! An engine that has nothing, says yes to everything except what it is told to refuse, and writes down every call.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::{net::UnixListener, runtime::Runtime};

/// How it answers one call.
#[derive(Clone, Debug)]
pub(crate) enum How {
    /// With this status and message.
    Refuse(u16, &'static str),
    /// With success and this text.
    Say(&'static str),
    /// With a head that promises more than it sends.
    Cut,
    /// Never.
    Hang,
}

/// One call, as it came in.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// `POST /v1.41/containers/create?name=x`
    pub(crate) line: String,
    /// Its JSON body, if it has one.
    pub(crate) body: Value,
}

#[derive(Debug)]
struct Script {
    api: &'static str,
    /// Calls that contain the text are answered so; the first match counts.
    answers: Vec<(&'static str, How)>,
    calls: Vec<Call>,
}

/// The engine; it goes away with its value.
pub(crate) struct Fake {
    folder: tempfile::TempDir,
    script: Arc<Mutex<Script>>,
    /// Its own, so that it ends with every connection at once.
    serving: Option<Runtime>,
}

impl Fake {
    /// Speaks this version of the API at most.
    pub(crate) fn speaking(api: &'static str) -> Self {
        let script = Script { api, answers: Vec::new(), calls: Vec::new() };
        let mut fake = Self {
            folder: tempfile::tempdir().unwrap(),
            script: Arc::new(Mutex::new(script)),
            serving: None,
        };
        fake.start();
        fake
    }

    pub(crate) fn answer(&self, call: &'static str, how: How) -> &Self {
        self.script.lock().unwrap().answers.push((call, how));
        self
    }

    /// For `Engine::connect`.
    pub(crate) fn host(&self) -> String {
        format!("unix://{}", self.socket().display())
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("engine.sock")
    }

    /// Goes away: the socket too, and every connection.
    pub(crate) fn stop(&mut self) {
        if let Some(serving) = self.serving.take() {
            serving.shutdown_background();
        }
        std::fs::remove_file(self.socket()).unwrap();
    }

    /// Listens, again under the same path.
    pub(crate) fn start(&mut self) {
        let serving =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let entered = serving.enter();
        let listener = UnixListener::bind(self.socket()).unwrap();
        let routes = Router::new().fallback(answer).with_state(self.script.clone());
        serving.spawn(async move { axum::serve(listener, routes).await.unwrap() });
        drop(entered);
        self.serving = Some(serving);
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        self.script.lock().unwrap().calls.clone()
    }

    /// Calls that change something.
    pub(crate) fn changes(&self) -> Vec<String> {
        let calls = self.calls().into_iter().map(|call| call.line);
        calls.filter(|line| !line.starts_with("GET ")).collect()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        if let Some(serving) = self.serving.take() {
            serving.shutdown_background();
        }
    }
}

async fn answer(State(script): State<Arc<Mutex<Script>>>, request: Request) -> Response {
    let line = format!("{} {}", request.method(), request.uri());
    let body = to_bytes(request.into_body(), 1 << 20).await.unwrap_or_default();
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let (how, api, number) = {
        let mut script = script.lock().unwrap();
        script.calls.push(Call { line: line.clone(), body });
        let how = script.answers.iter().find(|(part, _)| line.contains(part)).map(|(_, how)| how.clone());
        (how, script.api, script.calls.len())
    };
    match how {
        None => yes(&line, api, number),
        Some(How::Refuse(status, message)) => {
            (StatusCode::from_u16(status).unwrap(), json!({"message": message}).to_string()).into_response()
        }
        Some(How::Say(text)) => text.into_response(),
        Some(How::Cut) => {
            let broken = Err::<Bytes, _>(std::io::Error::other("cut"));
            Body::from_stream(stream::iter([Ok(Bytes::from_static(b"{\"Id\":")), broken])).into_response()
        }
        Some(How::Hang) => std::future::pending().await,
    }
}

/// What an obliging engine says.
fn yes(line: &str, api: &str, number: usize) -> Response {
    let has = |part: &str| line.contains(part);
    let text = |value: Value| value.to_string().into_response();
    let missing =
        || (StatusCode::NOT_FOUND, json!({"message": "no such object"}).to_string()).into_response();
    match line {
        _ if has("/_ping") => {
            ([("Api-Version", api), ("Server", "Docker/0.0-fake (linux)")], "OK").into_response()
        }
        _ if has("/version") => {
            text(json!({"Version": "0.0-fake", "ApiVersion": api, "MinAPIVersion": "1.12"}))
        }
        _ if has("/events") => {
            Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>()).into_response()
        }
        _ if has("POST") && has("/images/create") => text(json!({"status": "Pull complete", "id": "a"})),
        _ if has("POST") && has("/build") => text(json!({"stream": "Step 1/1 : FROM scratch\n"})),
        _ if has("/images/") => text(json!({"Id": "sha256:1", "Config": {}})),
        _ if has("/containers/create") => text(json!({"Id": format!("{number:064x}"), "Warnings": []})),
        _ if has("/networks/create") => text(json!({"Id": format!("{number:064x}"), "Warning": ""})),
        _ if has("/volumes/create") => text(json!({
            "Name": "v", "Driver": "local", "Mountpoint": "", "Labels": {}, "Options": {}, "Scope": "local"
        })),
        _ if has("GET") && (has("/containers/json") || has("/networks?")) => text(json!([])),
        _ if has("GET") && has("/volumes?") => text(json!({"Volumes": [], "Warnings": []})),
        _ if has("GET") => missing(),
        _ => StatusCode::NO_CONTENT.into_response(),
    }
}
