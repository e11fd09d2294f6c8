//! The template projects on a real engine: each is started by the binary, answers as its README says, is scaled,
//! stopped, started and taken down without a trace; then its zip does the same under `docker compose`.
//!
//! | file | what lives there |
//! |---|---|
//! | `machine.rs` | a template in a folder, run by one of the two programs, always cleaned up |
//! | `seen.rs` | what the engine says of it |
//! | `../support/stand_ins.rs` | names for images that this machine cannot pull |
//! | `ask.rs` | HTTP as a browser's address bar does it, and waiting for an answer |

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test says where it fails and what it leaves out"
)]

mod ask;
mod compose_examples;
mod flask_redis_nginx;
mod hello_multiapp;
mod loc8;
mod machine;
mod seen;
#[path = "../support/stand_ins.rs"]
mod stand_ins;
mod swarm;
mod unified_stack;
mod zips;
