//! The first words with an engine: what it is, and the version of its API that both speak.
//!
//! An engine on this machine tells both in the head of a ping, as it does to the docker command. Asked for `/version`,
//! it runs programs of its own first, which takes longer than all other questions before an `up` without a change.

use std::path::Path;

use bollard::{API_DEFAULT_VERSION, ClientVersion, Docker, errors::Error};
use hyper::{Request, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;

use super::{endpoint::Endpoint, ssh::Tunnel};

/// An engine that has answered.
pub(super) struct Greeting {
    /// Speaks the version that both know.
    pub(super) client: Docker,
    /// Docker or Podman.
    pub(super) name: String,
    /// Of the engine, as `20.10.24`.
    pub(super) version: String,
}

/// Asks an engine who it is; nothing else may have been asked before.
///
/// # Errors
/// bollard's: nobody answers, or what answers is no engine.
pub(super) async fn greet(endpoint: &Endpoint, tunnel: Option<&Tunnel>) -> Result<Greeting, Error> {
    if let Some(socket) = endpoint.socket()
        && let Some((server, api)) = ping(socket).await
        && let Some(greeting) = told(endpoint, &server, &api)
    {
        return greeting;
    }
    let client = endpoint.client(tunnel, API_DEFAULT_VERSION)?;
    let (negotiated, version) = (client.clone().negotiate_version(), client.version());
    let (client, version) = match tunnel {
        // Both ask for the same: at the same time, the second question costs next to nothing.
        None => tokio::try_join!(negotiated, version)?,
        // Over SSH a second connection at the same time would log in anew; later ones share the first login.
        Some(_) => (negotiated.await?, version.await?),
    };
    let podman = version.components.iter().flatten().any(|part| part.name.contains("Podman"));
    let name = if podman { "Podman" } else { "Docker" }.to_owned();
    Ok(Greeting { client, name, version: version.version.unwrap_or_default() })
}

/// `Server` and `Api-Version` of `GET /_ping`. None for whatever goes wrong: the longer way finds the reason.
async fn ping(socket: &Path) -> Option<(String, String)> {
    let stream = UnixStream::connect(socket).await.ok()?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
    let request = Request::get("/_ping").header(header::HOST, "localhost").body(String::new()).ok()?;
    let answer = tokio::select! {
        answer = sender.send_request(request) => answer.ok()?,
        _closed = connection => return None,
    };
    let value = |name: &str| Some(answer.headers().get(name)?.to_str().ok()?.to_owned());
    Some((value("server")?, value("api-version")?))
}

/// What `Docker/20.10.24 (linux)` and `1.41` stand for; none for words that are not known.
fn told(endpoint: &Endpoint, server: &str, api: &str) -> Option<Result<Greeting, Error>> {
    let (name, version) = server.split_whitespace().next()?.split_once('/')?;
    let name = match name {
        "Docker" => "Docker",
        "Libpod" => "Podman",
        _ => return None,
    };
    let (major, minor) = api.split_once('.')?;
    let theirs = ClientVersion { major_version: major.parse().ok()?, minor_version: minor.parse().ok()? };
    let both = if theirs < *API_DEFAULT_VERSION { &theirs } else { API_DEFAULT_VERSION };
    let (name, version) = (name.to_owned(), version.to_owned());
    Some(endpoint.client(None, both).map(|client| Greeting { client, name, version }))
}
