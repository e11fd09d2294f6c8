//! `cargo xtask bench engine`: `composeyard up`, `down` and scaling beside `docker compose` on the same engine, turn by
//! turn. Only ratios are judged: the machine is never quiet enough for absolute times.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::shell::{agent_binary, call, command, output, step, target_dir};

/// Turns of each pair.
const ROUNDS: usize = 7;
const UP: &[&str] = &["up", "-d"];
const DOWN: &[&str] = &["down"];

/// One command in the life of a stack; both tools spell it the same way.
struct Case {
    name: &'static str,
    /// Our time over the reference's, at most.
    goal: f64,
    stack: fn() -> String,
    /// Whether the stack is up already.
    is_up: bool,
    words: &'static [&'static str],
}

const CASES: [Case; 6] = [
    Case { name: "up of 20 services", goal: 1.00, stack: || independent(20), is_up: false, words: UP },
    Case { name: "up without a change", goal: 0.25, stack: || independent(20), is_up: true, words: UP },
    Case { name: "down of 20 services", goal: 1.00, stack: || independent(20), is_up: true, words: DOWN },
    Case {
        name: "scale from 1 to 10",
        goal: 1.00,
        stack: || independent(1),
        is_up: true,
        words: &["up", "-d", "--scale", "s0=10"],
    },
    Case { name: "8 in a row, completed", goal: 0.52, stack: || completed(8), is_up: false, words: UP },
    Case { name: "6 in a row, healthy", goal: 0.72, stack: || healthy(6), is_up: false, words: UP },
];

/// Runs every case; fails with those that miss their goal.
pub(crate) fn run() -> Result<()> {
    step("Building the command line", || call(&["cargo", "build", "--release", "--package", "composeyard"]))?;
    if output(&["docker", "compose", "version"]).is_none() {
        bail!("docker compose is the peer of this benchmark: install it first");
    }
    println!("{:<24} {:>12} {:>12} {:>8} {:>8} {:>8}", "", "ours", "reference", "ratio", "worst", "goal");
    let mut missed = Vec::new();
    for case in &CASES {
        let pairs = pairs(case)?;
        let ratio = median(pairs.iter().map(|(ours, theirs)| ours.as_secs_f64() / theirs.as_secs_f64()));
        let worst = pairs.iter().map(|(ours, theirs)| ours.as_secs_f64() / theirs.as_secs_f64());
        println!(
            "{:<24} {:>10.0}ms {:>10.0}ms {ratio:>8.2} {:>8.2} {:>8.2}",
            case.name,
            median(pairs.iter().map(|(ours, _)| ours.as_secs_f64() * 1000.0)),
            median(pairs.iter().map(|(_, theirs)| theirs.as_secs_f64() * 1000.0)),
            worst.fold(0.0, f64::max),
            case.goal,
        );
        if ratio > case.goal {
            missed.push(format!("{}: {ratio:.2}, wanted {:.2}", case.name, case.goal));
        }
    }
    if missed.is_empty() { Ok(()) } else { bail!("slower than the goal: {}", missed.join("; ")) }
}

/// Times of both, in turns; who is first changes with each.
fn pairs(case: &Case) -> Result<Vec<(Duration, Duration)>> {
    let folder = target_dir().join("bench-engine");
    fs::create_dir_all(&folder)?;
    let file = folder.join("compose.yaml");
    fs::write(&file, (case.stack)())?;
    let agent = agent_binary();
    let ours = Tool {
        program: &[&agent],
        project: format!("cy-bench-{}-a", std::process::id()),
        file: file.clone(),
    };
    let theirs =
        Tool { program: &["docker", "compose"], project: format!("cy-bench-{}-b", std::process::id()), file };
    let mut pairs = Vec::new();
    for round in 0..ROUNDS {
        let pair = if round % 2 == 0 {
            let first = ours.turn(case)?;
            (first, theirs.turn(case)?)
        } else {
            let first = theirs.turn(case)?;
            (ours.turn(case)?, first)
        };
        pairs.push(pair);
    }
    Ok(pairs)
}

/// One of the two, with a project of its own.
struct Tool<'a> {
    program: &'a [&'a str],
    project: String,
    file: PathBuf,
}

impl Tool<'_> {
    /// Brings the stack to where the case begins, times it, removes everything.
    fn turn(&self, case: &Case) -> Result<Duration> {
        let measured = self.prepared(case).and_then(|()| self.time(case.words));
        // Also after a failure: nothing of a benchmark may stay.
        self.time(DOWN)?;
        measured
    }

    fn prepared(&self, case: &Case) -> Result<()> {
        if case.is_up { self.time(UP).map(drop) } else { Ok(()) }
    }

    fn time(&self, words: &[&str]) -> Result<Duration> {
        let project = ["-p", self.project.as_str(), "-f", path(&self.file)?];
        // The reference takes them before its verb, ours after it.
        let line = match self.program {
            [_] => [self.program, &words[..1], &project, &words[1..]].concat(),
            _ => [self.program, &project, words].concat(),
        };
        let begin = Instant::now();
        let output = command(&line).stdout(Stdio::null()).stderr(Stdio::piped()).output()?;
        let took = begin.elapsed();
        if !output.status.success() {
            bail!("{} failed: {}", line.join(" "), String::from_utf8_lossy(&output.stderr));
        }
        Ok(took)
    }
}

fn path(file: &Path) -> Result<&str> {
    file.to_str().context("the target folder's name is not text")
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Services `s0`, `s1`, …, each with these lines.
fn services(count: usize, lines: impl Fn(usize) -> String) -> String {
    let service =
        |at: usize| format!("  s{at}:\n    image: busybox\n    stop_signal: SIGKILL\n{}", lines(at));
    format!("services:\n{}", (0..count).map(service).collect::<String>())
}

fn independent(count: usize) -> String {
    services(count, |_| "    command: sleep 600\n".to_owned())
}

fn completed(count: usize) -> String {
    services(count, |at| format!("    command: \"true\"\n{}", after(at, "service_completed_successfully")))
}

fn healthy(count: usize) -> String {
    let check = "    healthcheck: {test: [CMD, \"true\"], interval: 1s}\n";
    services(count, |at| format!("    command: sleep 600\n{check}{}", after(at, "service_healthy")))
}

fn after(at: usize, condition: &str) -> String {
    match at.checked_sub(1) {
        Some(before) => format!("    depends_on: {{s{before}: {{condition: {condition}}}}}\n"),
        None => String::new(),
    }
}
