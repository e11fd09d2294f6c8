//! The engine façade, against a recording fake and against a real engine.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test says where it fails and what it leaves out"
)]

mod alike;
mod around;
mod at_most;
mod chaos;
mod failures;
mod fake;
mod own_engine;
mod own_registry;
mod podman;
#[path = "../support/proxy.rs"]
mod proxy;
mod push;
mod real;
mod rebuild;
mod sizes;
mod sizes_failures;
mod ssh;
mod time_limit;
mod tls;
mod up_down;
mod verbs;
mod volume_reader;
