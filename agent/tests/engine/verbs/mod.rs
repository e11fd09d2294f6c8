//! The command line's verbs on containers and images that exist, beside those of `docker compose`.

mod agent;
mod change;
mod copy;
mod cut;
mod exec;
mod killed;
mod logs;
mod look;
mod socket;
mod terminal;
mod volumes;
