//! CY317: `start_interval` without `start_period`.

use crate::{Diagnostic, Severity};

use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY317",
    name: "start-interval-alone",
    severity: Severity::Error,
    what: "A health check has `start_interval` without `start_period`.",
    why: "The interval only counts during the start period; creating the container fails.",
    how: "Add `start_period`, the time the service may take to start.",
    link: "https://docs.docker.com/reference/compose-file/services/#healthcheck",
    example: "services:\n  app:\n    image: myapp:1.0\n    healthcheck:\n      test: [CMD, /check]\n      start_interval: 1s\n",
    good: "services:\n  app:\n    image: myapp:1.0\n    healthcheck:\n      test: [CMD, /check]\n      start_period: 30s\n      start_interval: 1s\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(project) = context.project() else { return };
    for (name, service) in &project.services {
        let Some(check) = &service.healthcheck else { continue };
        if check.start_interval.is_some() && check.start_period.is_none() && !check.disable {
            let steps = ["services", name.as_str(), "healthcheck", "start_interval"];
            findings.push(
                context
                    .finding(&RULE, &steps, "`start_interval` needs a `start_period`")
                    .with_help("It only counts during the start period. Add `start_period`, such as `30s`."),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn the_interval_needs_the_period() {
        let text = |more: &str| {
            format!(
                "services:\n  a:\n    image: a:1\n    healthcheck:\n      test: x\n      start_interval: 1s\n{more}"
            )
        };
        assert_eq!(found(&text("")).len(), 1);
        assert!(found(&text("      start_period: 10s\n")).is_empty());
    }
}
