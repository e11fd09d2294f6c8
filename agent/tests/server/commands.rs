//! Commands: consent, the project's lock, what is shown is what runs, and what must never reach the engine.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::Uri;
use composeyard_plan::{Command, DownOptions, Downloads, UpOptions};
use composeyard_protocol::{FailureKind, Outcome, Request, Selection, ServerMessage};
use tokio::net::TcpListener;

use crate::support::agent::TestAgent;
use crate::support::page::failure;

const PLAIN: &str = "services:\n  app:\n    image: nginx:1.27-alpine\n";
const PRIVILEGED: &str =
    "services:\n  app:\n    image: nginx:1.27-alpine\n    privileged: true\n    volumes: [/etc:/host]\n";

fn up(consent: &[&str]) -> Request {
    Request::Run {
        project: "demo".parse().unwrap(),
        selection: Selection::default(),
        command: Command::Up(UpOptions::default()),
        shown: None,
        consent: consent.iter().map(|key| (*key).to_owned()).collect(),
    }
}

fn scale(count: u32) -> Request {
    Request::Scale {
        project: "demo".parse().unwrap(),
        selection: Selection::default(),
        scale: BTreeMap::from([("app".parse().unwrap(), count)]),
        consent: Vec::new(),
    }
}

fn grants(said: &[ServerMessage]) -> Vec<String> {
    let grants = said.iter().find_map(|message| match message {
        ServerMessage::Consent { grants, .. } => Some(grants),
        _ => None,
    });
    grants.into_iter().flatten().map(|grant| grant.key.clone()).collect()
}

#[tokio::test]
async fn power_over_the_host_needs_a_consent_that_names_each_grant() {
    let agent = TestAgent::start().await;
    agent.put("demo", "compose.yaml", PRIVILEGED);
    let mut page = agent.page().await;
    let (said, outcome) = page.ask(1, up(&[])).await;
    let denied = failure(outcome, FailureKind::Denied);
    assert_eq!(grants(&said), ["app: bind /etc", "app: privileged"]);
    assert!(denied.message.contains("app: privileged"), "{}", denied.message);
    let (said, outcome) = page.ask(2, up(&["app: privileged"])).await;
    failure(outcome, FailureKind::Denied);
    assert_eq!(grants(&said), ["app: bind /etc"], "one consent is not all");
    assert_eq!(agent.engine.calls(), [""; 0]);
}

#[tokio::test]
async fn lab_mode_denies_what_others_may_consent_to() {
    let agent = TestAgent::start_lab().await;
    agent.put("demo", "compose.yaml", PRIVILEGED);
    let mut page = agent.page().await;
    let (said, outcome) = page.ask(1, up(&["app: bind /etc", "app: privileged"])).await;
    failure(outcome, FailureKind::Denied);
    assert!(grants(&said).is_empty(), "there is nothing to agree to");
    assert_eq!(agent.engine.calls(), [""; 0]);
}

#[tokio::test]
async fn a_link_in_the_project_does_not_hide_what_is_outside() {
    let agent = TestAgent::start().await;
    agent.put("demo", "compose.yaml", "services:\n  app:\n    image: nginx\n    volumes: ['./data:/data']\n");
    std::os::unix::fs::symlink("/etc", agent.projects().join("demo/data")).unwrap();
    let (said, outcome) = agent.page().await.ask(1, up(&[])).await;
    failure(outcome, FailureKind::Denied);
    assert_eq!(grants(&said).len(), 1, "{said:?}");
}

#[tokio::test]
async fn files_outside_the_project_are_not_read() {
    let agent = TestAgent::start().await;
    std::fs::write(agent.projects().join("secret.env"), "KEY=stolen\n").unwrap();
    let files = [
        "services:\n  app:\n    image: x\n    env_file: ../secret.env\n",
        "include: [../other.yaml]\nservices: {app: {image: x}}\n",
        "services:\n  app:\n    extends: {file: ../other.yaml, service: app}\n",
    ];
    let mut page = agent.page().await;
    for (id, text) in (1..).zip(files) {
        agent.put("demo", "compose.yaml", text);
        let (said, outcome) = page.ask(id, up(&[])).await;
        failure(outcome, FailureKind::Project);
        assert!(!format!("{said:?}").contains("stolen"));
    }
    assert_eq!(agent.engine.calls(), [""; 0]);
}

