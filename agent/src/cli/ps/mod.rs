//! `ps`: the project's containers.

mod ports;

use std::collections::HashMap;
use std::io::Write;
use std::process::ExitCode;

use composeyard_plan::{ContainerState, Health, Observed, ObservedContainer};
use serde_json::json;

use super::look::units;
use super::project::RunArgs;
use super::{table, when};
use crate::engine::Row;

/// Characters of a command.
const LONGEST_COMMAND: usize = 20;

/// Arguments of `ps`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) run: RunArgs,
    /// Also containers that do not run
    #[arg(short, long)]
    all: bool,
    /// Only ids
    #[arg(short, long)]
    quiet: bool,
    /// How to print them
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Columns, for people
    Table,
    /// One object a line, for programs
    Json,
}

pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let Some(opened) = args.run.open().await? else { return Ok(ExitCode::FAILURE) };
    let mut observed = opened.engine.observe(&opened.project.name, None).await?;
    if !args.all {
        let ended = [ContainerState::Created, ContainerState::Exited, ContainerState::Dead];
        observed.containers.retain(|container| !ended.contains(&container.state));
    }
    observed.containers.sort_by(|a, b| a.name.cmp(&b.name));
    let rows = opened.engine.rows(&opened.project.name).await?;
    let printed = match (args.quiet, args.format) {
        (true, _) => observed.containers.iter().map(|container| format!("{}\n", container.id)).collect(),
        (false, Format::Table) => columns(&observed, &rows),
        (false, Format::Json) => lines(&observed, &rows, opened.project.name.as_str()),
    };
    std::io::stdout().write_all(printed.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// The columns are those of `docker compose ps`.
fn columns(observed: &Observed, rows: &HashMap<String, Row>) -> String {
    const TITLES: [&str; 7] = ["NAME", "IMAGE", "COMMAND", "SERVICE", "CREATED", "STATUS", "PORTS"];
    let mut cells = vec![TITLES.map(str::to_owned).to_vec()];
    let now = when::now() / 1_000_000_000;
    for container in &observed.containers {
        let row = rows.get(&container.id).cloned().unwrap_or_default();
        cells.push(vec![
            container.name.clone(),
            container.image.clone(),
            command(&row.command),
            container.service.clone(),
            units::ago(u64::try_from(now - row.created).unwrap_or(0)),
            row.status,
            ports::words(&row.ports),
        ]);
    }
    table::table(&cells, 0, 3)
}

/// In quotes, and short.
fn command(whole: &str) -> String {
    let short: String = if whole.chars().count() > LONGEST_COMMAND {
        whole.chars().take(LONGEST_COMMAND - 1).chain(['…']).collect()
    } else {
        whole.to_owned()
    };
    format!("\"{}\"", short.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The field names are those of `docker compose ps --format json`.
fn lines(observed: &Observed, rows: &HashMap<String, Row>, project: &str) -> String {
    let line = |container: &ObservedContainer| {
        let publishers: Vec<_> = container
            .ports
            .iter()
            .map(|port| {
                json!({
                    "URL": port.host_ip,
                    "TargetPort": port.container_port,
                    "PublishedPort": port.host_port,
                    "Protocol": port.protocol,
                })
            })
            .collect();
        let row = rows.get(&container.id).cloned().unwrap_or_default();
        let object = json!({
            "ID": container.id,
            "Name": container.name,
            "Project": project,
            "Service": container.service,
            "Image": container.image,
            "Command": format!("\"{}\"", row.command),
            "Status": row.status,
            "State": state(container.state),
            "Health": health(container.health),
            "ExitCode": container.exit_code.unwrap_or(0),
            "Publishers": publishers,
        });
        format!("{object}\n")
    };
    observed.containers.iter().map(line).collect()
}

fn state(state: ContainerState) -> &'static str {
    match state {
        ContainerState::Created => "created",
        ContainerState::Running => "running",
        ContainerState::Paused => "paused",
        ContainerState::Restarting => "restarting",
        ContainerState::Removing => "removing",
        ContainerState::Exited => "exited",
        ContainerState::Dead => "dead",
    }
}

fn health(health: Health) -> &'static str {
    match health {
        Health::None => "",
        Health::Starting => "starting",
        Health::Healthy => "healthy",
        Health::Unhealthy => "unhealthy",
    }
}
