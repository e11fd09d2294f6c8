//! An engine that is killed and started again, in the middle of an `up`, of followed logs, of commands in containers.

use std::{
    io::{BufRead, BufReader, Lines, Read},
    process::{Child, ChildStdout, Stdio},
    time::{Duration, Instant},
};

use composeyard_plan::ContainerState;
use composeyard_protocol::{
    EngineState, Failure, FailureKind, Outcome, RequestId, ServerMessage, StepState, VERSION,
    terminal::TerminalReply,
};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::agent::{Agent, Page};
use crate::{
    own_engine::OwnEngine,
    real::{Stack, skipped},
};

/// The promise: by then the page shows that the engine is gone.
const SHOWN_WITHIN: Duration = Duration::from_secs(1);

/// On a machine that is so slow or busy that a plain answer of the engine takes its time on the way to the page, telling
/// that the engine is gone may take as many times longer.
const ANSWERS: u32 = 20;

/// Far longer than the agent takes to try again.
const PATIENCE: Duration = Duration::from_secs(60);

/// `web` waits for `db`, which waits for a file beside this one.
const WAITS: &str = "
services:
  db:
    image: busybox
    command: sleep 600
    stop_signal: SIGKILL
    network_mode: none
    volumes: ['.:/in:ro']
    healthcheck: {test: [CMD, test, -e, /in/ready], interval: 200ms, retries: 10000}
  web:
    image: busybox
    command: sleep 600
    stop_signal: SIGKILL
    network_mode: none
    depends_on: {db: {condition: service_healthy}}
";

/// Each run says a word that no other says. The engine starts it again when it comes back.
const TELLS: &str = "
services:
  app:
    image: busybox
    command: sh -c 'cat /proc/sys/kernel/random/uuid; exec sleep 600'
    stop_signal: SIGKILL
    network_mode: none
    restart: always
";

fn up(stack: &Stack) -> Value {
    json!({"request": "run", "project": stack.name, "selection": {}, "command": {"verb": "up"}})
}

/// What the page is told next about its engine: that it answers, or why not.
async fn hears_of_the_engine(page: &mut Page) -> EngineState {
    loop {
        if let ServerMessage::Engine { engine } = page.any_message().await {
            return engine;
        }
    }
}

/// The promise on this machine, as it is just now.
async fn shown_within(page: &mut Page) -> Duration {
    let asked = Instant::now();
    let (said, outcome) = page.ask(90, json!({"request": "list_projects"})).await;
    assert_eq!(outcome, Outcome::Done, "{said:#?}");
    SHOWN_WITHIN.max(ANSWERS * asked.elapsed())
}

/// Nobody asks for it: the agent tries again by itself.
async fn hears_that_it_is_back(page: &mut Page, engine: &OwnEngine) {
    engine.ready().await;
    let back = async { while !matches!(hears_of_the_engine(page).await, EngineState::Up { .. }) {} };
    timeout(PATIENCE, back).await.expect("the page hears that the engine is back");
}

#[track_caller]
fn is_without_engine(outcome: &Outcome) {
    let Outcome::Failed { failure: Failure { kind: FailureKind::NoEngine, help: Some(_), .. } } = outcome
    else {
        panic!("{outcome:?}")
    };
}

/// The binary at work on a stack; killed with its value.
struct Working {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Working {
    fn on(stack: &Stack, words: &[&str]) -> Self {
        let mut command = stack.command(words);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process, lines }
    }

    fn says(&mut self) -> String {
        self.lines.next().unwrap().unwrap()
    }

