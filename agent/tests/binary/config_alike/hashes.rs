//! The hashes by which either tool knows a service's containers: equal on every project that both sides load.

use std::process::Output;

use super::sides::{Case, Sides};

const DIFFERENCES: &str = include_str!("../../../../docs/differences.md");

/// What the answers to one case came to.
enum Verdict {
    /// With the number of services.
    Alike(usize),
    /// One side does not load it, which the loader's own tests look at.
    Refused,
    /// With the service that differs.
    Differs(String),
}

#[test]
fn the_hashes_of_all_services_are_those_of_the_reference() {
    let sides = match Sides::find() {
        Ok(sides) => sides,
        Err(lack) => return println!("SKIPPED: config --hash beside the reference needs {lack}"),
    };
    let (mut alike, mut services, mut unexplained) = (0, 0, Vec::new());
    for (id, verdict) in Sides::of_each(&sides.cases, |case| Some((case.id.clone(), compare(&sides, case)))) {
        let is_explained = DIFFERENCES.contains(&format!("`{id}`"));
        match verdict {
            Verdict::Alike(count) => (alike, services) = (alike + 1, services + count),
            Verdict::Differs(how) if !is_explained => unexplained.push(format!("{id}: {how}")),
            Verdict::Differs(_) | Verdict::Refused => {}
        }
    }
    println!("{services} services of {alike} projects have the hash of the reference");
    assert!(unexplained.is_empty(), "docs/differences.md lacks\n{}", unexplained.join("\n"));
    assert!(alike > 0, "no project was compared");
}

fn compare(sides: &Sides, case: &Case) -> Verdict {
    const ALL: [&str; 2] = ["--hash", "*"];
    let (theirs, ours) = (sides.theirs(case, &ALL), Sides::ours(case, &ALL));
    if !theirs.status.success() || !ours.status.success() {
        return Verdict::Refused;
    }
    let (theirs, ours) = (lines(&theirs), lines(&ours));
    match theirs.iter().zip(&ours).find(|(theirs, ours)| theirs != ours) {
        Some((theirs, ours)) => Verdict::Differs(format!("{ours}, not {theirs}")),
        None if theirs.len() != ours.len() => {
            Verdict::Differs(format!("{} services, not {}", ours.len(), theirs.len()))
        }
        None => Verdict::Alike(ours.len()),
    }
}

/// A service and its hash each, in the order of the names.
fn lines(output: &Output) -> Vec<String> {
    let mut lines: Vec<String> = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
    lines.sort();
    lines
}
