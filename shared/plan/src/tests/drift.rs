//! What differs between the files and what runs.

use super::*;
use crate::{DriftKind, drift};

fn found(project: &Project, observed: &Observed) -> Vec<String> {
    let word = |(service, drift): (String, crate::Drift)| {
        let kind = match drift.kind {
            DriftKind::Changed => "changed",
            DriftKind::Missing => "missing",
            DriftKind::Surplus => "surplus",
            DriftKind::Stopped => "stopped",
        };
        format!("{service} {kind}: {}", drift.reason)
    };
    drift(&up(project, observed)).into_iter().map(word).collect()
}

fn shop() -> Project {
    project(json!({"services": {"web": {"environment": {"PORT": "8000"}}, "db": {}}}))
}

#[test]
fn what_runs_as_the_files_say_does_not_differ() {
    assert!(found(&shop(), &all_running(&shop())).is_empty());
}

#[test]
fn a_service_made_from_another_configuration_has_changed() {
    let after = project(json!({"services": {"web": {"environment": {"PORT": "8001"}}, "db": {}}}));
    let found = found(&after, &all_running(&shop()));
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("web changed: "), "{found:?}");
}

#[test]
fn containers_that_are_missing_too_many_or_stopped_are_told() {
    let mut observed = all_running(&shop());
    observed.containers.retain(|container| container.service != "db");
    observed.containers[0].state = ContainerState::Exited;
    let extra = ObservedContainer {
        id: "surplus".into(),
        number: 2,
        state: ContainerState::Running,
        ..observed.containers[0].clone()
    };
    assert_eq!(found(&shop(), &observed).len(), 2, "{:?}", found(&shop(), &observed));
    observed.containers.push(extra);
    let kinds: Vec<_> =
        found(&shop(), &observed).iter().map(|it| it.split(':').next().unwrap().to_owned()).collect();
    assert_eq!(kinds, ["db missing", "web surplus"]);
}

#[test]
fn a_dependent_that_restarts_with_its_dependency_does_not_differ_itself() {
    let files = |port: &str| {
        project(json!({"services": {
            "web": {"depends_on": {"db": {"condition": "service_started", "restart": true, "required": true}}},
            "db": {"environment": {"PORT": port}},
        }}))
    };
    let found = found(&files("2"), &all_running(&files("1")));
    assert!(found.len() == 1 && found[0].starts_with("db changed"), "{found:?}");
}
