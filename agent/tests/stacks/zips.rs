//! The zip of every variant: it says which one it is, and the reference reads it as that one; and the other tests start
//! every one of them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    machine::{card, unzipped},
    seen::{docker, said},
};

#[test]
fn the_zip_of_every_variant_is_that_variant_to_every_tool() {
    if !docker(&["compose", "version"]).status.success() {
        return println!("skipped: there is no docker compose to read the zips with");
    }
    let mut services = std::collections::BTreeSet::new();
    for (template, variant) in variants() {
        let folder = tempfile::tempdir().unwrap();
        let zip = zip(&folder, &template, &["--variant", &variant]);
        let env = std::fs::read_to_string(zip.join(".env")).unwrap();
        assert!(env.contains(&format!("# Variant {variant}: ")), "{template}: {env}");
        let theirs = as_both_read(&zip);
        let names: Vec<&String> = theirs["services"].as_object().unwrap().keys().collect();
        services.insert(format!("{template} {names:?}"));

        if variant == card(&template).variants[0].name {
            let other = tempfile::tempdir().unwrap();
            let usual = as_both_read(&self::zip(&other, &template, &[])).to_string();
            let usual = usual.replace(&*other.path().to_string_lossy(), &folder.path().to_string_lossy());
            assert_eq!(usual, theirs.to_string(), "{template}: without a choice it is the first one");
        }
    }
    assert!(services.len() > 5, "variants differ in their services: {services:?}");
}

/// The unpacked zip of what `new` makes in a folder.
fn zip(folder: &TempDir, template: &str, more: &[&str]) -> PathBuf {
    let made = folder.path().join("made");
    let new = composeyard(folder.path(), &[&["new", template, &made.to_string_lossy()], more].concat());
    assert!(new.status.success(), "{}", said(&new));
    unzipped(&made, folder.path(), template)
}

/// What the reference reads, which Composeyard reads too.
#[track_caller]
fn as_both_read(zip: &Path) -> Value {
    let config = ["config", "--format", "json"];
    let mut reference = Command::new("docker");
    let theirs = printed(&reference.arg("compose").args(config).current_dir(zip).output().unwrap());
    assert_eq!(printed(&composeyard(zip, &config)), theirs);
    theirs
}

#[test]
fn the_command_line_lists_what_the_cards_say() {
    let folder = tempfile::tempdir().unwrap();
    let listed = composeyard(folder.path(), &["templates"]);
    let listed = String::from_utf8(listed.stdout).unwrap();
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for template in templates() {
        let card = card(&template);
        let start = listed.find(&format!("{template}\n")).unwrap();
        let part = words(listed[start..].split("\n\n").next().unwrap());
        let services = card.services.iter().map(|it| format!("{} {}", it.name, it.summary));
        let variants = card.variants.iter().map(|it| format!("{} {}", it.name, it.summary));
        let texts = [card.title.clone(), card.summary.clone()].into_iter();
        for text in texts.chain(card.teaches).chain(card.needs).chain(services).chain(variants) {
            assert!(part.contains(&words(&text)), "{template}: {text:?} is not in {part:?}");
        }
    }
}

/// The tests that start stacks, as they are written.
const STARTING: [(&str, &str); 5] = [
    ("hello-multiapp", include_str!("hello_multiapp.rs")),
    ("flask-redis-nginx", include_str!("flask_redis_nginx.rs")),
    ("unified-stack", include_str!("unified_stack.rs")),
    ("compose-examples", include_str!("compose_examples.rs")),
    ("loc8", include_str!("loc8.rs")),
];
/// A file for `docker stack deploy` is no project that either program starts; `swarm.rs` deploys it.
const DEPLOYED: (&str, &str) = ("compose-examples", "swarm");

#[test]
fn no_variant_is_only_read_each_is_started_by_both_programs() {
    for (template, variant) in variants() {
        let (_, source) = STARTING.iter().find(|(name, _)| *name == template).expect("a file of tests");
        let starts =
            [format!("with_both(\"{template}\", \"{variant}\","), format!("stack.choose(\"{variant}\")")];
        let is_started = starts.iter().any(|start| source.contains(start));
        assert!(is_started || (template.as_str(), variant.as_str()) == DEPLOYED, "{template} {variant}");
    }
}

/// Template and variant, for all of the gallery.
fn variants() -> Vec<(String, String)> {
    let of = |template: String| {
        let variants = card(&template).variants;
        variants.into_iter().map(move |variant| (template.clone(), variant.name))
    };
    templates().into_iter().flat_map(of).collect()
}

fn templates() -> Vec<String> {
    let index: Value = serde_json::from_str(include_str!("../../../static/stacks/index.json")).unwrap();
    let names = index["stacks"].as_array().unwrap().iter();
    names.map(|name| name.as_str().unwrap().to_owned()).collect()
}

fn composeyard(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_composeyard")).args(words).current_dir(folder).output().unwrap()
}

fn printed(output: &Output) -> Value {
    assert!(output.status.success(), "{}", said(output));
    serde_json::from_slice(&output.stdout).unwrap()
}
