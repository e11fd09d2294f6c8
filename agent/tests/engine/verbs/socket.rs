//! The looking and changing verbs as messages of the page's socket.

use std::time::{Duration, Instant};

use composeyard_plan::ContainerState;
use composeyard_protocol::{FailureKind, Outcome, ServerMessage};
use serde_json::{Value, json};

use super::agent::running;
use crate::real::{docker, skipped};

#[tokio::test(flavor = "multi_thread")]
async fn looking_requests_tell_what_runs() {
    if skipped() {
        return;
    }
    let (stack, agent) = running("wslook").await;
    let mut page = agent.page().await;
    let about = |request: &str, more: Value| {
        let mut message = json!({"request": request, "project": stack.name});
        message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        message
    };
    let (said, outcome) = page.ask(1, about("images", json!({}))).await;
    let [ServerMessage::Images { images, .. }] = &said[..] else { panic!("{said:?} {outcome:?}") };
    assert_eq!((images[0].repository.as_str(), images.len()), ("busybox", 1));

    let (said, outcome) = page.ask(2, about("top", json!({"services": ["app"]}))).await;
    let [ServerMessage::Processes { tables, .. }] = &said[..] else { panic!("{said:?} {outcome:?}") };
    assert_eq!((tables[0].service.as_str(), tables[0].processes.len()), ("app", 1));

    let port = json!({"service": "app", "private_port": 80, "protocol": "tcp"});
    let (said, outcome) = page.ask(3, about("port", port)).await;
    let [ServerMessage::Port { port, .. }] = &said[..] else { panic!("{said:?} {outcome:?}") };
    let published = docker(&["port", &format!("{}-app-1", stack.name), "80"]);
    assert!(published.contains(&format!(":{}", port.host_port)), "{published}");

    let none = json!({"service": "app", "private_port": 81, "protocol": "tcp"});
    let (_, outcome) = page.ask(4, about("port", none)).await;
    assert!(matches!(outcome, Outcome::Failed { failure } if failure.kind == FailureKind::BadRequest));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_at_a_project_of_someone_else_by_its_name() {
    if skipped() {
        return;
    }
    let (stack, agent) = running("wsname").await;
    std::fs::remove_dir_all(agent.project(&stack)).unwrap();
    let save = |name: &str| json!({"request": "save_project", "project": name, "files": {"compose.yaml": "services: {}\n"}, "base": null});
    let mut page = agent.page().await;
    let (_, outcome) = page.ask(1, save(&stack.name)).await;
    let Outcome::Failed { failure } = outcome else { panic!("{outcome:?}") };
    assert_eq!(failure.kind, FailureKind::Denied);
    assert!(failure.message.contains(stack.path().to_str().unwrap()), "{}", failure.message);
    assert!(!agent.project(&stack).exists());
    let (_, outcome) = page.ask(2, save("nobodys-name")).await;
    assert_eq!(outcome, Outcome::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_run_under_the_projects_lock_and_events_tell_of_them() {
    if skipped() {
        return;
    }
    let (stack, agent) = running("wsevents").await;
    let (mut page, mut other) = (agent.page().await, agent.page().await);
    let events = json!({"request": "events", "project": stack.name});
    other.say(&json!({"type": "request", "id": 1, "request": events})).await;
    let command =
        |verb: Value| json!({"request": "run", "project": stack.name, "selection": {}, "command": verb});
    // Until the first one arrives nobody knows that the stream stands.
    let mut id = 0;
    let first = loop {
        id += 1;
        let kill = json!({"verb": "kill", "services": [], "signal": "CONT"});
        let (_, outcome) = page.ask(id, command(kill)).await;
        assert_eq!(outcome, Outcome::Done);
        let soon = Duration::from_millis(300);
        if let Ok(message) = tokio::time::timeout(soon, other.message(1)).await {
            break message;
        }
    };
    let ServerMessage::Event { event, .. } = first else { panic!("{first:?}") };
    assert_eq!((event.action.as_str(), event.service.as_str()), ("kill", "app"));
    let (said, outcome) = page.ask(100, command(json!({"verb": "pause", "services": []}))).await;
    assert_eq!(outcome, Outcome::Done);
    assert!(
        said.iter()
            .any(|message| matches!(message, ServerMessage::Plan { plan, .. } if plan.steps.len() == 1))
    );
    loop {
        let ServerMessage::Event { event, .. } = other.message(1).await else { panic!("no event") };
        if event.action == "pause" {
            break;
        }
    }
    let held = agent.app.jobs.begin(&stack.name.parse().unwrap(), "up").unwrap();
    let (_, outcome) = page.ask(101, command(json!({"verb": "rm", "stop": true}))).await;
    assert!(matches!(outcome, Outcome::Failed { failure } if failure.kind == FailureKind::Busy));
    drop(held);
    other.say(&json!({"type": "cancel", "id": 1})).await;
    let ended = other.message(1).await;
    assert!(matches!(ended, ServerMessage::Finished { outcome: Outcome::Cancelled, .. }), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn small_files_go_in_and_come_out() {
    if skipped() {
        return;
    }
    let (stack, agent) = running("wsfile").await;
    let mut page = agent.page().await;
    let file = |request: &str, path: &str| json!({"request": request, "project": stack.name, "service": "app", "path": path});
    let mut write = file("write_file", "/etc/motd");
    write["mode"] = json!(0o640);
    write["content"] = json!("aGVsbG8K");
    assert_eq!(page.ask(1, write.clone()).await.1, Outcome::Done);
    assert_eq!(stack.ours(&["exec", "-T", "app", "cat", "/etc/motd"]), "hello\n");
    let (said, outcome) = page.ask(2, file("read_file", "/etc/motd")).await;
    let [ServerMessage::File { mode, content, .. }] = &said[..] else { panic!("{said:?} {outcome:?}") };
    assert_eq!((*mode, content.as_str()), (0o640, "aGVsbG8K"));
    let owner = |path: &str| stack.ours(&["exec", "-T", "app", "stat", "-c", "%u:%g", path]);
    assert_eq!(owner("/etc/motd"), "0:0\n");
    stack.ours(&["exec", "-T", "app", "chown", "77:78", "/etc/motd"]);
    assert_eq!(page.ask(50, write.clone()).await.1, Outcome::Done);
    assert_eq!(owner("/etc/motd"), "77:78\n", "whoever could read it still can");

    stack.ours(&[
        "exec",
        "-T",
        "app",
        "sh",
        "-c",
        "head -c 600000 /dev/zero > /large; ln -s /etc/motd /link",
    ]);
    for (id, path) in (3..).zip(["/large", "/etc", "/link", "/none", "..", ""]) {
        let (_, outcome) = page.ask(id, file("read_file", path)).await;
        assert!(matches!(outcome, Outcome::Failed { .. }), "{path}: {outcome:?}");
    }
    for (id, path) in (20..).zip(["motd", "/etc/..", "/", "/none/file"]) {
        let mut write = write.clone();
        write["path"] = json!(path);
        let (_, outcome) = page.ask(id, write).await;
        assert!(matches!(outcome, Outcome::Failed { .. }), "{path}: {outcome:?}");
    }
}

/// Of several changes the quickest counts, so that a busy machine alone does not fail it.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_by_someone_else_is_told_within_a_second() {
    if skipped() {
        return;
    }
    let (stack, agent) = running("wswatch").await;
    let mut page = agent.page().await;
    let watch = json!({"request": "watch", "project": stack.name});
    page.say(&json!({"type": "request", "id": 1, "request": watch})).await;
    page.message(1).await;
    let mut best = Duration::MAX;
    for verb in ["pause", "unpause", "pause", "unpause"] {
        docker(&[verb, &format!("{}-app-1", stack.name)]);
        let done = Instant::now();
        let wanted = if verb == "pause" { ContainerState::Paused } else { ContainerState::Running };
        loop {
            let ServerMessage::State { state, .. } = page.message(1).await else { continue };
            if state.observed.is_some_and(|observed| observed.containers[0].state == wanted) {
                break;
            }
        }
        best = best.min(done.elapsed());
    }
    assert!(best <= Duration::from_secs(1), "{best:?}");
}
