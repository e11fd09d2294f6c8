//! The binary as a shell meets it: start, port, signals, secrets, exit codes.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test says where it fails")]

mod serve;
mod verbs;
