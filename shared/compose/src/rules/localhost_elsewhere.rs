//! CY322: `localhost` where another service is meant.

use crate::facts::images;
use crate::model::{Condition, Service};
use crate::{Diagnostic, ServiceName, Severity};

use super::reach::listens::{heard, is_mentioned, published};
use super::reach::names::Attached;
use super::reach::{Call, Reach};
use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY322",
    name: "localhost-elsewhere",
    severity: Severity::Warning,
    what: "A service calls `localhost` on a port that another service listens on.",
    why: "Inside a container `localhost` is that container itself, not the host and not its neighbours.",
    how: "Write the name of the other service, and the port of its container.",
    link: "https://docs.docker.com/compose/how-tos/networking/",
    example: "services:\n  app:\n    image: myapp:1.0\n    environment:\n      CACHE_URL: redis://localhost:6379\n  cache:\n    image: redis:7\n",
    good: "services:\n  app:\n    image: myapp:1.0\n    environment:\n      CACHE_URL: redis://cache:6379\n  cache:\n    image: redis:7\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(reach) = context.reach() else { return };
    for call in reach.calls.iter().filter(|call| call.address.is_local() && call.variable().is_some()) {
        let Some((name, service, port)) = meant(reach, call) else { continue };
        if !is_for_the_container(context, call, name, service, port) {
            continue;
        }
        let target = published(service, port).unwrap_or(port);
        let message =
            format!("`{}` is `{}` itself; `{name}` listens on {target}", call.address.host, call.name);
        let other = call.rewritten(name.as_str(), Some(target));
        findings.extend(call.finding(context, &RULE, message, Some(other)).map(|finding| {
            finding.with_help(format!(
                "Inside a container `localhost` is that container. Its neighbours are called by the names of their services: `{name}`."
            ))
        }));
    }
}

/// The only other service that listens on the port, inside or on the host.
fn meant<'p>(reach: &Reach<'p>, call: &Call<'p>) -> Option<(&'p ServiceName, &'p Service, u16)> {
    let port = call.address.meant_port()?;
    let listens = |service: &Service| {
        published(service, port).is_some() || heard(service, None).any(|range| range.contains(&port))
    };
    let is_on_networks = |service| matches!(reach.names.attached(service), Attached::Networks(_));
    let own = reach.names.attached(call.service);
    if !matches!(own, Attached::Networks(_)) || listens(call.service) {
        return None;
    }
    let others = reach.names.services().filter(|(name, _)| *name != call.name);
    let mut there = others.filter(|(_, service)| listens(service) && is_on_networks(service));
    let (name, service) = there.next()?;
    // Containers that share one network are each other's localhost.
    let is_neighbour = reach.names.attached(service).is_same_place(own);
    (there.next().is_none() && !is_neighbour).then_some((name, service, port))
}

/// False where the address may be meant for a browser or the host, or where the service itself may listen.
fn is_for_the_container(
    context: &Context<'_>,
    call: &Call<'_>,
    name: &ServiceName,
    service: &Service,
    port: u16,
) -> bool {
    if context.dockerfile(call.service).is_some_and(|file| file.exposes.contains(&port)) {
        return false;
    }
    if !call.address.is_web() {
        return call.address.scheme.is_some() || images::ports(&service.image).contains(&port);
    }
    let is_published = service.ports.iter().any(|known| known.published.parse() == Ok(port));
    let waits = call
        .service
        .depends_on
        .get(name)
        .is_some_and(|wait| wait.condition != Condition::ServiceCompletedSuccessfully);
    let speaks_to_browsers =
        !call.service.ports.is_empty() || is_for_browsers(call.variable().unwrap_or_default());
    if is_published { waits && !speaks_to_browsers } else { waits && !is_mentioned_twice(call.service, port) }
}

/// True when more than the one value of the caller holds the number.
fn is_mentioned_twice(service: &Service, port: u16) -> bool {
    let without = Service { environment: Default::default(), ..service.clone() };
    is_mentioned(&without, port)
}

/// Names of variables whose addresses leave the project.
fn is_for_browsers(variable: &str) -> bool {
    const WORDS: [&str; 22] = [
        "PUBLIC",
        "REACT_APP",
        "VITE",
        "NEXT",
        "NUXT",
        "VUE_APP",
        "NG_",
        "CORS",
        "ORIGIN",
        "EXTERNAL",
        "CALLBACK",
        "REDIRECT",
        "ALLOWED",
        "BASE_URL",
        "SITE",
        "ROOT_URL",
        "FRONTEND",
        "CLIENT",
        "BROWSER",
        "ISSUER",
        "WEB",
        "DOMAIN",
    ];
    let variable = variable.to_ascii_uppercase();
    WORDS.iter().any(|word| variable.contains(word))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{fixed, found};

    fn app(line: &str) -> String {
        format!(
            "services:\n  app:\n    image: a:1\n    environment:\n      {line}\n  cache:\n    image: redis:7\n    ports:\n      - \"127.0.0.1:6380:6379\"\n"
        )
    }

    #[test]
    fn a_store_on_localhost_is_called_by_its_service() {
        let text = app("URL: redis://localhost:6379/0");
        assert_eq!(
            found(&text),
            ["CY322 services.app.environment.URL: `localhost` is `app` itself; `cache` listens on 6379"]
        );
        assert_eq!(fixed(&text), app("URL: redis://cache:6379/0"));
    }

    #[test]
    fn the_published_port_becomes_that_of_the_container() {
        assert_eq!(fixed(&app("URL: redis://127.0.0.1:6380")), app("URL: redis://cache:6379"));
    }

    #[test]
    fn addresses_for_browsers_and_for_the_service_itself_are_fine() {
        let web = |line: &str| {
            format!(
                "services:\n  app:\n    image: a:1\n    ports: [\"80:80\"]\n    depends_on: [api]\n    environment:\n      {line}\n  api:\n    image: b:1\n    ports:\n      - \"8000:8000\"\n"
            )
        };
        assert!(found(&web("API_URL: http://localhost:8000")).is_empty());
        assert!(found(&web("SELF: http://localhost:80")).is_empty());
        assert!(found(&app("URL: http://localhost:9999")).is_empty());
    }
}
