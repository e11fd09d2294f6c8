//! `images`: what the containers were made from.

use std::io::Write;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use composeyard_compose::ServiceName;
use composeyard_logs::stamp;
use composeyard_protocol::ImageInUse;
use serde_json::json;

use super::super::project::RunArgs;
use super::super::table::table;
use super::units;

/// Arguments of `images`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    #[command(flatten)]
    pub(in super::super) run: RunArgs,
    /// Only ids
    #[arg(short, long)]
    quiet: bool,
    /// How to print them
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Only these services
    services: Vec<ServiceName>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Columns, for people
    Table,
    /// One array, for programs
    Json,
}

pub(in super::super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let Some(opened) = args.run.open_for(&args.services).await? else { return Ok(ExitCode::FAILURE) };
    let observed = opened.engine.observe(&opened.project.name, None).await?.only(&args.services);
    let images = opened.engine.images(&observed.containers).await?;
    let printed = match (args.quiet, args.format) {
        (true, _) => ids(&images),
        (false, Format::Table) => columns(&images),
        (false, Format::Json) => objects(&images),
    };
    std::io::stdout().write_all(printed.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Each once.
fn ids(images: &[ImageInUse]) -> String {
    let mut ids: Vec<&str> = images.iter().map(|image| bare(&image.id)).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.iter().map(|id| format!("{id}\n")).collect()
}

fn columns(images: &[ImageInUse]) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let titles = ["CONTAINER", "REPOSITORY", "TAG", "PLATFORM", "IMAGE ID", "SIZE", "CREATED"];
    let mut rows = vec![titles.map(str::to_owned).to_vec()];
    let or_none = |text: &str| if text.is_empty() { "<none>".to_owned() } else { text.to_owned() };
    rows.extend(images.iter().map(|image| {
        let age = u64::try_from(image.tagged_at / 1_000_000_000).unwrap_or(0);
        let created = if age == 0 { "N/A".to_owned() } else { units::ago(now.saturating_sub(age)) };
        vec![
            image.container.clone(),
            or_none(&image.repository),
            or_none(&image.tag),
            image.platform.clone(),
            bare(&image.id).chars().take(12).collect(),
            units::size(image.size),
            created,
        ]
    }));
    table(&rows, 20, 3)
}

/// The field names are those of `docker compose images --format json`.
fn objects(images: &[ImageInUse]) -> String {
    let object = |image: &ImageInUse| {
        json!({
            "ID": image.id,
            "ContainerName": image.container,
            "Repository": image.repository,
            "Tag": image.tag,
            "Platform": image.platform,
            "Size": image.size,
            "LastTagTime": stamp::write(image.tagged_at),
        })
    };
    format!("{}\n", serde_json::Value::Array(images.iter().map(object).collect()))
}

/// Without the name of the hash.
fn bare(id: &str) -> &str {
    id.trim_start_matches("sha256:")
}
