//! `ps`: the project's containers.

use std::io::Write;
use std::process::ExitCode;

use composeyard_plan::{ContainerState, Health, Observed, ObservedContainer};
use serde_json::json;

use super::project::RunArgs;
use super::table;

/// Arguments of `ps`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    run: RunArgs,
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
    let printed = match (args.quiet, args.format) {
        (true, _) => observed.containers.iter().map(|container| format!("{}\n", container.id)).collect(),
        (false, Format::Table) => columns(&observed),
        (false, Format::Json) => lines(&observed, opened.project.name.as_str()),
    };
    std::io::stdout().write_all(printed.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn columns(observed: &Observed) -> String {
    let mut rows = vec![["NAME", "IMAGE", "SERVICE", "STATUS", "PORTS"].map(str::to_owned).to_vec()];
    rows.extend(observed.containers.iter().map(|container| {
        vec![
            container.name.clone(),
            container.image.clone(),
            container.service.clone(),
            status(container),
            ports(container),
        ]
    }));
    table::table(&rows, 0, 3)
}

fn status(container: &ObservedContainer) -> String {
    let state = state(container.state);
    match (container.health, container.exit_code) {
        (Health::None, Some(code)) if container.state == ContainerState::Exited => {
            format!("{state} ({code})")
        }
        (Health::None, _) => state.to_owned(),
        (health, _) => format!("{state} ({})", self::health(health)),
    }
}

fn ports(container: &ObservedContainer) -> String {
    let port = |port: &composeyard_plan::observed::PublishedPort| {
        format!("{}:{}->{}/{}", port.host_ip, port.host_port, port.container_port, port.protocol)
    };
    container.ports.iter().map(port).collect::<Vec<_>>().join(", ")
}

/// The field names are those of `docker compose ps --format json`.
fn lines(observed: &Observed, project: &str) -> String {
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
        let object = json!({
            "ID": container.id,
            "Name": container.name,
            "Project": project,
            "Service": container.service,
            "Image": container.image,
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
