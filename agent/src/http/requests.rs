//! `POST /api/requests`: one request of a script, answered line by line.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use composeyard_protocol::MAX_MESSAGE_BYTES;
use futures_util::StreamExt;

use super::router::{Site, is_json, status, whole};
use super::session::Access;
use crate::ws;

/// For those with the token: a page has its socket.
pub(super) async fn request(State(site): State<Arc<Site>>, request: Request) -> Response {
    match site.sessions.access(request.headers()) {
        Access::Token => {}
        Access::Session => return StatusCode::FORBIDDEN.into_response(),
        refused => return status(refused).into_response(),
    }
    if !is_json(request.headers()) {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let body = match whole(request, MAX_MESSAGE_BYTES).await {
        Ok(body) => body,
        Err(refused) => return refused.into_response(),
    };
    let asked = match serde_json::from_slice(&body) {
        Ok(asked) => asked,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    let Ok(permit) = Arc::clone(&site.sockets).try_acquire_owned() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let lines = ws::script::answer(&site.app, asked).map(move |line| {
        let _until_the_last_line = &permit;
        line
    });
    ([(CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(lines)).into_response()
}
