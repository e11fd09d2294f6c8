//! `volumes`: list, remove, back up, restore.

mod backup;
mod list;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use composeyard_compose::ServiceName;

use super::format::Format;
use super::project::{Opened, RunArgs};
use crate::volumes::{self, VolumeError};

/// Arguments of `volumes`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) run: RunArgs,
    /// Only names
    #[arg(short, long)]
    quiet: bool,
    /// Also how much each holds and who uses it
    #[arg(long)]
    usage: bool,
    /// How to print them: table, json, or a template as '{{.Name}} {{.Mountpoint}}' or 'table {{.Name}}\t{{.Labels}}'
    #[arg(long, default_value = "table", value_parser = list::format)]
    format: Format,
    /// Only those that containers of these services mount
    only: Vec<ServiceName>,
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Remove volumes and their data.
    Rm {
        /// Keys in the file, or names on the engine
        #[arg(required = true)]
        volumes: Vec<String>,
    },
    /// Write what a volume holds into a tar.
    Backup {
        /// Key in the file, or name on the engine
        volume: String,
        /// The tar; it must not exist
        file: PathBuf,
    },
    /// Replace what a volume holds by what a tar holds. No container may use it.
    Restore {
        /// Key in the file, or name on the engine
        volume: String,
        /// The tar
        file: PathBuf,
    },
}

impl Action {
    /// As others are told what is under way.
    fn verb(&self) -> &'static str {
        match self {
            Self::Rm { .. } => "volumes rm",
            Self::Backup { .. } => "volumes backup",
            Self::Restore { .. } => "volumes restore",
        }
    }

    /// The volumes, by key or name.
    fn of(&self) -> &[String] {
        match self {
            Self::Rm { volumes } => volumes,
            Self::Backup { volume, .. } | Self::Restore { volume, .. } => std::slice::from_ref(volume),
        }
    }
}

pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let Some(opened) = args.run.open_for(&args.only).await? else { return Ok(ExitCode::FAILURE) };
    let Some(action) = &args.action else { return list::print(&opened, &args).await };
    if opened.dry_run {
        return opened.not_done(&format!("{} {}", action.verb(), action.of().join(" ")));
    }
    let Some(_hold) = opened.hold(action.verb())? else { return Ok(ExitCode::FAILURE) };
    match action {
        Action::Rm { volumes } => remove(&opened, volumes).await,
        Action::Backup { volume, file } => backup::back_up(&opened, volume, file).await,
        Action::Restore { volume, file } => backup::restore(&opened, volume, file).await,
    }
}

async fn remove(opened: &Opened, wanted: &[String]) -> anyhow::Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for name in wanted {
        match volumes::remove(&opened.engine, &opened.project.name, name).await {
            Ok(volume) => writeln!(std::io::stderr(), " ✔ remove volume {volume}")?,
            Err(used @ VolumeError::Used { .. }) => {
                writeln!(std::io::stderr(), " ✘ {used}")?;
                code = ExitCode::FAILURE;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(code)
}
