//! Containers, networks and volumes are made just as `docker compose` makes them.
//!
//! | file | stacks |
//! |---|---|
//! | `stacks/*.yaml` | written for this: between them they use every key that the engine at hand can honour |
//! | `static/stacks` | the gallery |
//! | `rebuilt.rs` | those of `stacks`, rebuilt from what runs |
//! | `corpus.rs` | the public corpus, when `COMPOSEYARD_CORPUS` names its folder |

mod adapt;
mod corpus;
mod picture;
mod rebuilt;

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::Value;

use crate::real::{docker, has_compose, leftovers, remove_all, skipped};
use picture::{differences, pictures};

/// Stacks that run at once: the engine and its processes are the limit, not the test.
const AT_ONCE: usize = 4;

/// A stack in a folder of its own.
struct Stack {
    /// For messages.
    id: String,
    /// The engine's project.
    project: String,
    folder: tempfile::TempDir,
}

impl Drop for Stack {
    fn drop(&mut self) {
        remove_all(&self.project);
    }
}

impl Stack {
    fn new(id: &str, number: usize) -> Self {
        let project = format!("cy-alike-{}-{number}", std::process::id());
        Self { id: id.to_owned(), project, folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("compose.yaml")
    }

    fn reference(&self, arguments: &[&str]) -> Result<(), String> {
        let file = self.file().display().to_string();
        let start = ["compose", "-p", &self.project, "-f", &file];
        succeeded(&Command::new("docker").args([&start[..], arguments].concat()).output().unwrap())
    }

    fn ours(&self, verb: &str, arguments: &[&str]) -> Result<(), String> {
        let file = self.file().display().to_string();
        let start = [verb, "-p", &self.project, "-f", &file];
        let program = env!("CARGO_BIN_EXE_composeyard");
        succeeded(&Command::new(program).args([&start[..], arguments].concat()).output().unwrap())
    }

    /// Up with each, compared; down with ours leaves nothing.
    fn compare(&self) -> Result<(), String> {
        self.reference(&["up", "-d", "--no-build"])
            .map_err(|why| format!("the reference refuses it: {why}"))?;
        let theirs = pictures(&self.project);
        self.reference(&["down", "-v", "-t", "0"])?;
        self.ours("up", &["-d"]).map_err(|why| format!("ours refuses it: {why}"))?;
        let ours = pictures(&self.project);
        self.ours("down", &["-v"])?;
        let left = leftovers(&self.project);
        let mut found = differences(&theirs, &ours);
        if !left.is_empty() {
            found.push(format!("down leaves {left:?}"));
        }
        if found.is_empty() { Ok(()) } else { Err(found.join("\n  ")) }
    }
}

fn succeeded(output: &Output) -> Result<(), String> {
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let last: Vec<&str> = text.lines().rev().take(4).collect();
    Err(last.into_iter().rev().collect::<Vec<_>>().join(" | "))
}

/// Compares each, several at once; panics with all that differ.
fn compare_all(stacks: &[Stack], compare: impl Fn(&Stack) -> Result<(), String> + Sync) {
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(stack) = stacks.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(why) = compare(stack) {
                        wrong.lock().unwrap().push(format!("{}:\n  {why}", stack.id));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    println!("{} of {} stacks are alike", stacks.len() - wrong.len(), stacks.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Copies a folder, and what is in it, into another.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (entry, target) = (entry.as_ref().unwrap(), to.join(entry.as_ref().unwrap().file_name()));
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What the reference makes of files in the stack's folder.
fn canonical(stack: &Stack, arguments: &[&str], environment: &[(&str, &str)]) -> Result<Value, String> {
    let start = ["compose", "-p", &stack.project];
    let end = ["config", "--format", "json"];
    let output = Command::new("docker")
        .args([&start[..], arguments, &end].concat())
        .envs(environment.iter().copied())
        .current_dir(stack.folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    succeeded(&output)?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
}

/// Writes an adapted configuration as the stack's file; says what was changed.
fn write_adapted(stack: &Stack, number: usize, mut config: Value) -> Vec<String> {
    let site = adapt::Site { folder: stack.folder.path(), project: &stack.project, number };
    let notes = adapt::adapt(&mut config, &site);
    std::fs::write(stack.file(), serde_json::to_string_pretty(&config).unwrap()).unwrap();
    notes
}

/// The stacks that are written for these tests. Their ports and subnets are fixed: only one test at a time has them.
fn written_stacks(first_number: usize) -> (Vec<Stack>, MutexGuard<'static, ()>) {
    static IN_USE: Mutex<()> = Mutex::new(());
    let in_use = IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engine/alike/stacks");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let stacks = files.iter().enumerate().map(|(number, file)| {
        let stack = Stack::new(&file.file_stem().unwrap().to_string_lossy(), first_number + number);
        let text = std::fs::read_to_string(file).unwrap();
        std::fs::write(stack.file(), text.replace("NAME", &stack.project)).unwrap();
        for (name, content) in
            [("site/index.html", "hello"), ("secret.txt", "s3cret"), ("vars.env", "FROM_FILE=1\n")]
        {
            let path = stack.folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        stack
    });
    (stacks.collect(), in_use)
}

#[test]
fn every_key_is_given_to_the_engine_as_the_reference_gives_it() {
    if skipped() || !has_compose() {
        return;
    }
    let (stacks, _in_use) = written_stacks(0);
    compare_all(&stacks, Stack::compare);
}

#[test]
fn stacks_of_the_gallery_are_made_as_the_reference_makes_them() {
    if skipped() || !has_compose() {
        return;
    }
    let gallery = Path::new(env!("CARGO_MANIFEST_DIR")).join("../static/stacks");
    let mut folders: Vec<_> = std::fs::read_dir(gallery)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("compose.yaml").is_file())
        .collect();
    folders.sort();
    let stacks = folders.iter().enumerate().map(|(number, folder)| {
        let number = 100 + number;
        let stack = Stack::new(&folder.file_name().unwrap().to_string_lossy(), number);
        copy(folder, stack.folder.path());
        let example = stack.folder.path().join(".env.example");
        if example.exists() {
            std::fs::copy(example, stack.folder.path().join(".env")).unwrap();
        }
        let config = canonical(&stack, &[], &[]).unwrap_or_else(|why| panic!("{}: {why}", stack.id));
        println!("{}: {}", stack.id, write_adapted(&stack, number, config).join(", "));
        stack
    });
    compare_all(&stacks.collect::<Vec<_>>(), Stack::compare);
}

#[test]
fn the_reference_takes_over_what_was_started_and_the_other_way_round() {
    if skipped() || !has_compose() {
        return;
    }
    let stack = Stack::new("take-over", 200);
    let text = include_str!("stacks/everyday.yaml")
        .replace("NAME", &stack.project)
        .replace("10.213.1.", "10.213.2.");
    std::fs::write(stack.file(), text).unwrap();
    std::fs::create_dir(stack.folder.path().join("site")).unwrap();
    let ids = || {
        let label = format!("label=com.docker.compose.project={}", stack.project);
        docker(&["ps", "-q", "--filter", &label, "--format", "{{.Names}} {{.ID}}"])
    };

    stack.ours("up", &["-d"]).unwrap();
    let ours = ids();
    stack.reference(&["up", "-d"]).unwrap();
    assert_eq!(ids(), ours, "the reference replaces nothing");

    stack.reference(&["down", "-v"]).unwrap();
    stack.reference(&["up", "-d"]).unwrap();
    let theirs = ids();
    stack.ours("up", &["-d"]).unwrap();
    assert_eq!(ids(), theirs, "ours replaces nothing");
}
