//! `config`: the project as it is after all files, variables and defaults, in the reference's words.

mod digests;
mod lists;
mod variables;

use std::io::{IsTerminal, Write};
use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use composeyard_compose::load::Skip;
use composeyard_compose::{Loaded, Severity, render, rules};

use self::digests::Digests;
use self::lists::Only;
use super::project_args::ProjectArgs;
use super::report::{Report, text};

/// Arguments of `config`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    project: ProjectArgs,
    /// Only these services and those that they depend on
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
    /// How to print it [default: yaml; a table for --variables]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Leave ${…} as it is
    #[arg(long)]
    no_interpolate: bool,
    /// Leave out the default network, names and implied dependencies
    #[arg(long)]
    no_normalize: bool,
    /// Leave paths as they are written
    #[arg(long)]
    no_path_resolution: bool,
    /// Do not check what services say about each other
    #[arg(long)]
    no_consistency: bool,
    /// Do not read env files
    #[arg(long)]
    no_env_resolution: bool,
    /// Write to this file instead of the terminal
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    digests: Digests,
    #[command(flatten)]
    only: Only,
}

impl Args {
    fn skip(&self) -> Skip {
        Skip {
            normalize: self.no_normalize,
            consistency: self.no_consistency,
            paths: self.no_path_resolution,
            // What the reference lists, hashes among it, it lists before it reads env files.
            env_files: self.no_env_resolution || self.only.is_list(),
            ..Skip::default()
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Yaml,
    /// For programs
    Json,
}

pub(super) async fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let (disk, mut request) = args.project.resolve()?;
    request.untyped = args.no_interpolate || args.only.variables;
    request.no_interpolate = request.untyped;
    request.skip = args.skip();
    request.services.clone_from(&args.services);
    // What nothing uses is left out, as the reference does unless it is asked for all.
    request.prune = !args.project.all_resources;
    // The process ends before it needs the memory back, which many small pieces take long to give.
    let mut loaded = ManuallyDrop::new(composeyard_compose::load(&disk, &request));
    let report = Report::new(rules::told_once(std::mem::take(&mut loaded.diagnostics)), &disk);
    if report.count(Severity::Error) > 0 {
        let colour = args.project.ansi().colours(std::io::stderr().is_terminal());
        std::io::stderr().write_all(text::print(&report, colour).as_bytes())?;
        return Ok(ExitCode::FAILURE);
    }
    let printed = print(args, &mut loaded).await?;
    if let Some(path) = args.output.as_ref().filter(|_| !args.only.quiet) {
        std::fs::write(path, printed).with_context(|| format!("{} cannot be written", path.display()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = std::io::stdout().lock();
    out.write_all(printed.as_bytes())?;
    if !printed.is_empty() && !printed.ends_with('\n') {
        writeln!(out)?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn print(args: &Args, loaded: &mut Loaded) -> anyhow::Result<String> {
    if args.only.quiet {
        return Ok(String::new());
    }
    if args.only.variables {
        return Ok(variables::print(loaded, args.format));
    }
    if args.only.environment {
        let variables = loaded.environment.iter();
        return Ok(variables.map(|(name, value)| format!("{name}={value}\n")).collect());
    }
    if args.no_interpolate {
        return untyped(args, loaded);
    }
    let Some(project) = &mut loaded.project else { bail!("there is no project to print") };
    // Lists are of what the files say, hashes among them: `up` makes containers from that.
    if let Some(list) = args.only.print(project)? {
        return Ok(list);
    }
    args.digests.resolve(project).await?;
    Ok(match (args.digests.lock_image_digests, args.format) {
        (true, format) => digests::lock_file(project, format),
        (false, Some(Format::Json)) => render::json(project),
        (false, _) => render::yaml(project),
    })
}

/// The tree with its variables as they are written.
fn untyped(args: &Args, loaded: &Loaded) -> anyhow::Result<String> {
    if args.digests.are_wanted() {
        bail!(
            "digests are looked up for image names, which --no-interpolate leaves unknown: drop one of the two"
        );
    }
    if let Some(list) = args.only.print_tree(loaded)? {
        return Ok(list);
    }
    let printed = match args.format {
        Some(Format::Json) => render::tree_json(loaded),
        _ => render::tree_yaml(loaded),
    };
    printed.context("there is no project to print")
}
