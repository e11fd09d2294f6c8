//! Composeyard's agent: serves the page, keeps the projects' files, talks to the engine; and the command line.
//!
//! | module | what it does |
//! |---|---|
//! | [`app`] | what all connections share |
//! | [`cli`] | `composeyard …`: arguments to calls |
//! | [`http`] | the server: guard, sessions, assets, headers |
//! | [`ws`] | one connection of the page: hello, requests, answers |
//! | [`workspace`] | the projects' files on disk, confined to one folder |
//! | [`jobs`] | one command at a time for each project |
//! | [`project_lock`] | the same, over all processes |
//! | [`engine`] | Docker: observe, execute a plan, watch |
//! | [`volumes`] | a project's volumes: use, back-ups, restoring |
//! | [`logs`] | follows containers without loss or doubles |
//! | `room` | whether a disk has room for what is to be written |
//! | `time_limit` | how long a command may take |

pub mod app;
pub mod cli;
pub mod engine;
pub mod http;
pub mod jobs;
pub mod logs;
pub mod project_lock;
mod room;
pub mod secret;
mod time_limit;
pub mod volumes;
pub mod workspace;
pub mod ws;
