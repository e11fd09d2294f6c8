//! CY206: a duration or a size that cannot be read.

use composeyard_yaml::NodeId;

use super::Walk;
use crate::facts::Meaning;
use crate::model::{Bytes, Duration};
use crate::rules::Rule;
use crate::{Diagnostic, Severity};

pub(super) static RULE: Rule = Rule {
    code: "CY206",
    name: "invalid-unit",
    severity: Severity::Error,
    what: "A duration or a size has no unit, an unknown unit, or is not a number.",
    why: "Compose refuses the file.",
    how: "Durations are numbers with `ms`, `s`, `m`, `h`, `d` or `w`: `1m30s`. Sizes are numbers with `b`, `k`, `m` or `g`: `512m`.",
    link: "https://docs.docker.com/reference/compose-file/extension/#specifying-durations",
    example: "services:\n  app:\n    image: nginx:1.27\n    stop_grace_period: 10sec\n",
    good: "services:\n  app:\n    image: nginx:1.27\n    stop_grace_period: 10s\n",
};

pub(super) fn problem(walk: &Walk<'_>, id: NodeId, text: &str, meaning: Meaning) -> Option<Diagnostic> {
    let (what, error, how) = match meaning {
        Meaning::Duration => (
            "duration",
            Duration::parse(text).err()?,
            "Write a number and a unit: `500ms`, `30s`, `1m30s`, `2h`.",
        ),
        _ => ("size", Bytes::parse(text).err()?, "Write a number and a unit: `64k`, `512m`, `2g`."),
    };
    let span = walk.document.node(id).span();
    let message = format!("{} is not a {what}: {error}", walk.subject());
    let finding = RULE.at(walk.file, span, &walk.path, message).with_help(how);
    Some(match mend(text, meaning) {
        Some(mended) => finding.with_edit(format!("Change to `{mended}`"), span, mended),
        None => finding,
    })
}

/// `10`, `10sec`, `5 minutes`, `512 megabytes`: what was likely meant.
fn mend(text: &str, meaning: Meaning) -> Option<String> {
    let text = text.trim();
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit() && c != '.')?);
    let unit = unit.trim().to_ascii_lowercase();
    let short = match (meaning, unit.as_str()) {
        (Meaning::Duration, "sec" | "secs" | "second" | "seconds") => "s",
        (Meaning::Duration, "min" | "mins" | "minute" | "minutes") => "m",
        (Meaning::Duration, "hour" | "hours" | "hr" | "hrs") => "h",
        (Meaning::Duration, "day" | "days") => "d",
        (Meaning::Duration, "msec" | "millisecond" | "milliseconds") => "ms",
        (Meaning::Size, "kilobytes" | "kbyte" | "ki") => "k",
        (Meaning::Size, "megabytes" | "mbyte" | "mi" | "meg") => "m",
        (Meaning::Size, "gigabytes" | "gbyte" | "gi" | "gig") => "g",
        _ => return None,
    };
    (!number.is_empty()).then(|| format!("{number}{short}"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, fixed, service};

    #[test]
    fn an_unknown_unit_of_time_is_named_and_mended() {
        let text = service("stop_grace_period: 10sec");
        assert_eq!(
            check(&text),
            [
                "CY206 services.app.stop_grace_period: `stop_grace_period` is not a duration: unknown unit \"sec\" in duration \"10sec\""
            ]
        );
        assert_eq!(fixed(&text), service("stop_grace_period: 10s"));
    }

    #[test]
    fn a_size_needs_a_known_unit() {
        let text = service("mem_limit: 512Mi");
        assert_eq!(check(&text).len(), 1);
        assert_eq!(fixed(&text), service("mem_limit: 512m"));
    }

    #[test]
    fn sizes_and_durations_of_the_reference_pass() {
        let good = "build: {context: ., shm_size: 1.5gb}\n    shm_size: 67108864\n    memswap_limit: -1\n    mem_limit: 0x10\n    mem_reservation: 0o17\n    healthcheck:\n      interval: 1m30s\n      timeout: 500ms";
        assert!(check(&service(good)).is_empty());
    }
}
