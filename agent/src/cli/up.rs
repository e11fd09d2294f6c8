//! `up`, `create`, `plan`: arguments to the planner's `up`.

use std::io::Write;
use std::process::ExitCode;

use anyhow::bail;
use composeyard_compose::ServiceName;
use composeyard_plan::{Attach, Command, Pull, Recreate, Until, UpOptions, printed};

use super::attached;
use super::count::{Count, counts};
use super::globals::Orphans;
use super::logs::Look;
use super::progress::{self, Detail};
use super::project::RunArgs;

/// What `up`, `create` and `plan` have in common.
#[derive(Debug, clap::Args)]
struct Making {
    #[command(flatten)]
    run: RunArgs,
    /// Build images even when they exist
    #[arg(long, conflicts_with = "no_build")]
    build: bool,
    /// Build no image, even when it is missing
    #[arg(long)]
    no_build: bool,
    /// Which images to pull, whatever the services say
    #[arg(long, value_enum, default_value_t = Pulling::AsSaid, hide_default_value = true)]
    pull: Pulling,
    /// Do not print how pulling goes
    #[arg(long)]
    quiet_pull: bool,
    /// Replace containers though nothing changed
    #[arg(long, conflicts_with = "no_recreate")]
    force_recreate: bool,
    /// Leave containers that exist as they are
    #[arg(long)]
    no_recreate: bool,
    /// Remove containers of services that the files no longer name [default: COMPOSE_REMOVE_ORPHANS, else no]
    #[arg(long)]
    remove_orphans: bool,
    /// Number of containers of a service
    #[arg(long, value_name = "SERVICE=N")]
    scale: Vec<Count>,
    /// Accepted for scripts: nothing is asked
    #[arg(short, long)]
    yes: bool,
    /// Only these services and what they depend on
    services: Vec<ServiceName>,
}

/// Arguments of `create`.
#[derive(Debug, clap::Args)]
pub(super) struct CreateArgs {
    #[command(flatten)]
    making: Making,
}

/// Arguments of `up` and `plan`.
#[derive(Debug, clap::Args)]
pub(super) struct UpArgs {
    #[command(flatten)]
    making: Making,
    /// Run in the background
    #[arg(short, long)]
    detach: bool,
    /// Leave alone what the named services depend on
    #[arg(long)]
    no_deps: bool,
    /// Replace also what the named services depend on, though nothing changed
    #[arg(long, conflicts_with = "no_recreate")]
    always_recreate_deps: bool,
    /// Replace containers, with new anonymous volumes
    #[arg(short = 'V', long, conflicts_with = "no_recreate")]
    renew_anon_volumes: bool,
    /// Make everything and start nothing
    #[arg(long)]
    no_start: bool,
    /// Seconds until a container that has to stop is killed
    #[arg(short, long, value_name = "SECONDS")]
    timeout: Option<u32>,
    /// Wait until everything runs, and is healthy where it has a check; then stay in the background
    #[arg(long)]
    wait: bool,
    /// The longest to wait, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0, requires = "wait")]
    wait_timeout: u32,
    #[command(flatten)]
    stay: Stay,
}

/// What happens while `up` stays.
#[derive(Debug, clap::Args)]
struct Stay {
    /// Stop everything when a container ends, and end with its exit code
    #[arg(long, conflicts_with_all = ["detach", "wait"])]
    abort_on_container_exit: bool,
    /// Stop everything when a container fails, and end with its exit code
    #[arg(long, conflicts_with_all = ["detach", "wait", "abort_on_container_exit"])]
    abort_on_container_failure: bool,
    /// Stop everything when a container ends, and end with the exit code of this service
    #[arg(long, value_name = "SERVICE", conflicts_with_all = ["detach", "wait", "abort_on_container_failure"])]
    exit_code_from: Option<ServiceName>,
    /// Print only what these services write
    #[arg(long, value_name = "SERVICE", conflicts_with = "detach")]
    attach: Vec<ServiceName>,
    /// Do not print what these services write
    #[arg(long, value_name = "SERVICE")]
    no_attach: Vec<ServiceName>,
    /// Print also what the services write that the named ones depend on
    #[arg(long, conflicts_with_all = ["detach", "attach"])]
    attach_dependencies: bool,
    /// Print each line with the time at which it was written
    #[arg(long)]
    timestamps: bool,
    #[command(flatten)]
    look: Look,
    /// Accepted for scripts: there is no menu
    #[arg(long, num_args = 0..=1, require_equals = true, value_name = "BOOL")]
    menu: Option<Option<bool>>,
    /// Not supported: build and start anew with `up --build`
    #[arg(short, long)]
    watch: bool,
}

/// Which images to pull.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Pulling {
    /// As each service says
    #[value(name = "policy")]
    AsSaid,
    /// Also those that are on this machine
    Always,
    /// Only those that are not on this machine
    Missing,
    /// None
    Never,
}

