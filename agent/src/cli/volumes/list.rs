//! `volumes` without a verb: what the engine has of the project's.

use std::collections::HashMap;
use std::io::Write;
use std::process::ExitCode;

use composeyard_plan::{Observed, ObservedVolume};
use serde_json::{Value, json};

use super::super::{
    format::{Fields, Format},
    look::units,
    project::Opened,
    table::table,
};
use super::Args;
use crate::engine::VolumeRow;
use crate::volumes;

/// What it can tell of a volume.
const FIELDS: Fields = &[
    ("Name", "VOLUME NAME"),
    ("Driver", "DRIVER"),
    ("Scope", "SCOPE"),
    ("Mountpoint", "MOUNTPOINT"),
    ("Labels", "LABELS"),
    ("Links", "LINKS"),
    ("Size", "SIZE"),
    ("Availability", "AVAILABILITY"),
    ("Group", "GROUP"),
    ("Status", "STATUS"),
    ("UsedBy", "USED BY"),
];

pub(super) fn format(text: &str) -> Result<Format, String> {
    Format::parse(text, FIELDS)
}

/// A volume, and with `--usage` its bytes.
struct Listed<'a> {
    volume: &'a ObservedVolume,
    users: String,
    size: Option<String>,
}

pub(super) async fn print(opened: &Opened, args: &Args) -> anyhow::Result<ExitCode> {
    if let Some(unknown) = args.only.iter().find(|name| !opened.project.services.contains_key(*name)) {
        writeln!(std::io::stderr(), "no such service: {unknown}")?;
        return Ok(ExitCode::FAILURE);
    }
    let project = &opened.project.name;
    let observed = opened.engine.observe(project, None).await?;
    let mut own = volumes::own(&observed, project);
    own.retain(|volume| args.only.is_empty() || is_mounted(&observed, volume, args));
    let mut listed = Vec::new();
    for volume in own {
        let size = match args.usage {
            true => Some(units::size(opened.engine.volume_size(project, &volume.name).await?)),
            false => None,
        };
        listed.push(Listed { volume, users: volumes::users(&observed, volume).join(", "), size });
    }
    let rows = opened.engine.volume_rows(project).await?;
    let objects = || objects(&listed, &rows);
    let printed = match (args.quiet, &args.format) {
        (true, _) => listed.iter().map(|one| format!("{}\n", one.volume.name)).collect(),
        (false, Format::Table) => columns(&listed, args.usage),
        (false, Format::Json) => objects().iter().map(|object| format!("{object}\n")).collect(),
        (false, Format::Template(template)) => template.print(&objects()),
    };
    std::io::stdout().write_all(printed.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// By a container of the services that were asked for.
fn is_mounted(observed: &Observed, volume: &ObservedVolume, args: &Args) -> bool {
    let asked = |service: &str| args.only.iter().any(|name| name.as_str() == service);
    observed.containers.iter().any(|c| asked(&c.service) && c.volumes.contains(&volume.name))
}

/// The columns are those of `docker compose volumes`; `--usage` adds to them.
fn columns(listed: &[Listed<'_>], usage: bool) -> String {
    let count = if usage { 4 } else { 2 };
    let row = |cells: [&str; 4]| cells[..count].iter().map(|cell| (*cell).to_owned()).collect();
    let mut rows: Vec<Vec<String>> = vec![row(["DRIVER", "VOLUME NAME", "SIZE", "USED BY"])];
    rows.extend(listed.iter().map(|one| {
        row([&one.volume.driver, &one.volume.name, one.size.as_deref().unwrap_or_default(), &one.users])
    }));
    table(&rows, 10, 3)
}

/// The field names are those of `docker compose volumes --format json`, and who uses it.
fn objects(listed: &[Listed<'_>], rows: &HashMap<String, VolumeRow>) -> Vec<Value> {
    const UNKNOWN: &str = "N/A";
    let object = |one: &Listed<'_>| {
        let row = rows.get(&one.volume.name).cloned().unwrap_or_default();
        let labels: Vec<String> = row.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
        json!({
            "Name": one.volume.name,
            "Driver": one.volume.driver,
            "Scope": row.scope,
            "Mountpoint": row.mountpoint,
            "Labels": labels.join(","),
            "Links": UNKNOWN,
            "Size": one.size.as_deref().unwrap_or(UNKNOWN),
            "Availability": UNKNOWN,
            "Group": UNKNOWN,
            "Status": UNKNOWN,
            "UsedBy": one.users,
        })
    };
    listed.iter().map(object).collect()
}
