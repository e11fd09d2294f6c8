//! Differences that are meant, by the reference's words or ours. docs/differences.md explains each under its name.

use super::{
    outcome::{Outcome, Question},
    write::Case,
};

/// The name of the difference between two answers, if it is one that is meant.
pub fn name(case: &Case, question: Question, theirs: &Outcome, ours: &Outcome) -> Option<String> {
    match (theirs, ours) {
        (Outcome::Refused(why), Outcome::Accepted(_)) => {
            crash(why).or_else(|| refused(why).map(str::to_owned)).or_else(|| eager(case, why))
        }
        (Outcome::Accepted(_), Outcome::Refused(why)) => accepted(why).map(str::to_owned),
        (Outcome::Accepted(theirs), Outcome::Accepted(ours)) if question == Question::Yaml => {
            printed(theirs, ours).map(str::to_owned)
        }
        _ => None,
    }
}

/// The function in which the reference crashed.
fn crash(why: &str) -> Option<String> {
    let (_, function) = why.split_once("panic: ")?.1.rsplit_once(" in ")?;
    Some(format!("crash in {function}"))
}

/// A fault in a default that is not used: some text of the case has a variable inside another one.
fn eager(case: &Case, why: &str) -> Option<String> {
    let in_variable = why.contains("is missing a value") || why.contains("invalid interpolation format");
    let nests = |text: &str| {
        text.match_indices("${").any(|(at, _)| {
            let inner = &text[at + 2..];
            inner.find('$').is_some_and(|inner_at| !inner[..inner_at].contains('}'))
        })
    };
    (in_variable && case.files.values().any(|content| nests(&content.text())))
        .then(|| "eager-defaults".to_owned())
}

/// What only the reference refuses.
fn refused(why: &str) -> Option<&'static str> {
    let rules = [
        ("conflicts with imported resource", "include-merge"),
        ("types.SSHKey", "ssh-paths"),
        (".required must be a boolean", "later-casts"),
        ("time.Time", "plain-dates"),
        ("+0000 UTC", "plain-dates"),
        ("additional properties 'pre_start' not allowed", "later-keys"),
        ("additional properties 'no_cache_filter' not allowed", "later-keys"),
        ("json: unsupported value", "infinite-numbers"),
        ("additional_contexts additional properties '' not allowed", "nameless-context"),
    ];
    rules.iter().find(|(words, _)| why.contains(words)).map(|(_, name)| *name)
}

/// What only we refuse.
fn accepted(why: &str) -> Option<&'static str> {
    if why.contains("2020-01-01") {
        return Some("plain-dates");
    }
    if [".build.sbom must be", ".build.provenance must be"].iter().any(|words| why.contains(words)) {
        return Some("printed-collections");
    }
    if why.contains(".target: 1e+20 is not a port number") {
        return Some("huge-numbers");
    }
    let choices = ["failure_action", "restart_policy.condition", "].mode"];
    let is_choice = |line: &str| {
        (line.starts_with("CY203") || line.starts_with("CY020"))
            && choices.iter().any(|key| line.contains(key))
    };
    why.lines().all(is_choice).then_some("later-choices")
}

/// What is printed otherwise.
fn printed(theirs: &str, ours: &str) -> Option<&'static str> {
    if without_ssh(theirs) == without_ssh(ours) {
        return Some("ssh-paths");
    }
    let finite = |line: &str| match line.rsplit_once(' ') {
        Some((key, ".inf" | "-.inf" | ".nan")) => format!("{key} null"),
        _ => line.to_owned(),
    };
    theirs.lines().map(finite).eq(ours.lines().map(str::to_owned)).then_some("infinite-numbers")
}

/// The lines that do not stand below an `ssh:`.
fn without_ssh(text: &str) -> Vec<&str> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut ssh = None;
    let outside = |line: &&str| {
        if ssh.is_some_and(|ssh| indent(line) > ssh) {
            return false;
        }
        ssh = (line.trim() == "ssh:").then_some(indent(line));
        true
    };
    text.trim_end().lines().filter(outside).collect()
}
