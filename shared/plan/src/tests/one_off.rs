//! `run`.

use insta::assert_snapshot;

use super::*;
use crate::RunOptions;

fn stack() -> Project {
    project(json!({
        "services": {
            "db": {},
            "app": {"depends_on": {"db": {"condition": "service_healthy"}}, "networks": {"back": null}},
        },
        "networks": {"back": {}},
    }))
}

fn run(observed: &Observed, options: RunOptions) -> Plan {
    let options = RunOptions { name: "shop-app-run-1".to_owned(), ..options };
    crate::plan(&stack(), observed, &Command::Run(options)).unwrap()
}

fn options() -> RunOptions {
    RunOptions { service: name("app"), start: true, ..RunOptions::of(name("app")) }
}

#[test]
fn what_the_service_depends_on_comes_up_and_its_own_containers_stay_as_they_are() {
    let mut observed = all_running(&stack());
    observed.containers.retain(|container| container.service == "app");
    let plan = run(&observed, options());
    assert!(well_formed(&plan));
    assert_snapshot!(shown(&plan), @r"
    1 create db-1 as shop-db-1 (db has no container yet)
    2 create app-1 as shop-app-run-1 after 1 (a command is to be run)
    3 start new db-1 after 1 (it is new)
    4 wait db service_healthy after 1 3 (app depends on it)
    5 start new app-1 after 2 4 (a command is to be run)
    ");
}

#[test]
fn without_dependencies_only_the_container_is_made_and_what_it_needs() {
    let plan = run(&images_only(&stack()), RunOptions { no_deps: true, ..options() });
    assert_snapshot!(shown(&plan), @r"
    1 create network back (network shop_back does not exist)
    2 create app-1 as shop-app-run-1 after 1 (a command is to be run)
    3 start new app-1 after 2 (a command is to be run)
    ");
}

#[test]
fn whoever_attaches_starts_it_when_all_it_waits_for_is_there() {
    let plan = shown(&run(&images_only(&stack()), RunOptions { start: false, ..options() }));
    assert!(plan.contains("wait db service_healthy") && !plan.contains("start new app-1"), "{plan}");
}
