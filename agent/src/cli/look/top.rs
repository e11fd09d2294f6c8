//! `top`: the processes of the running containers.

use std::io::Write;
use std::process::ExitCode;

use composeyard_compose::ServiceName;
use composeyard_protocol::ProcessTable;

use super::super::project::RunArgs;
use super::super::table::table;

/// Arguments of `top`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    #[command(flatten)]
    pub(in super::super) run: RunArgs,
    /// Only these services
    services: Vec<ServiceName>,
}

pub(in super::super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let Some(opened) = args.run.open_for(&args.services).await? else { return Ok(ExitCode::FAILURE) };
    let observed = opened.engine.observe(&opened.project.name, None).await?.only(&args.services);
    let tables = opened.engine.processes(&observed.containers).await?;
    std::io::stdout().write_all(columns(&tables).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// One table for all, with the titles of all; a container whose `ps` knows less has `-` there.
fn columns(tables: &[ProcessTable]) -> String {
    let mut titles: Vec<&str> = Vec::new();
    for title in tables.iter().flat_map(|table| &table.titles) {
        if !titles.contains(&title.as_str()) {
            titles.push(title);
        }
    }
    if titles.is_empty() {
        return String::new();
    }
    let mut rows = vec![["SERVICE", "#"].iter().chain(&titles).map(|title| (*title).to_owned()).collect()];
    for container in tables {
        rows.extend(container.processes.iter().map(|process| {
            let cell = |title: &&str| {
                let at = container.titles.iter().position(|own| own == title);
                at.and_then(|at| process.get(at)).map_or("-", String::as_str).to_owned()
            };
            let head = [container.service.clone(), container.number.to_string()];
            head.into_iter().chain(titles.iter().map(cell)).collect()
        }));
    }
    table(&rows, 4, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_whose_ps_differ_share_one_table() {
        let table = |service: &str, titles: [&str; 2], process: [&str; 2]| ProcessTable {
            service: service.to_owned(),
            number: 1,
            titles: titles.map(str::to_owned).into(),
            processes: vec![process.map(str::to_owned).into()],
        };
        let tables =
            [table("app", ["PID", "CMD"], ["7", "sleep 9"]), table("db", ["PID", "USER"], ["8", "root"])];
        insta::assert_snapshot!(columns(&tables), @r"
        SERVICE  #   PID  CMD      USER
        app      1   7    sleep 9  -
        db       1   8    -        root
        ");
        assert_eq!(columns(&[]), "");
    }
}
