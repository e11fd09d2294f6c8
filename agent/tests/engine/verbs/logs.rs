//! `logs`: its flags beside those of `docker compose`.

use std::{
    io::{BufRead, BufReader, Lines},
    process::{Child, ChildStdout, Stdio},
    time::{Duration, Instant},
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

/// Ends by itself, with success; gives what was left to print.
fn printed_to_its_end(mut following: Child, mut lines: Lines<BufReader<ChildStdout>>) -> Vec<String> {
    let late = Instant::now() + Duration::from_secs(30);
    while following.try_wait().unwrap().is_none() {
        if Instant::now() > late {
            following.kill().unwrap();
            panic!("it goes on: {:?}", lines.map(Result::unwrap).collect::<Vec<_>>());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(following.wait().unwrap().success());
    let is_line = |line: &String| line.contains(" | ");
    sorted(&lines.by_ref().map(Result::unwrap).filter(is_line).collect::<Vec<_>>().join("\n"))
}

#[tokio::test(flavor = "multi_thread")]
async fn following_ends_as_the_references_once_no_container_runs_or_is_to_be_restarted() {
    if skipped() || !has_compose() {
        return;
    }
    let stack = Stack::new("logsend").await;
    let app = "echo begun; mkfifo /told; cat /told; echo over; exit 3";
    let again = "echo begun; test -e /told && exit 1; mkfifo /told; cat /told; exit 1";
    stack.write(
        "compose.yaml",
        &format!(
            "
services:
  app: {{image: busybox, command: [sh, -c, '{app}']}}
  again: {{image: busybox, command: [sh, -c, '{again}'], restart: 'on-failure:1'}}
"
        ),
    );
    for services in [&[][..], &["app"], &["again"]] {
        stack.ours(&["up", "-d"]);
        let words = [&["logs", "-f"], services].concat();
        let sides = [stack.command(&words), stack.their_command(&words)].map(|mut command| {
            let mut following = command.stdout(Stdio::piped()).spawn().unwrap();
            let mut lines = BufReader::new(following.stdout.take().unwrap()).lines();
            lines.next().unwrap().unwrap();
            (following, lines)
        });
        for service in ["app", "again"] {
            stack.ours(&["exec", "-T", service, "sh", "-c", "echo > /told"]);
        }
        // The reference may miss the lines of a short run, but not its end.
        let [ours, _theirs] = sides.map(|(following, lines)| printed_to_its_end(following, lines));
        let second = ours.iter().any(|line| line == "again-1 | begun");
        assert_eq!(second, services != ["app"], "{words:?}: {ours:?}");
        stack.ours(&["down"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn following_goes_on_over_a_restart_and_ends_with_a_removal() {
    if skipped() {
        return;
    }
    let stack = Stack::new("logsre").await;
    let app = "services: {app: {image: busybox, command: sh -c 'cat /proc/sys/kernel/random/uuid; sleep 600', stop_signal: SIGKILL}}";
    stack.write("compose.yaml", app);
    stack.ours(&["up", "-d"]);
    let mut following = stack.command(&["logs", "-f"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(following.stdout.take().unwrap()).lines();
    let is_first = |line: &String| line.contains(" | ");
    let mut next = || lines.by_ref().map(Result::unwrap).find(is_first);
    let first = next().unwrap();
    stack.ours(&["restart"]);
    assert_ne!(next().unwrap(), first);
    stack.ours(&["down"]);
    assert_eq!(printed_to_its_end(following, lines), [""; 0]);
}
