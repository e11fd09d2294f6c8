//! `logs`: what containers write.

mod follow;
mod lines;
mod past;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::str::FromStr;

use composeyard_compose::ServiceName;
use composeyard_plan::ObservedContainer;

use super::globals::Ansi;
use super::project::RunArgs;
use super::when;
use lines::Colours;

pub(super) use follow::{ended_runs, until_read};
pub(super) use lines::Style;

/// Arguments of `logs`.
#[derive(Debug, clap::Args)]
#[command(mut_arg("files", |file| file.short(None)))]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) run: RunArgs,
    /// Go on with what is written from now on, until all have ended
    #[arg(short, long)]
    follow: bool,
    /// Number of the container, where a service has several
    #[arg(long, value_name = "N")]
    index: Option<u32>,
    /// Only what was written since: a time stamp as 2026-11-21T10:09:08Z, or how long ago, as 42m
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// Only what was written before: a time stamp or how long ago
    #[arg(long, value_name = "WHEN")]
    until: Option<String>,
    /// Lines of the past, for each container
    #[arg(short = 'n', long, value_name = "N", default_value = "all")]
    tail: Tail,
    /// Each line with the time at which it was written
    #[arg(short, long)]
    timestamps: bool,
    #[command(flatten)]
    look: Look,
    /// Only these services
    services: Vec<ServiceName>,
}

/// How lines look, but for their times.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct Look {
    /// No colours; without this they are used on a terminal
    #[arg(long)]
    no_color: bool,
    /// Lines only, without the names of their containers
    #[arg(long)]
    no_log_prefix: bool,
}

impl Look {
    pub(super) fn style(self, timestamps: bool, ansi: Ansi) -> Style {
        let colours = !self.no_color && ansi.colours(std::io::stdout().is_terminal());
        Style {
            prefix: !self.no_log_prefix,
            timestamps,
            colours: if colours { Colours::On } else { Colours::Off },
        }
    }
}

/// `all` or a number; none for all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tail(Option<u32>);

impl FromStr for Tail {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self(None)),
            number => {
                let count = number.parse().map_err(|_| "write a number of lines, or all".to_owned())?;
                Ok(Self(Some(count)))
            }
        }
    }
}

/// Which lines, of which containers.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    /// Empty for all.
    services: Vec<ServiceName>,
    index: Option<u32>,
    /// Lines of the past; none for all.
    tail: Option<u32>,
    /// Nanoseconds since 1970.
    since: Option<i64>,
    /// Nanoseconds since 1970.
    until: Option<i64>,
}

impl Wanted {
    /// What these services write from a moment on, by the engine's clock.
    pub(super) fn from(moment: i64, services: Vec<ServiceName>) -> Self {
        Self { services, since: Some(moment), ..Self::default() }
    }

    /// One of the containers, by its number; the classic builder's belong to no service.
    fn is_of(&self, container: &ObservedContainer) -> bool {
        self.index.is_none_or(|index| container.number == index) && !container.service.is_empty()
    }
}

pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let Some(opened) = args.run.open_for(&args.services).await? else { return Ok(ExitCode::FAILURE) };
    if let Some(unknown) = args.services.iter().find(|name| !opened.project.services.contains_key(*name)) {
        writeln!(std::io::stderr(), "no such service: {unknown}")?;
        return Ok(ExitCode::FAILURE);
    }
    let now = when::now();
    let moment = |text: Option<String>| text.map(|text| when::moment(&text, now)).transpose();
    let wanted = Wanted {
        services: args.services,
        index: args.index,
        tail: args.tail.0,
        since: moment(args.since)?,
        until: moment(args.until)?,
    };
    let style = args.look.style(args.timestamps, args.run.ansi());
    // What is before a moment that has passed is all there: nothing more can follow.
    let goes_on = wanted.until.is_none_or(|until| until > now);
    if args.follow && goes_on {
        follow::until_over(&opened, &wanted, style).await?;
    } else {
        past::print(&opened, &wanted, style).await?;
    }
    Ok(ExitCode::SUCCESS)
}
