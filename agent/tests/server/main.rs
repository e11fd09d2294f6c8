//! The agent as others meet it: over HTTP and its socket, with an engine that records every call.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test says where it fails")]

mod commands;
mod files;
mod guard;
mod look;
mod scripts;
mod sessions;
mod socket;

#[path = "../support/mod.rs"]
mod support;
