//! What the buttons and the pill say.

use composeyard_plan::{Grant, Observed};
use composeyard_protocol::{EngineState, Failure};

use super::{
    client::Trouble,
    job::{Ending, Job, Phase},
    link::{Absence, Link},
    service_view::{Tone, project_word},
};

/// A short state, and what to do about it when something is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// In the pill.
    pub word: String,
    /// Of the dot.
    pub tone: Tone,
    /// One sentence.
    pub detail: String,
    /// What to do.
    pub help: String,
}

/// The state of agent and engine.
pub fn status(link: &Link, engine: &EngineState, observed: Option<&Observed>) -> Status {
    let say = |word: &str, tone, detail: &str, help: &str| Status {
        word: word.to_owned(),
        tone,
        detail: detail.to_owned(),
        help: help.to_owned(),
    };
    match (link, engine) {
        (Link::Connecting, _) => say("Connecting", Tone::Idle, "Looking for the agent.", ""),
        (Link::Lost { .. }, _) => say(
            "Reconnecting",
            Tone::Warn,
            "The agent does not answer. Your work is safe in this browser.",
            "The page connects again by itself. If the agent was stopped, start it again and open the link it prints.",
        ),
        (Link::NoAgent { reason }, _) => absence(reason),
        (_, EngineState::Connecting) => {
            say("Looking for Docker", Tone::Idle, "The agent is asking the engine.", "")
        }
        (_, EngineState::Down { reason, help }) => say("No engine", Tone::Bad, &sentence(reason), help),
        (_, EngineState::Up { name, version, api }) => {
            let version: Vec<&str> = version.split('.').take(2).collect();
            let engine = format!("{name} {}", version.join("."));
            let (word, tone) = match observed.and_then(project_word) {
                Some((word, tone)) => (format!("{engine} · {word}"), tone),
                None => (engine, Tone::Ok),
            };
            Status { word, tone, detail: format!("The engine answers, API {api}."), help: String::new() }
        }
    }
}

fn absence(reason: &Absence) -> Status {
    let link = "Start composeyard again, or open the link that it printed.";
    let (detail, help) = match reason {
        Absence::NotServed => (
            "This page was not opened by an agent: you can design, check and download.".to_owned(),
            "To run stacks, start composeyard on this machine and open the link that it prints.".to_owned(),
        ),
        Absence::NoSession => ("The agent runs, but does not know this browser.".to_owned(), link.to_owned()),
        Absence::CodeUsed => (
            "This launch link has been used already, or the agent was started again since.".to_owned(),
            link.to_owned(),
        ),
        Absence::TooManyTries => (
            "The agent has seen too many wrong launch links.".to_owned(),
            "Wait ten seconds, then reload.".to_owned(),
        ),
        Absence::Refused(failure) => (sentence(&failure.message), failure.help.clone().unwrap_or_default()),
    };
    Status { word: "No agent".to_owned(), tone: Tone::Idle, detail, help }
}

/// Why nothing can be run now, for a tooltip.
pub fn why_not(link: &Link, engine: &EngineState) -> String {
    let status = status(link, engine, None);
    format!("{} {}", status.detail, status.help).trim().to_owned()
}

/// With a capital letter, unless it begins with a place in a file: that is written as it is.
pub fn capital(text: &str) -> String {
    let first_word = text.split(' ').next().unwrap_or_default();
    if first_word.ends_with(':') && first_word.contains('.') {
        return text.to_owned();
    }
    let mut chars = text.chars();
    let first: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    first + chars.as_str()
}

/// With a capital letter and a full stop.
pub fn sentence(text: &str) -> String {
    let text = capital(text);
    if text.is_empty() || text.ends_with(['.', '?', ':']) { text } else { text + "." }
}

/// What went wrong and what to do about it.
pub fn failure(failure: &Failure) -> String {
    let help = failure.help.clone().unwrap_or_default();
    format!("{} {help}", sentence(&failure.message)).trim().to_owned()
}

/// "1 change", "3 changes".
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(number), if number == 1 { one } else { many })
}

/// `12,345`
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The Up button. `busy` is the verb that the agent works on, maybe for another page; `changes` is unknown before the
/// agent has seen the files.
pub fn up_label(job: Option<&Job>, busy: Option<&str>, changes: Option<usize>) -> String {
    if let Some(job) = job.filter(|job| job.is_running()) {
        return match (&job.phase, job.count()) {
            (Phase::Saving, _) => format!("{} · saving", job.verb),
            (Phase::Running, (done, all)) if all > 0 => format!("{} · {done} of {all}", job.verb),
            _ => format!("{} · planning", job.verb),
        };
    }
    if let Some(verb) = busy {
        return format!("{} · under way", capital(verb));
    }
    match changes {
        None => "Up".to_owned(),
        Some(0) => "Up · no changes".to_owned(),
        Some(changes) => format!("Up · {}", count(changes, "change", "changes")),
    }
}

