//! `down`, `start`, `stop`, `restart`, `pause`, `unpause`, `kill`, `scale`: arguments to the planner's commands.

use std::io::Write;
use std::process::ExitCode;

use composeyard_compose::ServiceName;
use composeyard_plan::{Command, DownOptions, Images, UpOptions};

use super::count::{Count, counts};
use super::project::RunArgs;

/// Arguments of `down`.
#[derive(Debug, clap::Args)]
pub(super) struct DownArgs {
    #[command(flatten)]
    run: RunArgs,
    /// Remove the project's volumes and their data too
    #[arg(short, long)]
    volumes: bool,
    /// Remove containers of services that the files no longer name
    #[arg(long)]
    remove_orphans: bool,
    /// Remove images of the services too
    #[arg(long, value_enum, value_name = "WHICH")]
    rmi: Option<Rmi>,
    /// Seconds until a container is killed
    #[arg(short, long, value_name = "SECONDS")]
    timeout: Option<u32>,
    /// Only these services and what depends on them
    services: Vec<ServiceName>,
}

/// Which images to remove.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Rmi {
    /// Those that were built for a service that gives them no name
    Local,
    /// Those of all services
    All,
}

/// Arguments of `stop`.
#[derive(Debug, clap::Args)]
pub(super) struct StopArgs {
    #[command(flatten)]
    run: RunArgs,
    /// Seconds until a container is killed
    #[arg(short, long, value_name = "SECONDS")]
    timeout: Option<u32>,
    /// Only these services
    services: Vec<ServiceName>,
}

/// Arguments of `restart`.
#[derive(Debug, clap::Args)]
pub(super) struct RestartArgs {
    #[command(flatten)]
    stop: StopArgs,
    /// Leave alone services that ask to be restarted with these
    #[arg(long)]
    no_deps: bool,
}

/// Arguments of `start`, `pause` and `unpause`.
#[derive(Debug, clap::Args)]
pub(super) struct ServicesArgs {
    #[command(flatten)]
    run: RunArgs,
    /// Only these services
    services: Vec<ServiceName>,
}

/// Arguments of `kill`.
#[derive(Debug, clap::Args)]
pub(super) struct KillArgs {
    #[command(flatten)]
    run: RunArgs,
    /// The signal, by name or number
    #[arg(short, long, value_name = "SIGNAL", default_value = "SIGKILL")]
    signal: String,
    /// Also to containers of services that the files no longer name
    #[arg(long)]
    remove_orphans: bool,
    /// Only these services
    services: Vec<ServiceName>,
}

/// Arguments of `scale`.
#[derive(Debug, clap::Args)]
pub(super) struct ScaleArgs {
    #[command(flatten)]
    run: RunArgs,
    /// Leave alone what the services depend on
    #[arg(long)]
    no_deps: bool,
    /// Number of containers of a service
    #[arg(required = true, value_name = "SERVICE=N")]
    counts: Vec<Count>,
}

pub(super) async fn down(args: DownArgs) -> anyhow::Result<ExitCode> {
    let options = DownOptions {
        services: args.services,
        volumes: args.volumes,
        remove_orphans: args.remove_orphans,
        images: args.rmi.map(|which| match which {
            Rmi::Local => Images::Local,
            Rmi::All => Images::All,
        }),
        grace: args.timeout,
    };
    run(&args.run, Command::Down(options)).await
}

pub(super) async fn start(args: ServicesArgs) -> anyhow::Result<ExitCode> {
    run(&args.run, Command::Start { services: args.services }).await
}

pub(super) async fn stop(args: StopArgs) -> anyhow::Result<ExitCode> {
    run(&args.run, Command::Stop { services: args.services, grace: args.timeout }).await
}

pub(super) async fn restart(args: RestartArgs) -> anyhow::Result<ExitCode> {
    let StopArgs { run: project, timeout, services } = args.stop;
    run(&project, Command::Restart { services, no_deps: args.no_deps, grace: timeout }).await
}

pub(super) async fn pause(args: ServicesArgs) -> anyhow::Result<ExitCode> {
    run(&args.run, Command::Pause { services: args.services }).await
}

pub(super) async fn unpause(args: ServicesArgs) -> anyhow::Result<ExitCode> {
    run(&args.run, Command::Unpause { services: args.services }).await
}

pub(super) async fn kill(args: KillArgs) -> anyhow::Result<ExitCode> {
    let Some(opened) = args.run.open_for(&args.services).await? else { return Ok(ExitCode::FAILURE) };
    let command =
        Command::Kill { services: args.services, signal: args.signal, orphans: args.remove_orphans };
    if opened.plan(&command).await?.is_empty() {
        writeln!(std::io::stderr(), "no container to kill")?;
        return Ok(ExitCode::SUCCESS);
    }
    opened.run(&command).await
}

pub(super) async fn scale(args: ScaleArgs) -> anyhow::Result<ExitCode> {
    let scale = counts(&args.counts);
    let services = scale.keys().cloned().collect();
    let options = UpOptions {
        services,
        scale,
        no_deps: args.no_deps,
        all_resources: args.run.all_resources(),
        ..UpOptions::default()
    };
    run(&args.run, Command::Up(options)).await
}

async fn run(args: &RunArgs, command: Command) -> anyhow::Result<ExitCode> {
    match args.open_for(&command.named()).await? {
        Some(opened) => opened.run(&command).await,
        None => Ok(ExitCode::FAILURE),
    }
}
