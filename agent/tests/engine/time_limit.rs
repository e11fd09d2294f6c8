//! `--time-limit`: an engine that never answers keeps no verb longer than the user wants to wait.

use std::process::{Command, Output};

use crate::fake::{Fake, How};

const FILE: &str = "services: {app: {image: redis:7}}\n";

/// The binary with these words in a project's folder, on an engine that never answers this call.
fn on_an_engine_that_hangs_at(call: &'static str, words: &[&str]) -> (Output, Fake) {
    let fake = Fake::speaking("1.41");
    fake.answer("/images/redis", How::Refuse(404, "no such image")).answer(call, How::Hang);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("compose.yaml"), FILE).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_composeyard"));
    command.args(["--host", &fake.host(), "--time-limit", "500ms"]).args(words);
    (command.current_dir(folder.path()).output().unwrap(), fake)
}

#[test]
fn each_verb_ends_with_1_and_says_why() {
    for (call, words) in [
        ("/images/create", &["up", "-d"][..]),
        ("/images/create", &["pull"]),
        ("/containers/json", &["up", "-d"]),
        ("/containers/json", &["plan"]),
        ("/containers/json", &["down"]),
        ("/containers/json", &["ps"]),
        ("/containers/json", &["ls"]),
        ("/containers/json", &["wait", "app"]),
        ("/containers/json", &["run", "app"]),
        ("/containers/json", &["images"]),
        ("/containers/json", &["top"]),
        ("/containers/json", &["port", "app", "80"]),
        ("/containers/json", &["exec", "-T", "app", "true"]),
        ("/containers/json", &["cp", "app:/file", "."]),
        ("/containers/json", &["volumes"]),
        ("/containers/json", &["logs"]),
        ("/events", &["events"]),
    ] {
        let (ended, _fake) = on_an_engine_that_hangs_at(call, words);
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(1), "{words:?}: {said}");
        assert!(said.contains("it took longer than 0.5 s and was cancelled"), "{words:?}: {said}");
    }
}

#[test]
fn what_is_cancelled_begins_nothing_more() {
    let (_ended, fake) = on_an_engine_that_hangs_at("/images/create", &["up", "-d"]);
    let after: Vec<String> =
        fake.changes().into_iter().filter(|call| call.contains("/containers/")).collect();
    assert_eq!(after, Vec::<String>::new());
}

#[test]
fn what_is_no_length_of_time_is_wrong_usage() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_composeyard"));
    let ended = command.args(["up", "--time-limit", "soon"]).output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(said.contains("write a length of time, as 90s, 5m or 1h"), "{said}");
}
