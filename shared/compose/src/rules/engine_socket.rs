//! CY313: a container with the engine's socket.

use crate::{Diagnostic, Severity};

use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY313",
    name: "engine-socket",
    severity: Severity::Warning,
    what: "A service gets the engine's socket.",
    why: "Whoever controls that container controls the engine, and with it the whole machine. A read-only mount does not change that.",
    how: "Do without it, or put a proxy that allows only some requests between them.",
    link: "https://docs.docker.com/engine/security/#docker-daemon-attack-surface",
    example: "services:\n  proxy:\n    image: traefik:3.1\n    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock:ro\n",
    good: "services:\n  proxy:\n    image: traefik:3.1\n",
};

const SOCKETS: [&str; 3] = ["/var/run/docker.sock", "/run/docker.sock", "//./pipe/docker_engine"];

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(project) = context.project() else { return };
    for (name, service) in &project.services {
        let mount = service.volumes.iter().position(|mount| SOCKETS.contains(&mount.source.as_str()));
        let item = match mount {
            Some(index) => format!("volumes[{index}]"),
            None if service.use_api_socket => "use_api_socket".to_owned(),
            None => continue,
        };
        findings.push(
            context
                .finding(&RULE, &["services", name.as_str(), &item], format!("`{name}` controls the engine"))
                .with_help(
                    "With the engine's socket a container can start any other container with any rights, so it owns the machine. Give it only to programs you trust that much.",
                ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn the_socket_is_pointed_out_read_only_or_not() {
        let text = "services:\n  p:\n    image: traefik:3\n    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock:ro\n";
        assert_eq!(found(text), ["CY313 services.p.volumes[0]: `p` controls the engine"]);
    }

    #[test]
    fn other_sockets_are_fine() {
        assert!(
            found("services:\n  p:\n    image: a:1\n    volumes:\n      - /run/php.sock:/run/php.sock\n")
                .is_empty()
        );
    }
}
