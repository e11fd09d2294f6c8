//! The binary as a shell meets it: start, port, signals, secrets, exit codes.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test says where it fails")]

mod config_alike;
mod serve;
mod verbs;
