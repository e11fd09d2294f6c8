//! An agent in this process, on a free port, with its own workspace and state folders.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use composeyard::app::App;
use composeyard::engine::Engine;
use composeyard::http::{Assets, Server, StateFolder};
use composeyard::jobs::Jobs;
use composeyard::workspace::Workspace;
use composeyard_protocol::EngineState;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::fake_engine::FakeEngine;

/// How long a test waits for what should happen at once.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) const PAGE: &str =
    "<!doctype html><meta name=csp-nonce content=__CSP_NONCE__><script>boot()</script>";

pub(crate) struct TestAgent {
    pub(crate) address: SocketAddr,
    pub(crate) code: String,
    pub(crate) token: String,
    pub(crate) app: App,
    pub(crate) engine: FakeEngine,
    folder: TempDir,
    running: JoinHandle<()>,
}

impl TestAgent {
    pub(crate) async fn start() -> Self {
        Self::start_with(false).await
    }

    /// With `--lab`.
    pub(crate) async fn start_lab() -> Self {
        Self::start_with(true).await
    }

    async fn start_with(lab: bool) -> Self {
        let engine = FakeEngine::start();
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::open(&folder.path().join("projects")).unwrap();
        let state = StateFolder::open(&folder.path().join("state")).unwrap();
        let app = App::new(Engine::connect(Some(engine.host())), workspace, Jobs::default(), lab);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Server::new(listener, &[], app.clone(), assets(), state).unwrap();
        let address = server.local_addr().unwrap();
        let code = server.sessions().launch_code().unwrap().expose().to_owned();
        let token = server.sessions().token().expose().to_owned();
        let running = tokio::spawn(server.run());
        let agent = Self { address, code, token, app, engine, folder, running };
        agent.wait_for_engine().await;
        agent
    }

    /// The connection itself calls the engine: only once it stands, further calls are a request's doing.
    async fn wait_for_engine(&self) {
        let mut state = self.app.engine.state();
        let up = state.wait_for(|state| matches!(state, EngineState::Up { .. }));
        timeout(PATIENCE, up).await.expect("the fake engine answers").unwrap();
    }

    pub(crate) fn projects(&self) -> std::path::PathBuf {
        self.folder.path().join("projects")
    }

    /// Writes a project's file as a user would, without the agent.
    pub(crate) fn put(&self, project: &str, file: &str, text: &str) {
        let path = self.projects().join(project).join(file);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends the agent as a signal does, and waits for it.
    pub(crate) async fn stop(self) {
        self.app.shutdown.cancel();
        timeout(Duration::from_secs(1), self.running).await.expect("it ends within a second").unwrap();
    }
}

fn assets() -> Assets {
    let file = |path: &str, text: &'static str| (path.to_owned(), Cow::Borrowed(text.as_bytes()));
    Assets::new([
        file("index.html", PAGE),
        file("web-0123456789abcdef.js", "boot"),
        file("stacks/index.json", "[]"),
    ])
}
