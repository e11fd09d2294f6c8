//! Where the agent keeps things, by the XDG base directory rules.

use std::path::PathBuf;

use anyhow::Context;

/// Projects, unless the user names another folder.
pub(super) fn workspace() -> anyhow::Result<PathBuf> {
    Ok(base("XDG_DATA_HOME", ".local/share")?.join("composeyard/projects"))
}

/// Token and sessions.
pub(super) fn state() -> anyhow::Result<PathBuf> {
    Ok(base("XDG_STATE_HOME", ".local/state")?.join("composeyard"))
}

/// Locks of the projects that commands work on.
pub(super) fn locks() -> anyhow::Result<PathBuf> {
    Ok(state()?.join("locks"))
}

fn base(variable: &str, below_home: &str) -> anyhow::Result<PathBuf> {
    let set = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    match set {
        Some(path) => Ok(path),
        None => Ok(std::env::home_dir().context("HOME is not set")?.join(below_home)),
    }
}
