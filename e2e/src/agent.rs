//! The real binary, started as a user does.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::stand_ins;

/// A running agent; it ends with this value.
pub struct Agent {
    process: Child,
    /// The launch link that it printed.
    pub link: String,
    /// `127.0.0.1:PORT`
    pub address: String,
    workspace: TempDir,
    engine: Option<String>,
}

impl Agent {
    /// Starts the release binary on a free port with an empty workspace.
    ///
    /// # Errors
    /// When there is no binary, or it ends before it has printed its launch link.
    pub async fn start() -> Result<Self> {
        stand_ins::name().context("naming the images of the stacks")?;
        let workspace = TempDir::new()?;
        Self::start_in(workspace, format!("127.0.0.1:{}", free_port()?), None).await
    }

    /// As [`Agent::start`], on a machine without Docker: nothing listens where it looks for an engine.
    ///
    /// # Errors
    /// As [`Agent::start`].
    pub async fn start_without_engine() -> Result<Self> {
        let workspace = TempDir::new()?;
        let engine = format!("unix://{}", workspace.path().join("no-engine.sock").display());
        Self::start_in(workspace, format!("127.0.0.1:{}", free_port()?), Some(engine)).await
    }

    /// Kills it at once, as a crash would, and starts it again on the same port and workspace.
    ///
    /// # Errors
    /// As [`Agent::start`].
    pub async fn crash_and_restart(mut self) -> Result<Self> {
        self.process.kill().await?;
        Self::start_in(self.workspace, self.address, self.engine).await
    }

    async fn start_in(workspace: TempDir, address: String, engine: Option<String>) -> Result<Self> {
        let mut command = Command::new(binary());
        if let Some(engine) = &engine {
            command.env("DOCKER_HOST", engine);
        }
        let mut process = command
            .arg("serve")
            .arg(workspace.path())
            .args(["--listen", &address, "--no-open"])
            .env("XDG_STATE_HOME", workspace.path().join(".state"))
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("target/release/composeyard: run cargo xtask build")?;
        let stdout = process.stdout.take().context("no output")?;
        let mut lines = BufReader::new(stdout).lines();
        let link = loop {
            let line = lines.next_line().await?.context("composeyard ended before it printed its link")?;
            if let Some(link) = line.split_whitespace().find(|word| word.contains("#launch=")) {
                break link.to_owned();
            }
        };
        // Keeps the pipe open, so that the agent can go on printing.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { process, link, address, workspace, engine })
    }

    /// Where it keeps projects.
    pub fn workspace(&self) -> &Path {
        self.workspace.path()
    }
}

/// Writes a template into a new folder, as `composeyard new` does it; the first variant without one.
///
/// # Errors
/// When it refuses.
pub fn new_project(template: &str, variant: Option<&str>, folder: &Path) -> Result<()> {
    let mut command = std::process::Command::new(binary());
    command.args(["new", template]).arg(folder);
    if let Some(variant) = variant {
        command.args(["--variant", variant]);
    }
    let output = command.output().context("target/release/composeyard: run cargo xtask build")?;
    ensure!(output.status.success(), "new {template}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

fn binary() -> PathBuf {
    let built = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = built.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"));
    target.join("release/composeyard")
}

/// A port that nothing listens on just now.
///
/// # Errors
/// When the system has none.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
