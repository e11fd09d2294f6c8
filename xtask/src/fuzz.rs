//! `cargo xtask fuzz`: seeded mutation of the project's own files, and of those below `COMPOSEYARD_CORPUS`, against the
//! laws of `composeyard-trials`. A fault prints its case, which `case TARGET NUMBER` plays again.

use anyhow::Result;

use crate::shell::call;

/// Tries the cases of one law, or of all in turn.
pub(crate) fn run(target: &str, seconds: u64) -> Result<()> {
    let seconds = seconds.to_string();
    let build = ["cargo", "run", "--release", "--quiet", "--package", "composeyard-trials", "--"];
    call(&[&build[..], &["fuzz", target, &seconds]].concat())
}