#[tokio::test]
async fn a_selection_outside_the_project_is_refused() {
    let agent = TestAgent::start().await;
    agent.put("demo", "compose.yaml", PLAIN);
    let mut page = agent.page().await;
    for (id, file) in (1..).zip(["../x.yaml", "/etc/passwd", "~/x", ""]) {
        let selection = Selection { files: vec![file.to_owned()], profiles: Vec::new() };
        let (_, outcome) = page.ask(id, Request::up("demo".parse().unwrap(), selection)).await;
        failure(outcome, FailureKind::BadRequest);
    }
    assert_eq!(agent.engine.calls(), [""; 0]);
}

#[tokio::test]
async fn the_agents_own_environment_is_not_read_into_a_project() {
    let agent = TestAgent::start().await;
    // Cargo sets it for every test, so the agent's process has it.
    agent.put(
        "demo",
        "compose.yaml",
        "services:\n  app:\n    image: x\n    container_name: ${CARGO_MANIFEST_DIR:?is not set}\n",
    );
    let (_, outcome) = agent.page().await.ask(1, up(&[])).await;
    let failure = failure(outcome, FailureKind::Project);
    assert!(failure.message.contains("is not set"), "{}", failure.message);
}

#[tokio::test]
async fn a_project_that_does_not_load_says_where() {
    let agent = TestAgent::start().await;
    agent.put("demo", "compose.yaml", "services:\n  app:\n    image: [x\n");
    let (_, outcome) = agent.page().await.ask(1, up(&[])).await;
    let failure = failure(outcome, FailureKind::Project);
    assert!(failure.message.contains("compose.yaml:"), "{}", failure.message);
    assert_eq!(agent.engine.calls(), [""; 0]);
}

#[tokio::test]
async fn a_hundred_thousand_containers_are_refused() {
    let agent = TestAgent::start().await;
    agent.put("demo", "compose.yaml", PLAIN);
    let mut page = agent.page().await;
    failure(page.ask(1, scale(100_000)).await.1, FailureKind::BadRequest);
    let (said, outcome) = page.ask(2, scale(100)).await;
    failure(outcome, FailureKind::Denied);
    assert_eq!(grants(&said), ["app: 100 containers"]);
    assert_eq!(agent.engine.calls(), [""; 0]);
}

#[tokio::test]
async fn a_project_in_use_tells_who_uses_it() {
    let agent = TestAgent::start().await;
    agent.put("demo", "compose.yaml", PLAIN);
    let _hold = agent.app.jobs.begin(&"demo".parse().unwrap(), "up").unwrap();
    let (_, outcome) = agent.page().await.ask(1, up(&[])).await;
    let busy = failure(outcome, FailureKind::Busy);
    assert!(busy.message.contains("up is running on demo"), "{}", busy.message);
    assert_eq!(agent.engine.calls(), [""; 0]);
}

#[tokio::test]
async fn a_watched_project_shows_who_is_working_on_it() {
    let agent = TestAgent::start().await;
    agent.put("demo", "compose.yaml", PLAIN);
    let mut page = agent.page().await;
    page.start(1, Request::Watch { project: "demo".parse().unwrap() }).await;
    let hold = agent.app.jobs.begin(&"demo".parse().unwrap(), "up").unwrap();
    wait_for_busy(&mut page, Some("up")).await;
    drop(hold);
    wait_for_busy(&mut page, None).await;
}

async fn wait_for_busy(page: &mut crate::support::page::Page, wanted: Option<&str>) {
    loop {
        if let ServerMessage::State { state, .. } = page.message().await
            && state.busy.as_deref() == wanted
        {
            return;
        }
    }
}

/// A registry in which every image has 42 bytes; what it was asked.
async fn registry() -> (String, Arc<Mutex<Vec<String>>>) {
    const IMAGE: &str =
        r#"{"config":{"digest":"sha256:c","size":2},"layers":[{"digest":"sha256:l","size":40}]}"#;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let note = Arc::clone(&asked);
    let answer = move |uri: Uri| async move {
        note.lock().unwrap().push(uri.to_string());
        IMAGE
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await.unwrap() });
    (host, asked)
}

