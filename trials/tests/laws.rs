//! Each law on the same few thousand cases every time. `cargo xtask fuzz` goes on from there.

use composeyard_trials::laws::{Corpus, LAWS};

/// Enough to meet every kind of mutation many times, few enough for seconds.
const CASES: u64 = 1500;

#[test]
fn every_law_holds_on_the_seeded_cases() {
    let corpus = Corpus::own().expect("the stacks are part of the repository");
    let mut faults = Vec::new();
    for law in &LAWS {
        faults.extend((0..CASES).find_map(|case| law.try_case(case, &corpus).err()).map(|fault| {
            format!("{} fails in case {}: {}\n{}", law.name, fault.case, fault.message, fault.input)
        }));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}
