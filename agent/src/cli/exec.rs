//! `exec`: a command inside a running container, with this terminal as its own where there is one.

use std::io::{IsTerminal, Read, Write};
use std::os::fd::AsFd;
use std::process::ExitCode;

use composeyard_compose::ServiceName;
use composeyard_logs::line::Stream as Pipe;
use composeyard_plan::running_container;
use futures_util::StreamExt;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use super::project::RunArgs;
use crate::engine::{ContainerId, Exec, ExecHandle, ExecSize};

/// Bytes that are read from standard input at once.
const CHUNK: usize = 16 * 1024;

/// Arguments of `exec`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) run: RunArgs,
    /// Start it and leave it alone
    #[arg(short, long)]
    detach: bool,
    /// A variable; without a value it is taken from the shell
    #[arg(short, long, value_name = "NAME[=VALUE]")]
    env: Vec<String>,
    /// Number of the container, where the service has several
    #[arg(long, value_name = "N")]
    index: Option<u32>,
    /// Give it no terminal [default: one, where this is one]
    #[arg(short = 'T', long)]
    no_tty: bool,
    /// With all rights on this machine
    #[arg(long)]
    privileged: bool,
    /// As this user
    #[arg(short, long, default_value = "", hide_default_value = true)]
    user: String,
    /// In this folder of the container
    #[arg(short, long, default_value = "", hide_default_value = true)]
    workdir: String,
    /// The service
    service: ServiceName,
    /// The program and its arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<String>,
}

/// Ends with the exit code of the command.
pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let Some(opened) = args.run.open_for(std::slice::from_ref(&args.service)).await? else {
        return Ok(ExitCode::FAILURE);
    };
    let observed = opened.engine.observe(&opened.project.name, None).await?;
    let container = match running_container(&observed, &args.service, args.index) {
        Ok(container) if opened.dry_run => {
            return opened.not_done(&format!(
                "exec {} in container {}",
                args.command.join(" "),
                container.name
            ));
        }
        Ok(container) => ContainerId::new(container.id.as_str())?,
        Err(error) => {
            writeln!(std::io::stderr(), "{error}")?;
            return Ok(ExitCode::FAILURE);
        }
    };
    let terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let shell = |name: &str| std::env::var(name).ok();
    let exec = Exec {
        command: args.command,
        environment: args.env.iter().filter_map(|entry| variable(entry, shell)).collect(),
        user: args.user,
        working_dir: args.workdir,
        privileged: args.privileged,
        tty: terminal && !args.no_tty && !args.detach,
    };
    if args.detach {
        opened.engine.exec_detached(&container, exec).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let tty = exec.tty;
    let running = opened.engine.exec(&container, exec).await?;
    let code = attached(running, tty).await?;
    // Only eight bits of it reach whoever started this.
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

/// None for a variable that the shell does not have.
fn variable(entry: &str, shell: impl Fn(&str) -> Option<String>) -> Option<String> {
    if entry.contains('=') { Some(entry.to_owned()) } else { Some(format!("{entry}={}", shell(entry)?)) }
}

/// Joins this process's streams with the command's until it ends.
pub(super) async fn attached(running: crate::engine::RunningExec, tty: bool) -> anyhow::Result<i64> {
    let (mut output, mut input, handle) = running.split();
    let _raw = if tty { Some(Raw::begin()?) } else { None };
    let mut resized = signal(SignalKind::window_change())?;
    if tty {
        resize(&handle).await;
    }
    let mut typed = standard_input();
    let mut listening = true;
    loop {
        tokio::select! {
            part = output.next() => match part {
                Some(part) => {
                    let (from, bytes) = part?;
                    print(from, &bytes)?;
                }
                None => break,
            },
            bytes = typed.recv(), if listening => match bytes {
                // A command that reads no more may go on writing.
                Some(bytes) => listening = input.write(&bytes).await.is_ok(),
                None => {
                    input.end().await;
                    listening = false;
                }
            },
            _ = resized.recv(), if tty => resize(&handle).await,
        }
    }
    Ok(handle.exit_code().await?)
}

fn print(from: Pipe, bytes: &[u8]) -> std::io::Result<()> {
    match from {
        Pipe::Stdout => {
            let mut out = std::io::stdout().lock();
            out.write_all(bytes)?;
            out.flush()
        }
        Pipe::Stderr => std::io::stderr().write_all(bytes),
    }
}

/// What is typed or piped in. The thread ends with the process: nothing can end a read of standard input.
fn standard_input() -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel(4);
    std::thread::spawn(move || {
        let mut buffer = vec![0; CHUNK];
        let mut input = std::io::stdin().lock();
        loop {
            match input.read(&mut buffer) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Ok(0) | Err(_) => return,
                Ok(length) => {
                    if sender.blocking_send(buffer[..length].to_vec()).is_err() {
                        return;
                    }
                }
            }
        }
    });
    receiver
}

async fn resize(handle: &ExecHandle) {
    if let Ok(size) = tcgetwinsize(std::io::stdout().as_fd()) {
        handle.resize(ExecSize { rows: size.ws_row, columns: size.ws_col }).await;
    }
}

/// The terminal hands on each key as it is typed, until dropped.
struct Raw {
    before: Termios,
}

impl Raw {
    fn begin() -> std::io::Result<Self> {
        let before = tcgetattr(std::io::stdin().as_fd())?;
        let mut raw = before.clone();
        raw.make_raw();
        tcsetattr(std::io::stdin().as_fd(), OptionalActions::Now, &raw)?;
        Ok(Self { before })
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // A terminal that is gone needs no settings.
        let _gone = tcsetattr(std::io::stdin().as_fd(), OptionalActions::Now, &self.before);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_variable_without_a_value_comes_from_the_shell() {
        let shell = |name: &str| (name == "KNOWN").then(|| "here".to_owned());
        assert_eq!(super::variable("A=b=c", shell).as_deref(), Some("A=b=c"));
        assert_eq!(super::variable("KNOWN", shell).as_deref(), Some("KNOWN=here"));
        assert_eq!(super::variable("UNKNOWN", shell), None);
    }
}
