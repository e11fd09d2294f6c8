//! Differences that are meant, by the reference's words or ours. docs/differences.md explains each under its name.

use super::outcome::{Outcome, Question};

/// The name of the difference between two answers, if it is one that is meant.
pub fn name(question: Question, theirs: &Outcome, ours: &Outcome) -> Option<&'static str> {
    match (theirs, ours) {
        (Outcome::Refused(why), Outcome::Accepted(_)) => refused(why),
        (Outcome::Accepted(_), Outcome::Refused(why)) => accepted(why),
        (Outcome::Accepted(theirs), Outcome::Accepted(ours)) if question == Question::Yaml => {
            printed(theirs, ours)
        }
        _ => None,
    }
}

/// What only the reference refuses.
fn refused(why: &str) -> Option<&'static str> {
    let rules = [
        ("panic: interface conversion: ", "crash"),
        ("conflicts with imported resource", "include-merge"),
        ("types.SSHKey", "ssh-paths"),
        (".required must be a boolean", "later-casts"),
        ("invalid jsonType time.Time", "plain-dates"),
    ];
    rules.iter().find(|(words, _)| why.contains(words)).map(|(_, name)| *name)
}

/// What only we refuse.
fn accepted(why: &str) -> Option<&'static str> {
    let choices = ["failure_action", "restart_policy.condition", "].mode"];
    let is_choice = |line: &str| line.starts_with("CY203") && choices.iter().any(|key| line.contains(key));
    why.lines().all(is_choice).then_some("later-choices")
}

/// What is printed otherwise.
fn printed(theirs: &str, ours: &str) -> Option<&'static str> {
    let same = without_ssh(theirs) == without_ssh(ours);
    same.then_some("ssh-paths")
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
