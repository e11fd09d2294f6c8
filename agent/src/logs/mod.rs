//! Follows the logs of a project's containers.

use composeyard_compose::{ProjectName, ServiceName};
use composeyard_logs::line::Cursor;
use composeyard_protocol::LogSource;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::engine::Engine;

/// What a subscriber gets.
#[derive(Clone, Debug)]
pub enum LogEvent {
    /// A container began or ended to be followed.
    Source(LogSource),
    /// Lines, encoded for the wire.
    Batch(Vec<u8>),
}

/// Sends the logs of a project until cancelled.
pub async fn follow(
    _engine: Engine,
    _project: ProjectName,
    _services: Vec<ServiceName>,
    _tail: Option<u32>,
    _cursors: Vec<Cursor>,
    _out: mpsc::Sender<LogEvent>,
    cancel: CancellationToken,
) {
    cancel.cancelled().await;
}
