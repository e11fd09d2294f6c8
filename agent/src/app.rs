//! What every connection shares.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::engine::Engine;
use crate::jobs::Jobs;
use crate::workspace::Workspace;

/// The agent's parts. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    /// Docker.
    pub engine: Engine,
    /// The projects' files.
    pub workspace: Workspace,
    /// Commands under way.
    pub jobs: Jobs,
    /// `--lab`: what needs a consent is denied.
    pub lab: bool,
    /// Cancelled when the agent ends.
    pub shutdown: CancellationToken,
    /// Sockets, and commands that outlive the socket that asked for them: waited for at the end.
    pub tasks: TaskTracker,
    snapshots: Arc<AtomicU64>,
}

impl App {
    /// Puts the parts together.
    pub fn new(engine: Engine, workspace: Workspace, jobs: Jobs, lab: bool) -> Self {
        Self {
            engine,
            workspace,
            jobs,
            lab,
            shutdown: CancellationToken::new(),
            tasks: TaskTracker::new(),
            snapshots: Arc::default(),
        }
    }

    /// The next number of a state snapshot.
    pub fn next_snapshot(&self) -> u64 {
        self.snapshots.fetch_add(1, Ordering::Relaxed)
    }
}
