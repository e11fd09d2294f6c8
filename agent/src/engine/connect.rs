//! The connection: whether the engine answers, and trying again when it does not.

use std::{io, sync::Arc, time::Duration};

use bollard::{Docker, errors::Error};
use composeyard_protocol::EngineState;
use futures_util::StreamExt;
use tokio::{sync::watch, task::JoinHandle, time};

use super::{
    EngineError,
    endpoint::Endpoint,
    error::chain,
    greeting::{Greeting, greet},
    ssh::Tunnel,
};

/// A half-open engine counts as gone after this.
const PING_DEADLINE: Duration = Duration::from_secs(2);
/// For the first words with an engine: it may be busy.
const HELLO_DEADLINE: Duration = Duration::from_secs(5);
/// The same over SSH, which finds the host and logs in first.
const FAR_HELLO_DEADLINE: Duration = Duration::from_secs(30);
/// Between pings while all is well; the event stream notices most losses at once.
const PING_EVERY: Duration = Duration::from_secs(10);
/// First and longest pause between attempts.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));
/// The oldest API with what the agent relies on (health in events, force disconnect): Docker 17.05.
const OLDEST_API: (usize, usize) = (1, 29);

/// The shared state of all handles.
#[derive(Debug)]
pub(super) struct Connection {
    state: watch::Receiver<EngineState>,
    docker: watch::Receiver<Option<Reached>>,
    keeper: JoinHandle<()>,
}

/// An engine that answers.
#[derive(Debug)]
struct Reached {
    client: Docker,
    is_near: bool,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.keeper.abort();
    }
}

impl Connection {
    /// Starts the task that keeps the connection.
    pub(super) fn open(host: Option<String>) -> Arc<Self> {
        let (state_in, state) = watch::channel(EngineState::Connecting);
        let (docker_in, docker) = watch::channel(None);
        let keeper = tokio::spawn(keep(host, state_in, docker_in));
        Arc::new(Self { state, docker, keeper })
    }

    pub(super) fn state(&self) -> watch::Receiver<EngineState> {
        self.state.clone()
    }

    pub(super) fn docker(&self) -> Result<Docker, EngineError> {
        let client = self.docker.borrow().as_ref().map(|reached| reached.client.clone());
        client.ok_or_else(|| match &*self.state.borrow() {
            EngineState::Down { reason, help } => {
                EngineError::NotConnected { reason: reason.clone(), help: help.clone() }
            }
            EngineState::Connecting | EngineState::Up { .. } => EngineError::NotConnected {
                reason: "still connecting".to_owned(),
                help: "Try again in a moment.".to_owned(),
            },
        })
    }

    /// True for an engine that answers on a socket of this machine, where it then runs too.
    pub(super) fn is_near(&self) -> bool {
        self.docker.borrow().as_ref().is_some_and(|reached| reached.is_near)
    }

    pub(super) async fn ready(&self) -> Result<Docker, EngineError> {
        let mut state = self.state.clone();
        let _closed = state.wait_for(|state| *state != EngineState::Connecting).await;
        self.docker()
    }
}

/// Connects, watches, reconnects, for as long as anyone listens.
async fn keep(
    host: Option<String>,
    state: watch::Sender<EngineState>,
    docker: watch::Sender<Option<Reached>>,
) {
    let mut attempt = 0;
    loop {
        let down = match attempt_once(host.as_deref()).await {
            Ok((way, up)) => {
                attempt = 0;
                let is_near = way.endpoint.socket().is_some();
                docker.send_replace(Some(Reached { client: way.client.clone(), is_near }));
                state.send_replace(up);
                let down = until_lost(&way).await;
                docker.send_replace(None);
                down
            }
            Err(down) => down,
        };
        state.send_if_modified(|state| {
            let news = *state != down;
            *state = down;
            news
        });
        time::sleep(pause(attempt)).await;
        attempt += 1;
    }
}

/// Doubles up to the longest pause, then a random part of it, so that many agents do not knock at the same time.
fn pause(attempt: u32) -> Duration {
    let (first, longest) = BACKOFF;
    first.saturating_mul(2_u32.saturating_pow(attempt)).min(longest).mul_f64(0.5 + fastrand::f64() / 2.0)
}

/// What leads to an engine.
struct Way {
    client: Docker,
    endpoint: Endpoint,
    tunnel: Option<Tunnel>,
}

async fn attempt_once(host: Option<&str>) -> Result<(Way, EngineState), EngineState> {
    let endpoint = Endpoint::choose(host)?;
    let tunnel = endpoint.tunnel().map_err(|error| down(&endpoint, None, &error.into()))?;
    let failed = |error: &Error| down(&endpoint, tunnel.as_ref(), error);
    let deadline = if tunnel.is_some() { FAR_HELLO_DEADLINE } else { HELLO_DEADLINE };
    let Greeting { client, name, version } = time::timeout(deadline, greet(&endpoint, tunnel.as_ref()))
        .await
        .unwrap_or(Err(Error::RequestTimeoutError))
        .map_err(|error| failed(&error))?;
    let api = client.client_version();
    if (api.major_version, api.minor_version) < OLDEST_API {
        return Err(EngineState::Down {
            reason: format!("the engine at {} only speaks API {api}", endpoint.shown()),
            help: "Install Docker 17.05 or newer.".to_owned(),
        });
    }
    let up = EngineState::Up { name, version, api: api.to_string() };
    Ok((Way { client, endpoint, tunnel }, up))
}

