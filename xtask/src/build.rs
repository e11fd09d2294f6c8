//! The web app by Trunk into dist/, compressed, then the agent with dist/ inside.

use std::{
    collections::hash_map::DefaultHasher,
    fs,
    hash::{Hash, Hasher},
    path::Path,
};

use anyhow::Result;

use crate::{
    setup,
    shell::{agent_binary, call, call_command, command, root, step, target_dir},
};

/// What dist/ is made of.
const WEB_INPUTS: [&str; 7] =
    ["Cargo.toml", "Cargo.lock", "Trunk.toml", "shared", "static", "web", "xtask/src/build.rs"];

/// `cargo xtask run`.
pub(crate) fn run_agent(args: &[String]) -> Result<()> {
    let mut agent = command(&[&agent_binary()]);
    // Ctrl-C reaches the agent directly; its own exit code is no failure of the task.
    agent.args(args).status()?;
    Ok(())
}

/// Builds everything, then starts the agent.
pub(crate) fn run(args: &[String]) -> Result<()> {
    all()?;
    run_agent(args)
}

/// `cargo xtask build`.
pub(crate) fn all() -> Result<()> {
    web()?;
    step("Building the agent with the web app inside (target/release/composeyard)", || {
        call(&["cargo", "build", "--release", "--package", "composeyard"])
    })
}

/// Builds dist/ unless nothing it is made of has changed.
pub(crate) fn web() -> Result<()> {
    setup::for_build()?;
    let inputs = fingerprint(&WEB_INPUTS)?;
    let stamp = target_dir().join("web-inputs");
    let fresh = fs::read_to_string(&stamp).is_ok_and(|built| built == inputs);
    if fresh && Path::new("dist/index.html").exists() {
        return Ok(());
    }
    step("Building the web app (Trunk; some minutes the first time)", || {
        // Debug settings of the caller must not leak into what is shipped.
        call_command(command(&["trunk", "build", "--release"]).env_remove("RUSTFLAGS").env_remove("NO_COLOR"))
    })?;
    step("Compressing dist/", || call(&["node", "web/js/compress.mjs", "dist"]))?;
    fs::create_dir_all(target_dir())?;
    Ok(fs::write(stamp, inputs)?)
}

/// A hash over names and contents of files and folders, generated folders left out.
fn fingerprint(inputs: &[&str]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for input in inputs {
        hash_path(&root().join(input), &mut hasher)?;
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn hash_path(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    if path.is_dir() {
        let mut children: Vec<_> =
            fs::read_dir(path)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
        children.sort();
        for child in children {
            let generated = ["node_modules", "dist", "target"];
            if !generated.iter().any(|name| child.ends_with(name)) {
                hash_path(&child, hasher)?;
            }
        }
    } else if path.exists() {
        path.strip_prefix(root()).unwrap_or(path).hash(hasher);
        fs::read(path)?.hash(hasher);
    }
    Ok(())
}
