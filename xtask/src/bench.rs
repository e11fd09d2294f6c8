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
/// How many times longer than 200 services 1,000 may take.
const LINEAR: f64 = 6.0;
/// Turns of each pair.
const ROUNDS: usize = 9;

/// Times whole processes: a check with every rule that prints the canonical form, which is judged, and
/// `composeyard config`, which applies no rules beyond the reference's, both against `docker compose config`.
pub(crate) fn run() -> Result<()> {
    step("Building the command line and the trials", || {
        call(&["cargo", "build", "--release", "--package", "composeyard", "--package", "composeyard-trials"])
    })?;
    if output(&["docker", "compose", "version"]).is_none() {
        bail!("docker compose is the peer of this benchmark: install it first");
    }
    println!(
        "{:>8} {:>9} {:>12} {:>12} {:>12} {:>8} {:>8} {:>8}",
        "services", "bytes", "check+print", "config", "reference", "config x", "ratio", "goal"
    );
    let mut missed = Vec::new();
    let mut times = Vec::new();
    for (services, goal) in CASES {
        let text = generate(services)?;
        let folder = target_dir().join("bench");
        fs::create_dir_all(&folder)?;
        let file = folder.join(format!("compose-{services}.yaml"));
        fs::write(&file, &text)?;
        let turns = turns(&file.to_string_lossy())?;
        let [check, config, reference] = [0, 1, 2].map(|tool| median(turns.iter().map(|turn| turn[tool])));
        let [ratio, config_ratio] = [0, 1].map(|tool| median(turns.iter().map(|turn| turn[2] / turn[tool])));
        println!(
            "{services:>8} {:>9} {check:>9.1} ms {config:>9.1} ms {reference:>9.1} ms {config_ratio:>8.1} \
             {ratio:>8.1} {goal:>8.1}",
            text.len()
        );
        times.push(check);
        if ratio < goal {
            missed.push(format!("{services} services: {ratio:.1}x, wanted {goal}x"));
        }
    }
    let growth = times[2] / times[1];
    println!("1,000 services take {growth:.1} times as long as 200, wanted {LINEAR} at most");
    if growth > LINEAR {
        missed.push(format!("not linear: {growth:.1}"));
    }
    if missed.is_empty() { Ok(()) } else { bail!("slower than the goal: {}", missed.join("; ")) }
}

/// Milliseconds of the check, of `config` and of the reference, turn by turn.
fn turns(file: &str) -> Result<Vec<[f64; 3]>> {
    let agent = agent_binary();
    let trials = trials();
    let lines: [&[&str]; 3] = [
        &[&trials, "print", file],
        &[&agent, "config", "-f", file],
        &["docker", "compose", "-f", file, "config"],
    ];
    let turn = || -> Result<[f64; 3]> {
        let mut times = [0.0; 3];
        for (time_of, line) in times.iter_mut().zip(lines) {
            *time_of = time(&mut command(line))?.as_secs_f64() * 1000.0;
        }
        Ok(times)
    };
    // The first one finds nothing in the machine's caches.
    turn()?;
    (0..ROUNDS).map(|_| turn()).collect()
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
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
    output(&[&trials(), "generate", &services.to_string()]).context("generating a file")
}

/// The program that checks and prints, as it was built together with the command line.
fn trials() -> String {
    target_dir().join("release/composeyard-trials").to_string_lossy().into_owned()
}
