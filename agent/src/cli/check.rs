//! `composeyard check`: every finding of a project, for people, programs and code review tools.

use std::io::{IsTerminal, Write};
use std::mem::ManuallyDrop;
use std::process::ExitCode;

use anyhow::Context;
use composeyard_compose::{FileSource, Severity};

use super::project_args::ProjectArgs;
use super::report::{Report, json, sarif, text};

/// What to check and how to say it.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    project: ProjectArgs,
    /// How to print the findings
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// As compilers print, for people
    Text,
    /// For programs
    Json,
    /// For code review tools (SARIF 2.1.0)
    Sarif,
}

/// Checks a project and prints its findings. The exit code is 0 without errors (warnings and hints are fine) and 1
/// with errors.
///
/// # Errors
/// When a file that was named cannot be read; the process then ends with 2.
pub(crate) fn run(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let (disk, request) = args.project.resolve()?;
    for file in &request.files {
        disk.read(file)?;
    }
    // The process ends before it needs the memory back, which many small pieces take long to give.
    let mut loaded = ManuallyDrop::new(composeyard_compose::check(&disk, &request));
    let report = Report::new(std::mem::take(&mut loaded.diagnostics), &disk);
    let colour = args.project.ansi().colours(std::io::stdout().is_terminal());
    let printed = match args.format {
        Format::Text => text::print(&report, colour),
        Format::Json => json::print(&report),
        Format::Sarif => sarif::print(&report),
    };
    std::io::stdout().write_all(printed.as_bytes()).context("standard output is closed")?;
    let errors = report.count(Severity::Error);
    Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
