//! `up` that stays: prints what the containers write, until they end or Ctrl-C stops them.

use std::io::Write;
use std::process::ExitCode;

use composeyard_compose::ServiceName;
use composeyard_plan::{Command, Until, over};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::logs::{self, Style, Wanted};
use super::progress::Detail;
use super::project::Opened;
use super::signals;

/// The exit code after Ctrl-C, that of the reference.
const INTERRUPTED: i64 = 130;

/// What is printed meanwhile, and how it ends.
pub(super) struct Stay {
    pub(super) until: Until,
    /// The service whose exit code counts, where it is not the first that ends.
    pub(super) code_from: Option<ServiceName>,
    /// Those that the command names; empty for all.
    pub(super) services: Vec<ServiceName>,
    /// Those whose lines are printed.
    pub(super) printed: Vec<ServiceName>,
    pub(super) style: Style,
    /// Seconds until a container is killed.
    pub(super) grace: Option<u32>,
}

/// Does a command and stays with its containers. Lines are printed from before it begins, so that none is missed.
pub(super) async fn run(
    opened: &Opened,
    command: &Command,
    detail: Detail,
    stay: Stay,
) -> anyhow::Result<ExitCode> {
    let (last, printing) = watch::channel(None);
    let wanted = Wanted::from(opened.engine.now().await?, stay.printed.clone());
    let before = logs::ended_runs(opened, &stay.printed).await?;
    // When nobody reads any more, the containers stop as after Ctrl-C.
    let unread = CancellationToken::new();
    let printing = async {
        if stay.printed.is_empty() {
            return Ok(());
        }
        let printed = logs::until_read(opened, &wanted, stay.style, &before, printing).await;
        unread.cancel();
        printed
    };
    // From here on: there is no moment at which Ctrl-C is not heard.
    let ended = signals::ended()?;
    let working = async {
        let code = match opened.run_showing(command, detail).await {
            Ok(ExitCode::SUCCESS) => until_over(opened, &stay, ended, &unread).await,
            other => other,
        };
        let runs = logs::ended_runs(opened, &stay.printed).await;
        // Without an engine there is nothing more to come.
        last.send_replace(Some(runs.unwrap_or_default()));
        code
    };
    let (code, printed) = tokio::join!(working, printing);
    printed?;
    code
}

/// Waits until it is over, then stops what the command says.
async fn until_over(
    opened: &Opened,
    stay: &Stay,
    ended: impl Future<Output = ()>,
    unread: &CancellationToken,
) -> anyhow::Result<ExitCode> {
    let code = tokio::select! {
        code = code_at_the_end(opened, stay) => Some(code),
        () = ended => None,
        () = unread.cancelled() => None,
    };
    if stay.until == Until::AllEnd && code.is_some() {
        return Ok(ExitCode::SUCCESS);
    }
    if code.is_some() {
        writeln!(std::io::stderr(), "A container has ended: the others are stopped.")?;
    }
    let services = if code.is_some() { Vec::new() } else { stay.services.clone() };
    let stopped = opened.run(&Command::Stop { services, grace: stay.grace }).await?;
    if stopped != ExitCode::SUCCESS {
        return Ok(stopped);
    }
    let code = match (&stay.code_from, code) {
        (Some(service), Some(_)) => code_of(opened, service).await?,
        (_, code) => code.unwrap_or(INTERRUPTED),
    };
    // Only eight bits of it reach whoever started this.
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

/// The exit code, once the containers are as the command waits for.
async fn code_at_the_end(opened: &Opened, stay: &Stay) -> i64 {
    let project = &opened.project;
    let mut snapshots = opened.engine.watch_project(project.name.clone());
    loop {
        snapshots.mark_unchanged();
        // A snapshot may be older than the command: this look is not. While the engine is away, nothing is over.
        if let Ok(observed) = opened.engine.observe(&project.name, None).await
            && let Some(code) = over(project, &observed, &stay.services, stay.until)
        {
            return code;
        }
        if snapshots.changed().await.is_err() {
            return 0;
        }
    }
}

async fn code_of(opened: &Opened, service: &ServiceName) -> anyhow::Result<i64> {
    let observed = opened.engine.observe(&opened.project.name, None).await?;
    let mut codes = observed.of(service).filter_map(|container| container.exit_code);
    Ok(codes.next().unwrap_or(0))
}
