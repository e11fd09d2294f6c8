//! `pause`, `unpause`, `kill`, `rm`, `pull`, `build`.

use insta::assert_snapshot;

use super::*;
use crate::{BuildChanges, BuildOptions, PullOptions, PushOptions, RmOptions};

fn stack() -> Project {
    project(json!({"services": {
        "db": {"image": "postgres"},
        "app": {"image": "app", "build": {"context": "."}, "depends_on": {"db": {}}},
        "web": {"image": "postgres", "depends_on": {"app": {}}},
    }}))
}

/// `app` runs, `db` is paused, `web` has ended.
fn mixed() -> Observed {
    let mut observed = all_running(&stack());
    for container in &mut observed.containers {
        container.state = match container.service.as_str() {
            "db" => ContainerState::Paused,
            "web" => ContainerState::Exited,
            _ => ContainerState::Running,
        };
    }
    observed
}

fn plan(command: &Command) -> String {
    shown(&crate::plan(&stack(), &mixed(), command).unwrap())
}

#[test]
fn pause_freezes_what_runs_and_unpause_what_is_frozen() {
    assert_eq!(plan(&Command::Pause { services: vec![] }), "1 pause app-1 (a pause was asked for)");
    assert_eq!(plan(&Command::Unpause { services: vec![] }), "1 unpause db-1 (it is paused)");
    assert_eq!(plan(&Command::Pause { services: vec![name("web")] }), "");
}

