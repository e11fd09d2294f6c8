//! Images by digest, and `--output`. No registry is asked: every image has its digest already.

use std::path::Path;
use std::process::{Command, Output};

use super::sides::plugin;

const FILE: &str = "\
name: demo
services:
  web:
    image: nginx@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    environment: {PRICE: 5$$}
  db:
    image: registry.example:5000/team/db:16@sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
  app:
    build: .
";

const QUESTIONS: [&[&str]; 11] = [
    &["--resolve-image-digests"],
    &["--resolve-image-digests", "--format", "json"],
    &["--lock-image-digests"],
    &["--lock-image-digests", "--format", "json"],
    &["--lock-image-digests", "--resolve-image-digests"],
    &["--lock-image-digests", "--quiet"],
    &["--lock-image-digests", "web", "app"],
    &["--resolve-image-digests", "--services"],
    &["--resolve-image-digests", "--hash", "*"],
    &["--output", "out"],
    &["--output", "out", "--format", "json"],
];

/// Streams, exit code and the file `out`.
fn answer(program: &Path, flags: &[&str]) -> (Output, Option<String>) {
    let folder = tempfile::Builder::new().prefix("config").tempdir().unwrap();
    let project = folder.path().join("project");
    std::fs::create_dir(&project).unwrap();
    std::fs::write(project.join("compose.yaml"), FILE).unwrap();
    let output = Command::new(program).arg("config").args(flags).current_dir(&project).output().unwrap();
    // The folder's own name differs from run to run.
    let text = |text: &str| text.replace(&*folder.path().to_string_lossy(), "");
    let written = std::fs::read_to_string(project.join("out")).ok().map(|file| text(&file));
    let stdout = text(&String::from_utf8_lossy(&output.stdout)).trim_end().into();
    (Output { stdout, ..output }, written)
}

/// What was printed; the reference lists services in the order of the day.
fn printed(output: Output, flags: &[&str]) -> Vec<String> {
    let mut lines: Vec<String> =
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    if flags.contains(&"--services") {
        lines.sort();
    }
    lines
}

#[test]
fn images_that_have_a_digest_are_named_by_it_as_the_reference_does() {
    let Some(reference) = plugin() else {
        return println!("SKIPPED: config with digests beside the reference needs docker compose 2.40");
    };
    for flags in QUESTIONS {
        let (theirs, their_file) = answer(&reference, flags);
        let (ours, our_file) = answer(Path::new(env!("CARGO_BIN_EXE_composeyard")), flags);
        assert!(theirs.status.success() && ours.status.success(), "{flags:?}: {theirs:?} {ours:?}");
        assert_eq!(printed(ours, flags), printed(theirs, flags), "{flags:?}");
        assert_eq!(our_file, their_file, "{flags:?}");
    }
}
