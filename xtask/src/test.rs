//! Every check there is, in order of cost, with one count at the end.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::{
    build, machine, setup,
    shell::{call, command, step},
    size, wasm,
};

#[derive(Args)]
pub(crate) struct Options {
    /// Leave out the tests that need a Docker engine; they count as skipped
    #[arg(long)]
    skip_engine: bool,
    /// Leave out the tests that need Chromium; they count as skipped
    #[arg(long)]
    skip_browser: bool,
}

/// Passed, failed and skipped, over all steps: a lint run counts as one test.
#[derive(Default)]
pub(crate) struct Tally {
    passed: u32,
    failed: u32,
    skipped: u32,
    failures: Vec<String>,
}

impl Tally {
    /// Runs a step; a failure is counted and the next step still runs.
    fn check(&mut self, what: &str, work: impl FnOnce() -> Result<()>) {
        match step(what, work) {
            Ok(()) => self.passed += 1,
            Err(error) => self.fail(format!("{error:#}")),
        }
    }

    fn fail(&mut self, why: String) {
        eprintln!("\x1b[31mFAILED\x1b[0m {why}");
        self.failed += 1;
        self.failures.push(why);
    }

    /// Runs a cargo test command and adds up its `test result:` lines.
    fn tests(&mut self, what: &str, words: &[&str]) {
        self.tests_with(what, &mut command(words));
    }

    /// As [`Tally::tests`], for a prepared command.
    fn tests_with(&mut self, what: &str, prepared: &mut Command) {
        let outcome = step(what, || count(prepared));
        match outcome {
            Ok(counted) => {
                self.passed += counted.passed;
                self.failed += counted.failed;
                self.skipped += counted.skipped;
                if counted.failed > 0 || !counted.ended_well {
                    self.failures.push(format!("{what}{}", counted.told));
                    self.failed += u32::from(counted.failed == 0);
                }
            }
            Err(error) => self.fail(format!("{error:#}")),
        }
    }

    /// Counts the tests of a command as skipped, and says so.
    fn skip(&mut self, what: &str, list: &[&str]) -> Result<()> {
        let listed = command(list).stderr(Stdio::inherit()).output().context("listing tests")?;
        let tests =
            String::from_utf8_lossy(&listed.stdout).lines().filter(|l| l.ends_with(": test")).count() as u32;
        println!("\x1b[33mSKIPPED\x1b[0m {what}: {tests} tests");
        self.skipped += tests;
        Ok(())
    }
}

/// `cargo xtask test`.
pub(crate) fn run_all(options: &Options, tally: &mut Tally) -> Result<()> {
    setup::for_build()?;
    lints(tally)?;
    let native = [
        "cargo",
        "test",
        "--workspace",
        "--exclude",
        "composeyard-e2e",
        "--exclude",
        "composeyard",
        "--no-fail-fast",
        "--quiet",
    ];
    tally.tests("Unit, property and snapshot tests", &native);
    // The tests that need an engine say so themselves when they are told to leave it alone.
    let agent =
        ["cargo", "test", "--package", "composeyard", "--no-fail-fast", "--quiet", "--", "--show-output"];
    if options.skip_engine {
        println!("\x1b[33mSKIPPED\x1b[0m the agent against a real engine");
        tally.tests_with(
            "The agent against a fake engine",
            command(&agent).env("COMPOSEYARD_SKIP_ENGINE", "1"),
        );
    } else {
        machine::engine()?;
        tally.tests("The agent against a fake and a real engine", &agent);
    }
    match wasm::hostile() {
        Ok(mut hostile) => tally.tests_with("Hostile texts in WebAssembly", &mut hostile),
        Err(error) => tally.fail(format!("{error:#}")),
    }
    build::all()?;
    tally.check("Size of the first screen", || size::run(false));
    if options.skip_engine || options.skip_browser {
        tally
            .skip("the product in a browser", &["cargo", "test", "-p", "composeyard-e2e", "--", "--list"])?;
    } else {
        machine::browser()?;
        tally.tests(
            "The product: real binary, real engine, real browser",
            &[
                "cargo",
                "test",
                "--package",
                "composeyard-e2e",
                "--no-fail-fast",
                "--",
                "--test-threads=1",
                "--nocapture",
            ],
        );
    }
    Ok(())
}

/// `cargo xtask test`, with the count as its last line.
pub(crate) fn run(options: &Options) -> Result<()> {
    let mut tally = Tally::default();
    if let Err(error) = run_all(options, &mut tally) {
        tally.fail(format!("{error:#}"));
    }
    for failure in &tally.failures {
        eprintln!("failed: {failure}");
    }
    println!("{} passed, {} failed, {} skipped", tally.passed, tally.failed, tally.skipped);
    if tally.failed > 0 {
        bail!("{} of the checks failed", tally.failed);
    }
    Ok(())
}

/// Formatting and lints, native and wasm32.
pub(crate) fn lints(tally: &mut Tally) -> Result<()> {
    setup::wasm_target()?;
    tally.check("Formatting", || call(&["cargo", "fmt", "--all", "--check"]));
    tally.check("Lints, native", || {
        call(&["cargo", "clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"])
    });
    tally.check("Lints, wasm32", || {
        let wasm = ["--package", "composeyard-web", "--target", "wasm32-unknown-unknown"];
        call(&[&["cargo", "clippy", "--quiet"], &wasm[..], &["--", "-D", "warnings"]].concat())
    });
    Ok(())
}

#[derive(Default)]
struct Counted {
    passed: u32,
    failed: u32,
    skipped: u32,
    told_skipped: u32,
    /// What the failed tests printed, to be said again at the end: in between come thousands of lines.
    told: String,
    ended_well: bool,
}

/// Shows a test run's output and reads its result lines:
/// `test result: ok. 12 passed; 0 failed; 1 ignored; …`.
fn count(command: &mut Command) -> Result<Counted> {
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let stdout = child.stdout.take().context("no output")?;
    let mut counted = Counted::default();
    let mut among_failures = false;
    for line in BufReader::new(stdout).lines() {
        let line = line?;
        println!("{line}");
        among_failures = (among_failures || line == "failures:") && !line.starts_with("test result: ");
        if among_failures {
            counted.told.push('\n');
            counted.told.push_str(&line);
        }
        if line.starts_with("skipped:") {
            // The harness counts such a test as passed.
            counted.told_skipped += 1;
        }
        let Some(result) = line.split("test result: ").nth(1) else { continue };
        for part in result.split(['.', ';']) {
            let mut words = part.split_whitespace();
            let (Some(Ok(number)), Some(word)) = (words.next().map(str::parse::<u32>), words.next()) else {
                continue;
            };
            match word {
                "passed" => counted.passed += number,
                "failed" => counted.failed += number,
                "ignored" => counted.skipped += number,
                _ => {}
            }
        }
    }
    counted.passed = counted.passed.saturating_sub(counted.told_skipped);
    counted.skipped += counted.told_skipped;
    counted.ended_well = child.wait()?.success();
    Ok(counted)
}
