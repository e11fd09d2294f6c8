//! What `docker compose` says of a project that Composeyard started.

use std::{path::Path, process::Command};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// True when `docker compose` is there to ask.
pub fn is_there() -> bool {
    Command::new("docker").args(["compose", "version"]).output().is_ok_and(|output| output.status.success())
}

/// The containers of a project: (service, state, health), sorted.
///
/// # Errors
/// When the command fails or prints no JSON.
pub fn ps(project: &str) -> Result<Vec<(String, String, String)>> {
    let printed = docker(&["compose", "-p", project, "ps", "--all", "--format", "json"], None)?;
    let mut rows = Vec::new();
    for line in printed.lines().filter(|line| !line.trim().is_empty()) {
        let row: Value = serde_json::from_str(line).with_context(|| line.to_owned())?;
        let field = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        rows.push((field("Service"), field("State"), field("Health")));
    }
    rows.sort();
    Ok(rows)
}

/// Runs `docker` with these words and returns what it printed.
///
/// # Errors
/// When it fails; the error holds what it said.
pub fn docker(words: &[&str], folder: Option<&Path>) -> Result<String> {
    let mut command = Command::new("docker");
    // The builder that every engine has.
    command.env("DOCKER_BUILDKIT", "0").args(words);
    if let Some(folder) = folder {
        command.current_dir(folder);
    }
    let output = command.output().context("docker")?;
    if !output.status.success() {
        bail!("docker {}: {}", words.join(" "), String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
