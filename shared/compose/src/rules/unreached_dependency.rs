//! CY323: a dependency that shares no network with the service that waits for it.

use crate::model::{Condition, MountType, Service};
use crate::{Diagnostic, ServiceName, Severity};

use super::reach::names::{Attached, share_network};
use super::{Context, Rule};

pub(super) static RULE: Rule = Rule {
    code: "CY323",
    name: "unreached-dependency",
    severity: Severity::Hint,
    what: "A service waits for another that it cannot reach: they have no network and no volume in common.",
    why: "Waiting rarely helps when the two cannot talk to each other; mostly one of them forgot to join a network.",
    how: "Let both join one network.",
    link: "https://docs.docker.com/reference/compose-file/networks/",
    example: "services:\n  app:\n    image: myapp:1.0\n    depends_on: [cache]\n    networks: [front]\n  cache:\n    image: redis:7\n    networks: [back]\nnetworks:\n  front:\n  back:\n",
    good: "services:\n  app:\n    image: myapp:1.0\n    depends_on: [cache]\n    networks: [front, back]\n  cache:\n    image: redis:7\n    networks: [back]\nnetworks:\n  front:\n  back:\n",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let (Some(project), Some(reach)) = (context.project(), context.reach()) else { return };
    for (name, service) in &project.services {
        for (dependency, wait) in &service.depends_on {
            let Some(other) = project.services.get(dependency) else { continue };
            let (Attached::Networks(a), Attached::Networks(b)) =
                (reach.names.attached(service), reach.names.attached(other))
            else {
                continue;
            };
            let meets = share_network(a, b) || a.networks.is_empty() || b.networks.is_empty();
            let is_told = || {
                reach.calls.iter().any(|call| {
                    call.name == name
                        && reach.names.service(call.address.host).is_some_and(|(name, _)| name == dependency)
                })
            };
            if meets
                || wait.condition == Condition::ServiceCompletedSuccessfully
                || share_volume(service, other)
                || is_told()
            {
                continue;
            }
            findings.extend(report(context, name, dependency));
        }
    }
}

fn share_volume(a: &Service, b: &Service) -> bool {
    let of = |service: &'_ Service| -> Vec<String> {
        let shared =
            service.volumes.iter().filter(|mount| matches!(mount.kind, MountType::Volume | MountType::Bind));
        shared.map(|mount| mount.source.clone()).filter(|source| !source.is_empty()).collect()
    };
    let other = of(b);
    !a.volumes_from.is_empty()
        || !b.volumes_from.is_empty()
        || of(a).iter().any(|source| other.contains(source))
}

fn report(context: &Context<'_>, name: &ServiceName, dependency: &ServiceName) -> Option<Diagnostic> {
    // Dependencies that follow from `links` and the like stand in no file.
    context.key(&["services", name.as_str(), "depends_on"])?;
    let steps = ["services", name.as_str(), "depends_on", dependency.as_str()];
    let message = format!("`{name}` waits for `{dependency}`, but cannot reach it");
    Some(context.finding(&RULE, &steps, message).with_help(
        "They have no network in common. Services find and reach each other only on a network that both have joined.",
    ))
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    fn two(app: &str, job: &str) -> String {
        format!(
            "services:\n  app:\n    image: a:1\n    {app}\n    networks: [front]\n  job:\n    image: b:1\n    {job}\n    networks: [back]\nnetworks:\n  front:\n  back:\nvolumes:\n  data:\n"
        )
    }

    #[test]
    fn a_dependency_on_another_network_is_pointed_out() {
        let text = two("depends_on: [job]", "volumes: [data:/data]");
        assert_eq!(
            found(&text),
            ["CY323 services.app.depends_on.job: `app` waits for `job`, but cannot reach it"]
        );
    }

    #[test]
    fn one_that_runs_to_its_end_or_shares_a_volume_needs_no_network() {
        let ends = "depends_on: {job: {condition: service_completed_successfully}}";
        assert!(found(&two(ends, "volumes: [data:/data]")).is_empty());
        let shares = "depends_on: [job]\n    volumes: [data:/in]";
        assert!(found(&two(shares, "volumes: [data:/data]")).is_empty());
    }
}
