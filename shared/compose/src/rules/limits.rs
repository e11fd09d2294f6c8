//! CY327: a service of a production file that may use the whole machine.

use crate::model::Service;
use crate::{Diagnostic, Severity};

use super::{Context, Rule, production};

pub(super) static RULE: Rule = Rule {
    code: "CY327",
    name: "no-limits",
    severity: Severity::Hint,
    what: "A service of a production file has no limit on its memory.",
    why: "A leak or a rush of requests in one service then takes the memory of all others, and of the machine.",
    how: "Set `deploy.resources.limits.memory`, or `mem_limit`.",
    link: "https://docs.docker.com/reference/compose-file/deploy/#resources",
    example: "# file: compose.prod.yaml\nservices:\n  app:\n    image: myapp:1.0\n    restart: always\n",
    good: "# file: compose.prod.yaml\nservices:\n  app:\n    image: myapp:1.0\n    restart: always\n    deploy:\n      resources:\n        limits:\n          memory: 256M\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for name in production::services(context) {
        let service = context.project().and_then(|project| project.services.get(name));
        if service.is_some_and(|service| !is_limited(service)) {
            let message = format!("`{name}` may use all memory of the machine");
            findings.push(context.finding(&RULE, &["services", name.as_str()], message).with_help(
                "Measure what it needs, add a reserve, and set `deploy.resources.limits.memory`.",
            ));
        }
    }
}

fn is_limited(service: &Service) -> bool {
    let limits = service.deploy.as_ref().and_then(|deploy| deploy.resources.limits.as_ref());
    service.mem_limit.0 != 0 || limits.is_some_and(|limits| limits.memory.0 != 0)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{checked_files, codes};

    #[test]
    fn a_limit_in_either_form_is_enough() {
        let prod = |lines: &str| {
            let text = format!("services:\n  app:\n    image: a:1\n    restart: always\n    {lines}\n");
            codes(&checked_files(&[("compose.prod.yaml", &text)], &["compose.prod.yaml"]))
        };
        assert_eq!(prod("cpus: 1"), ["CY327"]);
        assert!(prod("mem_limit: 1g").is_empty());
        assert!(prod("deploy: {resources: {limits: {memory: 1G}}}").is_empty());
    }
}
