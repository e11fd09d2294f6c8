//! `version`: which Composeyard this is.

use std::io::Write;
use std::process::ExitCode;

/// Arguments of `version`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only the number
    #[arg(long)]
    short: bool,
    /// How to print it
    #[arg(short, long, value_enum, default_value_t = Format::Pretty)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Words, for people
    Pretty,
    /// An object, for programs
    Json,
}

pub(super) fn print(args: &Args) -> anyhow::Result<ExitCode> {
    let number = env!("CARGO_PKG_VERSION");
    let mut out = std::io::stdout();
    match (args.short, args.format) {
        (true, _) => writeln!(out, "{number}")?,
        (false, Format::Pretty) => writeln!(out, "Composeyard version {number}")?,
        (false, Format::Json) => writeln!(out, "{}", serde_json::json!({"version": number}))?,
    }
    Ok(ExitCode::SUCCESS)
}
