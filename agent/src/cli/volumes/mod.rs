//! `volumes`: list, remove, back up, restore.

mod backup;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use super::project::{Opened, RunArgs};
use super::table::table;
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
    /// How to print them
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Columns, for people
    Table,
    /// One object a line, for programs
    Json,
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
    let Some(opened) = args.run.open().await? else { return Ok(ExitCode::FAILURE) };
    let Some(action) = &args.action else { return list(&opened, &args).await };
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

/// The columns and field names are those of `docker compose volumes`; `--usage` adds to them.
async fn list(opened: &Opened, args: &Args) -> anyhow::Result<ExitCode> {
    let observed = opened.engine.observe(&opened.project.name, None).await?;
    let own = volumes::own(&observed, &opened.project.name);
    let mut rows = Vec::new();
    for volume in &own {
        let mut row = vec![volume.driver.clone(), volume.name.clone()];
        if args.usage {
            let bytes = opened.engine.volume_size(&opened.project.name, &volume.name).await?;
            row.extend([super::look::units::size(bytes), volumes::users(&observed, volume).join(", ")]);
        }
        rows.push(row);
    }
    let titles = ["DRIVER", "VOLUME NAME", "SIZE", "USED BY"].map(str::to_owned);
    let printed = match (args.quiet, args.format) {
        (true, _) => own.iter().map(|volume| format!("{}\n", volume.name)).collect(),
        (false, Format::Table) => {
            rows.insert(0, titles[..if args.usage { 4 } else { 2 }].to_vec());
            table(&rows, 10, 3)
        }
        (false, Format::Json) => rows
            .iter()
            .map(|row| match &row[..] {
                [driver, name, size, users] => {
                    format!("{}\n", json!({"Driver": driver, "Name": name, "Size": size, "UsedBy": users}))
                }
                row => format!("{}\n", json!({"Driver": row.first(), "Name": row.get(1)})),
            })
            .collect(),
    };
    std::io::stdout().write_all(printed.as_bytes())?;
    Ok(ExitCode::SUCCESS)
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
