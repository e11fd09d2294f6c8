//! An engine with nothing on it, on a Unix socket, that writes down every call.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tempfile::TempDir;
use tokio::net::UnixListener;

/// The engine; it ends with its value.
pub(crate) struct FakeEngine {
    folder: TempDir,
    calls: Arc<Mutex<Vec<String>>>,
    serving: tokio::task::JoinHandle<()>,
}

impl FakeEngine {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join("engine.sock")).unwrap();
        let calls = Arc::new(Mutex::new(Vec::new()));
        let routes = Router::new().fallback(answer).with_state(Arc::clone(&calls));
        let serving = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { folder, calls, serving }
    }

    /// For `Engine::connect`.
    pub(crate) fn host(&self) -> String {
        format!("unix://{}", self.path().display())
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("engine.sock")
    }

    /// Every call but those that keep the connection: `GET /containers/json?…`, without the API version.
    pub(crate) fn calls(&self) -> Vec<String> {
        let kept = ["/_ping", "/version", "/info", "/events"];
        let calls = self.calls.lock().unwrap();
        let about_objects = |call: &&String| !kept.iter().any(|path| call.contains(path));
        calls.iter().filter(about_objects).cloned().collect()
    }
}

impl Drop for FakeEngine {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer(State(calls): State<Arc<Mutex<Vec<String>>>>, request: Request) -> Response {
    let path = request.uri().path_and_query().map_or("", |path| path.as_str()).to_owned();
    let path = path
        .split_once("/v1.")
        .and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned()))
        .unwrap_or(path);
    calls.lock().unwrap().push(format!("{} {path}", request.method()));
    let json = |text: &'static str| ([("content-type", "application/json")], text).into_response();
    match path.split('?').next().unwrap_or_default() {
        "/_ping" => ([("api-version", "1.41"), ("server", "Docker/20.10.24 (linux)")], "OK").into_response(),
        "/version" => json(r#"{"Version":"20.10.24","ApiVersion":"1.41","MinAPIVersion":"1.12"}"#),
        "/info" => json(
            r#"{"OSType":"linux","Architecture":"x86_64","RegistryConfig":{"InsecureRegistryCIDRs":["127.0.0.0/8"]}}"#,
        ),
        "/events" => Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>())
            .into_response(),
        "/containers/json" | "/networks" | "/images/json" => json("[]"),
        "/volumes" => json(r#"{"Volumes":[],"Warnings":[]}"#),
        _ => (StatusCode::NOT_FOUND, json(r#"{"message":"no such object"}"#)).into_response(),
    }
}
