//! A socket in front of the real engine's, whose connections a test can cut.

use std::{path::PathBuf, sync::Arc};

use tempfile::TempDir;
use tokio::{
    io::copy_bidirectional,
    net::{UnixListener, UnixStream},
    sync::watch,
    task::JoinHandle,
};

/// The socket; it ends with its value.
pub(crate) struct Proxy {
    folder: TempDir,
    open: Arc<watch::Sender<bool>>,
    serving: JoinHandle<()>,
}

impl Proxy {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join("engine.sock")).unwrap();
        let open = Arc::new(watch::Sender::new(true));
        let serving = tokio::spawn(serve(listener, Arc::clone(&open)));
        Self { folder, open, serving }
    }

    /// For `Engine::connect`.
    pub(crate) fn host(&self) -> String {
        format!("unix://{}", self.folder.path().join("engine.sock").display())
    }

    /// Cuts all connections; new ones end at once.
    pub(crate) fn cut(&self) {
        self.open.send_replace(false);
    }

    /// Lets new connections through again.
    pub(crate) fn mend(&self) {
        self.open.send_replace(true);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: UnixListener, open: Arc<watch::Sender<bool>>) {
    while let Ok((mut client, _)) = listener.accept().await {
        let mut state = open.subscribe();
        if !*state.borrow() {
            continue;
        }
        tokio::spawn(async move {
            let Ok(mut engine) = UnixStream::connect(real()).await else { return };
            tokio::select! {
                _ = copy_bidirectional(&mut client, &mut engine) => {}
                _ = state.wait_for(|open| !open) => {}
            }
        });
    }
}

fn real() -> PathBuf {
    let host = std::env::var("DOCKER_HOST").unwrap_or_default();
    host.strip_prefix("unix://").unwrap_or("/var/run/docker.sock").into()
}
