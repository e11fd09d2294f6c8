//! `config`: the project as it is after all files, variables and defaults, in the reference's words.

use std::collections::BTreeSet;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use composeyard_compose::load::Skip;
use composeyard_compose::{Project, ServiceName, Severity, render};

use super::project_args::ProjectArgs;
use super::report::{Report, text};

/// Arguments of `config`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    project: ProjectArgs,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Yaml)]
    format: Format,
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
    only: Only,
}

impl Args {
    fn skip(&self) -> Skip {
        Skip {
            normalize: self.no_normalize,
            consistency: self.no_consistency,
            paths: self.no_path_resolution,
            // The reference hashes services for print before it reads their env files.
            env_files: self.no_env_resolution || self.only.hash.is_some(),
            ..Skip::default()
        }
    }
}

/// Print just one thing.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
struct Only {
    /// Print nothing; the exit code tells whether the files load
    #[arg(short, long)]
    quiet: bool,
    /// Print the services, each after those it depends on
    #[arg(long)]
    services: bool,
    /// Print the volumes
    #[arg(long)]
    volumes: bool,
    /// Print the networks
    #[arg(long)]
    networks: bool,
    /// Print the images
    #[arg(long)]
    images: bool,
    /// Print the profiles
    #[arg(id = "list_profiles", long = "profiles")]
    profiles: bool,
    /// Print the configuration hash of these services, or of all: '*'
    #[arg(long, value_name = "SERVICE")]
    hash: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Yaml,
    /// For programs
    Json,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let (disk, mut request) = args.project.resolve()?;
    request.no_interpolate = args.no_interpolate;
    request.skip = args.skip();
    let loaded = composeyard_compose::load(&disk, &request);
    let report = Report::new(loaded.diagnostics, &disk);
    let project = match loaded.project {
        Some(project) if report.count(Severity::Error) == 0 => project,
        _ => {
            let colour = std::io::stderr().is_terminal();
            std::io::stderr().write_all(text::print(&report, colour).as_bytes())?;
            return Ok(ExitCode::FAILURE);
        }
    };
    let printed = args.only.print(&project)?.unwrap_or_else(|| match args.format {
        Format::Yaml => render::yaml(&project),
        Format::Json => render::json(&project),
    });
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

impl Only {
    /// The one thing that was asked for, a line each; none for the whole project.
    fn print(&self, project: &Project) -> anyhow::Result<Option<String>> {
        let services = project.services.iter();
        let lines: Vec<String> = if self.quiet {
            Vec::new()
        } else if self.services {
            in_order(project).into_iter().map(ToString::to_string).collect()
        } else if self.volumes {
            project.volumes.keys().cloned().collect()
        } else if self.networks {
            project.networks.keys().cloned().collect()
        } else if self.images {
            services.map(|(name, service)| composeyard_plan::image_of(&project.name, name, service)).collect()
        } else if self.profiles {
            let all = services.chain(&project.disabled_services).flat_map(|(_, service)| &service.profiles);
            all.collect::<BTreeSet<_>>().into_iter().cloned().collect()
        } else if let Some(wanted) = &self.hash {
            hashes(project, wanted)?
        } else {
            return Ok(None);
        };
        Ok(Some(lines.iter().map(|line| format!("{line}\n")).collect()))
    }
}

fn hashes(project: &Project, wanted: &str) -> anyhow::Result<Vec<String>> {
    let line = |name: &ServiceName| {
        let service = project.services.get(name).with_context(|| format!("no such service: {name}"))?;
        Ok(format!("{name} {}", render::printed_hash(service)))
    };
    if wanted == "*" {
        return project.services.keys().map(line).collect();
    }
    let names: Result<BTreeSet<ServiceName>, _> = wanted.split(',').map(str::parse).collect();
    match names {
        Ok(names) => names.iter().map(line).collect(),
        Err(error) => bail!("no such service: {error}"),
    }
}

/// Services, each after those it depends on. A circle was refused when the project was loaded.
fn in_order(project: &Project) -> Vec<&ServiceName> {
    let mut ordered = Vec::new();
    for name in project.services.keys() {
        visit(project, name, &mut ordered);
    }
    ordered
}

fn visit<'a>(project: &'a Project, name: &'a ServiceName, ordered: &mut Vec<&'a ServiceName>) {
    let Some((name, service)) = project.services.get_key_value(name) else { return };
    if ordered.contains(&name) {
        return;
    }
    for dependency in service.depends_on.keys() {
        visit(project, dependency, ordered);
    }
    ordered.push(name);
}
