//! Runs that end in the middle: the process is killed, or the connection to the engine is cut.

use std::{
    io::{BufRead, BufReader},
    process::{Command as Process, Stdio},
    time::Duration,
};

use composeyard::engine::Engine;
use composeyard_plan::{Command, Recreate, UpOptions};
use composeyard_protocol::{EngineState, FailureKind, Outcome};
use serde_json::json;
use tokio::{sync::mpsc, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    proxy::Proxy,
    real::{Stack, docker, leftovers, skipped},
};

/// Kills, each in the middle of the change from one configuration to the next.
const KILLS: usize = 20;
/// Far longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Two networks, a volume, a config that is written in, a dependency that completes and one that gets healthy.
fn file(round: usize) -> String {
    format!(
        "
services:
  db:
    image: busybox
    command: sleep 600
    stop_signal: SIGKILL
    environment: {{ROUND: {round}}}
    healthcheck: {{test: [CMD, 'true'], interval: 300ms}}
    networks: [front, back]
    volumes: [data:/data, /anonymous]
  job:
    image: busybox
    command: 'true'
    environment: {{ROUND: {round}}}
  web:
    image: busybox
    command: sleep 600
    stop_signal: SIGKILL
    scale: 2
    environment: {{ROUND: {round}}}
    configs: [page]
    networks: [front]
    depends_on:
      db: {{condition: service_healthy}}
      job: {{condition: service_completed_successfully}}
networks: {{front: {{}}, back: {{}}}}
volumes: {{data: {{}}}}
configs: {{page: {{content: hello}}}}
"
    )
}

fn composeyard(stack: &Stack, words: &[&str]) -> Process {
    let mut command = Process::new(env!("CARGO_BIN_EXE_composeyard"));
    command.args(&words[..1]).args(["-p", &stack.name]).args(&words[1..]).current_dir(stack.path());
    command
}

/// True when it was killed before it had ended by itself.
fn up_killed_after(stack: &Stack, events: usize) -> bool {
    let mut child = composeyard(stack, &["up", "-d"]).stderr(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let seen = lines.take(events).count();
    child.kill().unwrap();
    let ended = child.wait().unwrap();
    seen == events && !ended.success()
}

/// Containers by the engine's word, as `name running` or `name exited`.
fn containers(stack: &Stack) -> Vec<String> {
    let label = format!("label=com.docker.compose.project={}", stack.name);
    let listed = docker(&["ps", "-a", "--filter", &label, "--format", "{{.Names}} {{.State}}"]);
    // A job that has ended runs again with each up: whether it has ended again is a matter of time.
    let plain = |line: &str| line.replace(&stack.name, "P").replace("P-job-1 running", "P-job-1 exited");
    let mut listed: Vec<String> = listed.lines().map(plain).collect();
    listed.sort();
    listed
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_kill_leaves_is_seen_and_the_next_up_brings_it_to_its_end() {
    if skipped() {
        return;
    }
    let stack = Stack::new("kill").await;
    let mut random = fastrand::Rng::with_seed(4);
    let mut killed = 0;
    for round in 0..KILLS {
        stack.write("compose.yaml", &file(round));
        let events = random.usize(1..24);
        killed += usize::from(up_killed_after(&stack, events));

        let left = containers(&stack);
        let seen = composeyard(&stack, &["ps", "-a"]).output().unwrap();
        let seen = String::from_utf8_lossy(&seen.stdout).replace(&stack.name, "P");
        // A renaming that was under way may end between the two looks.
        let final_name = |line: &String| line.split(' ').next()?.rsplit('_').next().map(str::to_owned);
        for name in left.iter().filter_map(final_name) {
            assert!(seen.contains(&name), "round {round}, after {events}: {name} is missing in\n{seen}");
        }

        let again = composeyard(&stack, &["up", "-d"]).output().unwrap();
        let said = String::from_utf8_lossy(&again.stderr).into_owned();
        assert!(again.status.success(), "round {round}, after {events}, left {left:?}:\n{said}");
        let stands = ["P-db-1 running", "P-job-1 exited", "P-web-1 running", "P-web-2 running"];
        assert_eq!(containers(&stack), stands, "round {round}, after {events}, left {left:?}:\n{said}");
        for (name, networks) in [("db-1", "back front"), ("web-2", "front")] {
            let format = "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}";
            let joined = docker(&["inspect", "-f", format, &format!("{}-{name}", stack.name)]);
            assert_eq!(joined.trim().replace(&format!("{}_", stack.name), ""), networks, "round {round}");
        }
        let planned = composeyard(&stack, &["plan"]).output().unwrap();
        let planned = String::from_utf8_lossy(&planned.stdout).into_owned();
        // A job that has ended runs again with each up.
        assert!(!planned.contains("create") && !planned.contains("remove"), "round {round}:\n{planned}");
    }
    assert!(killed > KILLS / 2, "most were killed on the way: {killed}");
    assert!(composeyard(&stack, &["down", "-v"]).output().unwrap().status.success());
    assert!(leftovers(&stack.name).is_empty());
}

async fn becomes(engine: &Engine, wanted: impl FnMut(&EngineState) -> bool) {
    timeout(PATIENCE, engine.state().wait_for(wanted)).await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_engine_ends_an_up_with_the_reason_and_the_next_one_goes_on() {
    if skipped() {
        return;
    }
    let proxy = Proxy::start();
    let mut stack = Stack::new("cut").await;
    stack.engine = Engine::connect(Some(proxy.host()));
    stack.engine.ready().await.unwrap();
    let idle = json!({"image": "busybox:latest", "command": ["sleep", "600"], "stop_signal": "SIGKILL"});
    let project = stack.project(json!({"services": {"a": idle, "b": idle, "c": idle, "d": idle}}));
    for cut_after in [1, 4, 9, 13] {
        let anew = UpOptions { recreate: Recreate::Force, ..UpOptions::default() };
        let plan = stack.plan(&project, &Command::Up(anew)).await;
        let (sender, mut progress) = mpsc::channel(16);
        let cutting = async {
            let mut seen = 0;
            while progress.recv().await.is_some() {
                seen += 1;
                if seen == cut_after {
                    proxy.cut();
                }
            }
        };
        let run = stack.engine.execute(&project, stack.path(), &plan, sender, CancellationToken::new());
        let both = async { tokio::join!(run, cutting).0 };
        match timeout(PATIENCE, both).await.unwrap() {
            Outcome::Failed { failure } => assert_eq!(failure.kind, FailureKind::NoEngine, "{failure:?}"),
            // What was left needed no more answers than were under way.
            outcome => assert_eq!(outcome, Outcome::Done),
        }
        becomes(&stack.engine, |state| matches!(state, EngineState::Down { .. })).await;
        proxy.mend();
        becomes(&stack.engine, |state| matches!(state, EngineState::Up { .. })).await;
    }
    stack.up(&project).await.done();
    assert!(stack.plan(&project, &Command::Up(UpOptions::default())).await.is_empty());
    assert_eq!(containers(&stack), ["P-a-1 running", "P-b-1 running", "P-c-1 running", "P-d-1 running"]);
}
