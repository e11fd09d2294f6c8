//! Every path the agent answers. There is no way through to the engine's own API.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::extract::{Path, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, ORIGIN, SET_COOKIE,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use composeyard_compose::ProjectName;
use serde::Deserialize;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_util::io::ReaderStream;

use super::session::Access;
use super::{Address, Assets, Sessions, guard, requests};
use crate::app::App;
use crate::ws;

const MAX_SESSION_BODY: usize = 4096;
const BODY_TIMEOUT: Duration = Duration::from_secs(5);
/// Bytes of a download that are read at once.
const DOWNLOAD_CHUNK: usize = 64 * 1024;
/// Pages and scripts connected at once.
const MAX_SOCKETS: usize = 64;

/// What the handlers need.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) app: App,
    pub(super) assets: Assets,
    pub(super) sessions: Sessions,
    pub(super) sockets: Arc<Semaphore>,
}

impl Site {
    pub(super) fn new(app: App, assets: Assets, sessions: Sessions) -> Self {
        Self { app, assets, sessions, sockets: Arc::new(Semaphore::new(MAX_SOCKETS)) }
    }
}

/// All routes behind the guard.
pub(super) fn router(site: Arc<Site>, address: Arc<Address>) -> Router {
    let api = Router::new()
        .route("/health", get(health))
        .route("/session", get(session).post(begin_session))
        .route("/ws", get(socket))
        .route("/terminal", get(terminal))
        .route("/requests", post(requests::request))
        .route("/backups/{project}/{file}", get(backup))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(from_fn(not_stored));
    Router::new()
        .nest("/api", api)
        .fallback(asset)
        .with_state(site)
        .layer(from_fn_with_state(address, guard::guard))
}

async fn not_stored(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(CACHE_CONTROL, axum::http::HeaderValue::from_static("no-store"));
    response
}

async fn asset(State(site): State<Arc<Site>>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    match request.uri().path() {
        "/" | "/index.html" => site.assets.page(),
        path => site.assets.file(path.trim_start_matches('/'), request.headers()),
    }
}

/// Public: that an agent is here and which one, so that a page without a session can tell.
async fn health() -> Response {
    let health = serde_json::json!({
        "name": "composeyard",
        "version": env!("CARGO_PKG_VERSION"),
        "protocol": composeyard_protocol::VERSION,
    });
    Json(health).into_response()
}

async fn session(State(site): State<Arc<Site>>, headers: HeaderMap) -> StatusCode {
    status(site.sessions.access(&headers))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Launch {
    code: String,
}

/// Trades the launch code for a session. The JSON content type keeps forms of other sites out.
async fn begin_session(State(site): State<Arc<Site>>, request: Request) -> Response {
    if !is_json(request.headers()) {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    if site.sessions.access(request.headers()) == Access::Session {
        return StatusCode::NO_CONTENT.into_response();
    }
    let body = match whole(request, MAX_SESSION_BODY).await {
        Ok(body) => body,
        Err(refused) => return refused.into_response(),
    };
    let Ok(Launch { code }) = serde_json::from_slice(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match site.sessions.begin(&code) {
        Ok(Ok(cookie)) => (StatusCode::NO_CONTENT, [(SET_COOKIE, cookie)]).into_response(),
        Ok(Err(refused)) => status(refused).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn socket(State(site): State<Arc<Site>>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    open(&site, &headers, ws::limited(upgrade), ws::serve)
}

async fn terminal(State(site): State<Arc<Site>>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    open(&site, &headers, ws::terminal::limited(upgrade), ws::terminal::serve)
}

/// A back-up of a volume, to be kept elsewhere.
async fn backup(
    State(site): State<Arc<Site>>,
    Path((project, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let access = site.sessions.access(&headers);
    if !matches!(access, Access::Session | Access::Token) {
        return status(access).into_response();
    }
    let Ok(project) = ProjectName::new(project) else { return StatusCode::NOT_FOUND.into_response() };
    let Ok(opened) = site.app.workspace.open_backup(&project, &file) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let length = opened.metadata().map_or(0, |about| about.len());
    // The name is one that the workspace has accepted: it holds no quotes.
    let headers = [
        (CONTENT_TYPE, "application/x-tar".to_owned()),
        (CONTENT_LENGTH, length.to_string()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")),
    ];
    let body =
        Body::from_stream(ReaderStream::with_capacity(tokio::fs::File::from_std(opened), DOWNLOAD_CHUNK));
    (headers, body).into_response()
}

/// Opens a socket for those who may.
fn open<Served: Future<Output = ()> + Send + 'static>(
    site: &Site,
    headers: &HeaderMap,
    upgrade: WebSocketUpgrade,
    serve: impl FnOnce(App, WebSocket) -> Served + Send + 'static,
) -> Response {
    let access = site.sessions.access(headers);
    // A browser always names the origin of a socket; a cookie without one was not sent by a page.
    let allowed = access == Access::Token || (access == Access::Session && headers.contains_key(ORIGIN));
    if !allowed {
        let refused = if access == Access::Session { StatusCode::FORBIDDEN } else { status(access) };
        return refused.into_response();
    }
    let Ok(permit) = Arc::clone(&site.sockets).try_acquire_owned() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let app = site.app.clone();
    let tasks = app.tasks.clone();
    upgrade.on_upgrade(move |socket| {
        tasks.track_future(async move {
            serve(app, socket).await;
            drop(permit);
        })
    })
}

/// A request's body, if it is not too large and comes in time.
pub(super) async fn whole(request: Request, most: usize) -> Result<Bytes, StatusCode> {
    match timeout(BODY_TIMEOUT, to_bytes(request.into_body(), most)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(_)) => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}

pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let mime = headers.get(CONTENT_TYPE).and_then(|mime| mime.to_str().ok()).unwrap_or_default();
    mime.split(';').next().is_some_and(|mime| mime.trim().eq_ignore_ascii_case("application/json"))
}

pub(super) fn status(access: Access) -> StatusCode {
    match access {
        Access::Session | Access::Token => StatusCode::NO_CONTENT,
        Access::Refused => StatusCode::UNAUTHORIZED,
        Access::Throttled => StatusCode::TOO_MANY_REQUESTS,
    }
}
