//! Writes Compose projects, valid and nearly valid. One concept a file.

mod build;
mod deploy;
mod mounts;
mod mutate;
mod network;
mod ports;
mod process;
mod project;
mod scalars;
mod service;
mod stores;
mod variables;

pub use project::{Case, Content, case};
pub use variables::ENVIRONMENT;