/// The line above the steps.
pub fn job_line(job: &Job) -> (String, Tone) {
    let verb = job.verb;
    match &job.phase {
        Phase::Saving => (format!("{verb}: saving the files in the workspace"), Tone::Warn),
        Phase::Planning => (format!("{verb}: comparing with what runs"), Tone::Warn),
        Phase::Running => {
            let (done, all) = job.count();
            (format!("{verb}: {done} of {all} steps done"), Tone::Warn)
        }
        Phase::Ended(Ending::Done) => (format!("{verb}: done"), Tone::Ok),
        Phase::Ended(Ending::NothingToDo) if verb == "Up" => {
            (format!("{verb}: nothing to do, all is as the files say"), Tone::Ok)
        }
        Phase::Ended(Ending::NothingToDo) => (format!("{verb}: nothing to do"), Tone::Ok),
        Phase::Ended(Ending::Cancelled) => (format!("{verb}: cancelled"), Tone::Idle),
        Phase::Ended(Ending::NeedsConsent) => {
            (format!("{verb}: nothing was begun without your consent"), Tone::Warn)
        }
        Phase::Ended(Ending::PlanChanged) => {
            (format!("{verb}: what runs has changed meanwhile. This is the new plan"), Tone::Warn)
        }
        Phase::Ended(Ending::Lost) => {
            (format!("{verb}: the connection was lost. The agent carries on with it"), Tone::Warn)
        }
        Phase::Ended(Ending::Failed(_)) => (format!("{verb}: failed"), Tone::Bad),
    }
}

/// A request's trouble as the end of its job.
pub fn ending(trouble: Trouble) -> Ending {
    match trouble {
        Trouble::Lost => Ending::Lost,
        Trouble::Cancelled => Ending::Cancelled,
        Trouble::Failed(failure) => Ending::Failed(failure),
    }
}

/// What a consent would allow, one line each.
pub fn consent_lines(grants: &[Grant]) -> Vec<String> {
    grants.iter().map(|grant| format!("{}: {}.", grant.key, grant.reason)).collect()
}

/// "512 B", "1.5 kB", "41.0 MB", "2.1 GB": in steps of a thousand, as the engine's own tools print sizes.
pub fn bytes(count: u64) -> String {
    let units = [(1_000_000_000_u64, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match units.iter().find(|(unit, _)| count >= *unit) {
        Some((unit, name)) => format!("{}.{} {name}", count / unit, count % unit * 10 / unit),
        None => format!("{count} B"),
    }
}

/// "0.4 s", "12 s", "2 min 5 s".
pub fn duration(milliseconds: u64) -> String {
    match milliseconds {
        0..10_000 => format!("{}.{} s", milliseconds / 1_000, milliseconds % 1_000 / 100),
        10_000..60_000 => format!("{} s", milliseconds / 1_000),
        _ => format!("{} min {} s", milliseconds / 60_000, milliseconds % 60_000 / 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_waits_for_consent_has_not_failed() {
        let mut job = Job::new("Up");
        job.phase = Phase::Ended(Ending::NeedsConsent);
        let said = ("Up: nothing was begun without your consent".to_owned(), Tone::Warn);
        assert_eq!(job_line(&job), said);
    }

    #[test]
    fn the_name_of_a_file_keeps_its_letters() {
        assert_eq!(sentence("compose.yaml:5: no such service"), "compose.yaml:5: no such service.");
        assert_eq!(sentence("no such service"), "No such service.");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 999, 1_000, 1_204_310].map(thousands), ["0", "999", "1,000", "1,204,310"]);
    }

    #[test]
    fn sizes_keep_two_or_more_digits() {
        assert_eq!([0, 999, 1_500, 41_060_000].map(bytes), ["0 B", "999 B", "1.5 kB", "41.0 MB"]);
    }

    #[test]
    fn the_up_button_names_its_result() {
        assert_eq!(up_label(None, None, None), "Up");
        assert_eq!(up_label(None, None, Some(0)), "Up · no changes");
        assert_eq!(up_label(None, None, Some(1)), "Up · 1 change");
        assert_eq!(up_label(None, Some("up"), Some(1)), "Up · under way");
        let mut job = Job::new("Down");
        assert_eq!(up_label(Some(&job), Some("down"), Some(1)), "Down · saving");
        job.phase = Phase::Running;
        job.steps = (1..=9).map(|id| (composeyard_plan::StepId(id), None)).collect();
        assert_eq!(up_label(Some(&job), Some("down"), Some(1)), "Down · 0 of 9");
    }

    #[test]
    fn the_pill_says_what_answers_and_what_runs() {
        let link = Link::Connected { agent: "0.1.0".into(), workspace: "/w".into() };
        let up = EngineState::Up { name: "Docker".into(), version: "20.10.24".into(), api: "1.41".into() };
        assert_eq!(status(&link, &up, None).word, "Docker 20.10");
        let down = EngineState::Down { reason: "nothing listens".into(), help: "Start it.".into() };
        let said = status(&link, &down, None);
        assert_eq!((said.word.as_str(), said.detail.as_str()), ("No engine", "Nothing listens."));
    }

    #[test]
    fn durations_are_short() {
        assert_eq!([400, 12_700, 125_000].map(duration), ["0.4 s", "12 s", "2 min 5 s"]);
    }
}
