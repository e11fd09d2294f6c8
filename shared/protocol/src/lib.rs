//! Messages between the page and the agent over one WebSocket (`/api/ws`): JSON text frames for everything but log
//! batches, which are binary frames of [`composeyard_logs`]. A [`terminal`] has a socket of its own.
//!
//! The client says [`ClientMessage::Hello`] first; the agent answers [`ServerMessage::Hello`] or closes. Each command
//! carries a number of the client's; everything the agent says about it carries the same number, and it ends with
//! exactly one [`ServerMessage::Finished`]. State messages are whole snapshots, never differences: the newest wins.

mod client;
mod look;
mod server;
mod state;
pub mod terminal;

pub use client::{ClientMessage, Request, RequestId, Selection};
pub use look::{Backup, ContainerEvent, ImageInUse, ProcessTable, VolumeInUse};
pub use server::{Failure, FailureKind, LogSource, Outcome, Progress, ServerMessage, StepState};
pub use state::{EngineState, ProjectState, ProjectSummary, SavedProject};

/// Bytes of one message of the page; a larger one closes the connection with 1009.
pub const MAX_MESSAGE_BYTES: usize = 1024 * 1024;

/// The largest file that goes over the socket; larger ones are for `composeyard cp`.
pub const MAX_FILE_BYTES: usize = 512 * 1024;

/// The protocol's version. Raised with every change that an older peer would misread.
pub const VERSION: u32 = 1;
