//! The command line's verbs on containers and images that exist, beside those of `docker compose`.

mod agent;
mod attached;
mod change;
mod copy;
mod cut;
mod exec;
mod flags;
mod killed;
mod logs;
mod look;
mod run;
mod socket;
mod terminal;
mod volumes;
