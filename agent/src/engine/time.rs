//! The engine's time stamps.

/// `2026-11-21T10:15:00.123456789Z` to nanoseconds since 1970; none for anything else and for "never" (year 1).
pub(super) fn nanoseconds(stamp: &str) -> Option<i64> {
    let number = |range: std::ops::Range<usize>| stamp.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    let rest = stamp.get(19..)?.strip_suffix('Z')?;
    let fraction = match rest.strip_prefix('.') {
        Some(digits) if (1..=9).contains(&digits.len()) => format!("{digits:0<9}").parse::<i64>().ok()?,
        None if rest.is_empty() => 0,
        _ => return None,
    };
    if year < 1970 {
        return None;
    }
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    seconds.checked_mul(1_000_000_000)?.checked_add(fraction)
}

/// Days since 1970-01-01 in the Gregorian calendar, counted from March so that the leap day comes last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_of_the_engine_become_nanoseconds() {
        assert_eq!(nanoseconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(nanoseconds("2000-02-29T12:00:00.5Z"), Some(951_825_600_500_000_000));
        assert_eq!(nanoseconds("2026-11-21T10:15:00.123456789Z"), Some(1_795_256_100_123_456_789));
    }

    #[test]
    fn never_and_nonsense_are_none() {
        for stamp in
            ["0001-01-01T00:00:00Z", "", "soon", "2026-11-21T10:15:00+01:00", "2026-11-21T10:15:00.Z"]
        {
            assert_eq!(nanoseconds(stamp), None, "{stamp}");
        }
    }
}
