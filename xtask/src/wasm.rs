//! The trials in WebAssembly, built as the page is: hostile texts in Node.js, speed in a headless Chromium.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result, bail};

use crate::{
    machine, setup,
    shell::{call, command, output, step, target_dir},
};

/// Services of each generated file, and the most milliseconds from text to findings and picture, as the median.
const CASES: [(usize, f64); 3] = [(20, 2.0), (200, 6.0), (1000, 40.0)];

/// The command that runs the table of hostile texts; its output ends as that of a test run does.
pub(crate) fn hostile() -> Result<Command> {
    let folder = build("nodejs")?;
    Ok(command(&["node", "trials/hostile.mjs", &folder.to_string_lossy()]))
}

/// `cargo xtask bench wasm`.
pub(crate) fn bench() -> Result<()> {
    setup::for_build()?;
    machine::browser()?;
    let folder = build("no-modules")?;
    let page = folder.join("bench.html");
    call(&["node", "trials/bench.mjs", &folder.to_string_lossy(), &page.to_string_lossy()])?;
    let url = format!("file://{}", page.display());
    let browser = if output(&["chromium", "--version"]).is_some() { "chromium" } else { "google-chrome" };
    let shown = output(&[browser, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", &url])
        .context("Chromium did not show the page of the benchmark")?;
    let medians_of = |what: &str| -> Vec<f64> {
        let lines = shown.lines().filter_map(|line| line.split_once(what)?.1.split("median ").nth(1));
        lines.filter_map(|line| line.split_whitespace().next()?.parse().ok()).collect()
    };
    let (medians, opened) = (medians_of("a key pressed"), medians_of("opened"));
    println!("{:>8} {:>15} {:>8} {:>12}", "services", "a key, ms", "goal", "opened, ms");
    let mut missed = Vec::new();
    for (((services, goal), median), opened) in CASES.iter().zip(&medians).zip(&opened) {
        println!("{services:>8} {median:>15.2} {goal:>8.0} {opened:>12.2}");
        if median > goal {
            missed.push(format!("{services} services: {median:.1} ms, wanted {goal} ms"));
        }
    }
    match medians.len() == CASES.len() && missed.is_empty() {
        true => Ok(()),
        false => bail!("slower than the goal, or not measured: {} {shown}", missed.join("; ")),
    }
}

/// Builds the trials for a kind of host (`wasm-bindgen --target`) and gives the folder they are in. As the page's, but
/// without wasm-opt, which takes long and makes it smaller rather than faster.
fn build(host: &str) -> Result<PathBuf> {
    let folder = target_dir().join("trials").join(host);
    let wasm = target_dir().join("wasm32-unknown-unknown/web/composeyard_trials.wasm");
    step("Building the trials for WebAssembly", || {
        let package = ["--package", "composeyard-trials", "--lib"];
        let like_the_page = ["--target", "wasm32-unknown-unknown", "--profile", "web", "--quiet"];
        call(&[&["cargo", "build"], &package[..], &like_the_page].concat())?;
        fs::create_dir_all(&folder)?;
        let out = folder.to_string_lossy();
        call(&["wasm-bindgen", "--target", host, "--out-dir", &out, &wasm.to_string_lossy()])
    })?;
    Ok(folder)
}
