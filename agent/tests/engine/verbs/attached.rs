//! `up` that stays with its containers, and how it ends.

use std::{
    io::{BufRead, BufReader},
    process::{Output, Stdio},
};

use crate::real::{Stack, docker, skipped};

const FILE: &str = r#"
services:
  init: {image: busybox, command: [echo, prepared]}
  app:
    image: busybox
    command: [sh, -c, 'echo begun; exit 5']
    depends_on: {init: {condition: service_completed_successfully}}
  db: {image: busybox, command: sleep 600, stop_signal: SIGKILL}
"#;

async fn stack(test: &str) -> Stack {
    let stack = Stack::new(test).await;
    stack.write("compose.yaml", FILE);
    stack
}

fn lines(output: &Output) -> Vec<&str> {
    std::str::from_utf8(&output.stdout).unwrap().lines().collect()
}

fn states(stack: &Stack) -> String {
    let label = format!("label=com.docker.compose.project={}", stack.name);
    docker(&["ps", "-a", "--filter", &label, "--format", "{{.State}}"])
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_when_all_have_ended_and_prints_each_run_once() {
    if skipped() {
        return;
    }
    let stack = stack("allend").await;
    for _ in 0..2 {
        let output = stack.command(&["up", "app", "init"]).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let mut printed = lines(&output);
        printed.sort_unstable();
        let wanted = [
            "app-1   | begun",
            "app-1 exited with code 5",
            "init-1  | prepared",
            "init-1 exited with code 0",
        ];
        assert_eq!(printed, wanted);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_that_ends_takes_the_others_along_and_gives_its_code() {
    if skipped() {
        return;
    }
    let stack = stack("oneends").await;
    for flag in ["--abort-on-container-exit", "--abort-on-container-failure"] {
        let output = stack.command(&["up", flag]).output().unwrap();
        assert_eq!(output.status.code(), Some(5), "{flag}: {output:?}");
        assert!(!states(&stack).contains("running"), "{flag}: {}", states(&stack));
        assert!(lines(&output).contains(&"app-1   | begun"), "{flag}: {output:?}");
    }
    let output = stack.command(&["up", "--exit-code-from", "db"]).output().unwrap();
    assert_eq!(output.status.code(), Some(137), "it was stopped: {output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_stops_what_was_started_and_ends_with_130() {
    if skipped() {
        return;
    }
    let stack = Stack::new("interrupt").await;
    stack.write(
        "compose.yaml",
        "services:\n  app: {image: busybox, command: [sh, -c, 'echo begun; exec sleep 600'], stop_signal: SIGKILL}\n",
    );
    let mut up = stack.command(&["up", "--no-log-prefix"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(up.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "begun");
    // Until the command is over, which others see by its lock, an interrupt cancels it.
    while !stack.command(&["up", "-d"]).output().unwrap().status.success() {}
    let id = rustix::process::Pid::from_raw(up.id().try_into().unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    assert_eq!(up.wait().unwrap().code(), Some(130));
    assert_eq!(states(&stack).trim(), "exited");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_attached_is_printed() {
    if skipped() {
        return;
    }
    let stack = stack("attach").await;
    let printed = |words: &[&str]| {
        let words = [&["up", "--no-log-prefix"], words].concat();
        let output = stack.command(&words).output().unwrap();
        lines(&output).join(",")
    };
    assert_eq!(printed(&["app"]), "begun");
    assert_eq!(printed(&["app", "--attach", "init"]), "prepared");
    assert_eq!(printed(&["app", "--attach-dependencies", "--no-attach", "app"]), "prepared");
    assert_eq!(printed(&["app", "--no-deps"]), "begun");
    let refused = stack.command(&["up", "app", "--attach", "db"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
}
