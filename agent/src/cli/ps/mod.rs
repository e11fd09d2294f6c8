//! `ps`: the project's containers.

mod ports;

use std::collections::{BTreeSet, HashMap};
use std::io::Write;
use std::process::ExitCode;

use clap::ValueEnum;
use composeyard_compose::{Project, ServiceName};
use composeyard_logs::stamp;
use composeyard_plan::{ContainerState, Health, Observed, ObservedContainer};
use serde_json::{Value, json};

use super::format::{Fields, Format};
use super::look::units;
use super::project::RunArgs;
use super::{table, when};
use crate::engine::Row;

/// Characters of a command.
const LONGEST_COMMAND: usize = 20;

/// What it can tell of a container.
const FIELDS: Fields = &[
    ("ID", "CONTAINER ID"),
    ("Name", "NAME"),
    ("Names", "NAMES"),
    ("Service", "SERVICE"),
    ("Project", "PROJECT"),
    ("Image", "IMAGE"),
    ("Command", "COMMAND"),
    ("State", "STATE"),
    ("Status", "STATUS"),
    ("Health", "HEALTH"),
    ("ExitCode", "EXIT CODE"),
    ("RunningFor", "CREATED"),
    ("CreatedAt", "CREATED AT"),
    ("Ports", "PORTS"),
    ("Networks", "NETWORKS"),
];

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
    /// Only the services' names
    #[arg(long)]
    services: bool,
    /// Only containers in this state; may be given several times
    #[arg(long, value_enum, value_name = "STATE")]
    status: Vec<State>,
    /// The same, as `docker compose` has it too
    #[arg(long, value_name = "status=STATE", value_parser = filter)]
    filter: Vec<State>,
    /// Also containers of services that the files no longer name
    #[arg(long, num_args = 0..=1, require_equals = true, value_name = "BOOL", default_value_t = true,
        default_missing_value = "true", action = clap::ArgAction::Set)]
    orphans: bool,
    /// Whole commands and ids
    #[arg(long)]
    no_trunc: bool,
    /// How to print them: table, json, or a template as '{{.Name}} {{.State}}' or 'table {{.Name}}\t{{.State}}'
    #[arg(long, default_value = "table", value_parser = format)]
    format: Format,
    /// Only these services
    only: Vec<ServiceName>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum State {
    Paused,
    Restarting,
    Removing,
    Running,
    Dead,
    Created,
    Exited,
}

fn format(text: &str) -> Result<Format, String> {
    Format::parse(text, FIELDS)
}

/// `status=running`
fn filter(text: &str) -> Result<State, String> {
    let state = text.strip_prefix("status=").and_then(|state| State::from_str(state, false).ok());
    state.ok_or_else(|| "write status=STATE, as in status=running".to_owned())
}

impl State {
    fn is(self, state: ContainerState) -> bool {
        self == match state {
            ContainerState::Created => Self::Created,
            ContainerState::Running => Self::Running,
            ContainerState::Paused => Self::Paused,
            ContainerState::Restarting => Self::Restarting,
            ContainerState::Removing => Self::Removing,
            ContainerState::Exited => Self::Exited,
            ContainerState::Dead => Self::Dead,
        }
    }
}

impl Args {
    /// Without a state that is asked for, those that run; one-off runs are listed with all others only.
    fn wants(&self, container: &ObservedContainer, project: &Project) -> bool {
        let states: Vec<State> = self.status.iter().chain(&self.filter).copied().collect();
        let ended = [ContainerState::Created, ContainerState::Exited, ContainerState::Dead];
        let in_state = match states.as_slice() {
            [] => self.all || !ended.contains(&container.state),
            states => states.iter().any(|state| state.is(container.state)),
        };
        let is_named = |name: &ServiceName| name.as_str() == container.service;
        let named = self.only.is_empty() || self.only.iter().any(is_named);
        let known = self.orphans || project.services.keys().any(is_named);
        in_state && named && known && (self.all || !container.oneoff)
    }
}

pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let Some(opened) = args.run.open_for(&args.only).await? else { return Ok(ExitCode::FAILURE) };
    let mut observed = opened.engine.observe(&opened.project.name, None).await?;
    if let Some(unknown) = args.only.iter().find(|name| !opened.project.services.contains_key(*name)) {
        writeln!(std::io::stderr(), "no such service: {unknown}")?;
        return Ok(ExitCode::FAILURE);
    }
    observed.containers.retain(|container| args.wants(container, &opened.project));
    observed.containers.sort_by(|a, b| a.name.cmp(&b.name));
    let rows = opened.engine.rows(&opened.project.name).await?;
    let objects = || objects(&observed, &rows, opened.project.name.as_str(), args.no_trunc);
    let printed = match (args.quiet, &args.format) {
        (true, _) => observed.containers.iter().map(|container| format!("{}\n", container.id)).collect(),
        _ if args.services => services(&observed),
        (false, Format::Table) => columns(&observed, &rows, args.no_trunc),
        (false, Format::Json) => objects().iter().map(|object| format!("{object}\n")).collect(),
        (false, Format::Template(template)) => template.print(&objects()),
    };
    std::io::stdout().write_all(printed.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Each once.
fn services(observed: &Observed) -> String {
    let names: BTreeSet<&str> =
        observed.containers.iter().map(|container| container.service.as_str()).collect();
    names.iter().map(|name| format!("{name}\n")).collect()
}

/// The columns are those of `docker compose ps`.
fn columns(observed: &Observed, rows: &HashMap<String, Row>, whole: bool) -> String {
    const TITLES: [&str; 7] = ["NAME", "IMAGE", "COMMAND", "SERVICE", "CREATED", "STATUS", "PORTS"];
    let mut cells = vec![TITLES.map(str::to_owned).to_vec()];
    for container in &observed.containers {
        let row = rows.get(&container.id).cloned().unwrap_or_default();
        cells.push(vec![
            container.name.clone(),
            container.image.clone(),
            command(&row.command, whole),
            container.service.clone(),
            age(&row),
            row.status,
            ports::words(&row.ports),
        ]);
    }
    table::table(&cells, 0, 3)
}

/// `5 minutes ago`
fn age(row: &Row) -> String {
    let now = when::now() / 1_000_000_000;
    units::ago(u64::try_from(now - row.created).unwrap_or(0))
}

/// In quotes, and short unless the whole is wanted.
fn command(all: &str, whole: bool) -> String {
    let short: String = if !whole && all.chars().count() > LONGEST_COMMAND {
        all.chars().take(LONGEST_COMMAND - 1).chain(['…']).collect()
    } else {
        all.to_owned()
    };
    format!("\"{}\"", short.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The field names are those of `docker compose ps --format json`.
fn objects(observed: &Observed, rows: &HashMap<String, Row>, project: &str, whole: bool) -> Vec<Value> {
    let object = |container: &ObservedContainer| {
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
        json!({
            "ID": if whole { &container.id } else { container.id.get(..12).unwrap_or(&container.id) },
            "Name": container.name,
            "Names": container.name,
            "Networks": container.networks.join(","),
            "Ports": ports::words(&row.ports),
            "RunningFor": age(&row),
            "CreatedAt": created(&row),
            "Project": project,
            "Service": container.service,
            "Image": container.image,
            "Command": command(&row.command, whole),
            "Status": row.status,
            "State": state(container.state),
            "Health": health(container.health),
            "ExitCode": container.exit_code.unwrap_or(0),
            "Publishers": publishers,
        })
    };
    observed.containers.iter().map(object).collect()
}

/// `2026-11-22 07:15:51 +0000 UTC`
fn created(row: &Row) -> String {
    let stamp = stamp::write(row.created.saturating_mul(1_000_000_000)).replace('T', " ");
    format!("{} +0000 UTC", stamp.get(..19).unwrap_or(&stamp))
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