/// Returns when the engine stops answering: its event stream ends, or a ping gets no answer in time.
async fn until_lost(Way { client, endpoint, tunnel }: &Way) -> EngineState {
    let tunnel = tunnel.as_ref();
    let mut events = Box::pin(client.events(None::<bollard::query_parameters::EventsOptions>));
    let mut ping = time::interval_at(time::Instant::now() + PING_EVERY, PING_EVERY);
    ping.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            event = events.next() => match event {
                Some(Ok(_)) => {}
                Some(Err(error)) => return down(endpoint, tunnel, &error),
                None => return lost(endpoint, "it closed the connection"),
            },
            _ = ping.tick() => match time::timeout(PING_DEADLINE, client.ping()).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => return down(endpoint, tunnel, &error),
                Err(_) => return lost(endpoint, "it does not answer in time"),
            },
        }
    }
}

fn lost(endpoint: &Endpoint, why: &str) -> EngineState {
    EngineState::Down {
        reason: format!("lost the engine at {}: {why}", endpoint.shown()),
        help: "Check that Docker still runs. Composeyard reconnects by itself.".to_owned(),
    }
}

/// The reason and the one thing to do about it.
fn down(endpoint: &Endpoint, tunnel: Option<&Tunnel>, error: &Error) -> EngineState {
    let shown = endpoint.shown();
    if let Some(said) = tunnel.and_then(Tunnel::said) {
        return EngineState::Down {
            reason: format!("{shown}: {said}"),
            help: "Check that ssh runs docker version there without asking anything. Composeyard connects by itself."
                .to_owned(),
        };
    }
    let (reason, help) = match (error, io_kind(error)) {
        (Error::SocketNotFoundError(_), _) | (_, Some(io::ErrorKind::NotFound)) => (
            format!("there is no socket at {shown}"),
            "Start Docker, or install it: https://docs.docker.com/engine/install/. Composeyard connects by itself."
                .to_owned(),
        ),
        (_, Some(io::ErrorKind::PermissionDenied)) => (
            format!("this user may not open {shown}"),
            "Add the user to the group docker (sudo usermod -aG docker $USER) and log in again.".to_owned(),
        ),
        (_, Some(io::ErrorKind::ConnectionRefused)) => (
            format!("nothing listens on {shown}"),
            "Start Docker: sudo systemctl start docker. Composeyard connects by itself.".to_owned(),
        ),
        (Error::UnsupportedURISchemeError { uri }, _) => (
            format!("{uri} is no address that this build can connect to"),
            "Use unix:///path/to/docker.sock, tcp://127.0.0.1:2375 or ssh://USER@HOST.".to_owned(),
        ),
        (Error::CertPathError { path } | Error::CertParseError { path } | Error::CertMultipleKeys { path, .. }, _) => (
            format!("{}, which the engine behind TLS asks for, cannot be read", path.display()),
            "Put ca.pem, cert.pem and key.pem into the folder that DOCKER_CERT_PATH names.".to_owned(),
        ),
        (Error::RequestTimeoutError, _) => (
            format!("the engine at {shown} does not answer in time"),
            "Check that Docker is not stopped or overloaded. Composeyard connects by itself.".to_owned(),
        ),
        _ if chain(error).to_lowercase().contains("certificate") => (
            format!("{shown}: {}", chain(error)),
            "Check that ca.pem is of the authority that signed the engine's certificate, and cert.pem of one that the \
             engine knows."
                .to_owned(),
        ),
        _ => (
            format!("{shown}: {}", chain(error)),
            "Check that Docker runs. Composeyard connects by itself.".to_owned(),
        ),
    };
    EngineState::Down { reason, help }
}

/// The operating system's reason, wherever in the chain of causes it hides.
fn io_kind(error: &Error) -> Option<io::ErrorKind> {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<io::Error>() {
            return Some(io.kind());
        }
        cause = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_missing_socket_is_explained_with_help() {
        let folder = tempfile::tempdir().unwrap();
        let host = format!("unix://{}/none.sock", folder.path().display());
        let engine = Connection::open(Some(host));
        let error = engine.ready().await.unwrap_err();
        let EngineError::NotConnected { reason, help } = error else { panic!("{error}") };
        assert!(reason.contains("there is no socket at"), "{reason}");
        assert!(help.contains("Start Docker"), "{help}");
    }

    #[tokio::test]
    async fn a_socket_without_a_listener_is_told_from_a_missing_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dead.sock");
        drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
        let engine = Connection::open(Some(format!("unix://{}", path.display())));
        let error = engine.ready().await.unwrap_err();
        assert!(error.to_string().contains("nothing listens on"), "{error}");
    }

    #[test]
    fn pauses_grow_to_a_limit_and_never_to_zero() {
        for attempt in 0..40 {
            let pause = pause(attempt);
            assert!(pause >= BACKOFF.0 / 2 && pause <= BACKOFF.1);
        }
    }
}
