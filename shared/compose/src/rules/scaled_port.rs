//! CY304: a fixed host port on a service with several containers.

use std::collections::HashSet;

use crate::model::Port;
use crate::{Diagnostic, Project, Severity};

use super::context::join;
use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY304",
    name: "scaled-host-port",
    severity: Severity::Error,
    what: "A service with several containers publishes fewer host ports than it has containers.",
    why: "Only one container can listen on a host port; the others fail to start.",
    how: "Publish a range of ports, leave the host port out, or put a proxy in front of the service.",
    link: "https://docs.docker.com/reference/compose-file/services/#ports",
    example: "services:\n  app:\n    image: myapp:1.0\n    scale: 3\n    ports:\n      - \"8080:80\"\n",
    good: "services:\n  app:\n    image: myapp:1.0\n    scale: 3\n    ports:\n      - \"8080-8082:80\"\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(project) = context.project() else { return };
    let mut taken = None;
    for (name, service) in &project.services {
        let replicas = service.replicas();
        if replicas < 2 || service.network_mode == "host" {
            continue;
        }
        for (index, port) in service.ports.iter().enumerate() {
            if let Some(room) = room(port)
                && room < replicas
            {
                let item = format!("ports[{index}]");
                let taken = taken.get_or_insert_with(|| taken_ports(project));
                findings.push(report(context, &["services", name.as_str(), &item], (port, replicas), taken));
            }
        }
    }
}

/// How many containers find a host port; none when the engine chooses freely.
fn room(port: &Port) -> Option<u32> {
    match port.published.split_once('-') {
        _ if port.published.is_empty() => None,
        Some((first, last)) => {
            let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
            Some(last.checked_sub(first)? + 1)
        }
        None => port.published.parse::<u16>().ok().filter(|number| *number > 0).map(|_| 1),
    }
}

/// The host ports that are published one by one.
fn taken_ports(project: &Project) -> HashSet<u32> {
    let ports = project.services.values().flat_map(|service| &service.ports);
    ports.filter_map(|port| port.published.parse().ok()).collect()
}

fn report(
    context: &Context<'_>,
    steps: &[&str],
    (port, replicas): (&Port, u32),
    taken: &HashSet<u32>,
) -> Diagnostic {
    let service = steps[1];
    let message =
        format!("`{service}` has {replicas} containers, but host port {} takes only one", port.published);
    let message = if port.published.contains('-') {
        format!(
            "`{service}` has {replicas} containers, but the host ports {} do not go round",
            port.published
        )
    } else {
        message
    };
    let finding = context.finding(&RULE, steps, message).with_help(
        "Publish a range with a port for each container, leave the host port out, or put a proxy in front.",
    );
    match ranged(context, steps, (port, replicas), taken) {
        Some((range, text)) => {
            let span = finding.span;
            finding.with_edit(format!("Publish on {range}"), span, text)
        }
        None => finding,
    }
}

/// `8080:80` with a range wide enough; none when the port is not written so plainly, or when the range ends beyond the
/// last port or has a port that is published already.
fn ranged(
    context: &Context<'_>,
    steps: &[&str],
    (port, replicas): (&Port, u32),
    taken: &HashSet<u32>,
) -> Option<(String, String)> {
    let written = context.written(&join(steps))?;
    let first: u32 = port.published.parse().ok()?;
    let last = first.checked_add(replicas - 1).filter(|last| *last <= u32::from(u16::MAX))?;
    if (first + 1..=last).any(|port| taken.contains(&port)) {
        return None;
    }
    let range = format!("{first}-{last}");
    let bare = written.trim_matches(['"', '\'']);
    let rest = bare.strip_prefix(&format!("{first}:"))?;
    (!bare.contains(['$', '\n'])).then(|| {
        let text = format!("\"{range}:{rest}\"");
        (range, text)
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{checked_files, fixed, found};

    fn app(port: &str) -> String {
        format!("services:\n  app:\n    image: a:1\n    scale: 3\n    ports:\n      - {port}\n")
    }

    #[test]
    fn three_containers_need_three_host_ports() {
        assert_eq!(
            found(&app("\"8080:80\"")),
            ["CY304 services.app.ports[0]: `app` has 3 containers, but host port 8080 takes only one"]
        );
        assert_eq!(fixed(&app("\"8080:80\"")), app("\"8080-8082:80\""));
    }

    #[test]
    fn no_range_is_offered_that_would_not_work() {
        let beside = format!("{}  b:\n    image: b:1\n    ports:\n      - \"8081:80\"\n", app("\"8080:80\""));
        for text in [app("\"65535:80\""), beside] {
            let findings = checked_files(&[("compose.yaml", &text)], &["compose.yaml"]);
            assert!(findings.len() == 1 && findings[0].fixes.is_empty(), "{findings:?}");
        }
    }

    #[test]
    fn a_range_wide_enough_and_a_free_choice_are_fine() {
        assert!(found(&app("8080-8082:80")).is_empty());
        assert!(found(&app("\"80\"")).is_empty());
        assert_eq!(found(&app("8080-8081:80")).len(), 1);
    }
}
