//! A terminal in a running container, over a WebSocket of its own (`/api/terminal`), with the same session, token and
//! origin checks as `/api/ws`.
//!
//! 1. The client's first frame is the text [`TerminalRequest::Open`]; it has five seconds for it.
//! 2. The agent answers with the text [`TerminalReply::Opened`], or with [`TerminalReply::Failed`] and a close.
//! 3. From then on binary frames carry bytes, unchanged: what is typed from the client, what the command writes from
//!    the agent. A character may be split between two frames. Whenever its size changes, the client sends the text
//!    [`TerminalRequest::Resize`]. A client that names a [`TerminalOpen::window`] gets no more than so many bytes before
//!    it says [`TerminalRequest::Taken`]: a flood of output then waits in the command, and keys still get through.
//! 4. When the command ends, the agent sends [`TerminalReply::Exited`] after the last output and closes with 1000. When
//!    the engine goes away it sends [`TerminalReply::Failed`] instead.
//!
//! A client that leaves hangs up: the agent types Ctrl-C and Ctrl-D, which ends a shell. A program that takes neither
//! goes on until its container ends, since the engine has no call that ends a command.
//!
//! Only services of projects in the workspace, and never with more rights than the container has. A frame of the client
//! holds at most 64 KiB; a larger one closes the socket with 1009.

use composeyard_compose::{ProjectName, ServiceName};
use serde::{Deserialize, Serialize};

use crate::Failure;

/// The longest frame of the client, bytes.
pub const MAX_TERMINAL_FRAME: usize = 64 * 1024;

/// One text frame from the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum TerminalRequest {
    /// First frame, once.
    Open(TerminalOpen),
    /// The terminal has another size now.
    Resize {
        /// It.
        size: TerminalSize,
    },
    /// So much more of the output has been dealt with.
    Taken {
        /// In bytes.
        bytes: u64,
    },
}

/// What to run, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TerminalOpen {
    /// [`crate::VERSION`] of the page.
    pub version: u32,
    /// Which project.
    pub project: ProjectName,
    /// Which service.
    pub service: ServiceName,
    /// Number of the container; none for the first that runs.
    #[serde(default)]
    pub index: Option<u32>,
    /// Program and arguments; empty for the best shell of the container: `bash` where it has one, else `sh`.
    #[serde(default)]
    pub command: Vec<String>,
    /// `name`, `uid`, `uid:gid`; empty for the container's.
    #[serde(default)]
    pub user: String,
    /// Empty for the container's.
    #[serde(default)]
    pub working_dir: String,
    /// Its size.
    pub size: TerminalSize,
    /// Bytes of output that may be on their way at once; none for no limit.
    #[serde(default)]
    pub window: Option<u64>,
}

/// In characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminalSize {
    /// Lines.
    pub rows: u16,
    /// Characters in a line.
    pub columns: u16,
}

/// One text frame from the agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TerminalReply {
    /// The command runs.
    Opened {
        /// Name of the container.
        container: String,
    },
    /// The command has ended.
    Exited {
        /// Its exit code.
        code: i64,
    },
    /// There is no terminal, or not any more.
    Failed {
        /// What, where, and what to do.
        failure: Failure,
    },
}
