//! CY303: a fixed container name on a service with several containers.

use crate::{Diagnostic, Severity};

use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY303",
    name: "scaled-container-name",
    severity: Severity::Error,
    what: "A service with several containers has a fixed `container_name`.",
    why: "Container names are unique, so only one container can have it. Compose refuses the project.",
    how: "Remove `container_name`; Compose numbers the containers itself.",
    link: "https://docs.docker.com/reference/compose-file/services/#container_name",
    example: "services:\n  app:\n    image: myapp:1.0\n    container_name: app\n    deploy:\n      replicas: 3\n",
    good: "services:\n  app:\n    image: myapp:1.0\n    deploy:\n      replicas: 3\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(project) = context.project() else { return };
    for (name, service) in &project.services {
        let replicas = service.replicas();
        if replicas < 2 || service.container_name.is_empty() {
            continue;
        }
        let steps = ["services", name.as_str(), "container_name"];
        let message = format!(
            "`{name}` has {replicas} containers, but they cannot all be called `{}`",
            service.container_name
        );
        let mut finding = context
            .finding(&RULE, &steps, message)
            .with_help("Without `container_name` Compose numbers them itself.");
        finding.fixes.extend(context.remove_key("Remove the fixed name", &steps));
        findings.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{checked_files, fixed, found};

    #[test]
    fn several_containers_cannot_share_a_name() {
        let text = "services:\n  app:\n    image: a:1\n    container_name: app-one\n    deploy:\n      replicas: 3\n";
        assert_eq!(
            found(text),
            [
                "CY303 services.app.container_name: `app` has 3 containers, but they cannot all be called `app-one`"
            ]
        );
        assert_eq!(fixed(text), "services:\n  app:\n    image: a:1\n    deploy:\n      replicas: 3\n");
    }

    #[test]
    fn one_container_may_have_a_name() {
        assert!(
            found("services:\n  app:\n    image: a:1\n    container_name: app-one\n    scale: 1\n")
                .is_empty()
        );
    }

    #[test]
    fn a_name_that_another_service_takes_over_by_an_anchor_stays() {
        let text = "services:\n  app: &app\n    image: a:1\n    container_name: one\n    scale: 3\n  b:\n    <<: *app\n    scale: 1\n    container_name: two\n";
        let findings = checked_files(&[("compose.yaml", text)], &["compose.yaml"]);
        assert!(findings.iter().any(|finding| finding.code == "CY303"), "{findings:?}");
        assert!(findings.iter().all(|finding| finding.fixes.is_empty()), "{findings:?}");
    }
}
