//! A cut connection to the engine, in the middle of a terminal, of `exec` and of followed logs.

use std::{
    io::{BufRead, BufReader},
    process::Stdio,
};

use composeyard_protocol::{EngineState, FailureKind, VERSION, terminal::TerminalReply};
use serde_json::json;

use super::agent::running_on;
use crate::{proxy::Proxy, real::skipped};

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_says_that_the_engine_is_gone_and_the_next_one_works() {
    if skipped() {
        return;
    }
    let proxy = Proxy::start();
    let (stack, agent) = running_on("cutterm", Some(proxy.host())).await;
    let open = json!({
        "type": "open", "version": VERSION, "project": stack.name, "service": "app",
        "size": {"rows": 24, "columns": 80},
    });
    let mut page = agent.terminal(open.clone()).await;
    assert!(matches!(page.reply().await, TerminalReply::Opened { .. }));
    page.see("# ").await;
    proxy.cut();
    let TerminalReply::Failed { failure } = page.reply().await else {
        panic!("it goes on without an engine")
    };
    assert_eq!(failure.kind, FailureKind::NoEngine, "{failure:?}");
    assert_eq!(page.closed().await, 1000);
    let mut early = agent.terminal(open.clone()).await;
    let TerminalReply::Failed { failure } = early.reply().await else { panic!("opened without an engine") };
    assert_eq!(failure.kind, FailureKind::NoEngine, "{failure:?}");
    proxy.mend();
    let mut state = agent.app.engine.state();
    state.wait_for(|state| matches!(state, EngineState::Up { .. })).await.unwrap();
    let mut again = agent.terminal(open).await;
    assert!(matches!(again.reply().await, TerminalReply::Opened { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn exec_fails_and_followed_logs_go_on_when_the_engine_is_back() {
    if skipped() {
        return;
    }
    let proxy = Proxy::start();
    let (stack, _agent) = running_on("cutlogs", None).await;
    let host = proxy.host();
    let through = |words: &[&str]| {
        let words = [&words[..1], &["--host", &host], &words[1..]].concat();
        stack.command(&words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    stack.ours(&["exec", "-T", "app", "mkfifo", "/told"]);
    let mut logs = through(&["logs", "-f", "--no-log-prefix", "app"]);
    let mut lines = BufReader::new(logs.stdout.take().unwrap()).lines();
    let write = |text: &str| {
        let script = format!("echo {text} > /proc/1/fd/1");
        stack.ours(&["exec", "-T", "app", "sh", "-c", &script]);
    };
    write("before");
    assert_eq!(lines.next().unwrap().unwrap(), "before");

    let mut exec = through(&["exec", "-T", "app", "sh", "-c", "echo begun; cat /told"]);
    let mut said = BufReader::new(exec.stdout.take().unwrap()).lines();
    assert_eq!(said.next().unwrap().unwrap(), "begun");
    proxy.cut();
    let ended = exec.wait_with_output().unwrap();
    assert!(!ended.status.success());
    let error = String::from_utf8(ended.stderr).unwrap();
    assert!(error.contains("engine"), "{error}");

    write("meanwhile");
    proxy.mend();
    assert_eq!(lines.next().unwrap().unwrap(), "meanwhile", "nothing is lost");
    write("after");
    assert_eq!(lines.next().unwrap().unwrap(), "after");
    logs.kill().unwrap();
    logs.wait().unwrap();
}
