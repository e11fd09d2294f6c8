//! `run`: one command in a container of its own, beside those of its service.

mod changes;
mod variables;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use anyhow::Context;
use composeyard_compose::ServiceName;
use composeyard_plan::{Command, Plan, RunOptions};

use super::progress::Detail;
use super::project::{Opened, RunArgs, tell};
use super::up::Pulling;
use super::{exec, signals};
use crate::engine::ContainerId;
use crate::secret::random_hex;
use crate::time_limit::{self, Limit};
use changes::Changes;

/// Arguments of `run`.
#[derive(Debug, clap::Args)]
#[command(mut_arg("project_name", |name| name.short(None)))]
pub(super) struct Args {
    #[command(flatten)]
    run: RunArgs,
    /// Build the image even when it exists
    #[arg(long)]
    build: bool,
    /// Start it, print its id and leave it alone
    #[arg(short, long)]
    detach: bool,
    /// Leave alone what the service depends on
    #[arg(long)]
    no_deps: bool,
    /// The container's name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Which images to pull, whatever the services say
    #[arg(long, value_enum, default_value_t = Pulling::AsSaid, hide_default_value = true)]
    pull: Pulling,
    /// Do not print how pulling goes
    #[arg(long)]
    quiet_pull: bool,
    /// Print failures only
    #[arg(short, long)]
    quiet: bool,
    /// Remove containers of services that the files no longer name
    #[arg(long)]
    remove_orphans: bool,
    /// Remove the container when the command has ended
    #[arg(long)]
    rm: bool,
    /// Give it no terminal [default: one, where this is one]
    #[arg(short = 'T', long = "no-TTY", alias = "no-tty")]
    no_tty: bool,
    /// Accepted for scripts: what is typed goes to the command
    #[arg(short, long)]
    interactive: bool,
    #[command(flatten)]
    changes: Changes,
    /// The service
    service: ServiceName,
    /// The program and its arguments [default: the service's own]
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<String>,
}

/// Ends with the exit code of the command.
pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let limit = args.run.time_limit.map(Limit::from_now);
    let named = std::slice::from_ref(&args.service);
    let Some(known) = args.run.open_for(named).await? else { return Ok(ExitCode::FAILURE) };
    if !known.project.services.contains_key(&args.service) {
        writeln!(std::io::stderr(), "no such service: {}", args.service)?;
        return Ok(ExitCode::FAILURE);
    }
    let Some(variables) = args.changes.variables()? else { return Ok(ExitCode::FAILURE) };
    let file = args.changes.as_file(&args.service, &variables);
    let Some(mut opened) = args.run.open_with(named, Some(file)).await? else { return Ok(ExitCode::FAILURE) };
    let name = match &args.name {
        Some(name) => name.clone(),
        None => format!("{}-{}-run-{}", opened.project.name, args.service, random_hex::<6>()?),
    };
    let terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let tty = terminal && !args.no_tty && !args.detach;
    if let Some(service) = opened.project.services.get_mut(&args.service) {
        args.changes.apply(std::sync::Arc::make_mut(service), &args.service, &name, &args.command, tty);
    }
    let options = RunOptions {
        name: name.clone(),
        no_deps: args.no_deps,
        build: args.build,
        pull: args.pull.wanted(),
        remove_orphans: args.remove_orphans,
        start: args.detach,
        auto_remove: args.detach && args.rm,
        all_resources: args.run.all_resources(),
        ..RunOptions::of(args.service.clone())
    };
    let detail = match (args.quiet, args.quiet_pull) {
        (true, _) => Detail::Failures,
        (_, true) => Detail::NoPulls,
        _ => Detail::Steps,
    };
    let made = opened.run_showing(&Command::Run(options), detail).await?;
    // From when it is made: there is no moment at which Ctrl-C leaves a container behind that should go.
    let ended = signals::ended()?;
    if opened.dry_run {
        return Ok(made);
    }
    if made != ExitCode::SUCCESS {
        // It may have been cancelled after it was made. One of a name that the user chose may be another's.
        if args.rm
            && args.name.is_none()
            && let Ok(Ok(Some(id))) = time_limit::look(limit, id_of(&opened, &name)).await
        {
            opened.run_plan(&Plan::to_remove(&args.service, id), Detail::Failures).await?;
        }
        return Ok(made);
    }
    let id = id_of(&opened, &name).await?;
    if args.detach {
        // One that the engine removes may be gone already.
        writeln!(std::io::stdout(), "{}", id.as_deref().unwrap_or(&name))?;
        return Ok(ExitCode::SUCCESS);
    }
    let id = id.with_context(|| format!("container {name} is gone"))?;
    let code = attached(&opened, &args.service, &id, tty, limit, ended).await;
    if args.rm {
        opened.run_plan(&Plan::to_remove(&args.service, id), Detail::Failures).await?;
    }
    code
}

/// None when it was not made, or is gone.
async fn id_of(opened: &Opened, name: &str) -> anyhow::Result<Option<String>> {
    let observed = opened.engine.observe(&opened.project.name, None).await?;
    let found = observed.containers.into_iter().find(|container| container.name == name && container.oneoff);
    Ok(found.map(|container| container.id))
}

/// Starts the container once its streams are joined with those of this process. A signal stops it, and so does the end
/// of its time.
async fn attached(
    opened: &Opened,
    service: &ServiceName,
    id: &str,
    tty: bool,
    limit: Option<Limit>,
    ended: impl Future<Output = ()>,
) -> anyhow::Result<ExitCode> {
    let container = ContainerId::new(id)?;
    let running = opened.engine.attach(&container).await?;
    let started = opened.run_plan(&Plan::to_start(service, id.to_owned()), Detail::Failures).await?;
    if started != ExitCode::SUCCESS {
        return Ok(started);
    }
    let mut working = std::pin::pin!(exec::attached(running, tty));
    let by_itself = async {
        tokio::select! {
            code = working.as_mut() => Some(code),
            () = ended => None,
        }
    };
    let (code, late) = match time_limit::look(limit, by_itself).await {
        Ok(Some(code)) => (code?, None),
        other => {
            opened.run_plan(&Plan::to_stop(service, id.to_owned()), Detail::Failures).await?;
            (working.await?, other.err())
        }
    };
    match late {
        Some(failure) => tell(&failure),
        // Only eight bits of it reach whoever started this.
        None => Ok(ExitCode::from(u8::try_from(code).unwrap_or(1))),
    }
}