#[tokio::test]
async fn the_size_of_what_a_plan_pulls_is_told_for_the_projects_own_images_only() {
    let (agent, (host, asked)) = (TestAgent::start().await, registry().await);
    let image = |name: &str| format!("{host}/{name}");
    agent.put("demo", "compose.yaml", &format!("services: {{a: {{image: '{}'}}}}", image("ours")));
    let mut page = agent.page().await;
    let (project, selection) = ("demo".parse().unwrap(), Selection::default());
    let images = vec![image("ours"), image("theirs"), "169.254.169.254/latest".to_owned()];
    let (said, outcome) = page.ask(1, Request::Downloads { project, selection, images }).await;
    assert_eq!(outcome, Outcome::Done);
    let [ServerMessage::Downloads { sizes, .. }] = &said[..] else { panic!("{said:?}") };
    assert_eq!(*sizes, Downloads { images: [(image("ours"), 42)].into(), together: 42 });
    assert_eq!(*asked.lock().unwrap(), ["/v2/ours/manifests/latest"]);
}

#[tokio::test]
async fn a_plan_does_not_wait_for_the_sizes_and_asks_no_registry() {
    let (agent, (host, asked)) = (TestAgent::start().await, registry().await);
    agent.put("demo", "compose.yaml", &format!("services: {{a: {{image: '{host}/ours'}}}}"));
    let Request::Run { project, selection, command, .. } = up(&[]) else { unreachable!() };
    let (said, outcome) = agent.page().await.ask(1, Request::Plan { project, selection, command }).await;
    assert_eq!(outcome, Outcome::Done);
    assert!(matches!(&said[..], [ServerMessage::Plan { plan, .. }] if plan.pulled().len() == 1), "{said:?}");
    assert_eq!(*asked.lock().unwrap(), [""; 0]);
}

#[tokio::test]
async fn a_plan_that_is_no_longer_the_one_shown_is_not_run() {
    let agent = TestAgent::start().await;
    agent.put("demo", "compose.yaml", PLAIN);
    let Request::Run { project, selection, command, .. } = up(&[]) else { unreachable!() };
    let request =
        Request::Run { project, selection, command, shown: Some("old".to_owned()), consent: Vec::new() };
    let (said, outcome) = agent.page().await.ask(1, request).await;
    assert_eq!(outcome, Outcome::PlanChanged);
    assert!(said.iter().any(|message| matches!(message, ServerMessage::Plan { .. })), "{said:?}");
    let changes: Vec<String> =
        agent.engine.calls().into_iter().filter(|call| !call.starts_with("GET")).collect();
    assert_eq!(changes, [""; 0]);
}

#[tokio::test]
async fn a_project_of_others_on_the_same_engine_is_not_touched() {
    let agent = TestAgent::start().await;
    let mut page = agent.page().await;
    let project = || "theirs".parse().unwrap();
    let commands = [
        Command::Down(DownOptions { volumes: true, remove_orphans: true, ..DownOptions::default() }),
        Command::Stop { services: Vec::new(), grace: None },
        Command::Start { services: Vec::new() },
        Command::Restart { services: Vec::new(), no_deps: false, grace: None },
        Command::Up(UpOptions::default()),
    ];
    for (id, command) in (1..).zip(commands) {
        let (selection, shown, consent) = (Selection::default(), None, Vec::new());
        let request = Request::Run { project: project(), selection, command, shown, consent };
        failure(page.ask(id, request).await.1, FailureKind::BadRequest);
    }
    page.start(20, Request::Watch { project: project() }).await;
    let (services, cursors) = (Vec::new(), Vec::new());
    page.start(21, Request::FollowLogs { project: project(), services, tail: None, cursors }).await;
    // Answered after both: they have begun, and wait for a project of that name.
    page.ask_raw(22, serde_json::json!({"request": "open_project", "project": "theirs"})).await;
    assert_eq!(agent.engine.calls(), [""; 0]);
}
