//! `pause`, `unpause`, `kill`, `rm`, `pull`, `build`.

use std::{
    io::Write,
    process::{Output, Stdio},
};

use crate::real::{Stack, docker, done, has_compose, skipped};

const FILE: &str = "
services:
  app: {image: busybox, command: sleep 600, stop_signal: SIGKILL, scale: 2, volumes: [/data]}
  db: {image: busybox, command: sleep 600, stop_signal: SIGKILL}
";

async fn running(test: &str) -> Stack {
    let stack = Stack::new(test).await;
    stack.write("compose.yaml", FILE);
    stack.ours(&["up", "-d"]);
    stack
}

/// `db-1 paused`, sorted.
fn states(stack: &Stack) -> Vec<String> {
    let label = format!("label=com.docker.compose.project={}", stack.name);
    let listed = docker(&["ps", "-a", "--filter", &label, "--format", "{{.Names}} {{.State}}"]);
    let mut states: Vec<String> =
        listed.lines().map(|line| line.trim_start_matches(&format!("{}-", stack.name)).to_owned()).collect();
    states.sort();
    states
}

/// Name and state of each container, as `ps --format json` tells them.
fn listed(printed: &str) -> Vec<(String, String)> {
    let row = |line: &str| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| row[key].as_str().unwrap().to_owned();
        (text("Name"), text("State"))
    };
    let mut rows: Vec<_> = printed.lines().map(row).collect();
    rows.sort();
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn pause_and_unpause_hold_for_the_named_services_and_may_be_repeated() {
    if skipped() {
        return;
    }
    let stack = running("pause").await;
    stack.ours(&["pause", "app"]);
    assert_eq!(states(&stack), ["app-1 paused", "app-2 paused", "db-1 running"]);
    stack.ours(&["pause"]);
    assert_eq!(states(&stack), ["app-1 paused", "app-2 paused", "db-1 paused"]);
    if has_compose() {
        let format = ["ps", "--format", "json"];
        assert_eq!(listed(&stack.ours(&format)), listed(&stack.theirs(&format)));
    }
    stack.ours(&["unpause"]);
    assert_eq!(states(&stack), ["app-1 running", "app-2 running", "db-1 running"]);
    stack.ours(&["unpause"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_sends_the_signal_that_was_named() {
    if skipped() {
        return;
    }
    let stack = Stack::new("kill").await;
    stack.write(
        "compose.yaml",
        r#"
services:
  app:
    image: busybox
    command: ["sh", "-c", "trap 'exit 42' HUP; touch /ready; while true; do sleep 0.1; done"]
    healthcheck: {test: [CMD, test, -f, /ready], interval: 100ms, retries: 100}
"#,
    );
    stack.ours(&["up", "--wait"]);
    stack.ours(&["kill", "-s", "HUP", "app"]);
    let app = format!("{}-app-1", stack.name);
    assert_eq!(docker(&["wait", &app]).trim(), "42");
    let again = stack.command(&["kill"]).output().unwrap();
    done(&again);
    assert_eq!(String::from_utf8(again.stderr).unwrap(), "no container to kill\n");
    let nonsense = stack.command(&["kill", "-s", "no signal"]).output().unwrap();
    assert!(String::from_utf8(nonsense.stderr).unwrap().contains("is no signal"));
}

fn rm_answering(stack: &Stack, answer: &str) -> Output {
    let mut child = stack.command(&["rm"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(answer.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn rm_asks_and_takes_what_has_ended_and_with_stop_the_rest() {
    if skipped() {
        return;
    }
    let stack = running("rm").await;
    stack.ours(&["kill", "db"]);
    let asked = done(&rm_answering(&stack, "\n"));
    assert_eq!(asked, format!("Going to remove {}-db-1. Remove? [yN] ", stack.name));
    assert_eq!(states(&stack), ["app-1 running", "app-2 running", "db-1 exited"]);
    done(&rm_answering(&stack, "y\n"));
    assert_eq!(states(&stack), ["app-1 running", "app-2 running"]);
    let volumes = || docker(&["volume", "ls", "-q", "--filter", "dangling=true"]);
    let mounts = "{{range .Mounts}}{{.Name}}{{end}}";
    let held = docker(&["inspect", "-f", mounts, &format!("{}-app-1", stack.name)]);
    stack.ours(&["rm", "-f", "-s", "-v"]);
    assert_eq!(states(&stack), [""; 0]);
    assert!(!volumes().contains(held.trim()), "its anonymous volume is gone too");
    let nothing = stack.command(&["rm"]).output().unwrap();
    done(&nothing);
    assert_eq!(String::from_utf8(nothing.stderr).unwrap(), "No stopped containers\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn build_takes_arguments_and_leaves_the_cache_when_told() {
    if skipped() {
        return;
    }
    let stack = Stack::new("build").await;
    stack.write(
        "compose.yaml",
        "services: {app: {build: {context: ., args: {WORD: file}}}, db: {image: busybox}}",
    );
    stack.write(
        "Dockerfile",
        "FROM busybox\nARG WORD\nARG SHELL_WORD=none\nRUN echo $WORD-$SHELL_WORD > /word\n",
    );
    let image = format!("{}-app", stack.name);
    let word = || docker(&["run", "--rm", &image, "cat", "/word"]);
    let id = || docker(&["inspect", "-f", "{{.Id}}", &image]);
    stack.ours(&["build"]);
    assert_eq!(word(), "file-none\n");
    let mut command =
        stack.command(&["build", "-q", "--build-arg", "WORD=line", "--build-arg", "SHELL_WORD"]);
    let quiet = command.env("SHELL_WORD", "shell").output().unwrap();
    done(&quiet);
    assert_eq!(String::from_utf8(quiet.stderr).unwrap(), "");
    assert_eq!(word(), "line-shell\n");
    stack.ours(&["build"]);
    let cached = id();
    stack.ours(&["build", "app"]);
    assert_eq!(id(), cached);
    stack.ours(&["build", "--no-cache", "app"]);
    assert_ne!(id(), cached);
    let nothing = stack.command(&["build", "db"]).output().unwrap();
    done(&nothing);
    assert!(String::from_utf8(nothing.stderr).unwrap().contains("nothing to build"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_that_fails_says_which_image_and_may_be_ignored() {
    if skipped() {
        return;
    }
    let stack = Stack::new("pull").await;
    // Nothing listens there: the engine answers at once.
    let image = "localhost:9/composeyard/none:1";
    stack.write(
        "compose.yaml",
        &format!("services: {{app: {{image: '{image}'}}, db: {{image: busybox, pull_policy: missing}}}}"),
    );
    let failed = stack.command(&["pull", "-q"]).output().unwrap();
    assert_eq!(failed.status.code(), Some(1));
    let said = String::from_utf8(failed.stderr).unwrap();
    assert!(said.contains(image), "{said}");
    assert_eq!(stack.ours(&["pull", "-q", "--ignore-pull-failures"]), "");
    assert_eq!(stack.ours(&["pull", "db"]), "");
}
