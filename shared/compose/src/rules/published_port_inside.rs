//! CY320: the published port where the container's own belongs.

use crate::{Diagnostic, Severity};

use super::reach::listens::{Verdict, judge};
use super::reach::names::Attached;
use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY320",
    name: "published-port-inside",
    severity: Severity::Warning,
    what: "A service calls another by the port that is published on the host.",
    why: "Between containers the container's own port counts; the published one is for the host alone.",
    how: "Write the port behind the colon of `ports`.",
    link: "https://docs.docker.com/compose/how-tos/networking/",
    example: "services:\n  app:\n    image: myapp:1.0\n    environment:\n      API_URL: http://api:8080\n  api:\n    image: myapi:1.0\n    ports:\n      - \"8080:80\"\n",
    good: "services:\n  app:\n    image: myapp:1.0\n    environment:\n      API_URL: http://api:80\n  api:\n    image: myapi:1.0\n    ports:\n      - \"8080:80\"\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(reach) = context.reach() else { return };
    for call in &reach.calls {
        let Some((name, service)) = reach.names.service(call.address.host) else { continue };
        let Some(port) = call.address.port else { continue };
        if !matches!(reach.names.attached(service), Attached::Networks(_)) {
            continue;
        }
        let Verdict::Published(target) = judge(service, context.dockerfile(service).as_deref(), port) else {
            continue;
        };
        let message =
            format!("`{name}` listens on {target} inside the project; {port} is its port on the host");
        findings.extend(call.port_finding(context, &RULE, message, Some(target)).map(|finding| {
            finding.with_help(format!(
                "Containers reach each other directly, so the port of the container counts: `{}:{target}`.",
                call.address.host
            ))
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{fixed, found};

    fn app(line: &str) -> String {
        format!(
            "services:\n  app:\n    image: a:1\n    environment:\n      {line}\n  api:\n    image: b:1\n    ports:\n      - \"8080:80\"\n"
        )
    }

    #[test]
    fn the_published_port_is_replaced_by_that_of_the_container() {
        let text = app("API: 'http://api:8080/v1'");
        assert_eq!(
            found(&text),
            [
                "CY320 services.app.environment.API: `api` listens on 80 inside the project; 8080 is its port on the host"
            ]
        );
        assert_eq!(fixed(&text), app("API: 'http://api:80/v1'"));
    }

    #[test]
    fn a_script_that_waits_for_the_service_is_read_too() {
        let text = app("A: b").replace(
            "    environment:\n      A: b\n",
            "    command: [sh, -c, \"./wait-for api:8080 && ./serve\"]\n",
        );
        assert!(fixed(&text).contains("./wait-for api:80 &&"), "{text}");
    }

    #[test]
    fn the_container_port_and_other_hosts_are_fine() {
        for line in [
            "API: http://api:80",
            "API: http://api",
            "API: http://localhost:8080",
            "API: http://example.com:8080",
        ] {
            assert!(found(&app(line)).is_empty(), "{line}");
        }
    }
}