    /// How it ended, and what it said of it.
    fn ended(&mut self) -> (Option<i32>, String) {
        let mut error = String::new();
        self.process.stderr.take().unwrap().read_to_string(&mut error).unwrap();
        (self.process.wait().unwrap().code(), error)
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        let _ended_by_itself = self.process.kill();
        let _buried = self.process.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_up_ends_with_the_reason_and_the_next_one_brings_it_to_its_end() {
    if skipped() {
        return;
    }
    let Some(mut engine) = OwnEngine::start().await else { return };
    let stack = Stack::on("killup", Some(engine.host())).await;
    let agent = Agent::of(&stack, Some(engine.host()), WAITS);
    let mut page = agent.page().await;
    let promised = shown_within(&mut page).await;
    page.say(&json!({"type": "request", "id": 1, "request": up(&stack)})).await;
    loop {
        let waiting = |state: &StepState| matches!(state, StepState::Running { detail, .. } if detail == "0 of 1 healthy");
        match page.message(1).await {
            ServerMessage::Progress { progress, .. } if waiting(&progress.state) => break,
            ServerMessage::Finished { outcome, .. } => panic!("{outcome:?}"),
            _ => {}
        }
    }

    let begun = Instant::now();
    engine.kill();
    let (mut shown, mut ended) = (None, None);
    while shown.is_none() || ended.is_none() {
        match page.any_message().await {
            ServerMessage::Engine { engine: EngineState::Down { .. } } => shown = Some(begun.elapsed()),
            ServerMessage::Finished { id: RequestId(1), outcome } => ended = Some(outcome),
            _ => {}
        }
    }
    assert!(shown.is_some_and(|after| after < promised), "shown after {shown:?}, promised {promised:?}");
    is_without_engine(&ended.unwrap());
    let (_, meanwhile) = page.ask(2, up(&stack)).await;
    is_without_engine(&meanwhile);

    engine.start_again();
    hears_that_it_is_back(&mut page, &engine).await;
    std::fs::write(agent.project(&stack).join("ready"), "").unwrap();
    let (said, outcome) = page.ask(3, up(&stack)).await;
    assert_eq!(outcome, Outcome::Done, "{said:#?}");
    let stands = agent.app.engine.observe(&stack.name.parse().unwrap(), None).await.unwrap();
    let stands: Vec<_> = stands.containers.iter().map(|it| (it.service.as_str(), it.state)).collect();
    assert_eq!(stands, [("db", ContainerState::Running), ("web", ContainerState::Running)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_end_with_the_reason_and_followed_logs_go_on_by_themselves() {
    if skipped() {
        return;
    }
    let Some(mut engine) = OwnEngine::start().await else { return };
    let stack = Stack::on("killlogs", Some(engine.host())).await;
    let agent = Agent::of(&stack, Some(engine.host()), TELLS);
    stack.write("compose.yaml", TELLS);
    stack.ours(&["up", "-d"]);
    let mut page = agent.page().await;
    let mut logs = Working::on(&stack, &["logs", "-f", "--no-log-prefix"]);
    let first = logs.says();
    let mut exec = Working::on(&stack, &["exec", "-T", "app", "sh", "-c", "echo begun; exec sleep 600"]);
    assert_eq!(exec.says(), "begun");
    let open = json!({
        "type": "open", "version": VERSION, "project": stack.name, "service": "app",
        "size": {"rows": 24, "columns": 80},
    });
    let mut terminal = agent.terminal(open).await;
    assert!(matches!(terminal.reply().await, TerminalReply::Opened { .. }));
    terminal.see("# ").await;
    let promised = shown_within(&mut page).await;

    let begun = Instant::now();
    engine.kill();
    while !matches!(hears_of_the_engine(&mut page).await, EngineState::Down { .. }) {}
    let TerminalReply::Failed { failure } = terminal.reply().await else { panic!("it goes on") };
    let shown = begun.elapsed();
    assert!(shown < promised, "shown after {shown:?}, promised {promised:?}");
    assert_eq!(failure.kind, FailureKind::NoEngine, "{failure:?}");
    let (code, error) = exec.ended();
    assert!(code != Some(0) && error.contains("engine"), "{code:?}: {error}");

    engine.start_again();
    hears_that_it_is_back(&mut page, &engine).await;
    let second = logs.says();
    assert_eq!(stack.ours(&["logs", "--no-log-prefix"]), format!("{first}\n{second}\n"), "each line once");
    assert_eq!(stack.ours(&["exec", "-T", "app", "echo", "again"]), "again\n");
}
