//! Cases of a corpus folder that `COMPOSEYARD_CORPUS` names: whole loads against what the reference does. Without the
//! variable there is nothing to do. `corpus-minimum.json` holds the passes that must not be lost again,
//! `docs/differences.md` the cases of the public corpus that are known not to agree.
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::print_stdout)]

mod corpus {
    pub mod case;
    pub mod classes;
    pub mod compare;
    pub mod disk;
}

use std::{collections::BTreeMap, path::PathBuf};

use corpus::case::{Case, run};

const MINIMUM: &str = include_str!("corpus-minimum.json");
const DIFFERENCES: &str = include_str!("../../../docs/differences.md");

#[test]
fn loads_as_the_reference_does() {
    let Some(folder) = std::env::var_os("COMPOSEYARD_CORPUS") else { return };
    // The models name absolute paths, which a `..` in the variable would make unequal.
    let folder = PathBuf::from(folder).canonicalize().unwrap();
    let index = std::fs::read_to_string(folder.join("index.json")).unwrap();
    let cases: Vec<serde_json::Value> = serde_json::from_str(&index).unwrap();
    let mut unexpected = Vec::new();
    let mut counts: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    for case in cases.iter().filter(|case| case["kind"] != "vector") {
        let case: Case = serde_json::from_value(case.clone()).unwrap();
        let (passed, total) = counts.entry(case.category.clone()).or_default();
        *total += 1;
        let outcome = run(&case, &folder);
        match &outcome {
            Ok(()) => *passed += 1,
            Err(why) => println!("FAIL {}: {why}", case.id),
        }
        if outcome.is_err() != is_accepted(&case.id) {
            unexpected.push(case.id);
        }
    }
    let minimum: BTreeMap<String, u32> = serde_json::from_str(MINIMUM).unwrap();
    for (category, (passed, total)) in &counts {
        println!("{category}: {passed} of {total}");
    }
    let (passed, total) = counts.values().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    println!("all: {passed} of {total}");
    for (category, (passed, _)) in &counts {
        let least = minimum.get(category).copied().unwrap_or_default();
        assert!(*passed >= least, "{category}: {passed} passed, {least} did before");
    }
    assert!(unexpected.is_empty(), "not as docs/differences.md says: {unexpected:?}");
}

/// True for a case in the table of `docs/differences.md`.
fn is_accepted(case: &str) -> bool {
    DIFFERENCES.lines().any(|line| line.starts_with(&format!("| `{case}` |")))
}
