//! `port`: where the host answers for a port of a container.

use std::io::Write;
use std::process::ExitCode;

use composeyard_compose::ServiceName;
use composeyard_plan::{published_port, running_container};

use super::super::project::RunArgs;

/// Arguments of `port`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    #[command(flatten)]
    pub(in super::super) run: RunArgs,
    /// `tcp` or `udp`
    #[arg(long, default_value = "tcp")]
    protocol: String,
    /// Number of the container, where the service has several
    #[arg(long, value_name = "N")]
    index: Option<u32>,
    /// The service
    service: ServiceName,
    /// The port inside
    private_port: u16,
}

pub(in super::super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let Some(opened) = args.run.open_for(std::slice::from_ref(&args.service)).await? else {
        return Ok(ExitCode::FAILURE);
    };
    let observed = opened.engine.observe(&opened.project.name, None).await?;
    let found = running_container(&observed, &args.service, args.index)
        .and_then(|container| published_port(container, args.private_port, &args.protocol));
    match found {
        Ok(port) if port.host_ip.contains(':') => {
            writeln!(std::io::stdout(), "[{}]:{}", port.host_ip, port.host_port)?;
        }
        Ok(port) => writeln!(std::io::stdout(), "{}:{}", port.host_ip, port.host_port)?,
        Err(error) => {
            writeln!(std::io::stderr(), "{error}")?;
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}
