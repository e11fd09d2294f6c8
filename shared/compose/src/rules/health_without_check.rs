//! CY311: waiting for the health of a service that has no health check.

use crate::facts::images;
use crate::model::{Condition, Service};
use crate::{Diagnostic, Severity};

use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY311",
    name: "health-without-check",
    severity: Severity::Warning,
    what: "A service waits until another is healthy, but that one has no health check.",
    why: "Unless its image brings a health check, starting fails with \"container has no healthcheck configured\".",
    how: "Give the dependency a `healthcheck`, or wait for `service_started`.",
    link: "https://docs.docker.com/reference/compose-file/services/#healthcheck",
    example: "services:\n  app:\n    image: myapp:1.0\n    depends_on:\n      redis:\n        condition: service_healthy\n  redis:\n    image: redis:7\n",
    good: "services:\n  app:\n    image: myapp:1.0\n    depends_on:\n      redis:\n        condition: service_healthy\n  redis:\n    image: redis:7\n    healthcheck:\n      test: [CMD, redis-cli, ping]\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(project) = context.project() else { return };
    for (name, service) in &project.services {
        for (dependency, wait) in &service.depends_on {
            let Some(other) = project.services.get(dependency) else { continue };
            if wait.condition != Condition::ServiceHealthy || other.has_healthcheck() {
                continue;
            }
            let Some(reason) = reason(context, other) else { continue };
            let steps = ["services", name.as_str(), "depends_on", dependency.as_str(), "condition"];
            let message = format!("`{name}` waits until `{dependency}` is healthy, but {}", reason.text);
            let would = if reason.is_certain { "would" } else { "may" };
            let mut finding = context.finding(&RULE, &steps, message).with_help(format!(
                "Starting `{name}` {would} fail. Give `{dependency}` a `healthcheck`, or wait for `service_started`."
            ));
            if !reason.is_certain {
                finding.severity = Severity::Hint;
            }
            findings.push(finding);
        }
    }
}

/// Why a service cannot get healthy.
struct Reason {
    text: &'static str,
    /// False where an image that nothing is known of may bring a check.
    is_certain: bool,
}

/// Why the service cannot get healthy, as far as the files tell. A Dockerfile or an image may bring a check.
fn reason(context: &Context<'_>, service: &Service) -> Option<Reason> {
    let declared = service.healthcheck.as_ref();
    let is_off =
        declared.is_some_and(|check| check.disable || check.test.first().is_some_and(|kind| kind == "NONE"));
    if is_off {
        return Some(Reason { text: "its health check is switched off", is_certain: true });
    }
    if service.build.is_some() {
        let file = context.dockerfile(service).filter(|file| !file.has_healthcheck)?;
        let text = "neither it nor its Dockerfile has a health check";
        return by_image(file.base.as_deref().unwrap_or_default(), text);
    }
    by_image(&service.image, "it has no health check, unless its image brings one")
}

/// The reason as far as the image underneath leaves one.
fn by_image(image: &str, text: &'static str) -> Option<Reason> {
    let known = images::find(image);
    (!known.is_some_and(|image| image.is_checked)).then_some(Reason { text, is_certain: known.is_some() })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{checked_files, codes, found};
    use crate::Severity;

    fn redis(lines: &str) -> Vec<String> {
        found(&format!(
            "services:\n  app:\n    image: a:1\n    depends_on:\n      redis:\n        condition: service_healthy\n  redis:\n    {lines}\n"
        ))
    }

    #[test]
    fn health_that_nobody_checks_cannot_be_waited_for() {
        assert_eq!(
            redis("image: redis:7"),
            [
                "CY311 services.app.depends_on.redis.condition: `app` waits until `redis` is healthy, but it has no health check, unless its image brings one"
            ]
        );
        assert_eq!(redis("build: .\n    healthcheck:\n      disable: true").len(), 1);
    }

    #[test]
    fn a_check_in_the_file_or_perhaps_in_a_built_image_is_enough() {
        assert!(redis("image: redis:7\n    healthcheck:\n      test: redis-cli ping").is_empty());
        assert!(redis("build: .").is_empty());
    }

    #[test]
    fn an_image_that_nobody_knows_may_bring_a_check() {
        let severity = |image: &str| {
            let text = format!(
                "services:\n  app:\n    image: a:1\n    depends_on:\n      x:\n        condition: service_healthy\n  x:\n    image: {image}\n"
            );
            let findings = checked_files(&[("compose.yaml", &text)], &["compose.yaml"]);
            findings.first().map(|finding| finding.severity)
        };
        assert_eq!(severity("redis:7"), Some(Severity::Warning));
        assert_eq!(severity("company/api:1"), Some(Severity::Hint));
        assert_eq!(severity("axllent/mailpit:v1.20"), None);
    }

    #[test]
    fn the_dockerfile_of_a_built_service_is_asked() {
        let compose = "services:\n  app:\n    image: a:1\n    depends_on:\n      api:\n        condition: service_healthy\n  api:\n    build: ./api\n";
        let check = |dockerfile: &str| {
            let files = [("compose.yaml", compose), ("api/Dockerfile", dockerfile)];
            codes(&checked_files(&files, &["compose.yaml"])).len()
        };
        assert_eq!(check("FROM node:20\n"), 1);
        assert_eq!(check("FROM node:20\nHEALTHCHECK CMD ./check\n"), 0);
    }
}
