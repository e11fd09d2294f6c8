//! A check that remembers the one before finds what a check without a memory finds.

use std::fmt::Debug;

use composeyard_compose::{Loaded, Memory, check, check_again};

use super::{Corpus, mutate};
use crate::{project, random::Random, request};

/// A file that loads more often than not: what cannot be read leaves nothing to remember.
pub(super) fn input(random: &mut Random, corpus: &Corpus) -> String {
    mutate::pick(random, corpus).to_owned()
}

/// Types and takes back, in many places.
pub(super) fn holds(text: &str, random: &mut Random) -> Result<(), String> {
    let corpus = Corpus { texts: vec![text.to_owned()] };
    let mut memory = Memory::default();
    let mut versions = vec![text.to_owned()];
    for _ in 0..4 {
        let latest = &versions[versions.len() - 1];
        same(latest, &mut memory).map_err(|fault| format!("{fault}, after {versions:#?}"))?;
        let mut next = versions[random.below(versions.len())].clone();
        mutate::mutate(&mut next, random, &corpus);
        versions.push(next);
    }
    Ok(())
}

fn same(text: &str, memory: &mut Memory) -> Result<(), String> {
    let files = project(text);
    let (fresh, again) = (check(&files, &request()), check_again(&files, &request(), memory));
    if fresh.project != again.project {
        return Err(differ(&fresh.project, &again.project));
    }
    if fresh.diagnostics != again.diagnostics {
        return Err(differ(&fresh.diagnostics, &again.diagnostics));
    }
    // Where values stand shows only so.
    if format!("{:?}", fresh.origins) != format!("{:?}", again.origins) {
        return Err(differ(&fresh.origins, &again.origins));
    }
    let rest = |loaded: &Loaded| (loaded.read.clone(), loaded.environment.clone());
    if rest(&fresh) == rest(&again) { Ok(()) } else { Err(differ(&rest(&fresh), &rest(&again))) }
}

/// A few lines around the first that differ.
fn differ(fresh: &impl Debug, again: &impl Debug) -> String {
    let (fresh, again) = (format!("{fresh:#?}"), format!("{again:#?}"));
    let at = fresh.lines().zip(again.lines()).take_while(|(fresh, again)| fresh == again).count();
    let near = |text: &str| {
        let lines: Vec<&str> = text.lines().skip(at.saturating_sub(12)).take(24).map(str::trim).collect();
        lines.join(" ")
    };
    format!("a fresh check gives\n{}\nthe other one\n{}", near(&fresh), near(&again))
}
