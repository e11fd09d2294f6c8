//! `logs`: its flags beside those of `docker compose`.

use std::{
    io::{BufRead, BufReader},
    process::Stdio,
};

use crate::real::{Stack, docker, has_compose, skipped};

/// Lines of one container are in order; which container comes first is chance.
fn sorted(printed: &str) -> Vec<String> {
    // The reference makes its prefix wider as containers appear.
    let narrow = |line: &str| line.split("  | ").map(str::trim_end).collect::<Vec<_>>().join(" | ");
    let mut lines: Vec<String> = printed.lines().map(|line| narrow(&line.replace(" | ", "  | "))).collect();
    lines.sort();
    lines
}

#[tokio::test(flavor = "multi_thread")]
async fn the_flags_choose_the_same_lines_as_the_references() {
    if skipped() || !has_compose() {
        return;
    }
    let stack = Stack::new("logs").await;
    stack.write(
        "compose.yaml",
        "
services:
  app: {image: busybox, command: sh -c 'echo one; sleep 1.2; echo two >&2; sleep 0.2; echo three', scale: 2}
  longer: {image: busybox, command: echo uno}
",
    );
    stack.ours(&["up", "-d"]);
    for container in ["app-1", "app-2", "longer-1"] {
        docker(&["wait", &format!("{}-{container}", stack.name)]);
    }
    for words in [
        &["logs"][..],
        &["logs", "--tail", "1"],
        &["logs", "-n", "all", "longer"],
        &["logs", "-t"],
        &["logs", "--no-log-prefix"],
        &["logs", "--no-color", "-t", "--no-log-prefix", "app"],
        &["logs", "--index", "2", "app"],
        &["logs", "--since", "1h"],
        &["logs", "--until", "1h"],
        &["logs", "--until", "2030-01-01", "--since", "2020-01-01T10:00:00Z"],
    ] {
        assert_eq!(sorted(&stack.ours(words)), sorted(&stack.theirs(words)), "{words:?}");
    }
    let stamped = stack.ours(&["logs", "-t", "--no-log-prefix", "--index", "1", "app"]);
    let second = stamped.lines().nth(1).unwrap().split(' ').next().unwrap();
    let after = stack.ours(&["logs", "--since", second, "--no-log-prefix", "--index", "1", "app"]);
    assert_eq!(after, "two\nthree\n", "to the nanosecond");
    let before = stack.ours(&["logs", "--until", second, "--no-log-prefix", "--index", "1", "app"]);
    assert_eq!(before, "one\n");
    let nobody = stack.command(&["logs", "nobody"]).output().unwrap();
    assert_eq!(nobody.status.code(), Some(1));
    assert_eq!(String::from_utf8(nobody.stderr).unwrap(), "no such service: nobody\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn following_goes_on_with_new_lines_until_it_is_interrupted() {
    if skipped() {
        return;
    }
    let stack = Stack::new("logsf").await;
    let script = "echo old; mkfifo /told; cat /told; sleep 600";
    stack.write(
        "compose.yaml",
        &format!(
            "services: {{app: {{image: busybox, command: [sh, -c, '{script}'], stop_signal: SIGKILL}}}}"
        ),
    );
    stack.ours(&["up", "-d"]);
    let words = ["logs", "-f", "--since", "1h", "--no-log-prefix"];
    let mut following = stack.command(&words).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(following.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "old");
    stack.ours(&["exec", "-T", "app", "sh", "-c", "echo new > /told"]);
    assert_eq!(lines.next().unwrap().unwrap(), "new");
    let pid = rustix::process::Pid::from_child(&following);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    assert!(following.wait().unwrap().success());
    assert!(lines.next().is_none());
}