impl Pulling {
    /// None for what the services say.
    pub(super) fn wanted(self) -> Option<Pull> {
        match self {
            Self::AsSaid => None,
            Self::Always => Some(Pull::Always),
            Self::Missing => Some(Pull::Missing),
            Self::Never => Some(Pull::Never),
        }
    }
}

impl Making {
    fn options(&self) -> UpOptions {
        let recreate = match (self.force_recreate, self.no_recreate) {
            (true, _) => Recreate::Force,
            (_, true) => Recreate::Never,
            _ => Recreate::Diverged,
        };
        UpOptions {
            services: self.services.clone(),
            scale: counts(&self.scale),
            recreate,
            recreate_dependencies: if self.no_recreate { Recreate::Never } else { Recreate::Diverged },
            build: self.build,
            no_build: self.no_build,
            pull: self.pull.wanted(),
            remove_orphans: self.remove_orphans,
            all_resources: self.run.all_resources(),
            ..UpOptions::default()
        }
    }

    fn detail(&self) -> Detail {
        if self.quiet_pull { Detail::NoPulls } else { Detail::Steps }
    }
}

impl UpArgs {
    pub(super) fn run(&self) -> &RunArgs {
        &self.making.run
    }

    fn options(&self) -> UpOptions {
        let mut options = UpOptions {
            no_deps: self.no_deps,
            renew_volumes: self.renew_anon_volumes,
            no_start: self.no_start,
            grace: self.timeout,
            wait: self.wait,
            wait_timeout: self.wait_timeout,
            ..self.making.options()
        };
        if self.renew_anon_volumes {
            options.recreate = Recreate::Force;
        }
        if self.always_recreate_deps {
            options.recreate_dependencies = Recreate::Force;
        }
        options
    }
}

impl Stay {
    fn until(&self) -> Until {
        if self.abort_on_container_failure {
            Until::OneFails
        } else if self.abort_on_container_exit || self.exit_code_from.is_some() {
            Until::OneEnds
        } else {
            Until::AllEnd
        }
    }
}

/// What flags ask for, and variables of orphans.
fn command(options: UpOptions, orphans: Orphans) -> Command {
    let (remove_orphans, ignore_orphans) = (orphans == Orphans::Removed, orphans == Orphans::Ignored);
    Command::Up(UpOptions { remove_orphans, ignore_orphans, ..options })
}

pub(super) async fn plan(args: UpArgs) -> anyhow::Result<ExitCode> {
    let options = args.options();
    let Some(opened) = args.run().open_for(&options.named()).await? else { return Ok(ExitCode::FAILURE) };
    let orphans = Orphans::of_up(options.remove_orphans, &opened.variables)?;
    let command = command(options, orphans);
    let plan = opened.plan(&command).await?;
    let sizes = opened.downloads(&plan).await;
    std::io::stdout().write_all(progress::describe(&plan, &sizes).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn create(args: CreateArgs) -> anyhow::Result<ExitCode> {
    let options = UpOptions { no_start: true, ..args.making.options() };
    let run = &args.making.run;
    let Some(opened) = run.open_for(&options.named()).await? else { return Ok(ExitCode::FAILURE) };
    let orphans = Orphans::of_create(options.remove_orphans, &opened.variables)?;
    let command = command(options, orphans);
    opened.run_showing(&command, args.making.detail()).await
}

/// Without `--detach` it stays with the logs until the containers end; Ctrl-C stops them.
pub(super) async fn up(args: UpArgs) -> anyhow::Result<ExitCode> {
    if args.stay.watch {
        bail!("--watch is not supported. Change the files, then run composeyard up --build");
    }
    let (options, detail) = (args.options(), args.making.detail());
    let Some(opened) = args.run().open_for(&options.named()).await? else { return Ok(ExitCode::FAILURE) };
    let orphans = Orphans::of_up(options.remove_orphans, &opened.variables)?;
    let command = command(options, orphans);
    if args.detach || args.wait || args.no_start || opened.dry_run {
        return opened.run_showing(&command, detail).await;
    }
    let (stay, ansi) = (args.stay, args.making.run.ansi());
    let until = stay.until();
    let attach =
        Attach { only: stay.attach, without: stay.no_attach, dependencies: stay.attach_dependencies };
    let services = args.making.services;
    let printed = printed(&opened.project, &services, &attach)?;
    let (code_from, style) = (stay.exit_code_from, stay.look.style(stay.timestamps, ansi));
    if let Some(other) = code_from.iter().find(|name| !opened.project.services.contains_key(*name)) {
        bail!("--exit-code-from {other}: there is no such service in this project");
    }
    let stay = attached::Stay { until, code_from, services, printed, style, grace: args.timeout };
    attached::run(&opened, &command, detail, stay).await
}
