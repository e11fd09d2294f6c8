//! `ls`: the Compose projects of the engine.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use serde_json::json;

use super::{table::table, when};
use crate::engine::{Engine, StackRow};

/// Arguments of `ls`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The engine's socket [default: DOCKER_HOST, else the usual sockets]
    #[arg(long, value_name = "URL")]
    host: Option<String>,
    /// The longest to wait for the engine, as 90s, 5m or 1h [default: no limit]
    #[arg(long, value_name = "TIME", value_parser = when::length)]
    pub(super) time_limit: Option<Duration>,
    /// Also projects of which nothing runs
    #[arg(short, long)]
    all: bool,
    /// Only those with this in their names
    #[arg(long, value_name = "name=PART", value_parser = name_part)]
    filter: Vec<String>,
    /// Only names
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
    /// One array, for programs
    Json,
}

fn name_part(text: &str) -> Result<String, String> {
    let part = text.strip_prefix("name=").ok_or("write name=PART, as in name=shop")?;
    Ok(part.to_owned())
}

pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let engine = Engine::connect(args.host);
    let mut stacks = engine.stacks(args.all).await?;
    stacks.retain(|stack| args.filter.iter().all(|part| stack.name.contains(part)));
    let printed = match (args.quiet, args.format) {
        (true, _) => stacks.iter().map(|stack| format!("{}\n", stack.name)).collect(),
        (false, Format::Table) => columns(&stacks),
        (false, Format::Json) => objects(&stacks),
    };
    std::io::stdout().write_all(printed.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn columns(stacks: &[StackRow]) -> String {
    let titles = ["NAME", "STATUS", "CONFIG FILES"].map(str::to_owned).to_vec();
    let row = |stack: &StackRow| vec![stack.name.clone(), status(stack), files(stack)];
    let rows: Vec<Vec<String>> = std::iter::once(titles).chain(stacks.iter().map(row)).collect();
    table(&rows, 20, 3)
}

/// The field names are those of `docker compose ls --format json`.
fn objects(stacks: &[StackRow]) -> String {
    let object =
        |stack: &StackRow| json!({"Name": stack.name, "Status": status(stack), "ConfigFiles": files(stack)});
    format!("{}\n", serde_json::Value::Array(stacks.iter().map(object).collect()))
}

/// `exited(1), running(2)`
fn status(stack: &StackRow) -> String {
    let states: Vec<String> = stack.states.iter().map(|(state, count)| format!("{state}({count})")).collect();
    states.join(", ")
}

fn files(stack: &StackRow) -> String {
    if stack.files.is_empty() {
        return "N/A".to_owned();
    }
    stack.files.iter().map(String::as_str).collect::<Vec<_>>().join(",")
}
