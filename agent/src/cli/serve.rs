//! `composeyard serve`: binds, prints and opens the launch link, serves until told to stop.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, bail};
use tokio::net::TcpListener;

use super::{folders, port_holder, signals};
use crate::app::App;
use crate::engine::Engine;
use crate::http::{Assets, Server, StateFolder};
use crate::jobs::Jobs;
use crate::workspace::Workspace;

/// Arguments of `serve`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folder that holds the projects [default: composeyard/projects in the user's data folder]
    pub(super) dir: Option<PathBuf>,
    /// Address and port to listen on
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:7420")]
    listen: SocketAddr,
    /// Do not open the browser
    #[arg(long)]
    no_open: bool,
    /// Deny what a project may otherwise ask your consent for
    #[arg(long)]
    lab: bool,
    /// The engine's socket [default: DOCKER_HOST, else the usual sockets]
    #[arg(long, value_name = "URL")]
    host: Option<String>,
    /// Answer to this host name too
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    /// Allow --listen on an address that other machines reach: whoever gets the link or the token is root here
    #[arg(long)]
    unsafe_listen: bool,
    /// Allow an engine over plain TCP: whoever is on the way is root there
    #[arg(long)]
    unsafe_tcp_engine: bool,
}

pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    check_safety(&args, std::env::var("DOCKER_HOST").ok().as_deref())?;
    let folder = args.dir.clone().map_or_else(folders::workspace, Ok)?;
    let workspace = Workspace::open(&folder)?;
    let state = StateFolder::open(&folders::state()?)?;
    let listener = match TcpListener::bind(args.listen).await {
        Ok(listener) => listener,
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            bail!(port_holder::explain(args.listen).await)
        }
        Err(error) => return Err(error).with_context(|| format!("cannot listen on {}", args.listen)),
    };
    let jobs = Jobs::with_locks(folders::locks()?);
    let app = App::new(Engine::connect(args.host.clone()), workspace, jobs, args.lab);
    let assets = Assets::embedded();
    let has_page = assets.has_page();
    let server = Server::new(listener, &args.allow_host, app.clone(), assets, state.clone())?;
    // Before the link is out: whoever waits for it may end the agent at once.
    let ended = signals::ended()?;
    let link = announce(&args, &server, &app, &state, has_page)?;
    if has_page && !args.no_open {
        open_browser(&link);
    }
    let shutdown = app.shutdown.clone();
    tokio::spawn(async move {
        ended.await;
        shutdown.cancel();
    });
    server.run().await;
    Ok(ExitCode::SUCCESS)
}

/// Refuses what hands the machine to others, unless the user says so.
fn check_safety(args: &Args, docker_host: Option<&str>) -> anyhow::Result<()> {
    if !args.listen.ip().is_loopback() && !args.unsafe_listen {
        bail!(
            "--listen {}: other machines could reach this address, and who controls the engine is root here. \
             Use 127.0.0.1 and an SSH tunnel, or add --unsafe-listen",
            args.listen
        );
    }
    let engine = args.host.as_deref().or(docker_host).unwrap_or_default();
    let plain = ["tcp://", "http://"].iter().any(|scheme| engine.starts_with(scheme));
    if plain && !args.unsafe_tcp_engine {
        bail!(
            "the engine at {engine} is reached over plain TCP, readable and open to everyone on the way. \
             Use a unix:// socket, or add --unsafe-tcp-engine"
        );
    }
    Ok(())
}

fn announce(
    args: &Args,
    server: &Server,
    app: &App,
    state: &StateFolder,
    has_page: bool,
) -> anyhow::Result<String> {
    let address = server.local_addr()?;
    let sessions = server.sessions();
    let token =
        state.write(&format!("agent-{}.token", address.port()), sessions.token().expose().as_bytes())?;
    let code = sessions.launch_code().context("the launch code is gone")?;
    let link = format!("http://{address}/#launch={}", code.expose());
    let mut out = Vec::new();
    writeln!(out, "Composeyard {}", env!("CARGO_PKG_VERSION"))?;
    writeln!(out, "  projects  {}", app.workspace.path().display())?;
    writeln!(out, "  token     {} (for scripts)", token.display())?;
    writeln!(out, "  open      {link}")?;
    writeln!(
        out,
        "The link works once; the browser that opens it stays signed in. Ctrl-C ends the agent, containers go on."
    )?;
    if !has_page {
        writeln!(out, "This build has no user interface: run cargo xtask build.")?;
    }
    if !args.listen.ip().is_loopback() {
        writeln!(out, "Warning: {} is open to other machines, without encryption.", args.listen)?;
    }
    if rustix::process::geteuid().is_root() {
        writeln!(out, "Note: the agent runs as root. Access to the engine equals root in any case.")?;
    }
    // At once: a reader that leaves after the link does not break the rest.
    std::io::stdout().write_all(&out)?;
    Ok(link)
}

/// The link stands in the browser's arguments for a moment, where other users of the machine can read it. It works
/// once, so they could only take it before the browser does; --no-open avoids even that.
fn open_browser(link: &str) {
    let (program, display) = if cfg!(target_os = "macos") {
        ("open", true)
    } else {
        let display = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        ("xdg-open", display("DISPLAY") || display("WAYLAND_DISPLAY"))
    };
    if display {
        let opened = Command::new(program)
            .arg(link)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        if let Err(error) = opened {
            tracing::info!(%error, program, "the browser could not be opened; the link above still works");
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        args: Args,
    }

    fn check(arguments: &[&str], docker_host: Option<&str>) -> Result<(), String> {
        let all = [&["serve"], arguments].concat();
        check_safety(&Only::parse_from(all).args, docker_host).map_err(|error| error.to_string())
    }

    #[test]
    fn an_address_that_others_reach_needs_the_unsafe_flag() {
        assert!(check(&["--listen", "0.0.0.0:7420"], None).unwrap_err().contains("--unsafe-listen"));
        assert!(check(&["--listen", "192.168.1.5:7420"], None).is_err());
        assert_eq!(check(&["--listen", "0.0.0.0:7420", "--unsafe-listen"], None), Ok(()));
        assert_eq!(check(&["--listen", "[::1]:7420"], None), Ok(()));
    }

    #[test]
    fn an_engine_over_plain_tcp_needs_the_unsafe_flag() {
        assert!(check(&["--host", "tcp://10.0.0.1:2375"], None).unwrap_err().contains("--unsafe-tcp-engine"));
        assert!(check(&[], Some("tcp://10.0.0.1:2375")).is_err());
        assert_eq!(check(&["--host", "unix:///run/docker.sock"], Some("tcp://10.0.0.1:2375")), Ok(()));
    }
}
