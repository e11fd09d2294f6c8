//! `config` and its flags print what the reference prints.

use super::sides::{Case, Sides};

/// Of all cases with the same flags, every so manieth is asked about: the rest has its turn with other flags.
const STEP: usize = 15;

/// How two printed texts must agree.
#[derive(Clone, Copy)]
enum Alike {
    Bytes,
    /// The reference prints these in the order of the day.
    Lines,
}

/// A question about a case.
type Asked<'a> = (&'static [&'static str], Alike, &'a Case);

const FLAGS: [(&[&str], Alike); 17] = [
    (&[], Alike::Bytes),
    (&["--format", "json"], Alike::Bytes),
    (&["--no-interpolate"], Alike::Bytes),
    (&["--no-interpolate", "--format", "json"], Alike::Bytes),
    (&["--no-path-resolution"], Alike::Bytes),
    (&["--no-normalize"], Alike::Bytes),
    (&["--no-consistency"], Alike::Bytes),
    (&["--no-normalize", "--no-consistency", "--no-path-resolution", "--format", "json"], Alike::Bytes),
    (&["--quiet"], Alike::Bytes),
    (&["--services"], Alike::Lines),
    (&["--volumes"], Alike::Lines),
    (&["--networks"], Alike::Lines),
    (&["--images"], Alike::Lines),
    (&["--profiles"], Alike::Lines),
    (&["--models"], Alike::Lines),
    (&["--variables"], Alike::Lines),
    (&["--environment"], Alike::Bytes),
];

/// Parts of the names of cases that are left out: what docs/differences.md explains.
const LEFT_OUT: [&str; 9] = [
    "PreStart",
    "conflict",
    "prefix_no_cycle",
    "ExtendsNil",
    "SharedAlias",
    "ssh",
    "include-Env",
    "container-name-unique",
    "LoadWithReset",
];

#[test]
fn config_and_its_flags_print_what_the_reference_prints() {
    let sides = match Sides::find() {
        Ok(sides) => sides,
        Err(lack) => return println!("SKIPPED: config beside the reference needs {lack}"),
    };
    let is_explained =
        |case: &&Case| LEFT_OUT.iter().any(|word| case.id.to_lowercase().contains(&word.to_lowercase()));
    let cases: Vec<&Case> = sides.cases.iter().filter(|case| !is_explained(case)).collect();
    let work: Vec<Asked<'_>> = FLAGS
        .iter()
        .enumerate()
        .flat_map(|(at, (flags, alike))| {
            cases.iter().skip(at % STEP).step_by(STEP).map(move |case| (*flags, *alike, *case))
        })
        .collect();
    let faults = Sides::of_each(&work, |(flags, alike, case)| compare(&sides, case, flags, *alike));
    println!("{} questions, {} answered otherwise", work.len(), faults.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What differs, if anything. What the reference refuses is not compared: those are the loader's own tests.
fn compare(sides: &Sides, case: &Case, flags: &[&str], alike: Alike) -> Option<String> {
    let theirs = sides.theirs(case, flags);
    if !theirs.status.success() {
        return None;
    }
    let ours = Sides::ours(case, flags);
    let printed = |out: &[u8]| {
        let text = String::from_utf8_lossy(out).trim_end().to_owned();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        if matches!(alike, Alike::Lines) {
            lines.sort();
        }
        lines
    };
    let (theirs, said) = (printed(&theirs.stdout), printed(&ours.stdout));
    if ours.status.success() && theirs == said {
        return None;
    }
    let at = theirs.iter().zip(&said).position(|(a, b)| a != b).unwrap_or(theirs.len().min(said.len()));
    let line = |lines: &[String]| lines.get(at).cloned().unwrap_or_default();
    Some(format!(
        "{} {flags:?} line {}: {:?}, not {:?} {}",
        case.id,
        at + 1,
        line(&said),
        line(&theirs),
        String::from_utf8_lossy(&ours.stderr).lines().next().unwrap_or_default()
    ))
}
