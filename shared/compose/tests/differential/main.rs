//! Generated projects against the reference, `docker compose config` 2.40: both sides must refuse or accept the same
//! files and print the same JSON, YAML and hashes. Without the reference the test says so and does nothing.
//!
//! | variable | meaning |
//! |---|---|
//! | `COMPOSEYARD_SEED` | seed of the first case; the default is fixed, so that a run can be repeated |
//! | `COMPOSEYARD_CASES` | how many cases; the default takes less than a minute |
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::print_stdout)]

mod dice;
mod known;
mod oracle;
mod outcome;
mod shrink;
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

#[test]
fn loads_what_the_reference_loads_and_prints_what_it_prints() {
    let oracle = match Oracle::find() {
        Ok(oracle) => oracle,
        Err(why) => return println!("SKIPPED: the differential test needs the reference: {why}"),
    };
    let (seed, cases) = (setting("COMPOSEYARD_SEED", 1), setting("COMPOSEYARD_CASES", CASES));
    println!("seed {seed}, {cases} cases");
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
                    let bench = Bench::new(&oracle);
                    let case = case(&mut Dice::new(seed.wrapping_mul(1_000_003).wrapping_add(number)));
                    let (is_accepted, fault) = bench.compare(&case);
                    accepted.fetch_add(u64::from(is_accepted), Ordering::Relaxed);
                    match fault {
                        Some(Fault::Known(name)) => {
                            assert!(
                                DIFFERENCES.contains(&format!("`{name}`")),
                                "docs/differences.md lacks {name}"
                            );
                            *known.lock().unwrap().entry(name).or_insert(0_u32) += 1;
                        }
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
    let failures = failures.into_inner().unwrap();
    let agreement = 1.0 - failures.len() as f64 / cases as f64;
    println!("{cases} cases, {} accepted, {} differ: {failures:?}", accepted.into_inner(), failures.len());
    println!("explained: {:?}", known.into_inner().unwrap());
    assert!(agreement >= AGREEMENT, "only {:.2} % agree", agreement * 100.0);
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
