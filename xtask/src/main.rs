//! `cargo xtask`: everything there is to do with this repository, each step named as it runs.
//!
//! | file | what lives there |
//! |---|---|
//! | `shell.rs` | running programs, naming steps |
//! | `setup.rs` | what a build needs, installed where it can be |
//! | `build.rs` | the web app by Trunk, embedded in the agent; `run` |
//! | `test.rs` | every check there is, counted |
//! | `machine.rs` | what only the tests need: an engine, a browser |
//! | `bench.rs` | speed beside the reference |
//! | `bench_engine.rs` | `up`, `down` and scaling beside the reference, on an engine |
//! | `fuzz.rs` | the laws of every text, tried for as long as one likes |
//! | `wasm.rs` | the trials in WebAssembly: hostile texts, speed in a browser |
//! | `size.rs` | bytes of the first screen against the recorded limit |

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks to people")]

mod bench;
mod bench_engine;
mod build;
mod fuzz;
mod machine;
mod setup;
mod shell;
mod size;
mod test;
mod wasm;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Set up, build, run, test and measure Composeyard")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Set up, build and start composeyard; arguments after `--` go to it
    Run {
        /// For example: --no-open, --listen 127.0.0.1:8000
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Build target/release/composeyard with the web app inside
    Build,
    /// Install what a build needs
    Setup,
    /// Every check and test
    Test(test::Options),
    /// Formatting and lints only
    Check,
    /// Speed beside the reference, as ratios; `wasm`: in a headless Chromium, in milliseconds;
    /// `engine`: `up`, `down` and scaling on a Docker engine
    Bench {
        /// What to measure
        #[arg(value_enum, default_value = "native")]
        what: Bench,
    },
    /// Try what must hold for every text on mutated files; no special set-up needed
    Fuzz {
        /// parse, edit, interpolate, short-forms, check, or all
        #[arg(default_value = "all")]
        target: String,
        /// For so long
        #[arg(default_value_t = 60)]
        seconds: u64,
    },
    /// Raw and compressed bytes of everything the first screen loads
    Size {
        /// Record today's sizes as the new limit
        #[arg(long)]
        accept: bool,
    },
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Bench {
    Native,
    Wasm,
    Engine,
}

fn main() -> anyhow::Result<()> {
    std::env::set_current_dir(shell::root())?;
    match Cli::parse().task {
        Task::Run { args } => build::run(&args),
        Task::Build => build::all(),
        Task::Setup => setup::for_build(),
        Task::Test(options) => test::run(&options),
        Task::Check => test::lints(&mut test::Tally::default()),
        Task::Bench { what: Bench::Native } => bench::run(),
        Task::Bench { what: Bench::Wasm } => wasm::bench(),
        Task::Bench { what: Bench::Engine } => bench_engine::run(),
        Task::Fuzz { target, seconds } => fuzz::run(&target, seconds),
        Task::Size { accept } => build::web().and_then(|()| size::run(accept)),
    }
}
