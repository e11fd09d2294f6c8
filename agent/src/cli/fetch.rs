//! `pull`, `build` and `push`: images without containers.

use std::process::ExitCode;

use composeyard_compose::{ServiceName, model::Bytes};
use composeyard_plan::{BuildChanges, BuildOptions, Command, PullOptions, PushOptions};

use super::progress::Detail;
use super::project::RunArgs;

/// Arguments of `pull`.
#[derive(Debug, clap::Args)]
pub(super) struct PullArgs {
    #[command(flatten)]
    run: RunArgs,
    /// Also images of services that the named ones depend on
    #[arg(long)]
    include_deps: bool,
    /// Go on where an image cannot be pulled
    #[arg(long)]
    ignore_pull_failures: bool,
    /// Leave out images that can be built
    #[arg(long)]
    ignore_buildable: bool,
    /// Which images to pull
    #[arg(long, value_enum, default_value_t = Policy::Always)]
    policy: Policy,
    /// Print failures only
    #[arg(short, long)]
    quiet: bool,
    /// Only these services
    services: Vec<ServiceName>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Policy {
    /// Also those that are on this machine
    Always,
    /// Only those that are not on this machine
    Missing,
}

/// Arguments of `build`.
#[derive(Debug, clap::Args)]
pub(super) struct BuildArgs {
    #[command(flatten)]
    run: RunArgs,
    /// Use nothing of earlier builds
    #[arg(long)]
    no_cache: bool,
    /// Pull the images that the build starts from, also when they are on this machine
    #[arg(long)]
    pull: bool,
    /// A build argument; without a value it is taken from the shell
    #[arg(long = "build-arg", value_name = "NAME[=VALUE]")]
    args: Vec<String>,
    /// The most memory that a build may use, as 512m; at most 2 GB less one byte
    #[arg(short, long, value_name = "BYTES", value_parser = memory)]
    memory: Option<u64>,
    /// Send each image to its registry once it is built
    #[arg(long)]
    push: bool,
    /// Also images of services that the named ones depend on
    #[arg(long)]
    with_dependencies: bool,
    /// Print failures only
    #[arg(short, long)]
    quiet: bool,
    /// Only these services
    services: Vec<ServiceName>,
}

/// Arguments of `push`.
#[derive(Debug, clap::Args)]
pub(super) struct PushArgs {
    #[command(flatten)]
    run: RunArgs,
    /// Also images of services that the named ones depend on
    #[arg(long)]
    include_deps: bool,
    /// Go on where an image cannot be pushed
    #[arg(long)]
    ignore_push_failures: bool,
    /// Print failures only
    #[arg(short, long)]
    quiet: bool,
    /// Only these services
    services: Vec<ServiceName>,
}

pub(super) async fn pull(args: PullArgs) -> anyhow::Result<ExitCode> {
    let command = Command::Pull(PullOptions {
        services: args.services,
        include_deps: args.include_deps,
        ignore_failures: args.ignore_pull_failures,
        ignore_buildable: args.ignore_buildable,
        only_missing: args.policy == Policy::Missing,
    });
    run(&args.run, &command, args.quiet).await
}

pub(super) async fn build(args: BuildArgs) -> anyhow::Result<ExitCode> {
    let changes = BuildChanges {
        no_cache: args.no_cache,
        pull: args.pull,
        memory: args.memory.unwrap_or_default(),
        args: args.args.iter().filter_map(|arg| build_arg(arg, |name| std::env::var(name).ok())).collect(),
    };
    let command = Command::Build(BuildOptions {
        services: args.services,
        with_dependencies: args.with_dependencies,
        push: args.push,
        changes,
    });
    run(&args.run, &command, args.quiet).await
}

pub(super) async fn push(args: PushArgs) -> anyhow::Result<ExitCode> {
    let command = Command::Push(PushOptions {
        services: args.services,
        include_deps: args.include_deps,
        ignore_failures: args.ignore_push_failures,
    });
    run(&args.run, &command, args.quiet).await
}

/// `512m`, `1g`, `1048576`: what the builder's own option can hold.
fn memory(text: &str) -> Result<u64, String> {
    let Bytes(bytes) = Bytes::parse(text).map_err(|error| error.to_string())?;
    let fits = i32::try_from(bytes).ok().and_then(|bytes| u64::try_from(bytes).ok());
    fits.ok_or_else(|| "the builder takes less than 2g".to_owned())
}

/// None for a name that the shell does not know: the Dockerfile's default then stands.
fn build_arg(arg: &str, shell: impl Fn(&str) -> Option<String>) -> Option<(String, String)> {
    match arg.split_once('=') {
        Some((name, value)) => Some((name.to_owned(), value.to_owned())),
        None => Some((arg.to_owned(), shell(arg)?)),
    }
}

async fn run(args: &RunArgs, command: &Command, quiet: bool) -> anyhow::Result<ExitCode> {
    let detail = if quiet { Detail::Failures } else { Detail::Steps };
    match args.open_for(&command.named()).await? {
        Some(opened) => opened.run_showing(command, detail).await,
        None => Ok(ExitCode::FAILURE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_argument_without_a_value_comes_from_the_shell() {
        let shell = |name: &str| (name == "KNOWN").then(|| "here".to_owned());
        let pair = |name: &str, value: &str| Some((name.to_owned(), value.to_owned()));
        assert_eq!(build_arg("A=b=c", shell), pair("A", "b=c"));
        assert_eq!(build_arg("A=", shell), pair("A", ""));
        assert_eq!(build_arg("KNOWN", shell), pair("KNOWN", "here"));
        assert_eq!(build_arg("UNKNOWN", shell), None);
    }
}