#[test]
fn kill_signals_what_is_alive_in_no_order() {
    let signal = "SIGHUP".to_owned();
    assert_snapshot!(plan(&Command::Kill { services: vec![], signal, orphans: false }), @r"
    1 signal app-1 SIGHUP (SIGHUP was asked for)
    2 signal db-1 SIGHUP (SIGHUP was asked for)
    ");
}

#[test]
fn kill_reaches_orphans_only_when_asked_and_no_service_is_named() {
    let mut observed = mixed();
    observed.containers[0].service = "gone".to_owned();
    let killed = |services: Vec<ServiceName>, orphans| {
        let command = Command::Kill { services, signal: "TERM".to_owned(), orphans };
        crate::plan(&stack(), &observed, &command).unwrap().steps.len()
    };
    assert_eq!(killed(vec![], true), killed(vec![], false) + 1);
    assert_eq!(killed(vec![name("db")], true), killed(vec![name("db")], false));
}

#[test]
fn what_is_no_signal_is_refused() {
    for signal in ["", "SIG TERM", "a&b", "RTMIN+3333333333333"] {
        let command = Command::Kill { services: vec![], signal: signal.to_owned(), orphans: false };
        let error = crate::plan(&stack(), &mixed(), &command).unwrap_err();
        assert!(error.0.contains("is no signal"), "{error}");
    }
}

#[test]
fn rm_takes_what_has_ended_and_stops_the_rest_only_when_asked() {
    assert_eq!(plan(&Command::Rm(RmOptions::default())), "1 remove web-1 (its removal was asked for)");
    assert_snapshot!(plan(&Command::Rm(RmOptions { stop: true, volumes: true, ..RmOptions::default() })), @r"
    1 stop app-1 (its removal was asked for)
    2 remove app-1 with its volumes after 1 (its removal was asked for)
    3 stop db-1 (its removal was asked for)
    4 remove db-1 with its volumes after 3 (its removal was asked for)
    5 remove web-1 with its volumes (its removal was asked for)
    ");
}

#[test]
fn pull_fetches_each_image_once_and_may_fail_for_what_is_built() {
    assert_snapshot!(plan(&Command::Pull(PullOptions::default())), @r"
    1 pull image postgres (a pull was asked for)
    2 pull image app if it can be (a pull was asked for)
    ");
    let only_built = PullOptions { services: vec![name("app")], ..PullOptions::default() };
    assert_eq!(
        plan(&Command::Pull(only_built.clone())),
        "1 pull image app if it can be (a pull was asked for)"
    );
    let with_deps =
        PullOptions { include_deps: true, ignore_failures: true, ignore_buildable: true, ..only_built };
    assert_eq!(plan(&Command::Pull(with_deps)), "1 pull image postgres if it can be (a pull was asked for)");
}

#[test]
fn pull_respects_the_policy_of_a_service() {
    let project = project(json!({"services": {
        "a": {"image": "a", "pull_policy": "never"},
        "b": {"image": "b", "pull_policy": "build", "build": {"context": "."}},
        "c": {"image": "c", "pull_policy": "missing"},
        "d": {"image": "d", "pull_policy": "missing"},
        "e": {"image": "e"},
    }}));
    let mut observed = Observed::default();
    for image in ["c", "e"] {
        observed.images.insert(image.to_owned(), Default::default());
    }
    let pull = |options| shown(&crate::plan(&project, &observed, &Command::Pull(options)).unwrap());
    assert_snapshot!(pull(PullOptions::default()), @r"
    1 pull image d (a pull was asked for)
    2 pull image e (a pull was asked for)
    ");
    let only_missing = PullOptions { only_missing: true, ..PullOptions::default() };
    assert_eq!(pull(only_missing), "1 pull image d (a pull was asked for)");
}

#[test]
fn build_carries_what_differs_from_the_files() {
    let changes = BuildChanges { no_cache: true, ..BuildChanges::default() };
    let command = Command::Build(BuildOptions { changes: changes.clone(), ..BuildOptions::default() });
    let plan = crate::plan(&stack(), &mixed(), &command).unwrap();
    let [Step { action: Action::BuildImage { changes: carried, .. }, .. }] = &plan.steps[..] else {
        panic!("{plan:?}")
    };
    assert_eq!(*carried, changes);
}

#[test]
fn a_build_of_nothing_says_so() {
    let services = vec![name("db")];
    let command = Command::Build(BuildOptions { services, ..BuildOptions::default() });
    assert_eq!(plan(&command), "! No service here has a build: there is nothing to build.");
}

fn built() -> Project {
    project(json!({"services": {
        "app": {"image": "app", "build": {"context": ".", "tags": ["app:2"]}, "depends_on": {"lib": {}}},
        "lib": {"image": "lib", "build": {"context": "."}},
        "also": {"image": "app", "build": {"context": "."}},
        "nameless": {"build": {"context": "."}},
        "db": {"image": "postgres"},
    }}))
}

#[test]
fn push_sends_each_name_of_what_is_built_once() {
    let push = |options| crate::plan(&built(), &Observed::default(), &Command::Push(options)).unwrap();
    assert_snapshot!(shown(&push(PushOptions::default())), @r"
    1 push image app (a push was asked for)
    2 push image lib (a push was asked for)
    3 push image app:2 (a push was asked for)
    ! Service nameless: its image has no name of its own, and is not pushed.
    ");
    let some = PushOptions { services: vec![name("app")], ignore_failures: true, ..PushOptions::default() };
    assert_snapshot!(shown(&push(some.clone())), @r"
    1 push image app if it can be (a push was asked for)
    2 push image app:2 if it can be (a push was asked for)
    ");
    assert_eq!(push(PushOptions { include_deps: true, ..some }).steps.len(), 3);
    let none = push(PushOptions { services: vec![name("db")], ..PushOptions::default() });
    assert_eq!(none.warnings, ["No service here has both an image and a build: there is nothing to push."]);
}

#[test]
fn what_is_built_to_be_pushed_is_pushed_once_it_is_built() {
    let services = vec![name("app"), name("nameless")];
    let command = Command::Build(BuildOptions { services, push: true, ..BuildOptions::default() });
    let plan = crate::plan(&built(), &Observed::default(), &command).unwrap();
    assert_snapshot!(shown(&plan), @r"
    1 build image app of app (a build was asked for)
    2 push image app after 1 (a push was asked for)
    3 push image app:2 after 1 (a push was asked for)
    4 build image shop-nameless of nameless (a build was asked for)
    ! Service nameless: its image has no name of its own, and is not pushed.
    ");
}

#[test]
fn nobody_asks_for_a_push_over_the_wire() {
    assert!(serde_json::to_string(&Command::Push(PushOptions::default())).is_err());
    let told = json!({"verb": "build", "push": true, "with_dependencies": true});
    let understood = BuildOptions { with_dependencies: true, ..BuildOptions::default() };
    assert_eq!(serde_json::from_value::<Command>(told).unwrap(), Command::Build(understood));
}
