//! Times as people write them. Moments: time stamps, dates, seconds since 1970, or how long ago; and lengths.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::bail;
use composeyard_logs::stamp;

/// Nanoseconds since 1970.
pub(super) fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    i64::try_from(now).unwrap_or(i64::MAX)
}

/// Nanoseconds since 1970. A stamp without a zone counts in universal time.
///
/// # Errors
/// When it is none of these.
pub(super) fn moment(text: &str, now: i64) -> anyhow::Result<i64> {
    let found = stamped(text).or_else(|| unix(text)).or_else(|| Some(now.saturating_sub(span(text)?)));
    match found {
        Some(moment) => Ok(moment),
        None => bail!("{text:?} is no moment: write 2026-11-21T10:09:08Z, 2026-11-21 or 42m"),
    }
}

/// `2026-11-21T10:09:08.5Z`, and shorter ones.
fn stamped(text: &str) -> Option<i64> {
    let whole = match text.len() {
        10 => format!("{text}T00:00:00Z"),
        16 => format!("{text}:00Z"),
        _ => text.to_owned(),
    };
    stamp::parse(whole.as_bytes()).or_else(|| stamp::parse(format!("{whole}Z").as_bytes()))
}

/// `1136073600`, `1136073600.5`
fn unix(text: &str) -> Option<i64> {
    let (seconds, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 9 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let nanos: i64 = format!("{decimals:0<9}").parse().ok()?;
    seconds.parse::<i64>().ok()?.checked_mul(1_000_000_000)?.checked_add(nanos)
}

/// A length of time: `90s`, `5m`, `1h30m`; a number alone counts seconds.
///
/// # Errors
/// When it is none, or no time at all.
pub(super) fn length(text: &str) -> Result<Duration, String> {
    let with_unit =
        if text.ends_with(|last: char| last.is_ascii_digit()) { format!("{text}s") } else { text.to_owned() };
    let nanos = span(&with_unit).and_then(|nanos| u64::try_from(nanos).ok()).filter(|nanos| *nanos > 0);
    nanos.map(Duration::from_nanos).ok_or_else(|| "write a length of time, as 90s, 5m or 1h".to_owned())
}

/// `42m`, `1h30m`, `1.5s`: nanoseconds.
fn span(text: &str) -> Option<i64> {
    let mut rest = text;
    let mut sum: f64 = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let count: f64 = rest[..digits].parse().ok()?;
        let unit = rest[digits..].find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len() - digits);
        let nanos = match &rest[digits..digits + unit] {
            "h" => 3_600e9,
            "m" => 60e9,
            "s" => 1e9,
            "ms" => 1e6,
            "us" | "µs" => 1e3,
            "ns" => 1.0,
            _ => return None,
        };
        sum += count * nanos;
        rest = &rest[digits + unit..];
    }
    (!text.is_empty() && sum < i64::MAX as f64).then_some(sum as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000_000;

    #[test]
    fn moments_are_stamps_seconds_or_ages() {
        let now = 1_000_000 * SECOND;
        let at = |text: &str| moment(text, now).unwrap();
        assert_eq!(at("1970-01-02"), 86_400 * SECOND);
        assert_eq!(at("1970-01-02T01:00"), 90_000 * SECOND);
        assert_eq!(at("1970-01-02T01:00:00"), 90_000 * SECOND);
        assert_eq!(at("1970-01-02T01:00:00.5+01:00"), 86_400 * SECOND + SECOND / 2);
        assert_eq!(at("90.25"), 90 * SECOND + SECOND / 4);
        assert_eq!(at("42m"), now - 42 * 60 * SECOND);
        assert_eq!(at("1h30m1.5s"), now - 5401 * SECOND - SECOND / 2);
    }

    #[test]
    fn a_length_is_a_number_with_units_or_of_seconds() {
        let seconds = ["90", "90s", "5m", "1h30m", "0.5s"].map(|text| length(text).unwrap().as_secs_f64());
        assert_eq!(seconds, [90.0, 90.0, 300.0, 5400.0, 0.5]);
        for text in ["", "0", "0s", "-5s", "soon", "5 m", "1d", "99999999999999h"] {
            assert!(length(text).is_err(), "{text}");
        }
    }

    #[test]
    fn other_words_are_refused() {
        for text in ["", "yesterday", "1d", "m", "5x", "1..5s", "2026-13-01", "é", "1é"] {
            assert!(moment(text, 0).is_err(), "{text}");
        }
    }
}
