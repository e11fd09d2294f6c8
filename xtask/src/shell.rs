//! Running programs: every step says what it does, and an error says which command failed.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, bail};

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Where cargo builds: `CARGO_TARGET_DIR`, else `target`.
pub(crate) fn target_dir() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The agent as built for release.
pub(crate) fn agent_binary() -> String {
    target_dir().join("release/composeyard").to_string_lossy().into_owned()
}

/// Says what happens next, does it, says how long it took.
pub(crate) fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("\x1b[1m>\x1b[0m {what}");
    let begin = Instant::now();
    let result = work().with_context(|| what.to_owned())?;
    let took = begin.elapsed().as_secs_f32();
    if took >= 1.0 {
        println!("  done in {took:.0} s");
    }
    Ok(result)
}

/// A command by its words; programs that [`crate::setup`] installed below `target/tools` and npm's are found first.
pub(crate) fn command(words: &[&str]) -> Command {
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).env("PATH", search_path());
    command
}

/// `PATH` with the project's own tools in front.
fn search_path() -> std::ffi::OsString {
    let own = [target_dir().join("tools/bin"), root().join("web/js/node_modules/.bin")];
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let all = own.into_iter().chain(std::env::split_paths(&inherited));
    std::env::join_paths(all).unwrap_or(inherited)
}

/// Runs a command to its end, its output shown.
pub(crate) fn call(words: &[&str]) -> Result<()> {
    call_command(&mut command(words))
}

/// Runs a prepared command to its end, its output shown.
pub(crate) fn call_command(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", words(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", words(command));
    }
    Ok(())
}

/// The trimmed output of a command; none when it fails or is not there.
pub(crate) fn output(words: &[&str]) -> Option<String> {
    let output = command(words).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A command as one would type it.
fn words(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
