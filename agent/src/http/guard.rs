//! The first check of every request, before routing: is it for us, and does it come from our own page? A page that
//! rebinds its name to loopback fails at `Host`, one that only sends requests here fails at `Origin` or
//! `Sec-Fetch-Site`.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, HOST, ORIGIN, TRANSFER_ENCODING};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Address;
use super::headers;

const MAX_PATH_BYTES: usize = 2048;
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Answers refused requests with a bare status, passes the others on, and puts the security headers on every answer.
pub(super) async fn guard(State(address): State<Arc<Address>>, request: Request, next: Next) -> Response {
    let mut response = match refusal(&address, request.method(), request.uri(), request.headers()) {
        Some(status) => status.into_response(),
        None => next.run(request).await,
    };
    headers::secure(response.headers_mut());
    response
}

fn refusal(address: &Address, method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<StatusCode> {
    host_refusal(address, uri, headers).or_else(|| shape_refusal(uri, headers)).or_else(|| {
        let foreign = is_foreign_origin(address, headers) || is_foreign_fetch(method, uri, headers);
        foreign.then_some(StatusCode::FORBIDDEN)
    })
}

fn host_refusal(address: &Address, uri: &Uri, headers: &HeaderMap) -> Option<StatusCode> {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return Some(StatusCode::BAD_REQUEST);
    };
    let named_in_uri = uri.authority().is_none_or(|name| address.is_host(name.as_str().as_bytes()));
    let good = named_in_uri && address.is_host(host.as_bytes());
    (!good).then_some(StatusCode::MISDIRECTED_REQUEST)
}

fn shape_refusal(uri: &Uri, headers: &HeaderMap) -> Option<StatusCode> {
    if uri.path().len() > MAX_PATH_BYTES {
        return Some(StatusCode::URI_TOO_LONG);
    }
    let two_lengths = headers.contains_key(CONTENT_LENGTH) && headers.contains_key(TRANSFER_ENCODING);
    two_lengths.then_some(StatusCode::BAD_REQUEST)
}

fn is_foreign_origin(address: &Address, headers: &HeaderMap) -> bool {
    let origins = headers.get_all(ORIGIN);
    origins.iter().count() > 1 || origins.iter().any(|origin| !address.is_origin(origin.as_bytes()))
}

/// A fetch by another site's page. Following a link to the front page is no fetch: it sends nothing and reads nothing.
fn is_foreign_fetch(method: &Method, uri: &Uri, headers: &HeaderMap) -> bool {
    let has = |name: &HeaderName, value: &str| {
        headers.get(name).is_some_and(|given| given.as_bytes() == value.as_bytes())
    };
    let foreign = has(&FETCH_SITE, "cross-site") || has(&FETCH_SITE, "same-site");
    let link = method == Method::GET
        && uri.path() == "/"
        && has(&FETCH_MODE, "navigate")
        && has(&FETCH_DEST, "document");
    foreign && !link
}
