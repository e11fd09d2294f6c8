//! `plan`, `up`, `down`, `start`, `stop`, `restart`, `pause`, `unpause`, `kill`, `scale`: arguments to the planner's
//! commands.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::ExitCode;
use std::str::FromStr;

use composeyard_compose::ServiceName;
use composeyard_plan::{Command, Recreate, UpOptions};

use super::project::RunArgs;
use super::{logs, progress};

/// Arguments of `up` and `plan`.
#[derive(Debug, clap::Args)]
pub(super) struct UpArgs {
    #[command(flatten)]
    pub(super) run: RunArgs,
    /// Run in the background
    #[arg(short, long)]
    detach: bool,
    /// Build images even when they exist
    #[arg(long)]
    build: bool,
    /// Replace containers though nothing changed
    #[arg(long, conflicts_with = "no_recreate")]
    force_recreate: bool,
    /// Leave containers that exist as they are
    #[arg(long)]
    no_recreate: bool,
    /// Remove containers of services that the files no longer name
    #[arg(long)]
    remove_orphans: bool,
    /// Number of containers of a service
    #[arg(long, value_name = "SERVICE=N")]
    scale: Vec<Count>,
    /// Wait until everything runs, and is healthy where it has a check; then stay in the background
    #[arg(long)]
    wait: bool,
    /// The longest to wait, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0, requires = "wait")]
    wait_timeout: u32,
    /// Only these services and what they depend on
    services: Vec<ServiceName>,
}

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
}

/// Arguments of `start`, `stop`, `restart`, `pause` and `unpause`.
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
    /// Number of containers of a service
    #[arg(required = true, value_name = "SERVICE=N")]
    counts: Vec<Count>,
}

/// `app=3`
#[derive(Clone, Debug, PartialEq, Eq)]
struct Count {
    service: ServiceName,
    count: u32,
}

impl FromStr for Count {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (service, count) = text.split_once('=').ok_or("write SERVICE=N, as in app=3")?;
        let service = service.parse().map_err(|error| format!("{error}"))?;
        let count = count.parse().map_err(|_| format!("{count:?} is not a number of containers"))?;
        Ok(Self { service, count })
    }
}

impl UpArgs {
    fn command(&self) -> Command {
        let recreate = match (self.force_recreate, self.no_recreate) {
            (true, _) => Recreate::Force,
            (_, true) => Recreate::Never,
            _ => Recreate::Diverged,
        };
        Command::Up(UpOptions {
            services: self.services.clone(),
            scale: counts(&self.scale),
            recreate,
            build: self.build,
            remove_orphans: self.remove_orphans,
            wait: self.wait,
            wait_timeout: self.wait_timeout,
            ..UpOptions::default()
        })
    }
}

fn counts(counts: &[Count]) -> BTreeMap<ServiceName, u32> {
    counts.iter().map(|Count { service, count }| (service.clone(), *count)).collect()
}

pub(super) async fn plan(args: UpArgs) -> anyhow::Result<ExitCode> {
    let Some(opened) = args.run.open().await? else { return Ok(ExitCode::FAILURE) };
    let plan = opened.plan(&args.command()).await?;
    std::io::stdout().write_all(progress::describe(&plan).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Without `--detach` it stays with the logs; Ctrl-C then stops what it started.
pub(super) async fn up(args: UpArgs) -> anyhow::Result<ExitCode> {
    let Some(opened) = args.run.open().await? else { return Ok(ExitCode::FAILURE) };
    let code = opened.run(&args.command()).await?;
    if args.detach || args.wait || code != ExitCode::SUCCESS {
        return Ok(code);
    }
    logs::until_signal(&opened, &args.services).await?;
    opened.run(&Command::Stop { services: args.services }).await
}

pub(super) async fn down(args: DownArgs) -> anyhow::Result<ExitCode> {
    run(&args.run, Command::Down { volumes: args.volumes, remove_orphans: args.remove_orphans }).await
}

pub(super) async fn start(args: ServicesArgs) -> anyhow::Result<ExitCode> {
    run(&args.run, Command::Start { services: args.services }).await
}

pub(super) async fn stop(args: ServicesArgs) -> anyhow::Result<ExitCode> {
    run(&args.run, Command::Stop { services: args.services }).await
}

pub(super) async fn restart(args: ServicesArgs) -> anyhow::Result<ExitCode> {
    run(&args.run, Command::Restart { services: args.services }).await
}

pub(super) async fn pause(args: ServicesArgs) -> anyhow::Result<ExitCode> {
    run(&args.run, Command::Pause { services: args.services }).await
}

pub(super) async fn unpause(args: ServicesArgs) -> anyhow::Result<ExitCode> {
    run(&args.run, Command::Unpause { services: args.services }).await
}

pub(super) async fn kill(args: KillArgs) -> anyhow::Result<ExitCode> {
    let Some(opened) = args.run.open().await? else { return Ok(ExitCode::FAILURE) };
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
    run(&args.run, Command::Up(UpOptions { services, scale, ..UpOptions::default() })).await
}

async fn run(args: &RunArgs, command: Command) -> anyhow::Result<ExitCode> {
    match args.open().await? {
        Some(opened) => opened.run(&command).await,
        None => Ok(ExitCode::FAILURE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_a_service_and_a_number() {
        let parsed: Count = "app=3".parse().unwrap();
        assert_eq!((parsed.service.as_str(), parsed.count), ("app", 3));
        for bad in ["app", "app=", "app=-1", "app=x", "=3", "a b=3", "app=99999999999"] {
            assert!(bad.parse::<Count>().is_err(), "{bad}");
        }
    }
}
