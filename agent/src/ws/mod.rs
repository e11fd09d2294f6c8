//! The WebSocket of the page (`/api/ws`): hello first, then requests, each ended by exactly one answer; and the one of a
//! [`terminal`]. A [`script`] does without.

mod commands;
mod connection;
mod container_file;
mod failure;
mod files;
mod look;
mod outbox;
mod requests;
pub mod script;
mod streams;
pub mod terminal;
mod time_limit;
mod volumes;

use axum::extract::ws::WebSocketUpgrade;
use composeyard_protocol::MAX_MESSAGE_BYTES;

pub use connection::serve;

/// The limits of a socket, set before it opens.
pub fn limited(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade.max_message_size(MAX_MESSAGE_BYTES).max_frame_size(MAX_MESSAGE_BYTES)
}
