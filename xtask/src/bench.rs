//! `cargo xtask bench`: Composeyard beside the reference on the same generated files, in the same run, turn by turn.
//! Only ratios are judged: the machine is never quiet enough for absolute times.

use std::{
    fs,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::shell::{agent_binary, call, command, output, step, target_dir};

/// Services of each generated file, and how many times faster than the reference a full check must be.
const CASES: [(usize, f64); 3] = [(20, 25.0), (200, 40.0), (1000, 50.0)];
/// Turns of each pair.
const ROUNDS: usize = 9;

/// Times the whole process of `composeyard config` against `docker compose config`.
pub(crate) fn run() -> Result<()> {
    step("Building the command line", || call(&["cargo", "build", "--release", "--package", "composeyard"]))?;
    if output(&["docker", "compose", "version"]).is_none() {
        bail!("docker compose is the peer of this benchmark: install it first");
    }
    println!(
        "{:>8} {:>9} {:>12} {:>12} {:>8} {:>8}",
        "services", "bytes", "ours", "reference", "ratio", "goal"
    );
    let mut missed = Vec::new();
    for (services, goal) in CASES {
        let text = generate(services)?;
        let folder = target_dir().join("bench");
        fs::create_dir_all(&folder)?;
        let file = folder.join(format!("compose-{services}.yaml"));
        fs::write(&file, &text)?;
        let file = file.to_string_lossy().into_owned();
        let (ours, reference, ratio) = compare(&file)?;
        println!("{services:>8} {:>9} {ours:>12.1?} {reference:>12.1?} {ratio:>8.1} {goal:>8.1}", text.len());
        if ratio < goal {
            missed.push(format!("{services} services: {ratio:.1}x, wanted {goal}x"));
        }
    }
    if missed.is_empty() { Ok(()) } else { bail!("slower than the goal: {}", missed.join("; ")) }
}

/// Median times of both, and the median of the pairwise ratios.
fn compare(file: &str) -> Result<(Duration, Duration, f64)> {
    let agent = agent_binary();
    let ours = [agent.as_str(), "config", "-f", file];
    let reference = ["docker", "compose", "-f", file, "config"];
    let (mut our_times, mut their_times, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    time(&mut command(&ours))?;
    time(&mut command(&reference))?;
    for _ in 0..ROUNDS {
        let our_time = time(&mut command(&ours))?;
        let their_time = time(&mut command(&reference))?;
        ratios.push(their_time.as_secs_f64() / our_time.as_secs_f64());
        our_times.push(our_time);
        their_times.push(their_time);
    }
    our_times.sort();
    their_times.sort();
    ratios.sort_by(f64::total_cmp);
    Ok((our_times[ROUNDS / 2], their_times[ROUNDS / 2], ratios[ROUNDS / 2]))
}

fn time(command: &mut Command) -> Result<Duration> {
    let begin = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    let took = begin.elapsed();
    if !status.success() {
        bail!("{command:?} failed ({status})");
    }
    Ok(took)
}

/// A Compose file of so many services with the features that real files use; always the same one.
fn generate(services: usize) -> Result<String> {
    let build = ["cargo", "run", "--release", "--quiet", "--package", "composeyard-trials", "--"];
    output(&[&build[..], &["generate", &services.to_string()]].concat()).context("generating a file")
}
