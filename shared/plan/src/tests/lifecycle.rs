//! `start`, `stop`, `restart`.

use insta::assert_snapshot;

use super::*;

fn stack() -> Project {
    project(json!({"services": {
        "db": {},
        "app": {"depends_on": {"db": {"condition": "service_healthy", "restart": true, "required": true}}},
        "web": {"depends_on": {"app": {}}},
    }}))
}

fn plan(command: &Command, observed: &Observed) -> String {
    shown(&crate::plan(&stack(), observed, command).unwrap())
}

fn stopped() -> Observed {
    let mut observed = all_running(&stack());
    observed.containers.iter_mut().for_each(|container| container.state = ContainerState::Exited);
    observed
}

#[test]
fn stop_takes_dependents_first() {
    assert_snapshot!(plan(&Command::Stop { services: vec![], grace: None }, &all_running(&stack())), @r"
    1 stop web-1 (a stop was asked for)
    2 stop app-1 after 1 (a stop was asked for)
    3 stop db-1 after 2 (a stop was asked for)
    ");
}

#[test]
fn stop_of_one_service_leaves_the_others() {
    let plan = plan(&Command::Stop { services: vec![name("db")], grace: None }, &all_running(&stack()));
    assert_eq!(plan, "1 stop db-1 (a stop was asked for)");
}

#[test]
fn start_of_one_service_starts_what_it_depends_on_and_waits_for_it() {
    assert_snapshot!(plan(&Command::Start { services: vec![name("app")] }, &stopped()), @r"
    1 start db-1 (it is stopped)
    2 wait db service_healthy after 1 (app depends on it)
    3 start app-1 after 2 (it is stopped)
    ");
}

#[test]
fn restart_takes_along_those_that_ask_for_it() {
    assert_snapshot!(plan(&Command::Restart { services: vec![name("db")], no_deps: false, grace: None }, &all_running(&stack())), @r"
    1 stop db-1 (a restart was asked for)
    2 start db-1 after 1 (a restart was asked for)
    3 stop app-1 after 2 (it restarts with what it depends on)
    4 start app-1 after 3 (it restarts with what it depends on)
    ");
}

#[test]
fn start_without_containers_says_what_to_do() {
    let plan = plan(&Command::Start { services: vec![name("db")] }, &Observed::default());
    assert_eq!(plan, "! Service db has no container to start. Use up to make one.");
}

#[test]
fn restart_without_dependents_leaves_those_that_ask_for_it() {
    let command = Command::Restart { services: vec![name("db")], no_deps: true, grace: Some(1) };
    assert_snapshot!(plan(&command, &all_running(&stack())), @r"
    1 stop db-1 within 1 (a restart was asked for)
    2 start db-1 after 1 (a restart was asked for)
    ");
}
