//! Getting in: the launch code of the address bar becomes a session cookie, which the page itself never sees.

use gloo_net::http::{Request, Response};
use leptos::prelude::*;

use super::link::Absence;

const SESSION: &str = "/api/session";

/// Why there is no session.
pub(super) enum NoSession {
    /// Nothing answers: the agent is gone, or there never was one.
    Unreachable,
    /// Something answers, but does not let this page in.
    Absent(Absence),
}

/// Makes sure that this browser has a session, using the launch code when the address holds one.
pub(super) async fn ensure() -> Result<(), NoSession> {
    let code = take_launch_code();
    let response = match &code {
        Some(code) => begin(code).await,
        None => Request::get(SESSION).send().await.ok(),
    };
    match (response.map(|response| response.status()), code.is_some()) {
        (None, _) => Err(NoSession::Unreachable),
        (Some(204), _) => Ok(()),
        (Some(401), true) => Err(NoSession::Absent(Absence::CodeUsed)),
        (Some(401), false) => Err(NoSession::Absent(Absence::NoSession)),
        (Some(429), _) => Err(NoSession::Absent(Absence::TooManyTries)),
        (Some(_), _) => Err(NoSession::Absent(Absence::NotServed)),
    }
}

async fn begin(code: &str) -> Option<Response> {
    let body = serde_json::json!({ "code": code }).to_string();
    let request = Request::post(SESSION).header("content-type", "application/json").body(body).ok()?;
    request.send().await.ok()
}

/// The code of `#launch=CODE`. It is taken out of the address at once, so that it stays in no history or bookmark.
fn take_launch_code() -> Option<String> {
    let location = window().location();
    let hash = location.hash().ok()?;
    let code = hash.strip_prefix("#launch=")?.to_owned();
    let path = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    if let Ok(history) = window().history() {
        let state = history.state().unwrap_or_default();
        // Refused only for other origins.
        let _ = history.replace_state_with_url(&state, "", Some(&path));
    }
    Some(code)
}

/// Address of one of the agent's sockets: `ws`, `terminal`.
pub fn socket_url(socket: &str) -> String {
    let location = window().location();
    let scheme = if location.protocol().is_ok_and(|scheme| scheme == "https:") { "wss" } else { "ws" };
    format!("{scheme}://{}/api/{socket}", location.host().unwrap_or_default())
}
