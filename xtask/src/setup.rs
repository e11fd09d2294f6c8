//! What a build needs beside Rust, Node and a C compiler: installed here where that is possible, else named with
//! the command that installs it.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

use crate::shell::{call, output, step, target_dir};

/// Trunk 0.21 is the newest that the minimum Rust version builds.
const TRUNK: &str = "0.21.14";
/// Must equal the version of the `wasm-bindgen` crate in Cargo.toml.
const WASM_BINDGEN: &str = "0.2.130";

/// Everything `cargo xtask build` needs.
pub(crate) fn for_build() -> Result<()> {
    node()?;
    wasm_target()?;
    tool("trunk", TRUNK, &["--locked", "--no-default-features", "--features", "rustls"])?;
    // Without --locked: its lock file pins a release that was withdrawn.
    tool("wasm-bindgen", WASM_BINDGEN, &[])?;
    npm_packages()?;
    // Trunk builds offline.
    call(&["cargo", "fetch", "--locked", "--quiet"])
}

fn node() -> Result<()> {
    let version = output(&["node", "--version"]).context(
        "Node.js 20 or newer is needed to bundle the editor: install it from your system's packages \
         (Debian: sudo apt-get install nodejs npm)",
    )?;
    let major: u32 = version.trim_start_matches('v').split('.').next().unwrap_or("0").parse().unwrap_or(0);
    if major < 20 {
        bail!("Node.js 20 or newer is needed to bundle the editor; this is {version}");
    }
    Ok(())
}

/// The WebAssembly target of the toolchain in use.
pub(crate) fn wasm_target() -> Result<()> {
    let sysroot = output(&["rustc", "--print", "sysroot"]).context("rustc is needed: https://rustup.rs")?;
    if Path::new(&sysroot).join("lib/rustlib/wasm32-unknown-unknown").exists() {
        return Ok(());
    }
    step("Installing Rust's WebAssembly target", || {
        call(&["rustup", "target", "add", "wasm32-unknown-unknown"]).context(
            "run it by hand, or where rustup is not used install your system's package of the target \
             (Debian: libstd-rust-dev-wasm32)",
        )
    })
}

/// Installs a cargo tool below target/tools unless the wanted version is on the PATH. A debug build is fast enough:
/// these programs wait for cargo and wasm-opt most of their time.
fn tool(program: &str, version: &str, flags: &[&str]) -> Result<()> {
    let is_wanted = |text: String| text.split_whitespace().any(|word| word == version);
    if output(&[program, "--version"]).is_some_and(is_wanted) {
        return Ok(());
    }
    let package = if program == "wasm-bindgen" { "wasm-bindgen-cli" } else { program };
    step(&format!("Installing {package} {version} into target/tools (some minutes, once)"), || {
        let tools = target_dir().join("tools");
        let tools = tools.to_string_lossy();
        let mut words = vec!["cargo", "install", package, "--version", version, "--debug", "--root", &tools];
        words.extend_from_slice(flags);
        call(&words)
    })
}

/// CodeMirror, esbuild and wasm-opt, as web/js/package-lock.json has them.
fn npm_packages() -> Result<()> {
    let lock = fs::read_to_string("web/js/package-lock.json").context("web/js/package-lock.json")?;
    let stamp = Path::new("web/js/node_modules/.composeyard-lock");
    if fs::read_to_string(stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    step("Installing npm packages of web/js", || {
        call(&["npm", "ci", "--prefix", "web/js", "--no-audit", "--no-fund"])?;
        Ok(fs::write(stamp, lock)?)
    })
}
