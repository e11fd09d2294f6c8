//! `run`: one command in a container of its own.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
};

use crate::real::{Stack, docker, has_compose, skipped};

const FILE: &str = "
services:
  db: {image: busybox, command: sleep 600, stop_signal: SIGKILL}
  app:
    image: busybox
    command: [sh, -c, 'echo own $$GREETING; exit 3']
    environment: {GREETING: hello}
    restart: always
    ports: ['80']
    depends_on: [db]
  tool: {image: busybox, command: echo tool, profiles: [tools]}
";

async fn stack(test: &str) -> Stack {
    let stack = Stack::new(test).await;
    stack.write("compose.yaml", FILE);
    stack
}

/// `db running`, sorted, with those of one-off runs.
fn containers(stack: &Stack) -> Vec<String> {
    let label = format!("label=com.docker.compose.project={}", stack.name);
    let format = "{{.Label \"com.docker.compose.service\"}} {{.State}}";
    let mut listed: Vec<String> =
        docker(&["ps", "-a", "--filter", &label, "--format", format]).lines().map(str::to_owned).collect();
    listed.sort();
    listed
}

#[tokio::test(flavor = "multi_thread")]
async fn it_prints_and_ends_as_the_command_does_and_brings_up_what_the_service_depends_on() {
    if skipped() {
        return;
    }
    let stack = stack("run").await;
    let own = stack.command(&["run", "--rm", "app"]).output().unwrap();
    assert_eq!(own.status.code(), Some(3), "{own:?}");
    assert_eq!(String::from_utf8_lossy(&own.stdout), "own hello\n");
    assert_eq!(containers(&stack), ["db running"]);
    let flags = ["run", "--rm", "--no-deps", "-e", "GREETING=$you", "-w", "/tmp", "-u", "7", "app"];
    let script = "echo $GREETING $(pwd) $(id -u); echo wrong >&2";
    let other = stack.command(&[&flags[..], &["sh", "-c", script]].concat()).output().unwrap();
    assert!(other.status.success(), "{other:?}");
    assert_eq!(String::from_utf8_lossy(&other.stdout), "$you /tmp 7\n");
    assert!(String::from_utf8_lossy(&other.stderr).contains("wrong\n"));
    assert_eq!(stack.ours(&["run", "--rm", "tool"]), "tool\n", "its profile comes along");
    let quoted = ["run", "--rm", "--no-deps", "-T", "--entrypoint", "sh -c 'echo \"a  b\" $1' -", "app", "c"];
    assert_eq!(stack.ours(&quoted), "a  b c\n");
    if has_compose() {
        assert_eq!(stack.theirs(&quoted), "a  b c\n");
    }
    let unclosed = stack.command(&["run", "--entrypoint", "sh -c 'open", "tool"]).output().unwrap();
    assert_eq!(unclosed.status.code(), Some(1), "{unclosed:?}");
    let unknown = stack.command(&["run", "nobody"]).output().unwrap();
    assert_eq!(unknown.status.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_piped_in_reaches_the_command_to_its_end() {
    if skipped() {
        return;
    }
    let stack = stack("runpipe").await;
    let mut command = stack.command(&["run", "--rm", "--no-deps", "-T", "app", "wc", "-c"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&[b'x'; 100_000]).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&ended.stdout), "100000\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_takes_longer_than_its_limit_is_stopped_and_leaves_nothing() {
    if skipped() {
        return;
    }
    let stack = stack("runlimit").await;
    let words = ["run", "--rm", "--no-deps", "-T", "--time-limit", "8s", "db", "sleep", "600"];
    let ended = stack.command(&words).output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert!(said.contains("it took longer than 8 s and was cancelled"), "{said}");
    assert_eq!(containers(&stack), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_detached_run_is_beside_the_service_and_goes_with_the_project() {
    if skipped() {
        return;
    }
    let stack = stack("runaside").await;
    stack.ours(&["up", "-d", "db"]);
    let id = stack.ours(&[
        "run",
        "-d",
        "--no-deps",
        "--name",
        &format!("{}-job", stack.name),
        "db",
        "sleep",
        "600",
    ]);
    assert_eq!(
        docker(&["inspect", "--format", "{{.Name}}", id.trim()]).trim(),
        format!("/{}-job", stack.name)
    );
    assert_eq!(containers(&stack), ["db running", "db running"]);
    assert_eq!(stack.ours(&["ps", "-q"]).lines().count(), 1, "ps leaves it out");
    assert_eq!(stack.ours(&["ps", "-a", "-q"]).lines().count(), 2);
    let again = stack.command(&["up", "-d", "db"]).output().unwrap();
    assert!(again.status.success() && again.stderr.is_empty(), "nothing changes for the service: {again:?}");
    stack.ours(&["down", "--remove-orphans", "-t", "0"]);
    assert_eq!(containers(&stack), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_detached_run_that_should_go_is_removed_by_the_engine_when_it_has_ended() {
    if skipped() {
        return;
    }
    let stack = stack("rungo").await;
    let name = format!("{}-job", stack.name);
    let id = stack.ours(&["run", "-d", "--rm", "--no-deps", "--name", &name, "db", "sleep", "600"]);
    assert_eq!(docker(&["inspect", "--format", "{{.HostConfig.AutoRemove}}", id.trim()]).trim(), "true");
    let filters = ["--since", "1m", "--filter", "event=destroy", "--filter", &format!("container={name}")];
    let mut events = Command::new("docker");
    let mut events = events.arg("events").args(filters).stdout(Stdio::piped()).spawn().unwrap();
    docker(&["kill", id.trim()]);
    let mut told = String::new();
    BufReader::new(events.stdout.take().unwrap()).read_line(&mut told).unwrap();
    events.kill().unwrap();
    events.wait().unwrap();
    assert!(told.contains("destroy"), "{told}");
    assert_eq!(containers(&stack), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_name_is_taken_leaves_the_other_one_alone() {
    if skipped() {
        return;
    }
    let stack = stack("runtaken").await;
    let name = format!("{}-job", stack.name);
    stack.ours(&["run", "-d", "--no-deps", "--name", &name, "db", "sleep", "600"]);
    let second = stack.command(&["run", "--rm", "--no-deps", "-T", "--name", &name, "db", "true"]).output();
    assert_eq!(second.unwrap().status.code(), Some(1));
    assert_eq!(containers(&stack), ["db running"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn variables_of_files_reach_the_command_as_the_references() {
    if skipped() || !has_compose() {
        return;
    }
    let stack = stack("runenv").await;
    stack.write("one.env", "GREETING=file\n# no\nA=1\nB='raw $A'\nC\nD=$A-2\nE=$F\n");
    stack.write("two.env", "A=\"3 4\"\nPATH2=$PATH\nG=$A\n");
    let words =
        ["run", "--rm", "--no-deps", "-T", "--env-from-file", "one.env", "--env-from-file", "two.env"];
    for flags in [&[][..], &["-e", "A=flag", "-e", "F=given"]] {
        let words = [&words[..], flags, &["app", "env"]].concat();
        let sorted = |printed: String| {
            let mut lines: Vec<String> = printed.lines().map(str::to_owned).collect();
            lines.retain(|line| !line.starts_with("HOSTNAME="));
            lines.sort();
            lines
        };
        assert_eq!(sorted(stack.ours(&words)), sorted(stack.theirs(&words)), "{words:?}");
    }
    let missing = stack.command(&["run", "--env-from-file", "none.env", "app"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(1), "{missing:?}");
}
