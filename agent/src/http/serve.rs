//! The listener: accepts connections within limits of time and size, and ends them in order.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::router::{Site, router};
use super::session::LIFETIME;
use super::unread::Impatient;
use super::{Address, Assets, Sessions, StateFolder};
use crate::app::App;

/// For a request's headers, and between requests of one connection.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// A client that takes nothing of an answer for so long is gone. Sockets and lines for scripts end earlier by themselves.
const UNREAD_TIMEOUT: Duration = Duration::from_secs(60);
const MAX_HEADERS: usize = 64;
const MAX_HEADER_BYTES: usize = 32 * 1024;
const MAX_CONNECTIONS: usize = 256;
/// For connections and commands to end by themselves when the agent stops.
const GRACE: Duration = Duration::from_millis(700);

/// An agent bound to its port.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: Arc<Address>,
    site: Arc<Site>,
}

impl Server {
    /// Puts the agent on a bound listener. `allowed` are further host names to answer to, `state` keeps the sessions.
    ///
    /// # Errors
    /// When the listener has no address, the system no randomness, or the sessions cannot be read.
    pub fn new(
        listener: TcpListener,
        allowed: &[String],
        app: App,
        assets: Assets,
        state: StateFolder,
    ) -> std::io::Result<Self> {
        let address = Address::new(listener.local_addr()?, allowed);
        let sessions = Sessions::new(address.port(), LIFETIME, state)?;
        let site = Arc::new(Site::new(app, assets, sessions));
        Ok(Self { listener, address: Arc::new(address), site })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Launch code and token.
    pub fn sessions(&self) -> &Sessions {
        &self.site.sessions
    }

    /// Serves until the app's shutdown is called, then closes all sockets.
    pub async fn run(self) {
        tracing::info!(port = self.address.port(), "listening");
        let shutdown = self.site.app.shutdown.clone();
        let tasks = self.site.app.tasks.clone();
        let routes = router(self.site, self.address);
        let connections = TaskTracker::new();
        let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        loop {
            let place = tokio::select! {
                () = shutdown.cancelled() => break,
                // Never closed, so there is always a place in the end.
                Ok(place) = Arc::clone(&places).acquire_owned() => place,
            };
            let accepted = tokio::select! {
                () = shutdown.cancelled() => break,
                accepted = self.listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, _)) => {
                    let (routes, shutdown) = (routes.clone(), shutdown.clone());
                    connections.spawn(async move {
                        // Log batches and progress are small and wanted at once.
                        let _ = stream.set_nodelay(true);
                        connection(Impatient::new(stream, UNREAD_TIMEOUT), routes, shutdown).await;
                        drop(place);
                    });
                }
                // Out of descriptors: wait for some to come back instead of spinning.
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
        connections.close();
        tasks.close();
        let ended = async { tokio::join!(connections.wait(), tasks.wait()) };
        let _ = tokio::time::timeout(GRACE, ended).await;
    }
}

async fn connection(stream: Impatient<TcpStream>, routes: Router, shutdown: CancellationToken) {
    let service = TowerToHyperService::new(routes);
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut serving = std::pin::pin!(serving);
    let result = tokio::select! {
        result = serving.as_mut() => result,
        () = shutdown.cancelled() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%error, "a connection ended early");
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::time::{sleep, timeout};

    use super::*;

    /// More than the system keeps for a client that does not read.
    const LARGE: usize = 32 << 20;
    const PATIENCE: Duration = Duration::from_secs(2);

    /// A client that has asked for a large answer, and the connection that gives it.
    async fn asked() -> (TcpStream, impl Future<Output = ()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let routes = Router::new().route("/", get(|| async { vec![b'x'; LARGE] }));
        let serving = connection(Impatient::new(stream, PATIENCE), routes, CancellationToken::new());
        (client, serving)
    }

    #[tokio::test]
    async fn a_client_that_stops_reading_gives_its_place_back() {
        let (mut client, serving) = asked().await;
        timeout(Duration::from_secs(20), serving).await.expect("the connection ends");
        let mut read = Vec::new();
        let _reset = client.read_to_end(&mut read).await;
        assert!(read.len() < LARGE);
    }

    #[tokio::test]
    async fn a_client_that_reads_slowly_gets_all() {
        let (mut client, serving) = asked().await;
        let serving = tokio::spawn(serving);
        let (mut read, mut buffer) = (0, vec![0; LARGE / 64]);
        let begun = tokio::time::Instant::now();
        while let Ok(count @ 1..) = client.read(&mut buffer).await {
            read += count;
            if begun.elapsed() < 3 * PATIENCE {
                sleep(PATIENCE / 16).await;
            }
        }
        assert!(begun.elapsed() > 2 * PATIENCE, "longer than a pause may be");
        assert!(read > LARGE, "{read} bytes with the head");
        serving.await.unwrap();
    }
}
