//! A project loaded from disk, and the engine it runs on: what the engine's verbs start from.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use composeyard_compose::files::ReadError;
use composeyard_compose::{FileSource, Project, ServiceName, Severity};
use composeyard_plan::{Command, Downloads, Plan};
use composeyard_protocol::{Failure, Outcome};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::disk::{Disk, STANDARD_INPUT};
use super::globals::Ansi;
use super::progress::{Detail, Lines};
use super::project_args::{ProjectArgs, plain};
use super::report::{Report, text};
use super::{folders, progress, signals, when};
use crate::engine::{Engine, Origin, SIZES_LIMIT};
use crate::jobs::{Hold, Jobs};
use crate::time_limit::{self, Limit};

/// Which project and which engine.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    project: ProjectArgs,
    /// The engine's socket [default: DOCKER_HOST, else the usual sockets]
    #[arg(long, value_name = "URL")]
    host: Option<String>,
    /// The longest that the command may take, as 90s, 5m or 1h; it is then cancelled [default: no limit]
    #[arg(long, value_name = "TIME", value_parser = when::length)]
    pub(super) time_limit: Option<Duration>,
}

/// A project that can be run.
pub(super) struct Opened {
    pub(super) project: Project,
    /// The shell's, and those of its `.env` or of other env files.
    pub(super) variables: BTreeMap<String, String>,
    pub(super) engine: Engine,
    origin: Origin,
    time_limit: Option<Duration>,
    /// Nothing is changed; what would be is said.
    pub(super) dry_run: bool,
    lines: Lines,
    /// Steps that run at once; none for no limit.
    at_most: Option<NonZeroUsize>,
}

impl RunArgs {
    /// When colours are printed.
    pub(super) fn ansi(&self) -> Ansi {
        self.project.ansi()
    }

    /// Whether networks and volumes count that no service uses.
    pub(super) fn all_resources(&self) -> bool {
        self.project.all_resources
    }

    /// Loads the project and finds the engine; none when the files have errors, which are then printed. A service that
    /// is named brings its profiles along. Compose specification, 15-profiles.
    ///
    /// # Errors
    /// When a file cannot be read or no engine answers.
    pub(super) async fn open_for(&self, named: &[ServiceName]) -> anyhow::Result<Option<Opened>> {
        self.open_with(named, None).await
    }

    /// As [`RunArgs::open_for`], with one more file laid over the others: what flags say.
    ///
    /// # Errors
    /// As [`RunArgs::open_for`].
    pub(super) async fn open_with(
        &self,
        named: &[ServiceName],
        flags: Option<String>,
    ) -> anyhow::Result<Option<Opened>> {
        let (disk, mut request) = self.project.resolve()?;
        let current = std::env::current_dir().context("the current folder cannot be read")?;
        let origin = Origin {
            folder: PathBuf::from(&request.project_dir),
            files: request.files.iter().map(|file| origin(&current, file)).collect(),
        };
        let disk = WithFlags { disk, flags };
        request.files.extend(disk.flags.is_some().then(|| FLAGS.to_owned()));
        request.enable = named.iter().map(ToString::to_string).collect();
        let loaded = composeyard_compose::load(&disk, &request);
        let report = Report::new(composeyard_compose::rules::told_once(loaded.diagnostics), &disk);
        let project = match loaded.project {
            Some(project) if report.count(Severity::Error) == 0 => project,
            _ => {
                let colour = self.project.ansi().colours(std::io::stderr().is_terminal());
                std::io::stderr().write_all(text::print(&report, colour).as_bytes())?;
                return Ok(None);
            }
        };
        let variables = loaded.environment;
        let (lines, at_most) = (self.project.progress(&variables)?, self.project.at_most(&variables)?);
        let engine = Engine::connect(self.host.clone());
        engine.ready().await?;
        let (time_limit, dry_run) = (self.time_limit, self.project.dry_run);
        Ok(Some(Opened { project, variables, engine, origin, time_limit, dry_run, lines, at_most }))
    }
}

/// A file as the labels of containers name it.
fn origin(current: &Path, file: &str) -> PathBuf {
    if file == STANDARD_INPUT { file.into() } else { plain(&current.join(file)) }
}

/// The file that stands for flags, as findings name it.
pub(super) const FLAGS: &str = "the flags";

/// The disk, with one file more.
pub(super) struct WithFlags {
    pub(super) disk: Disk,
    pub(super) flags: Option<String>,
}

impl FileSource for WithFlags {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        match &self.flags {
            Some(flags) if path == FLAGS => Ok(flags.clone()),
            _ => self.disk.read(path),
        }
    }
}

impl Opened {
    /// What a command would do now.
    ///
    /// # Errors
    /// When the engine refuses, or the command names what the project does not have.
    pub(super) async fn plan(&self, command: &Command) -> anyhow::Result<Plan> {
        let observed = self.engine.observe(&self.project.name, Some(&self.project)).await?;
        Ok(composeyard_plan::plan(&self.project, &observed, command)?)
    }

