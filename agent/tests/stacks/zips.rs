//! The zip of every variant: it says which one it is, and the reference reads it as that one. Variants with services that
//! no other test starts by the reference are started here.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::machine::{Stack, Tool, docker, said, unzipped};

#[test]
fn the_zip_of_every_variant_is_that_variant_to_every_tool() {
    if !docker(&["compose", "version"]).status.success() {
        return println!("skipped: there is no docker compose to read the zips with");
    }
    let mut services = std::collections::BTreeSet::new();
    for (template, variant) in variants() {
        let folder = tempfile::tempdir().unwrap();
        let made = folder.path().join("made");
        let to = made.to_string_lossy().into_owned();
        let new = composeyard(folder.path(), &["new", &template, &to, "--variant", &variant]);
        assert!(new.status.success(), "{}", said(&new));
        let zip = unzipped(&made, folder.path(), &template);
        let env = std::fs::read_to_string(zip.join(".env")).unwrap();
        assert!(env.contains(&format!("# Variant {variant}: ")), "{template}: {env}");

        let reference =
            Command::new("docker").args(["compose", "config", "--format", "json"]).current_dir(&zip).output();
        let (theirs, ours) =
            (printed(&reference.unwrap()), printed(&composeyard(&zip, &["config", "--format", "json"])));
        assert_eq!(ours, theirs, "{template} {variant}");
        let names: Vec<&String> = theirs["services"].as_object().unwrap().keys().collect();
        services.insert(format!("{template} {names:?}"));
    }
    assert!(services.len() > 5, "variants differ in their services: {services:?}");
}

#[track_caller]
fn the_reference_starts(template: &str, variant: &str, ports: &[&str], services: &[(&str, usize)]) {
    let Some(stack) = Stack::new(Tool::DockerCompose, template, variant, ports) else { return };
    stack.up();
    let expected = services.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
    assert_eq!(stack.running(), expected);
    stack.down();
}

#[test]
fn the_reference_starts_the_scaled_hello() {
    let services = [("api", 3), ("frontend", 2), ("lb", 1)];
    the_reference_starts("hello-multiapp", "scale", &["FRONTEND_PORT", "API_PORT"], &services);
}

#[test]
fn the_reference_starts_the_worker_of_the_unified_stack() {
    let ports = ["PROXY_PORT", "FRONTEND_PORT", "BACKEND_PORT", "DB_PORT", "REDIS_PORT"];
    let services = ["backend", "celery", "db", "frontend", "proxy", "redis"].map(|name| (name, 1));
    the_reference_starts("unified-stack", "with-celery", &ports, &services);
}

#[test]
fn the_reference_starts_the_basic_example() {
    let services = ["api", "db", "redis", "web"].map(|name| (name, 1));
    the_reference_starts("compose-examples", "basic", &["WEB_PORT", "API_PORT"], &services);
}

#[test]
fn the_reference_starts_database_and_cache_of_loc8() {
    let ports = ["HTTP_PORT", "FRONTEND_PORT", "BACKEND_PORT"];
    let services = ["backend", "frontend", "nginx", "postgres", "redis"].map(|name| (name, 1));
    the_reference_starts("loc8", "dev-data", &ports, &services);
}

/// Template and variant, for all that `templates` lists. A file for `docker stack deploy` is no project to run here.
fn variants() -> Vec<(String, String)> {
    let stacks = Path::new(env!("CARGO_MANIFEST_DIR")).join("../static/stacks");
    let read = |path: &str| -> Value {
        serde_json::from_str(&std::fs::read_to_string(stacks.join(path)).unwrap()).unwrap()
    };
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let index = read("index.json");
    let of = |name: &Value| -> Vec<(String, String)> {
        let card = read(&format!("{}/stack.json", text(name)));
        let variants = card["variants"].as_array().unwrap().iter();
        variants.map(|variant| (text(name), text(&variant["name"]))).collect()
    };
    index["stacks"].as_array().unwrap().iter().flat_map(of).collect()
}

fn composeyard(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_composeyard")).args(words).current_dir(folder).output().unwrap()
}

fn printed(output: &Output) -> Value {
    assert!(output.status.success(), "{}", said(output));
    serde_json::from_slice(&output.stdout).unwrap()
}
