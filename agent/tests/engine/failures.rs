//! What can go wrong between the agent and the engine, on a fake engine.

use std::time::Duration;

use composeyard::engine::Engine;
use composeyard_compose::{Project, ServiceName, model::Condition};
use composeyard_plan::{
    Action, BuildChanges, Command, ContainerRef, Observed, ObservedImage, Plan, Step, StepId, Target,
    UpOptions, plan,
};
use composeyard_protocol::{EngineState, Failure, FailureKind, Outcome, Progress, StepState};
use serde_json::json;
use tokio::{
    sync::mpsc,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::fake::{Fake, How};

/// Two services, one with a build, on two networks, with a volume.
fn project(folder: &std::path::Path) -> Project {
    std::fs::write(folder.join("Dockerfile"), "FROM scratch\n").unwrap();
    serde_json::from_value(json!({
        "name": "shop",
        "services": {
            "db": {
                "image": "redis:7", "networks": {"back": null},
                "volumes": [{"type": "volume", "source": "data", "target": "/data"}],
            },
            "app": {
                "build": {"context": "."}, "networks": {"back": null, "front": null},
                "depends_on": {"db": {"condition": "service_started", "required": true}},
            },
        },
        "networks": {"back": {"name": "shop_back"}, "front": {"name": "shop_front"}},
        "volumes": {"data": {"name": "shop_data"}},
    }))
    .unwrap()
}

async fn run(
    fake: &Fake,
    project: &Project,
    plan: &Plan,
    folder: &std::path::Path,
) -> (Outcome, Vec<Progress>) {
    let engine = Engine::connect(Some(fake.host()));
    let (sender, mut receiver) = mpsc::channel(4);
    let collect = async {
        let mut progress = Vec::new();
        while let Some(one) = receiver.recv().await {
            progress.push(one);
        }
        progress
    };
    let run = engine.execute(project, folder, plan, sender, CancellationToken::new());
    timeout(Duration::from_secs(20), async { tokio::join!(run, collect) }).await.expect("it never ends")
}

async fn up(fake: &Fake) -> (Outcome, Plan, Vec<Progress>) {
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path());
    let plan = plan(&project, &Observed::default(), &Command::Up(UpOptions::default())).unwrap();
    let (outcome, progress) = run(fake, &project, &plan, folder.path()).await;
    (outcome, plan, progress)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_gives_way_to_one_of_its_name_that_somebody_who_was_killed_had_asked_for() {
    const OTHER: &str = r#"[
        {"Id": "first", "Name": "shop_back", "Labels": {"com.docker.compose.network": "back"}},
        {"Id": "second", "Name": "shop_back", "Labels": {"com.docker.compose.network": "back"}}
    ]"#;
    let fake = Fake::speaking("1.41");
    fake.answer("POST /networks/create", How::Say(r#"{"Id": "second", "Warning": ""}"#));
    fake.answer("GET /networks?", How::Say(OTHER));
    up(&fake).await;
    let removed: Vec<String> = fake
        .changes()
        .into_iter()
        .filter(|line| line.starts_with("DELETE") && line.contains("/networks/"))
        .collect();
    assert_eq!(removed, ["DELETE /networks/second"]);
}

fn failure(outcome: Outcome) -> Failure {
    match outcome {
        Outcome::Failed { failure } => failure,
        other => panic!("{other:?}"),
    }
}

/// Each call of an `up`, and the step that a failure of it must name.
const CALLS: [(&str, &str); 8] = [
    ("/images/create", "pull image redis:7: "),
    ("/build", "build image shop-app: "),
    ("/networks/create", "create network "),
    ("/volumes/create", "create volume data: "),
    ("/images/redis", "create db-1: "),
    ("/containers/create?name=shop-db-1", "create db-1: "),
    ("/connect", "create app-1: "),
    ("/start", "start db-1: "),
];

#[tokio::test(flavor = "multi_thread")]
async fn an_obliging_engine_gets_every_step_done() {
    let fake = Fake::speaking("1.41");
    let (outcome, plan, progress) = up(&fake).await;
    assert_eq!(outcome, Outcome::Done);
    let done = progress.iter().filter(|one| matches!(one.state, StepState::Done { .. })).count();
    assert_eq!(done, plan.steps.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_of_any_call_names_the_step_and_gives_the_engines_words() {
    for (call, step) in CALLS {
        let fake = Fake::speaking("1.41");
        fake.answer(call, How::Refuse(500, "the disk is on fire"));
        let (outcome, plan, progress) = up(&fake).await;
        let failure = failure(outcome);
        assert!(failure.message.starts_with(step), "{call}: {failure:?}");
        assert!(failure.message.ends_with("the disk is on fire"), "{call}: {failure:?}");
        assert_eq!(failure.kind, FailureKind::Engine, "{call}");
        for step in &plan.steps {
            let ended =
                |one: &&Progress| one.step == step.id && !matches!(one.state, StepState::Running { .. });
            assert_eq!(progress.iter().filter(ended).count(), 1, "{call}: step {} ends once", step.id.0);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_answers_are_errors_that_name_the_step() {
    for how in [How::Cut, How::Say("{\"Id\": 7"), How::Say("<html>"), How::Say("")] {
        let fake = Fake::speaking("1.41");
        fake.answer("/containers/create", how.clone());
        let (outcome, _, _) = up(&fake).await;
        let failure = failure(outcome);
        assert!(failure.message.starts_with("create db-1: "), "{how:?}: {failure:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_leaves_what_does_not_depend_on_it() {
    let fake = Fake::speaking("1.41");
    fake.answer("/networks/create", How::Refuse(500, "no")).answer("name=shop_front", How::Refuse(500, "no"));
    let (outcome, _, _) = up(&fake).await;
    failure(outcome);
    let changes = fake.changes();
    assert!(changes.iter().any(|call| call.contains("/volumes/create")), "{changes:?}");
    assert!(!changes.iter().any(|call| call.contains("/containers/create")), "{changes:?}");
}

/// A row of two: the second waits until the first is healthy.
fn row(folder: &std::path::Path) -> (Project, Plan) {
    let mut project = project(folder);
    for service in project.services.values_mut() {
        for dependency in std::sync::Arc::make_mut(service).depends_on.values_mut() {
            dependency.condition = Condition::ServiceHealthy;
        }
    }
    let plan = plan(&project, &Observed::default(), &Command::Up(UpOptions::default())).unwrap();
    (project, plan)
}

fn makes_app(fake: &Fake) -> bool {
    fake.changes().iter().any(|call| call.contains("/containers/create?name=shop-app-1"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_health_is_not_made_while_the_first_start_is_under_way() {
    let fake = Fake::speaking("1.41");
    fake.answer("/start", How::Hang);
    let folder = tempfile::tempdir().unwrap();
    let (project, plan) = row(folder.path());
    let engine = Engine::connect(Some(fake.host()));
    let (sender, mut receiver) = mpsc::channel(4);
    let run = engine.execute(&project, folder.path(), &plan, sender, CancellationToken::new());
    let read = async { while receiver.recv().await.is_some() {} };
    let begun = async {
        while !fake.changes().iter().any(|call| call.contains("/start")) {
            sleep(Duration::from_millis(20)).await;
        }
        // What is made beside the start would be made at once.
        sleep(Duration::from_millis(300)).await;
    };
    tokio::select! {
        ended = async { tokio::join!(run, read) } => panic!("a start that does not end is waited for: {ended:?}"),
        begun = timeout(Duration::from_secs(20), begun) => begun.unwrap(),
    }
    assert!(!makes_app(&fake), "{:?}", fake.changes());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_health_is_made_though_nothing_gets_healthy_as_the_reference_leaves_it() {
    for (start, words) in [
        (How::Refuse(500, "the disk is on fire"), "start db-1: "),
        // The engine lists no container, of which none gets healthy.
        (How::Say(""), "wait for db: "),
    ] {
        let fake = Fake::speaking("1.41");
        fake.answer("/start", start);
        let folder = tempfile::tempdir().unwrap();
        let (project, plan) = row(folder.path());
        let (outcome, progress) = run(&fake, &project, &plan, folder.path()).await;
        let failure = failure(outcome);
        assert!(failure.message.starts_with(words), "{failure:?}");
        assert!(makes_app(&fake), "{words}: {:?}", fake.changes());
        let last = plan.steps.last().unwrap().id;
        let skipped = Progress { step: last, state: StepState::Skipped };
        assert!(progress.contains(&skipped), "what follows is not begun: {progress:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_half_made_is_removed_again() {
    let fake = Fake::speaking("1.41");
    fake.answer("/connect", How::Refuse(403, "address in use"));
    let (outcome, _, _) = up(&fake).await;
    failure(outcome);
    let deleted = fake
        .changes()
        .into_iter()
        .filter(|call| call.starts_with("DELETE ") && call.contains("/containers/"));
    assert_eq!(deleted.count(), 1);
}

fn one_step(action: Action) -> Plan {
    let target = Target::Container { service: "db".to_owned(), number: 1 };
    let step =
        Step { id: StepId(1), after: vec![], target, action, reason: String::new(), group: String::new() };
    Plan { steps: vec![step], warnings: vec![] }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_with_an_invalid_name_ever_reaches_the_engine() {
    let bad =
        ["../../version", "%2e%2e/%2e%2e/version", "a/../../images/json", "..", "a b", "a\0", "", "é", "a?b"];
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path());
    let db = ServiceName::new("db").unwrap();
    for bad in bad.map(str::to_owned).into_iter().chain(["x".repeat(10_000)]) {
        let container = ContainerRef::Existing(bad.clone());
        for action in [
            Action::StartContainer { container: container.clone() },
            Action::StopContainer { container: container.clone(), grace: None },
            Action::RemoveContainer { container: container.clone(), volumes: true },
            Action::RenameContainer { container: container.clone(), name: "fine".to_owned() },
            Action::RenameContainer {
                container: ContainerRef::Existing("fine".to_owned()),
                name: bad.clone(),
            },
            Action::DisconnectNetwork { container: container.clone(), network: "fine".to_owned() },
            Action::DisconnectNetwork {
                container: ContainerRef::Existing("fine".to_owned()),
                network: bad.clone(),
            },
            Action::ConnectNetwork { container, service: db.clone(), key: "back".to_owned() },
            Action::RemoveNetwork { id: bad.clone(), name: bad.clone() },
            Action::RemoveVolume { name: bad.clone() },
            Action::RemoveImage { image: bad.clone() },
            Action::PullImage { image: bad.clone(), optional: false },
            Action::BuildImage {
                service: ServiceName::new("app").unwrap(),
                image: bad.clone(),
                changes: BuildChanges::default(),
            },
            Action::PauseContainer { container: ContainerRef::Existing(bad.clone()) },
            Action::UnpauseContainer { container: ContainerRef::Existing(bad.clone()) },
            Action::KillContainer {
                container: ContainerRef::Existing(bad.clone()),
                signal: "SIGKILL".to_owned(),
            },
            Action::CreateContainer {
                service: db.clone(),
                number: 1,
                name: bad.clone(),
                replaces: None,
                renew_volumes: false,
                one_off: None,
                unless_image: None,
            },
        ] {
            let fake = Fake::speaking("1.41");
            let (outcome, _) = run(&fake, &project, &one_step(action.clone()), folder.path()).await;
            assert_eq!(failure(outcome).kind, FailureKind::BadRequest, "{action:?}");
            assert_eq!(fake.changes(), Vec::<String>::new(), "{action:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_already_so_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path());
    let gone = ContainerRef::Existing("gone".to_owned());
    for (call, how, action) in [
        ("/stop", How::Refuse(304, ""), Action::StopContainer { container: gone.clone(), grace: None }),
        (
            "/stop",
            How::Refuse(404, "no such container"),
            Action::StopContainer { container: gone.clone(), grace: None },
        ),
        ("/start", How::Refuse(304, ""), Action::StartContainer { container: gone.clone() }),
        (
            "DELETE",
            How::Refuse(404, "no such container"),
            Action::RemoveContainer { container: gone, volumes: false },
        ),
        (
            "DELETE",
            How::Refuse(404, "no such network"),
            Action::RemoveNetwork { id: "n".into(), name: "n".into() },
        ),
        (
            "DELETE",
            How::Refuse(403, "active endpoints"),
            Action::RemoveNetwork { id: "n".into(), name: "n".into() },
        ),
        ("DELETE", How::Refuse(404, "no such volume"), Action::RemoveVolume { name: "v".into() }),
        ("/networks/create", How::Refuse(409, "exists"), Action::CreateNetwork { key: "back".into() }),
    ] {
        let fake = Fake::speaking("1.41");
        fake.answer(call, how);
        let (outcome, _) = run(&fake, &project, &one_step(action.clone()), folder.path()).await;
        assert_eq!(outcome, Outcome::Done, "{action:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_version_both_speak_is_agreed_on() {
    for (theirs, used) in [("1.41", "1.41"), ("1.30", "1.30"), ("1.99", "1.53")] {
        // A ping tells it; some engines, and what stands between, leave that out.
        for silent in [false, true] {
            let fake = Fake::speaking(theirs);
            if silent {
                fake.answer("/_ping", How::Say("OK"));
            }
            let engine = Engine::connect(Some(fake.host()));
            engine.ready().await.unwrap();
            let state = engine.state().borrow().clone();
            assert_eq!(
                state,
                EngineState::Up { name: "Docker".into(), version: "0.0-fake".into(), api: used.into() },
                "{theirs}"
            );
            let asked = fake.calls().iter().any(|call| call.line.contains("/version"));
            assert_eq!(asked, silent, "the long way is for engines that need it");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_is_too_old_is_refused_with_what_to_do() {
    let fake = Fake::speaking("1.24");
    let (outcome, _, _) = up(&fake).await;
    let failure = failure(outcome);
    assert_eq!(failure.kind, FailureKind::NoEngine);
    assert!(failure.message.contains("only speaks API 1.24"), "{failure:?}");
    assert!(failure.help.is_some_and(|help| help.contains("17.05")));
}

#[tokio::test(flavor = "multi_thread")]
async fn below_1_44_further_networks_are_joined_one_by_one() {
    for (api, at_once, joined) in [("1.43", 1, 1), ("1.44", 2, 0)] {
        let fake = Fake::speaking(api);
        up(&fake).await;
        let calls = fake.calls();
        let app = calls.iter().find(|call| call.line.contains("/containers/create?name=shop-app-1")).unwrap();
        let endpoints = app.body["NetworkingConfig"]["EndpointsConfig"].as_object().unwrap();
        assert_eq!(endpoints.len(), at_once, "{api}");
        assert_eq!(calls.iter().filter(|call| call.line.contains("/connect")).count(), joined, "{api}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_never_answers_is_given_up_on_and_explained() {
    let fake = Fake::speaking("1.41");
    fake.answer("/_ping", How::Hang);
    let engine = Engine::connect(Some(fake.host()));
    let error =
        timeout(Duration::from_secs(10), engine.ready()).await.expect("it never gives up").unwrap_err();
    assert!(error.to_string().contains("does not answer in time"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_reconnects_by_itself_and_watchers_see_the_gap() {
    let mut fake = Fake::speaking("1.41");
    let engine = Engine::connect(Some(fake.host()));
    let mut state = engine.state();
    let up = |state: &EngineState| matches!(state, EngineState::Up { .. });
    let patience = Duration::from_secs(15);
    timeout(patience, state.wait_for(up)).await.unwrap().unwrap();
    let mut watched = engine.watch_project(composeyard_compose::ProjectName::new("shop").unwrap());
    timeout(patience, watched.wait_for(Option::is_some)).await.unwrap().unwrap();

    fake.stop();
    timeout(patience, state.wait_for(|state| !up(state))).await.unwrap().unwrap();
    timeout(patience, watched.wait_for(Option::is_none)).await.unwrap().unwrap();
    assert!(engine.docker().is_err());

    fake.start();
    timeout(patience, state.wait_for(up)).await.unwrap().unwrap();
    timeout(patience, watched.wait_for(Option::is_some)).await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn watchers_of_an_engine_that_falls_silent_see_the_gap() {
    let fake = Fake::speaking("1.41");
    let engine = Engine::connect(Some(fake.host()));
    let mut watched = engine.watch_project(composeyard_compose::ProjectName::new("shop").unwrap());
    let patience = Duration::from_secs(60);
    timeout(patience, watched.wait_for(Option::is_some)).await.unwrap().unwrap();

    // Its connections stay open, the event stream of the watcher among them; only pings get no answer any more.
    fake.answer("/_ping", How::Hang);
    timeout(patience, watched.wait_for(Option::is_none)).await.unwrap().unwrap();
    let reason = engine.docker().unwrap_err().to_string();
    assert!(reason.contains("does not answer in time"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_labels_and_names_from_the_engine_stay_text() {
    let fake = Fake::speaking("1.41");
    fake.answer("/containers/json", How::Say(r#"[{"Id": "../../version", "Names": ["/x"], "Labels": {}}]"#));
    let engine = Engine::connect(Some(fake.host()));
    let name = composeyard_compose::ProjectName::new("shop").unwrap();
    assert!(engine.observe(&name, None).await.is_err(), "an id that is none is refused");
    assert!(!fake.calls().iter().any(|call| call.line.contains("version/json")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_that_exists_is_not_pulled() {
    let fake = Fake::speaking("1.41");
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path());
    let image = ObservedImage { id: "sha256:1".to_owned(), ..Default::default() };
    let images = [("redis:7".to_owned(), image.clone()), ("shop-app".to_owned(), image)];
    let observed = Observed { images: images.into(), ..Default::default() };
    let plan = plan(&project, &observed, &Command::Up(UpOptions::default())).unwrap();
    let (outcome, _) = run(&fake, &project, &plan, folder.path()).await;
    assert_eq!(outcome, Outcome::Done);
    let changes = fake.changes();
    assert!(
        !changes.iter().any(|call| call.contains("/images/create") || call.contains("/build")),
        "{changes:?}"
    );
}
