//! `images`, `top`, `port`, `events`: the same as `docker compose` prints.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader},
    process::Stdio,
};

use serde_json::Value;

use crate::real::{Stack, has_compose, skipped};

const FILE: &str = "
services:
  app: {image: busybox, command: sleep 600, stop_signal: SIGKILL, scale: 2, labels: {mine: label}}
  web: {image: 'nginx:1.27-alpine', ports: ['80'], stop_signal: SIGKILL}
";

async fn running(test: &str) -> Stack {
    let stack = Stack::new(test).await;
    stack.write("compose.yaml", FILE);
    stack.ours(&["up", "-d"]);
    stack
}

/// Lines without the spaces at their ends.
fn lines(printed: &str) -> Vec<String> {
    printed.lines().map(|line| line.trim_end().to_owned()).filter(|line| !line.is_empty()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn images_are_listed_as_the_reference_lists_them() {
    if skipped() || !has_compose() {
        return;
    }
    let stack = running("images").await;
    for words in [&["images"][..], &["images", "app"]] {
        assert_eq!(lines(&stack.ours(words)), lines(&stack.theirs(words)), "{words:?}");
    }
    let ids = |printed: &str| lines(printed).into_iter().collect::<BTreeSet<_>>();
    assert_eq!(ids(&stack.ours(&["images", "-q"])), ids(&stack.theirs(&["images", "-q"])));
    let objects = |printed: &str| {
        let mut objects: Vec<Value> = serde_json::from_str(printed).unwrap();
        objects.sort_by_key(|object| object["ContainerName"].to_string());
        objects
    };
    let words = ["images", "--format", "json"];
    assert_eq!(objects(&stack.ours(&words)), objects(&stack.theirs(&words)));
}

#[tokio::test(flavor = "multi_thread")]
async fn top_is_the_references_table() {
    if skipped() || !has_compose() {
        return;
    }
    let stack = running("top").await;
    let app = [&["top", "app"][..], &["top"]];
    for words in app {
        assert_eq!(without_load(&stack.ours(words)), without_load(&stack.theirs(words)), "{words:?}");
    }
    stack.ours(&["stop"]);
    assert_eq!(stack.ours(&["top"]), "");
}

/// The column `C` is the load of a moment.
fn without_load(printed: &str) -> Vec<Vec<String>> {
    let rows = lines(printed).into_iter().map(|line| line.split_whitespace().map(str::to_owned).collect());
    let mut rows: Vec<Vec<String>> = rows.collect();
    let load = rows[0].iter().position(|title| title == "C").expect("ps has this column");
    rows.iter_mut().for_each(|row| drop(row.remove(load)));
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn port_is_the_references_answer_and_refusal() {
    if skipped() || !has_compose() {
        return;
    }
    let stack = running("port").await;
    assert_eq!(stack.ours(&["port", "web", "80"]), stack.theirs(&["port", "web", "80"]));
    for words in [
        &["port", "app", "81"][..],
        &["port", "web", "80", "--protocol", "udp"],
        &["port", "--index", "3", "app", "80"],
        &["port", "nobody", "80"],
    ] {
        let ours = stack.command(words).output().unwrap();
        let theirs = stack.their_command(words).output().unwrap();
        assert_eq!(ours.status.code(), theirs.status.code(), "{words:?}");
        // The reference names a port once for each address.
        let said = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes).trim().to_owned();
            let (head, ports) = text.split_once(": ").unwrap_or((&text, ""));
            (
                head.trim_end_matches(':').to_owned(),
                ports.split(", ").map(str::to_owned).collect::<BTreeSet<_>>(),
            )
        };
        assert_eq!(said(&ours.stderr), said(&theirs.stderr), "{words:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_come_as_they_happen_and_end_with_an_interrupt() {
    if skipped() {
        return;
    }
    let stack = running("events").await;
    let mut following = stack.command(&["events", "--json", "app"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut told = BufReader::new(following.stdout.take().unwrap()).lines();
    // Until the first one arrives nobody knows that the stream stands.
    let (heard, first) = std::sync::mpsc::channel();
    let reading = std::thread::spawn(move || {
        let mut events: Vec<Value> = Vec::new();
        for line in told.by_ref() {
            events.push(serde_json::from_str(&line.unwrap()).unwrap());
            let _nobody_waits = heard.send(());
        }
        events
    });
    while first.try_recv().is_err() {
        stack.ours(&["kill", "-s", "CONT"]);
    }
    stack.ours(&["pause", "app"]);
    stack.ours(&["kill", "web"]);
    for _ in 0..2 {
        first.recv().unwrap();
    }
    stack.ours(&["unpause", "app"]);
    stack.ours(&["kill", "app"]);
    let pid = rustix::process::Pid::from_child(&following);
    // The last events are on their way: the one that ends a container is waited for.
    let deadline = std::time::Duration::from_secs(20);
    while first.recv_timeout(std::time::Duration::from_secs(2)).is_ok() {}
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let ended = tokio::time::timeout(deadline, tokio::task::spawn_blocking(move || following.wait())).await;
    assert!(ended.unwrap().unwrap().unwrap().success());
    let events = reading.join().unwrap();
    let actions: BTreeSet<&str> = events.iter().map(|event| event["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["die", "kill", "pause", "unpause"].into());
    assert!(events.iter().all(|event| event["service"] == "app" && event["attributes"]["mine"] == "label"));
    assert!(
        events.iter().all(|event| event["attributes"]
            .as_object()
            .unwrap()
            .keys()
            .all(|key| !key.contains("compose")))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn ps_prints_the_references_table() {
    if skipped() || !has_compose() {
        return;
    }
    let stack = running("psalike").await;
    stack.ours(&["kill", "app"]);
    for words in [&["ps"][..], &["ps", "--all"]] {
        let [before, theirs, after] =
            [stack.ours(words), stack.theirs(words), stack.ours(words)].map(|printed| ages(&printed));
        assert_eq!(before.0, theirs.0, "{words:?}");
        // Ages move on between the three.
        let between = |at: usize| (before.1[at]..=after.1[at]).contains(&theirs.1[at]);
        assert!((0..theirs.1.len()).all(between), "{words:?}: {before:?} {theirs:?} {after:?}");
    }
}

/// Cells without the ages in them, and these ages in seconds.
fn ages(printed: &str) -> (Vec<Vec<String>>, Vec<u64>) {
    let mut ages = Vec::new();
    let mut rows = rows(printed);
    for cell in rows.iter_mut().flatten() {
        let words: Vec<&str> = cell.split(' ').collect();
        let Some(unit) =
            words.iter().position(|word| word.starts_with("second") || word.starts_with("minute"))
        else {
            continue;
        };
        let seconds = if words[unit].starts_with("second") { 1 } else { 60 };
        // "Less than a second", "About a minute", "7 seconds"
        let (age, begin) = match (words[unit - 1].parse::<u64>(), seconds) {
            (Ok(count), _) => (count * seconds, unit - 1),
            (Err(_), 1) => (0, unit - 3),
            (Err(_), _) => (seconds, unit - 2),
        };
        ages.push(age);
        *cell = [&words[..begin], &words[unit + 1..]].concat().join(" ");
    }
    (rows, ages)
}

/// Cells, which stand at least three spaces apart.
fn rows(printed: &str) -> Vec<Vec<String>> {
    let row = |line: String| {
        line.split("   ").map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty()).collect()
    };
    lines(printed).into_iter().map(row).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_a_span_that_has_passed_are_those_that_the_reference_tells() {
    if skipped() || !has_compose() {
        return;
    }
    let stack = running("eventspan").await;
    stack.ours(&["pause", "web"]);
    stack.ours(&["unpause", "web"]);
    let words = ["events", "--json", "--since", "10m", "--until", "0s", "web"];
    let told = |printed: String| -> Vec<(Value, Value)> {
        let event = |line: &str| serde_json::from_str::<Value>(line).unwrap();
        printed.lines().map(event).map(|event| (event["action"].clone(), event["id"].clone())).collect()
    };
    let ours = told(stack.ours(&words));
    assert!(ours.iter().any(|(action, _)| action == "unpause"), "{ours:?}");
    // It takes the end of the span for an error and loses what it has not printed by then: for it the end lies ahead.
    let soon = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() + 2;
    let words = ["events", "--json", "--since", "10m", "--until", &soon.to_string(), "web"];
    let theirs = told(String::from_utf8(stack.their_command(&words).output().unwrap().stdout).unwrap());
    assert_eq!(ours, theirs);
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_that_follow_until_a_moment_end_by_themselves() {
    if skipped() {
        return;
    }
    let stack = running("logsuntil").await;
    stack.ours(&["exec", "-T", "app", "sh", "-c", "echo before > /proc/1/fd/1"]);
    let soon = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() + 2;
    let followed = stack.ours(&["logs", "--follow", "--no-log-prefix", "--until", &soon.to_string(), "app"]);
    assert_eq!(followed, "before\n");
    let past = stack.ours(&["logs", "--follow", "--no-log-prefix", "--until", "0s", "app"]);
    assert_eq!(past, "before\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_build_is_limited_in_memory_and_pushes_nothing() {
    if skipped() {
        return;
    }
    let stack = Stack::new("buildmem").await;
    let inline = "FROM busybox\\nRUN cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null; true\\n";
    stack.write(
        "compose.yaml",
        &format!("services: {{app: {{build: {{dockerfile_inline: \"{inline}\"}}}}}}\n"),
    );
    let printed = stack.command(&["build", "--no-cache", "-m", "64m"]).output().unwrap();
    let said = String::from_utf8_lossy(&[printed.stdout, printed.stderr].concat()).into_owned();
    assert!(printed.status.success(), "{said}");
    assert!(said.contains("67108864"), "{said}");
    let refused = stack.command(&["build", "-m", "3g"]).output().unwrap();
    assert!(!refused.status.success());
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("less than 2g"), "{said}");
}
