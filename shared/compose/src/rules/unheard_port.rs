//! CY321: a port that the called service does not seem to listen on.

use crate::{Diagnostic, Severity};

use super::reach::listens::{self, Verdict, judge};
use super::reach::names::Attached;
use super::{Context, Rule};
use crate::words;

pub(super) static RULE: Rule = Rule {
    code: "CY321",
    name: "unheard-port",
    severity: Severity::Hint,
    what: "A service calls another on a port that nothing shows it to listen on.",
    why: "The connection is refused when nobody listens there.",
    how: "Correct the port; or name it under `expose` of the called service, if it does listen there.",
    link: "https://docs.docker.com/reference/compose-file/services/#expose",
    example: "services:\n  app:\n    image: myapp:1.0\n    environment:\n      CACHE_URL: redis://cache:6380\n  cache:\n    image: redis:7\n",
    good: "services:\n  app:\n    image: myapp:1.0\n    environment:\n      CACHE_URL: redis://cache:6379\n  cache:\n    image: redis:7\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(reach) = context.reach() else { return };
    for call in &reach.calls {
        let Some((name, service)) = reach.names.service(call.address.host) else { continue };
        let Some(port) = call.address.meant_port() else { continue };
        if name == call.name
            || call.is_loose()
            || !matches!(reach.names.attached(service), Attached::Networks(_))
        {
            continue;
        }
        let dockerfile = context.dockerfile(service);
        if judge(service, dockerfile.as_deref(), port) != Verdict::Unheard {
            continue;
        }
        let heard: Vec<_> = listens::heard(service, dockerfile.as_deref()).collect();
        let single = match &heard[..] {
            [only] if only.start() == only.end() => Some(*only.start()),
            _ => None,
        };
        let message = format!("Nothing shows that `{name}` listens on {port}");
        let mut ports: Vec<String> = heard
            .iter()
            .map(|range| match range.start() == range.end() {
                true => range.start().to_string(),
                false => format!("{}-{}", range.start(), range.end()),
            })
            .collect();
        ports.dedup();
        findings.extend(call.port_finding(context, &RULE, message, single).map(|finding| {
            finding.with_help(format!(
                "It seems to listen on {}. If {port} is right, say so with `expose` there.",
                words::list(&ports, "and")
            ))
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{fixed, found};

    fn app(url: &str, service: &str) -> String {
        format!(
            "services:\n  app:\n    image: a:1\n    environment:\n      URL: {url}\n  it:\n    {service}\n"
        )
    }

    #[test]
    fn a_known_image_listens_on_its_usual_port() {
        let text = app("redis://it:6380/0", "image: redis:7");
        assert_eq!(
            found(&text),
            ["CY321 services.app.environment.URL: Nothing shows that `it` listens on 6380"]
        );
        assert_eq!(fixed(&text), app("redis://it:6379/0", "image: redis:7"));
    }

    #[test]
    fn a_url_without_port_means_the_usual_one() {
        let text = app("http://it/", "image: b:1\n    expose: [8000]");
        assert_eq!(
            found(&text),
            ["CY321 services.app.environment.URL: Nothing shows that `it` listens on 80"]
        );
        assert_eq!(fixed(&text), app("http://it:8000/", "image: b:1\n    expose: [8000]"));
    }

    #[test]
    fn a_port_that_the_service_may_have_been_told_is_fine() {
        for service in [
            "image: redis:7\n    command: redis-server --port 6380",
            "image: redis:7\n    expose: [\"6380\"]",
            "image: redis:7\n    volumes: [./redis.conf:/etc/redis.conf]",
            "image: mine:1",
            "build: .",
        ] {
            assert!(found(&app("redis://it:6380", service)).is_empty(), "{service}");
        }
    }
}
