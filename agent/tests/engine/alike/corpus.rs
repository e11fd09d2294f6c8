//! Stacks of the public corpus. Which ones, and how many of each kind: `COMPOSEYARD_STACKS` says how many in all, by
//! default enough to see every kind; the rest of the corpus runs with `COMPOSEYARD_STACKS=all`.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{Stack, canonical, compare_all, copy, write_adapted};
use crate::real::{has_compose, skipped};

/// Compared by default.
const STACKS: usize = 64;

/// An entry of the corpus's index, as far as running it needs.
#[derive(Deserialize)]
struct Case {
    id: String,
    kind: String,
    category: String,
    #[serde(default)]
    files: Vec<String>,
    #[serde(default)]
    env: std::collections::BTreeMap<String, String>,
    #[serde(default)]
    options: Options,
    expect: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Options {
    profiles: Vec<String>,
}

#[test]
fn stacks_of_the_corpus_are_made_as_the_reference_makes_them() {
    if skipped() || !has_compose() {
        return;
    }
    let Some(folder) = std::env::var_os("COMPOSEYARD_CORPUS").map(PathBuf::from) else {
        println!("skipped: COMPOSEYARD_CORPUS is not set");
        return;
    };
    let wanted = match std::env::var("COMPOSEYARD_STACKS").as_deref() {
        Ok("all") => usize::MAX,
        Ok(number) => number.parse().unwrap(),
        Err(_) => STACKS,
    };
    let index = std::fs::read_to_string(folder.join("index.json")).unwrap();
    let cases: Vec<Case> = serde_json::from_str(&index).unwrap();
    let runnable = cases.into_iter().filter(|case| case.kind == "load" && case.expect == "valid");
    let mut stacks = Vec::new();
    for (number, case) in spread(runnable.collect()).into_iter().enumerate() {
        if stacks.len() >= wanted {
            break;
        }
        stacks.extend(prepare(&folder, &case, 210 + number % 40));
    }
    compare_all(&stacks, Stack::compare);
}

/// A few of each category in turn, so that the first so many are a fair sample.
fn spread(cases: Vec<Case>) -> Vec<Case> {
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    let mut ranked: Vec<(usize, Case)> = cases
        .into_iter()
        .map(|case| {
            let rank = seen.entry(case.category.clone()).or_default();
            *rank += 1;
            // A published sample stack tells more than a file with one key.
            let weight = if matches!(case.category.as_str(), "awesome" | "conformance") { 1 } else { 4 };
            (*rank * weight, case)
        })
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, case)| case).collect()
}

/// Copies the case's folder and adapts it; none when the reference cannot load it as it stands, or nothing would run.
fn prepare(corpus: &Path, case: &Case, number: usize) -> Option<Stack> {
    let first = corpus.join(case.files.first()?);
    let stack = Stack::new(&case.id, number);
    let source = first.parent()?;
    copy(source, stack.folder.path());
    let mut arguments: Vec<String> = Vec::new();
    for file in &case.files {
        let inside = corpus.join(file).strip_prefix(source).ok()?.display().to_string();
        arguments.extend(["-f".to_owned(), inside]);
    }
    for profile in &case.options.profiles {
        arguments.extend(["--profile".to_owned(), profile.clone()]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let environment: Vec<(&str, &str)> =
        case.env.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let config = canonical(&stack, &arguments, &environment).ok()?;
    if config["services"].as_object().is_none_or(serde_json::Map::is_empty) {
        return None;
    }
    println!("{}: {}", stack.id, write_adapted(&stack, number, config).join(", "));
    Some(stack)
}
