//! The command line: `composeyard` alone serves the page; the other verbs work in the current folder, as
//! `docker compose` spells them. What names the project may stand before the verb or behind it.
//!
//! Exit codes: 0 done, 1 not done, out of time or errors found, 2 wrong usage or an unreadable file.

mod attached;
mod before_verb;
mod check;
mod config;
mod copy;
mod count;
mod disk;
mod exec;
mod fetch;
mod folders;
mod format;
mod globals;
mod logs;
mod look;
mod ls;
mod new;
mod not_here;
mod port_holder;
mod progress;
mod project;
mod project_args;
mod ps;
mod remove;
mod report;
mod rules;
mod run;
mod serve;
mod signals;
mod table;
mod templates;
mod up;
mod verbs;
mod version;
mod volumes;
mod wait;
mod when;

use std::ffi::OsStr;
use std::io::Write;
use std::process::ExitCode;

use anyhow::bail;
use clap::{CommandFactory, Parser, Subcommand};
use composeyard_plan::PlanError;

use crate::engine::EngineError;

use project::within;

/// Designs, checks and runs Docker Compose projects. Without a command it serves the page.
#[derive(Debug, Parser)]
#[command(name = "composeyard", version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    serve: serve::Args,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Serve the page on this machine and open it in the browser.
    Serve(serve::Args),
    /// Check a Compose project and print what is wrong or could be better.
    Check(check::CheckArgs),
    /// List the rules that `check` applies, or explain one: `rules CY311`.
    Rules(rules::Args),
    /// Print the project as it is after all files, variables and defaults.
    Config(config::Args),
    /// Show what `up` would do and why.
    Plan(up::UpArgs),
    /// Create and start containers.
    Up(up::UpArgs),
    /// Create containers without starting them.
    Create(up::CreateArgs),
    /// Stop and remove containers and networks.
    Down(verbs::DownArgs),
    /// Start stopped containers.
    Start(verbs::ServicesArgs),
    /// Stop running containers.
    Stop(verbs::StopArgs),
    /// Stop and start containers.
    Restart(verbs::RestartArgs),
    /// Freeze running containers.
    Pause(verbs::ServicesArgs),
    /// Let frozen containers go on.
    Unpause(verbs::ServicesArgs),
    /// Send a signal to running containers.
    Kill(verbs::KillArgs),
    /// Remove stopped containers.
    Rm(remove::Args),
    /// Fetch images.
    Pull(fetch::PullArgs),
    /// Build images.
    Build(fetch::BuildArgs),
    /// Send the images that are built here to their registries.
    Push(fetch::PushArgs),
    /// Set the number of containers: `scale app=3 worker=2`.
    Scale(verbs::ScaleArgs),
    /// List containers.
    Ps(ps::Args),
    /// List the Compose projects of the engine.
    Ls(ls::Args),
    /// List the images that containers were made from.
    Images(look::images::Args),
    /// List the processes of running containers.
    Top(look::top::Args),
    /// Print where the host answers for a port of a container.
    Port(look::port::Args),
    /// Print what happens to containers, until interrupted.
    Events(look::events::Args),
    /// Run a command in a running container.
    Exec(exec::Args),
    /// Run a command in a container of its own, beside those of its service.
    Run(run::Args),
    /// Copy files between this machine and containers.
    Cp(copy::Args),
    /// List volumes; remove, back up or restore one.
    Volumes(volumes::Args),
    /// Wait until containers have ended, and end with the exit code of the last.
    Wait(wait::Args),
    /// Print what containers write.
    Logs(logs::Args),
    /// Write a template project into a new folder.
    New(new::Args),
    /// List the template projects.
    Templates,
    /// Print which Composeyard this is.
    Version(version::Args),
}

