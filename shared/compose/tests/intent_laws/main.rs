//! Laws of visual edits, on generated projects and, when COMPOSEYARD_CORPUS names a folder, on real ones: an intent
//! changes the loaded project in the one thing that was meant, changes no byte that need not change, and can be
//! taken back to the byte.
#![expect(clippy::unwrap_used, reason = "a test says where it fails and what it did")]

mod generator;
mod laws;
mod meant;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use composeyard_compose::ProjectFiles;
use proptest::prelude::*;

use laws::{Tally, model};

fn project(text: &str) -> ProjectFiles {
    ProjectFiles(BTreeMap::from([("compose.yaml".to_owned(), text.to_owned())]))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, max_shrink_iters: 60, ..ProptestConfig::default() })]

    #[test]
    fn intents_on_generated_projects_keep_the_laws(choices in prop::collection::vec(any::<u8>(), 40..400)) {
        let text = generator::project(&choices);
        let files = project(&text);
        let before = model(&files);
        prop_assert!(before.is_some(), "the generator is wrong:\n{text}\n{}", laws::faults(&files));
        let before = before.unwrap();
        for case in meant::cases(&before, true) {
            let outcome = laws::hold(&files, &before, &case);
            prop_assert!(outcome.is_ok(), "{:?}\n{}\n{text}", case.intent, outcome.unwrap_err());
        }
    }
}

/// Most intents can be done on most files: laws about refusals alone would prove nothing.
#[test]
fn most_intents_on_generated_projects_are_done() {
    let (mut tally, mut broken) = (Tally::default(), Vec::new());
    for seed in 0..6_u8 {
        let choices: Vec<u8> =
            (0..200_u8).map(|at| at.wrapping_mul(seed.wrapping_mul(2) + 7) ^ seed).collect();
        let files = project(&generator::project(&choices));
        let before = model(&files).unwrap();
        for case in meant::cases(&before, true) {
            match laws::hold(&files, &before, &case) {
                Ok(outcome) => tally.add(&outcome),
                Err(why) => broken.push(format!("{:?}: {why}", case.intent)),
            }
        }
    }
    println!("{tally}");
    assert!(broken.is_empty(), "{} broken:\n{}", broken.len(), broken.join("\n"));
    assert!(tally.done * 10 > tally.all() * 8, "{tally}");
}

#[test]
fn intents_on_real_files_keep_the_laws() {
    let Some(folder) = std::env::var_os("COMPOSEYARD_CORPUS") else { return };
    let mut found = Vec::new();
    compose_files(Path::new(&folder), &mut found);
    found.sort();
    let (mut tally, mut broken) = (Tally::default(), Vec::new());
    for path in found {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let files = project(&text);
        let Some(before) = model(&files) else { continue };
        // What inherits from a service changes with it.
        let inherits = ["extends:", "pre_start:", "env_file", "<<"].iter().any(|mark| text.contains(mark));
        for case in meant::cases(&before, false) {
            let case = if inherits { case.without_meaning() } else { case };
            // A variable without a value hides the key that it is the value of.
            let case = if text.contains('$') { case.without_back() } else { case };
            match laws::hold(&files, &before, &case) {
                Ok(outcome) => tally.add(&outcome),
                Err(why) => broken.push(format!("{}: {:?}: {why}", path.display(), case.intent)),
            }
        }
    }
    println!("{tally}");
    for (reason, count) in &tally.reasons {
        println!("{count:5} refused: {reason}");
    }
    assert!(broken.is_empty(), "{} broken:\n{}", broken.len(), broken.join("\n"));
}

fn compose_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            compose_files(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "yaml" || ext == "yml") {
            found.push(path);
        }
    }
}