    /// What there is to download for a plan, as far as registries tell it soon; a time limit leaves half of its time.
    pub(super) async fn downloads(&self, plan: &Plan) -> Downloads {
        let longest = self.time_limit.map_or(SIZES_LIMIT, |all| SIZES_LIMIT.min(all / 2));
        self.engine.downloads(&self.project, &plan.pulled(), Instant::now() + longest).await
    }

    /// Does a command and prints its steps on standard error. Ctrl-C cancels it.
    ///
    /// # Errors
    /// As [`Opened::plan`].
    pub(super) async fn run(&self, command: &Command) -> anyhow::Result<ExitCode> {
        self.run_showing(command, Detail::Steps).await
    }

    /// As [`Opened::run`], with more or less printed.
    ///
    /// # Errors
    /// As [`Opened::plan`].
    pub(super) async fn run_showing(&self, command: &Command, detail: Detail) -> anyhow::Result<ExitCode> {
        if self.dry_run {
            let plan = self.plan(command).await?;
            warn(&plan)?;
            std::io::stderr().write_all(progress::rehearse(&plan, self.lines).as_bytes())?;
            return Ok(ExitCode::SUCCESS);
        }
        let Some(_hold) = self.hold(command.verb())? else { return Ok(ExitCode::FAILURE) };
        let limit = self.time_limit.map(Limit::from_now);
        let plan = match time_limit::look(limit, self.plan(command)).await {
            Ok(plan) => plan?,
            Err(failure) => return tell(&failure),
        };
        warn(&plan)?;
        self.carry_out(&plan, detail, limit).await
    }

    /// Says what is not done for the sake of `--dry-run`, where no plan does.
    ///
    /// # Errors
    /// When nobody reads what is printed.
    pub(super) fn not_done(&self, what: &str) -> anyhow::Result<ExitCode> {
        writeln!(std::io::stderr(), "{}{what}", progress::DRY_RUN)?;
        Ok(ExitCode::SUCCESS)
    }

    /// Keeps other commands from the project, those of other processes too. None when one is under way, which is said.
    ///
    /// # Errors
    /// When nobody reads what is printed.
    pub(super) fn hold(&self, verb: &str) -> std::io::Result<Option<Hold>> {
        let jobs = folders::locks().map_or_else(|_| Jobs::default(), Jobs::with_locks);
        match jobs.begin(&self.project.name, verb) {
            Ok(hold) => Ok(Some(hold)),
            Err(busy) => {
                writeln!(std::io::stderr(), "{busy}: wait for it to end, or end it")?;
                Ok(None)
            }
        }
    }

    /// Carries out a plan that touches nothing of which another command could know.
    ///
    /// # Errors
    /// When nobody reads what is printed.
    pub(super) async fn run_plan(&self, plan: &Plan, detail: Detail) -> anyhow::Result<ExitCode> {
        self.carry_out(plan, detail, None).await
    }

    async fn carry_out(&self, plan: &Plan, detail: Detail, limit: Option<Limit>) -> anyhow::Result<ExitCode> {
        let cancel = CancellationToken::new();
        let (sender, steps) = mpsc::channel(64);
        let origin = self.origin.clone();
        let executing =
            self.engine.execute_at_most(self.at_most, &self.project, origin, plan, sender, cancel.clone());
        let executing = time_limit::within(limit, &cancel, executing);
        let printing = progress::print(plan, detail, self.lines, steps);
        let work = async { tokio::join!(executing, printing) };
        let mut work = std::pin::pin!(work);
        let (outcome, printed) = tokio::select! {
            done = work.as_mut() => done,
            () = signals::ended()? => {
                cancel.cancel();
                work.await
            }
        };
        printed?;
        self.report(outcome)
    }

    fn report(&self, outcome: Outcome) -> anyhow::Result<ExitCode> {
        let mut err = std::io::stderr();
        match outcome {
            Outcome::Done => return Ok(ExitCode::SUCCESS),
            Outcome::Cancelled => writeln!(err, "cancelled")?,
            Outcome::PlanChanged => writeln!(err, "{} changed meanwhile: run it again", self.project.name)?,
            Outcome::Failed { failure } => return tell(&failure),
        }
        Ok(ExitCode::FAILURE)
    }
}

fn warn(plan: &Plan) -> std::io::Result<()> {
    plan.warnings.iter().try_for_each(|warning| writeln!(std::io::stderr(), "warning: {warning}"))
}

/// Does a verb that runs no plan within its time limit; what takes longer is dropped.
///
/// # Errors
/// Those of the work.
pub(super) async fn within(
    time_limit: Option<Duration>,
    work: impl Future<Output = anyhow::Result<ExitCode>>,
) -> anyhow::Result<ExitCode> {
    match time_limit::look(time_limit.map(Limit::from_now), work).await {
        Ok(done) => done,
        Err(failure) => tell(&failure),
    }
}

/// Says why it is not done.
pub(super) fn tell(failure: &Failure) -> anyhow::Result<ExitCode> {
    let mut err = std::io::stderr();
    writeln!(err, "{}", failure.message)?;
    if let Some(help) = &failure.help {
        writeln!(err, "{help}")?;
    }
    Ok(ExitCode::FAILURE)
}
