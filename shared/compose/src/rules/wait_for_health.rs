//! CY302: a dependency has a health check and nobody waits for it.

use crate::edit::Intent;
use crate::model::Condition;
use crate::{Diagnostic, ServiceName, Severity};

use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY302",
    name: "wait-for-health",
    severity: Severity::Warning,
    what: "A service depends on one with a health check, but only waits for its container to start.",
    why: "A started container is not ready: the first requests fail, and the service may give up before its dependency answers.",
    how: "Wait for `service_healthy`. If the start alone is enough, say so: `condition: service_started`.",
    link: "https://docs.docker.com/compose/how-tos/startup-order/",
    example: "services:\n  app:\n    image: myapp:1.0\n    depends_on:\n      - redis\n  redis:\n    image: redis:7\n    healthcheck:\n      test: [CMD, redis-cli, ping]\n",
    good: "services:\n  app:\n    image: myapp:1.0\n    depends_on:\n      redis:\n        condition: service_healthy\n  redis:\n    image: redis:7\n    healthcheck:\n      test: [CMD, redis-cli, ping]\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(project) = context.project() else { return };
    for (name, service) in &project.services {
        for (dependency, wait) in &service.depends_on {
            let checked = project.services.get(dependency).is_some_and(|other| other.has_healthcheck());
            if checked
                && wait.condition == Condition::ServiceStarted
                && is_unspoken(context, name, dependency)
            {
                findings.push(report(context, name, dependency));
            }
        }
    }
}

/// True when the file names the dependency without saying what to wait for. Dependencies that follow from `links` and
/// the like are nobody's choice.
fn is_unspoken(context: &Context<'_>, service: &ServiceName, dependency: &ServiceName) -> bool {
    let depends_on = ["services", service.as_str(), "depends_on"];
    let condition = ["services", service.as_str(), "depends_on", dependency.as_str(), "condition"];
    context.key(&depends_on).is_some() && context.key(&condition).is_none()
}

fn report(context: &Context<'_>, service: &ServiceName, dependency: &ServiceName) -> Diagnostic {
    let steps = ["services", service.as_str(), "depends_on", dependency.as_str()];
    let mut finding = context
        .finding(&RULE, &steps, format!("`{service}` does not wait until `{dependency}` is healthy"))
        .with_help(format!(
            "`{dependency}` has a health check, but this form of `depends_on` only waits for its container to start. Wait for `service_healthy`, so that `{service}` starts when `{dependency}` answers."
        ));
    let intent = Intent::Connect {
        service: service.clone(),
        dependency: dependency.clone(),
        condition: Condition::ServiceHealthy,
    };
    finding.fixes.extend(context.plan(format!("Wait until {dependency} is healthy"), &intent));
    finding
}

#[cfg(test)]
mod tests {
    use super::super::tests::{fixed, found};

    const REDIS: &str =
        "  redis:\n    image: redis:7\n    healthcheck:\n      test: [CMD, redis-cli, ping]\n";

    fn app(depends_on: &str) -> String {
        format!("services:\n  app:\n    image: a:1\n    depends_on:{depends_on}\n{REDIS}")
    }

    #[test]
    fn a_short_dependency_on_a_checked_service_is_made_to_wait() {
        let text = app("\n      - redis # cache");
        assert_eq!(
            found(&text),
            ["CY302 services.app.depends_on.redis: `app` does not wait until `redis` is healthy"]
        );
        assert!(fixed(&text).contains("condition: service_healthy"));
        assert!(found(&fixed(&text)).is_empty());
    }

    #[test]
    fn a_spoken_choice_is_respected() {
        assert!(found(&app("\n      redis:\n        condition: service_started")).is_empty());
        assert!(found(&app("\n      redis:\n        condition: service_healthy")).is_empty());
    }

    #[test]
    fn a_service_without_health_check_cannot_be_waited_for() {
        let text = app(" [redis]").replace("test: [CMD, redis-cli, ping]", "disable: true");
        assert!(found(&text).is_empty());
    }
}
