//! The command line's verbs on containers and images that exist, beside those of `docker compose`.

mod change;
mod look;
