//! `--parallel` and `COMPOSE_PARALLEL_LIMIT`: how much an engine is asked to do at once.

use std::{
    path::Path,
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use crate::fake::{Fake, How};

const FILE: &str = "services: {app: {image: redis:7, networks: [a, b]}}\nnetworks: {a: {}, b: {}}\n";

/// The binary with these words on the fake engine.
fn command(fake: &Fake, folder: &Path, words: &[&str], variable: Option<&str>) -> Command {
    std::fs::write(folder.join("compose.yaml"), FILE).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_composeyard"));
    command
        .args(["--host", &fake.host()])
        .args(words)
        .current_dir(folder)
        .env_remove("COMPOSE_PARALLEL_LIMIT");
    command.envs(variable.map(|value| ("COMPOSE_PARALLEL_LIMIT", value)));
    command
}

/// How many changes are under way at once, on an engine that ends none; so many are waited for.
fn at_once(words: &[&str], variable: Option<&str>, expected: usize) -> usize {
    let fake = Fake::speaking("1.41");
    fake.answer("/images/redis", How::Refuse(404, "no such image")).answer("POST", How::Hang);
    let folder = tempfile::tempdir().unwrap();
    let mut command = command(&fake, folder.path(), words, variable);
    let mut running = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begin = Instant::now();
    while fake.changes().len() < expected && begin.elapsed() < Duration::from_secs(20) {
        sleep(Duration::from_millis(20));
    }
    // One more would come at once.
    sleep(Duration::from_millis(300));
    running.kill().unwrap();
    running.wait().unwrap();
    fake.changes().len()
}

#[test]
fn no_more_steps_are_under_way_than_the_flag_or_the_variable_says() {
    for (words, variable, steps) in [
        (&["up", "-d"][..], None, 3),
        (&["up", "-d"], Some("2"), 2),
        (&["--parallel", "1", "up", "-d"], Some("2"), 1),
        (&["up", "-d", "--parallel", "-1"], Some("2"), 3),
        (&["--parallel=0", "up", "-d"], Some("2"), 3),
    ] {
        assert_eq!(at_once(words, variable, steps), steps, "{words:?} {variable:?}");
    }
}

#[test]
fn a_variable_that_is_no_number_ends_the_command_before_anything_is_done() {
    let (fake, folder) = (Fake::speaking("1.41"), tempfile::tempdir().unwrap());
    let ended = command(&fake, folder.path(), &["up", "-d"], Some("x")).output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!((fake.changes().len(), ended.status.code()), (0, Some(2)), "{said}");
    assert!(said.contains("COMPOSE_PARALLEL_LIMIT=x is no number"), "{said}");
}
