//! `wait`: until containers have ended.

use std::io::Write;
use std::process::ExitCode;

use composeyard_compose::ServiceName;
use composeyard_plan::{Command, ContainerState, DownOptions};
use futures_util::{StreamExt, stream};

use super::project::RunArgs;
use crate::engine::ContainerId;

/// Arguments of `wait`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) run: RunArgs,
    /// Take the project down when the first container has ended
    #[arg(long)]
    down_project: bool,
    /// The services
    #[arg(required = true)]
    services: Vec<ServiceName>,
}

/// Ends with the exit code of the container that ends last, or with `--down-project` first.
pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let Some(opened) = args.run.open_for(&args.services).await? else { return Ok(ExitCode::FAILURE) };
    let observed = opened.engine.observe(&opened.project.name, None).await?.only(&args.services);
    // One that has ended by now counts: whoever waits for it need not be faster.
    let started = observed.containers.into_iter().filter(|it| it.state != ContainerState::Created);
    let waits: Vec<_> = started
        .map(|container| async {
            let ended = opened.engine.wait(&ContainerId::new(container.id.as_str())?).await?;
            anyhow::Ok((container.id, ended))
        })
        .collect();
    if waits.is_empty() {
        writeln!(std::io::stderr(), "no container of these services has been started")?;
        return Ok(ExitCode::FAILURE);
    }
    let mut ends = stream::iter(waits).buffer_unordered(usize::MAX);
    let mut last = 0;
    while let Some(ended) = ends.next().await {
        let (id, code) = ended?;
        writeln!(std::io::stdout(), "container \"{id}\" exited with status code {code}")?;
        last = code;
        if args.down_project {
            opened.run(&Command::Down(DownOptions::default())).await?;
            break;
        }
    }
    // Only eight bits of it reach whoever started this.
    Ok(ExitCode::from(u8::try_from(last).unwrap_or(1)))
}
