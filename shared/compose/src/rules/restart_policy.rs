//! CY326: a service of a production file that stays down after it ended.

use composeyard_yaml::edit::{Path, Value};

use crate::edit::Intent;
use crate::{Diagnostic, Severity};

use super::{Context, Rule, production};

pub(super) static RULE: Rule = Rule {
    code: "CY326",
    name: "no-restart-policy",
    severity: Severity::Hint,
    what: "A service of a production file has no restart policy.",
    why: "After a crash or a restart of the machine it stays down until somebody starts it.",
    how: "Write `restart: unless-stopped`; for a job that ends, `restart: \"no\"`.",
    link: "https://docs.docker.com/reference/compose-file/services/#restart",
    example: "# file: compose.prod.yaml\nservices:\n  app:\n    image: myapp:1.0\n    mem_limit: 256m\n",
    good: "# file: compose.prod.yaml\nservices:\n  app:\n    image: myapp:1.0\n    mem_limit: 256m\n    restart: unless-stopped\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for name in production::services(context) {
        let Some(service) = context.project().and_then(|project| project.services.get(name)) else {
            continue;
        };
        let has_policy = service.deploy.as_ref().is_some_and(|deploy| deploy.restart_policy.is_some());
        if !service.restart.is_empty() || has_policy {
            continue;
        }
        let message = format!("`{name}` stays down after a crash or a restart of the machine");
        let mut finding = context.finding(&RULE, &["services", name.as_str()], message).with_help(
            "In production a service should come back by itself. A job that ends can say so: `restart: \"no\"`.",
        );
        let path = Path::of(["services", name.as_str(), "restart"]);
        let intent = Intent::SetKey { path, value: Value::text("unless-stopped") };
        let fix = context.plan(format!("Restart {name} unless it is stopped"), &intent);
        // The other files are for development too.
        finding.fixes.extend(fix.filter(|fix| fix.edits.iter().all(|edit| production::is_file(&edit.file))));
        findings.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{checked_files, codes};

    const BASE: &str = "services:\n  app:\n    image: a:1\n    mem_limit: 1g\n";

    #[test]
    fn only_production_files_must_say_when_to_restart() {
        let both = |name: &str, text: &str| {
            codes(&checked_files(&[("compose.yaml", BASE), (name, text)], &["compose.yaml", name]))
        };
        let tty = "services:\n  app:\n    tty: true\n";
        assert_eq!(both("compose.prod.yaml", tty), ["CY326"]);
        assert_eq!(both("docker-compose.production.yml", tty), ["CY326"]);
        assert!(both("compose.dev.yaml", tty).is_empty());
        assert!(both("compose.prod.yaml", "services:\n  app:\n    restart: always\n").is_empty());
    }

    #[test]
    fn a_job_that_others_wait_for_may_end() {
        let text = "services:\n  app:\n    image: a:1\n    mem_limit: 1g\n    restart: always\n    depends_on:\n      job:\n        condition: service_completed_successfully\n  job:\n    image: b:1\n";
        assert!(codes(&checked_files(&[("prod.yaml", text)], &["prod.yaml"])).is_empty());
    }
}
