//! `down`.

use insta::assert_snapshot;

use super::*;
use crate::Images;

fn stack() -> Project {
    project(json!({
        "services": {
            "db": {"networks": {"back": null}, "volumes": [{"type": "volume", "source": "data", "target": "/d"}]},
            "app": {"networks": {"back": null}, "depends_on": {"db": {}}},
        },
        "networks": {"back": {}, "proxy": {"name": "proxy", "external": true}},
        "volumes": {"data": {}},
    }))
}

fn down(project: &Project, observed: &Observed, volumes: bool, remove_orphans: bool) -> Plan {
    crate::plan(
        project,
        observed,
        &Command::Down(DownOptions { volumes, remove_orphans, ..DownOptions::default() }),
    )
    .unwrap()
}

fn existing(project: &Project) -> Observed {
    let mut observed = all_running(project);
    observed.networks.retain(|network| network.name != "proxy");
    observed
}

#[test]
fn dependents_go_first_then_networks_and_data_stays() {
    let plan = down(&stack(), &existing(&stack()), false, false);
    assert!(well_formed(&plan));
    assert_snapshot!(shown(&plan), @r"
    1 stop app-1 (the project goes down)
    2 remove app-1 after 1 (the project goes down)
    3 stop db-1 after 2 (the project goes down)
    4 remove db-1 after 3 (the project goes down)
    5 remove network back after 2 4 (the project goes down)
    ");
}

#[test]
fn volumes_go_only_when_asked_and_only_the_projects_own() {
    let mut observed = existing(&stack());
    assert!(shown(&down(&stack(), &observed, true, false)).contains("remove volume data"));
    observed.volumes[0].project = "other".to_owned();
    let plan = down(&stack(), &observed, true, false);
    assert!(!shown(&plan).contains("remove volume"));
    assert_eq!(plan.warnings, ["Volume shop_data stays: this project did not make it."]);
}

#[test]
fn a_network_that_an_orphan_uses_stays_unless_the_orphan_goes_too() {
    let mut observed = existing(&stack());
    observed.containers[0].service = "gone".to_owned();
    let plan = down(&stack(), &observed, false, false);
    assert!(!shown(&plan).contains("remove network"), "{}", shown(&plan));
    assert!(shown(&down(&stack(), &observed, false, true)).contains("remove network back"));
}

#[test]
fn what_stays_is_told_by_its_kind() {
    let mut observed = existing(&stack());
    let kinds = [("run", "app", true), ("old", "gone", false)];
    let others = kinds.map(|(id, service, oneoff)| ObservedContainer {
        id: id.to_owned(),
        name: format!("shop-{id}"),
        service: service.to_owned(),
        oneoff,
        ..Default::default()
    });
    observed.containers.extend(others);
    assert_eq!(
        down(&stack(), &observed, false, false).warnings,
        [
            "Containers of run stay: shop-run. Remove orphans to remove them too.",
            "Containers that the files no longer name stay: shop-old. Remove orphans to remove them too.",
        ]
    );
}

#[test]
fn with_nothing_there_the_plan_is_empty() {
    assert!(down(&stack(), &Observed::default(), true, true).is_empty());
}

#[test]
fn without_files_the_labels_give_the_order() {
    let mut observed = existing(&stack());
    for container in &mut observed.containers {
        container.depends_on = stack().services[&name(&container.service)].depends_on.clone();
    }
    let nothing = project(json!({"services": {}}));
    let plan = down(&nothing, &observed, true, false);
    let steps: Vec<String> = plan.steps.iter().map(|step| what(&plan, step.id)).collect();
    let wanted = ["stop app-1", "remove app-1 with its volumes", "stop db-1", "remove db-1 with its volumes"];
    assert_eq!(steps[..4], wanted);
    assert_eq!(steps[4..], ["remove network back", "remove volume data"]);
}

#[test]
fn a_named_service_goes_with_what_depends_on_it_and_nothing_else() {
    let options =
        |service| DownOptions { services: vec![name(service)], volumes: true, ..Default::default() };
    let down = |service| {
        let plan = crate::plan(&stack(), &existing(&stack()), &Command::Down(options(service))).unwrap();
        shown(&plan)
    };
    assert_snapshot!(down("app"), @r"
    1 stop app-1 (the project goes down)
    2 remove app-1 with its volumes after 1 (the project goes down)
    ! Network shop_back stays: a container that stays uses it.
    ! Volume shop_data stays: a container that stays uses it.
    ");
    assert!(down("db").contains("remove db-1") && down("db").contains("remove app-1"), "{}", down("db"));
    let unknown = crate::plan(&stack(), &existing(&stack()), &Command::Down(options("nope")));
    assert_eq!(unknown.unwrap_err().to_string(), "Service nope does not exist in this project.");
}

#[test]
fn images_go_last_when_they_are_asked_for_and_local_ones_are_those_without_a_name() {
    let project = project(json!({"services": {
        "own": {"build": {"context": "."}},
        "named": {"build": {"context": "."}, "image": "team/app"},
        "twin": {"image": "team/app"},
        "db": {"image": "redis"},
    }}));
    let mut observed = all_running(&project);
    observed.images.remove("redis");
    let removed = |images| {
        let options = DownOptions { images, ..Default::default() };
        let plan = crate::plan(&project, &observed, &Command::Down(options)).unwrap();
        assert!(well_formed(&plan));
        let images = plan.steps.iter().filter(|step| matches!(step.target, Target::Image(_)));
        images.map(|step| (what(&plan, step.id), step.after.len())).collect::<Vec<_>>()
    };
    assert_eq!(removed(None), []);
    assert_eq!(removed(Some(Images::Local)), [("remove image shop-own".to_owned(), 4)]);
    let all = ["remove image team/app", "remove image shop-own"].map(|image| (image.to_owned(), 4));
    assert_eq!(removed(Some(Images::All)), all);
}

#[test]
fn a_time_for_ending_goes_to_every_stop() {
    let options = DownOptions { grace: Some(3), ..Default::default() };
    let plan = crate::plan(&stack(), &existing(&stack()), &Command::Down(options)).unwrap();
    assert!(shown(&plan).contains("stop app-1 within 3"), "{}", shown(&plan));
}
