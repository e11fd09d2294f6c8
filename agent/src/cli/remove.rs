//! `rm`: removes stopped containers, after a question.

use std::io::{BufRead, Write};
use std::process::ExitCode;

use composeyard_compose::ServiceName;
use composeyard_plan::{Action, Command, ContainerRef, Plan, RmOptions};

use super::project::{Opened, RunArgs};

/// Arguments of `rm`.
#[derive(Debug, clap::Args)]
#[command(mut_arg("files", |file| file.short(None)))]
pub(super) struct Args {
    #[command(flatten)]
    run: RunArgs,
    /// Do not ask
    #[arg(short, long)]
    force: bool,
    /// Stop and remove what runs too
    #[arg(short, long)]
    stop: bool,
    /// Remove the containers' anonymous volumes too
    #[arg(short, long)]
    volumes: bool,
    /// Only these services
    services: Vec<ServiceName>,
}

pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let Some(opened) = args.run.open_for(&args.services).await? else { return Ok(ExitCode::FAILURE) };
    let command = Command::Rm(RmOptions { services: args.services, stop: args.stop, volumes: args.volumes });
    let plan = opened.plan(&command).await?;
    if plan.is_empty() {
        writeln!(std::io::stderr(), "No stopped containers")?;
        return Ok(ExitCode::SUCCESS);
    }
    let question = format!("Going to remove {}", names(&opened, &plan).await?.join(", "));
    if args.force || opened.dry_run {
        writeln!(std::io::stdout(), "{question}")?;
    } else if !agreed(&question)? {
        return Ok(ExitCode::SUCCESS);
    }
    opened.run(&command).await
}

/// The names of the containers that the plan removes.
async fn names(opened: &Opened, plan: &Plan) -> anyhow::Result<Vec<String>> {
    let observed = opened.engine.observe(&opened.project.name, None).await?;
    let removed = |id: &str| {
        plan.steps.iter().any(|step| {
            matches!(&step.action, Action::RemoveContainer { container: ContainerRef::Existing(removed), .. } if removed == id)
        })
    };
    let containers = observed.containers.into_iter().filter(|container| removed(&container.id));
    Ok(containers.map(|container| container.name).collect())
}

/// No answer is a no.
fn agreed(question: &str) -> anyhow::Result<bool> {
    let mut out = std::io::stdout();
    write!(out, "{question}. Remove? [yN] ")?;
    out.flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
