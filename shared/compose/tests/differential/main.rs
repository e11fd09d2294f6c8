//! Generated projects against the reference, `docker compose config` 2.40: both sides must refuse or accept the same
//! files and print the same JSON, YAML and hashes. Without the reference the test says so and does nothing.
//!
//! | variable | meaning |
//! |---|---|
//! | `COMPOSEYARD_SEED` | seed of the first case; the default is fixed, so that a run can be repeated |
//! | `COMPOSEYARD_CASES` | how many cases; the default takes less than a minute |
//! | `COMPOSEYARD_SCHEMA` | the reference's JSON schema, for the test that puts odd values at each of its places |
//! | `COMPOSEYARD_SWEEP` | every so manieth of these, and of the pairs of values, is asked about; 1 asks about all, which takes some minutes |
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::print_stdout)]

mod dice;
mod known;
mod oracle;
mod outcome;
mod pairs;
mod shrink;
mod sweep;
mod tree;
mod write;

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use dice::Dice;
use oracle::Oracle;
use outcome::{Question, difference, ours};
use write::{Case, case};

const DIFFERENCES: &str = include_str!("../../../../docs/differences.md");
const CASES: u64 = 150;
/// The share of cases that agree or differ as docs/differences.md says.
const AGREEMENT: f64 = 0.999;
const WORKERS: usize = 3;
/// Of the odd values and of the pairs, every so manieth: a prime, so that each seed meets other values at other places.
const SWEEP: u64 = 41;

#[test]
fn loads_what_the_reference_loads_and_prints_what_it_prints() {
    let oracle = match Oracle::find() {
        Ok(oracle) => oracle,
        Err(why) => return println!("SKIPPED: the differential test needs the reference: {why}"),
    };
    let (seed, cases) = (setting("COMPOSEYARD_SEED", 1), setting("COMPOSEYARD_CASES", CASES));
    println!("seed {seed}, {cases} cases");
    let case = |number| case(&mut Dice::new(seed.wrapping_mul(1_000_003).wrapping_add(number)));
    let failures = compare_all(&oracle, cases, case);
    let agreement = 1.0 - failures as f64 / cases as f64;
    assert!(agreement >= AGREEMENT, "only {:.2} % agree", agreement * 100.0);
}

#[test]
fn takes_and_refuses_odd_values_as_the_reference_does() {
    let (oracle, schema) = match (Oracle::find(), std::env::var("COMPOSEYARD_SCHEMA")) {
        (Ok(oracle), Ok(path)) => (oracle, std::fs::read_to_string(path).unwrap()),
        (Err(why), _) => return println!("SKIPPED: the sweep needs the reference: {why}"),
        (_, Err(_)) => return println!("SKIPPED: the sweep needs the schema that COMPOSEYARD_SCHEMA names"),
    };
    compare_some(&oracle, &sweep::cases(&serde_json::from_str(&schema).unwrap()));
}

#[test]
fn lays_one_value_over_another_as_the_reference_does() {
    let oracle = match Oracle::find() {
        Ok(oracle) => oracle,
        Err(why) => return println!("SKIPPED: the pairs of values need the reference: {why}"),
    };
    compare_some(&oracle, &pairs::cases());
}

/// Compares every so manieth of the cases: none may differ.
fn compare_some(oracle: &Oracle, cases: &[Case]) {
    let step = setting("COMPOSEYARD_SWEEP", SWEEP).max(1);
    let first = setting("COMPOSEYARD_SEED", 1) % step;
    let chosen: Vec<&Case> = cases.iter().skip(first as usize).step_by(step as usize).collect();
    let failures = compare_all(oracle, chosen.len() as u64, |number| chosen[number as usize].clone());
    assert_eq!(failures, 0, "{failures} of {} differ", chosen.len());
}

/// Compares cases by number, prints what differs and gives the number of those that nothing explains.
fn compare_all(oracle: &Oracle, cases: u64, case: impl Fn(u64) -> Case + Sync) -> usize {
    let next = AtomicU64::new(0);
    let failures = Mutex::new(Vec::new());
    let known = Mutex::new(BTreeMap::new());
    let accepted = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= cases {
                        break;
                    }
                    let bench = Bench::new(oracle);
                    let case = case(number);
                    let (is_accepted, fault) = bench.compare(&case);
                    accepted.fetch_add(u64::from(is_accepted), Ordering::Relaxed);
                    match fault {
                        Some(Fault::Known(name)) => *known.lock().unwrap().entry(name).or_insert(0_u32) += 1,
                        Some(Fault::Unknown(question, difference)) => {
                            let report = shrink::report(&bench, case, question, difference);
                            println!("--- case {number}\n{report}");
                            failures.lock().unwrap().push(number);
                        }
                        None => {}
                    }
                }
            });
        }
    });
    let (failures, known) = (failures.into_inner().unwrap(), known.into_inner().unwrap());
    println!("{cases} cases, {} accepted, {} differ: {failures:?}", accepted.into_inner(), failures.len());
    println!("explained: {known:?}");
    for name in known.keys() {
        assert!(DIFFERENCES.contains(&format!("`{name}`")), "docs/differences.md lacks {name}");
    }
    failures.len()
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// How two sides differ.
pub enum Fault {
    /// As docs/differences.md says under this name.
    Known(String),
    Unknown(Question, String),
}

/// A folder in which both sides look at cases.
pub struct Bench<'a> {
    oracle: &'a Oracle,
    folder: tempfile::TempDir,
    environment: Vec<(String, String)>,
}

impl<'a> Bench<'a> {
    fn new(oracle: &'a Oracle) -> Self {
        let mut environment: Vec<(String, String)> = write::ENVIRONMENT
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        environment.push(("HOME".to_owned(), "/home/nobody".to_owned()));
        Self { oracle, folder: tempfile::Builder::new().prefix("case").tempdir().unwrap(), environment }
    }

    /// Whether the reference accepts a case, and the first question whose answers differ.
    pub fn compare(&self, case: &Case) -> (bool, Option<Fault>) {
        let folder = self.lay_out(case);
        let mut is_accepted = false;
        for question in Question::ALL[..setting("COMPOSEYARD_QUESTIONS", 3) as usize].iter().copied() {
            let theirs = self.oracle.ask(case, &folder, &self.environment, question);
            is_accepted |= theirs.is_accepted();
            let ours = ours(case, &folder, &self.environment, question);
            if let Some(difference) = difference(&theirs, &ours) {
                let fault = match known::name(case, question, &theirs, &ours) {
                    Some(name) => Fault::Known(name),
                    None => Fault::Unknown(question, difference),
                };
                return (is_accepted, Some(fault));
            }
            if !theirs.is_accepted() {
                break;
            }
        }
        (is_accepted, None)
    }

    /// How the answers to one question differ.
    pub fn ask(&self, case: &Case, question: Question) -> Option<String> {
        let folder = self.lay_out(case);
        let theirs = self.oracle.ask(case, &folder, &self.environment, question);
        let ours = ours(case, &folder, &self.environment, question);
        difference(&theirs, &ours).filter(|_| known::name(case, question, &theirs, &ours).is_none())
    }

    fn lay_out(&self, case: &Case) -> std::path::PathBuf {
        let folder = self.folder.path().join("proj");
        let _ = std::fs::remove_dir_all(&folder);
        for (path, content) in &case.files {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).unwrap();
            std::fs::write(path, content.text()).unwrap();
        }
        folder
    }
}
