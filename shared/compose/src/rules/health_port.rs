//! CY325: a health check that asks on a port where the service does not listen.

use crate::model::Service;
use crate::{Diagnostic, Severity};

use super::dockerfile::Dockerfile;
use super::reach::address::{Address, urls};
use super::reach::listens::{self, Verdict, is_known_well, is_mentioned_beside_test, judge_by};
use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY325",
    name: "health-port",
    severity: Severity::Warning,
    what: "A health check asks on a port that the service does not listen on.",
    why: "The check runs inside the container, where the published port means nothing; it fails each time.",
    how: "Ask on the container's own port.",
    link: "https://docs.docker.com/reference/compose-file/services/#healthcheck",
    example: "services:\n  web:\n    image: nginx:1.27\n    ports:\n      - \"8080:80\"\n    healthcheck:\n      test: [CMD, curl, -f, \"http://localhost:8080/\"]\n",
    good: "services:\n  web:\n    image: nginx:1.27\n    ports:\n      - \"8080:80\"\n    healthcheck:\n      test: [CMD, curl, -f, \"http://localhost:80/\"]\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(project) = context.project() else { return };
    for (name, service) in &project.services {
        let Some(test) = service.healthcheck.as_ref().filter(|check| !check.disable) else { continue };
        let asked = test.test.iter().flat_map(|word| urls(word)).find(Address::is_local);
        let Some((address, port)) = asked.and_then(|address| Some((address, address.port?))) else {
            continue;
        };
        if !matches!(service.network_mode.as_str(), "" | "bridge") {
            continue;
        }
        let dockerfile = context.dockerfile(service);
        // The test itself names the port of course.
        let is_mentioned = || is_mentioned_beside_test(service, port);
        let message = match judge_by(service, dockerfile.as_deref(), port, is_mentioned) {
            Verdict::Published(target) => {
                format!("`{name}` listens on {target} in its container; {port} is its port on the host")
            }
            Verdict::Unheard if is_known_well(service, dockerfile.as_deref()) => {
                format!("Nothing shows that `{name}` listens on {port}")
            }
            // One for checks alone is published nowhere.
            Verdict::Unheard | Verdict::Heard | Verdict::Unknown => continue,
        };
        let steps = ["services", name.as_str(), "healthcheck", "test"];
        let finding = context.finding(&RULE, &steps, message).with_help(
            "The check runs inside the container and must ask on the port that the program there listens on.",
        );
        findings.push(mended(context, finding, service, dockerfile.as_deref(), address));
    }
}

/// Asks on the only port that the service is known to listen on.
fn mended(
    context: &Context<'_>,
    finding: Diagnostic,
    service: &Service,
    dockerfile: Option<&Dockerfile>,
    address: Address<'_>,
) -> Diagnostic {
    let heard: Vec<_> = listens::heard(service, dockerfile).collect();
    let Some(port) = heard.first().map(|range| *range.start()) else { return finding };
    let is_only = heard.iter().all(|range| range.start() == range.end() && *range.start() == port);
    let written = context.written(&finding.path).unwrap_or_default();
    let place = context.value(&finding.path).filter(|place| place.file == finding.file);
    match (place, written.match_indices(address.text).collect::<Vec<_>>().as_slice()) {
        (Some(place), [(at, _)]) if is_only => {
            let start = place.span.start + at;
            let span = composeyard_yaml::Span::new(start, start + address.text.len());
            finding.with_edit(format!("Ask on {port}"), span, format!("{}:{port}", address.host))
        }
        _ => finding,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{fixed, found};

    fn app(lines: &str, port: u16) -> String {
        format!(
            "services:\n  app:\n    {lines}\n    healthcheck:\n      test: [CMD, curl, -f, \"http://localhost:{port}/\"]\n"
        )
    }

    #[test]
    fn the_published_port_is_not_there_inside() {
        let text = app("image: a:1\n    ports: [\"8080:3000\"]", 8080);
        assert_eq!(
            found(&text),
            [
                "CY325 services.app.healthcheck.test: `app` listens on 3000 in its container; 8080 is its port on the host"
            ]
        );
        assert_eq!(fixed(&text), app("image: a:1\n    ports: [\"8080:3000\"]", 3000));
    }

    #[test]
    fn a_known_image_listens_on_its_usual_port() {
        assert_eq!(found(&app("image: nginx:1.27", 8080)).len(), 1);
    }

    #[test]
    fn ports_that_the_service_may_have_been_told_are_fine() {
        for lines in [
            "image: a:1",
            "image: a:1\n    ports: [\"8080:8080\"]",
            "image: a:1\n    ports: [\"16686:16686\"]",
            "image: a:1\n    ports: [\"8080:3000\"]\n    environment: {PORT: \"8080\"}",
            "image: nginx:1.27\n    volumes: [./nginx.conf:/etc/nginx/nginx.conf]",
        ] {
            assert!(found(&app(lines, 8080)).is_empty(), "{lines}");
        }
    }
}
