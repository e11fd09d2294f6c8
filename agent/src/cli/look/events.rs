//! `events`: what happens to the containers, until Ctrl-C.

use std::io::Write;
use std::process::ExitCode;

use composeyard_compose::ServiceName;
use composeyard_logs::stamp;
use composeyard_protocol::ContainerEvent;
use futures_util::StreamExt;
use serde_json::json;

use super::super::project::RunArgs;
use super::super::{signals, when};
use crate::engine::Span;

/// Arguments of `events`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    #[command(flatten)]
    pub(in super::super) run: RunArgs,
    /// One object a line, for programs
    #[arg(long)]
    json: bool,
    /// Also what happened since: a time stamp as 2026-11-21T10:09:08Z, or how long ago, as 42m
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// Only until then: a time stamp or how long ago
    #[arg(long, value_name = "WHEN")]
    until: Option<String>,
    /// Only these services
    services: Vec<ServiceName>,
}

pub(in super::super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let Some(opened) = args.run.open_for(&args.services).await? else { return Ok(ExitCode::FAILURE) };
    let now = when::now();
    let moment = |text: &Option<String>| text.as_ref().map(|text| when::moment(text, now)).transpose();
    let span = Span { since: moment(&args.since)?, until: moment(&args.until)? };
    let events = opened.engine.events(&opened.project.name, args.services, span).await?;
    let printing = async {
        let mut events = std::pin::pin!(events);
        while let Some(event) = events.next().await {
            let event = event?;
            let line = if args.json { object(&event) } else { words(&event) };
            writeln!(std::io::stdout(), "{line}")?;
        }
        if span.until.is_some() {
            return Ok(ExitCode::SUCCESS);
        }
        anyhow::bail!("the engine has ended its events")
    };
    let ended = signals::ended()?;
    tokio::select! {
        printed = printing => printed,
        () = ended => Ok(ExitCode::SUCCESS),
    }
}

/// `2026-11-21 16:16:20.540194 container pause 521985… (image=busybox, name=demo-app-1)`, in universal time.
fn words(event: &ContainerEvent) -> String {
    let stamp = stamp::write(event.time).replace('T', " ");
    let time = stamp.get(..26).unwrap_or(&stamp);
    let attributes: Vec<String> =
        event.attributes.iter().map(|(key, value)| format!("{key}={value}")).collect();
    format!("{time} container {} {} ({})", event.action, event.container, attributes.join(", "))
}

/// The field names are those of `docker compose events --json`.
fn object(event: &ContainerEvent) -> String {
    json!({
        "action": event.action,
        "attributes": event.attributes,
        "id": event.container,
        "service": event.service,
        "time": stamp::write(event.time),
        "type": "container",
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_a_line_of_words_or_an_object() {
        let event = ContainerEvent {
            time: 1_795_277_780_540_194_296,
            service: "app".to_owned(),
            container: "c1".to_owned(),
            action: "pause".to_owned(),
            attributes: [("name".to_owned(), "demo-app-1".to_owned())].into(),
        };
        assert_eq!(words(&event), "2026-11-21 16:16:20.540194 container pause c1 (name=demo-app-1)");
        assert_eq!(
            object(&event),
            r#"{"action":"pause","attributes":{"name":"demo-app-1"},"id":"c1","service":"app","time":"2026-11-21T16:16:20.540194296Z","type":"container"}"#
        );
    }
}