/// Reads the arguments and does what they ask for.
pub fn main() -> ExitCode {
    let cli = Cli::parse_from(before_verb::moved(std::env::args_os(), is_verb));
    init_log();
    let runtime = match cli.verb {
        // These end before a second thread has begun.
        Some(Verb::Check(_) | Verb::Config(_)) => {
            tokio::runtime::Builder::new_current_thread().enable_all().build()
        }
        _ => tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build(),
    };
    let result = match runtime {
        Ok(runtime) => {
            let result = runtime.block_on(run(cli));
            // A disk or name lookup that hangs must not keep the process.
            runtime.shutdown_background();
            result
        }
        Err(error) => Err(error.into()),
    };
    result.unwrap_or_else(|error| {
        let of_engine = error.chain().find_map(|cause| cause.downcast_ref::<EngineError>());
        let help = of_engine.and_then(|cause| cause.to_failure().help);
        // Nobody is left to tell when this fails.
        let _ = writeln!(std::io::stderr(), "composeyard: {error:#}");
        let _ = help.map(|help| writeln!(std::io::stderr(), "{help}"));
        // What was asked for is well said and cannot be done.
        let is_refused = error.downcast_ref::<PlanError>().is_some();
        if is_refused { ExitCode::FAILURE } else { ExitCode::from(2) }
    })
}

fn is_verb(word: &OsStr) -> bool {
    word.to_str().is_some_and(|word| Cli::command().find_subcommand(word).is_some())
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    // A mistyped verb is not the name of a new folder.
    if let (None, Some(dir)) = (&cli.verb, cli.serve.dir.as_deref().filter(|dir| !dir.is_dir())) {
        if let Some(instead) = dir.to_str().and_then(not_here::instead) {
            bail!("{} is not a command here: {instead}", dir.display());
        }
        bail!("there is no command and no folder {}; composeyard --help lists the commands", dir.display());
    }
    match cli.verb.unwrap_or(Verb::Serve(cli.serve)) {
        Verb::Serve(args) => serve::run(args).await,
        Verb::Check(args) => check::run(&args),
        Verb::Rules(args) => rules::run(&args),
        Verb::Config(args) => config::run(&args).await,
        Verb::Plan(args) => within(args.run().time_limit, up::plan(args)).await,
        Verb::Up(args) => up::up(args).await,
        Verb::Create(args) => up::create(args).await,
        Verb::Down(args) => verbs::down(args).await,
        Verb::Start(args) => verbs::start(args).await,
        Verb::Stop(args) => verbs::stop(args).await,
        Verb::Restart(args) => verbs::restart(args).await,
        Verb::Pause(args) => verbs::pause(args).await,
        Verb::Unpause(args) => verbs::unpause(args).await,
        Verb::Kill(args) => verbs::kill(args).await,
        Verb::Rm(args) => remove::run(args).await,
        Verb::Pull(args) => fetch::pull(args).await,
        Verb::Build(args) => fetch::build(args).await,
        Verb::Push(args) => fetch::push(args).await,
        Verb::Scale(args) => verbs::scale(args).await,
        Verb::Ps(args) => within(args.run.time_limit, ps::run(args)).await,
        Verb::Ls(args) => within(args.time_limit, ls::run(args)).await,
        Verb::Images(args) => within(args.run.time_limit, look::images::run(args)).await,
        Verb::Top(args) => within(args.run.time_limit, look::top::run(args)).await,
        Verb::Port(args) => within(args.run.time_limit, look::port::run(args)).await,
        Verb::Events(args) => within(args.run.time_limit, look::events::run(args)).await,
        Verb::Exec(args) => within(args.run.time_limit, exec::run(args)).await,
        Verb::Run(args) => run::run(args).await,
        Verb::Cp(args) => within(args.run.time_limit, copy::run(args)).await,
        Verb::Volumes(args) => within(args.run.time_limit, volumes::run(args)).await,
        Verb::Wait(args) => within(args.run.time_limit, wait::run(args)).await,
        Verb::Logs(args) => within(args.run.time_limit, logs::run(args)).await,
        Verb::New(args) => new::run(&args),
        Verb::Templates => templates::list(),
        Verb::Version(args) => version::print(&args),
    }
}

/// `COMPOSEYARD_LOG=debug` shows what happens inside, on standard error.
fn init_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("COMPOSEYARD_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    // A logger that a test has already set stays.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        super::Cli::command().debug_assert();
    }
}
