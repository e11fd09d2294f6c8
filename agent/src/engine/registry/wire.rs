//! One question to a registry over HTTP, with limits: it is a stranger.

use axum::body::{Body, Bytes, to_bytes};
use hyper::{
    HeaderMap, Request, StatusCode, Uri,
    body::Incoming,
    header::{self, HeaderValue},
    http::uri::Scheme,
};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};

/// Bytes of an answer: what registries accept of a manifest.
const LARGEST: usize = 4 * 1024 * 1024;
/// Some registries answer for others.
const REDIRECTS: usize = 3;
const AGENT: HeaderValue = HeaderValue::from_static(concat!("composeyard/", env!("CARGO_PKG_VERSION")));

/// An answer, read to its end.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// The way to registries.
#[derive(Debug)]
pub(super) struct Wire {
    plain: Client<HttpConnector, String>,
    /// None on a machine without certificates of authorities. It never speaks without encryption.
    encrypted: Option<Client<HttpsConnector<HttpConnector>, String>>,
}

impl Wire {
    pub(super) fn new() -> Self {
        let builder = || Client::builder(TokioExecutor::new());
        let connector = HttpsConnectorBuilder::new().with_native_roots();
        let connector = connector
            .inspect_err(|error| tracing::warn!("no registry is asked over TLS: {error}"))
            .map(|roots| roots.https_only().enable_http1().build());
        Self { plain: builder().build_http(), encrypted: connector.ok().map(|tls| builder().build(tls)) }
    }

    /// `GET`, redirections followed. What proves who asks goes to the first address only. None when there is no answer
    /// or it is too large.
    pub(super) async fn get(
        &self,
        uri: Uri,
        accept: HeaderValue,
        proof: Option<&HeaderValue>,
    ) -> Option<Answer> {
        let mut at = uri.clone();
        for _ in 0..=REDIRECTS {
            let mut request = Request::get(at.clone()).header(header::ACCEPT, accept.clone());
            let same = at.scheme() == uri.scheme() && at.authority() == uri.authority();
            if let Some(proof) = proof.filter(|_| same) {
                request = request.header(header::AUTHORIZATION, proof.clone());
            }
            let answer = self.send(request.body(String::new()).ok()?).await?;
            if !answer.status.is_redirection() {
                return Some(answer);
            }
            at = redirected(&at, answer.headers.get(header::LOCATION)?.to_str().ok()?)?;
        }
        None
    }

    /// `POST` of a form.
    pub(super) async fn post(&self, uri: Uri, form: String) -> Option<Answer> {
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        let request = Request::post(uri).header(header::CONTENT_TYPE, kind).body(form);
        self.send(request.ok()?).await
    }

    async fn send(&self, mut request: Request<String>) -> Option<Answer> {
        request.headers_mut().insert(header::USER_AGENT, AGENT);
        let uri = request.uri().clone();
        let answer = if uri.scheme() == Some(&Scheme::HTTP) {
            self.plain.request(request).await
        } else {
            self.encrypted.as_ref()?.request(request).await
        };
        let (head, body) = answer
            .inspect_err(|error| tracing::debug!("{uri}: {}", super::super::error::chain(error)))
            .ok()?
            .into_parts();
        Some(Answer { status: head.status, headers: head.headers, body: read(body).await? })
    }
}

async fn read(body: Incoming) -> Option<Bytes> {
    to_bytes(Body::new(body), LARGEST).await.ok()
}

/// Where an answer leads; none for what gives up encryption.
fn redirected(from: &Uri, location: &str) -> Option<Uri> {
    let to: Uri = if location.starts_with('/') && !location.starts_with("//") {
        format!("{}://{}{location}", from.scheme()?, from.authority()?).parse().ok()?
    } else {
        location.parse().ok()?
    };
    let keeps = to.scheme() == Some(&Scheme::HTTPS) || to.scheme() == from.scheme();
    (to.authority().is_some() && keeps).then_some(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirection_never_gives_up_encryption() {
        let to = |from: &str, location: &str| {
            redirected(&from.parse().unwrap(), location).map(|uri| uri.to_string())
        };
        assert_eq!(to("https://a.example/v2/x", "/y?z").as_deref(), Some("https://a.example/y?z"));
        assert_eq!(to("https://a.example/", "https://b.example/y").as_deref(), Some("https://b.example/y"));
        assert_eq!(to("http://a.example/", "https://b.example/y").as_deref(), Some("https://b.example/y"));
        for lost in ["http://a.example/y", "y", "//b.example/y", "file:///y"] {
            assert_eq!(to("https://a.example/", lost), None, "{lost}");
        }
    }
}
