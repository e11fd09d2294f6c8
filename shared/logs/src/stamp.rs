//! The engine's time stamps: RFC 3339 with up to nine decimals, before each stored line when `timestamps` is asked for.

/// Splits `2026-11-21T10:09:08.123456789Z text` into nanoseconds since 1970 and the text after one space.
/// None when the bytes do not begin with a whole stamp and a space.
pub fn split(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let end = bytes.iter().take(MAX_STAMP + 1).position(|&b| b == b' ')?;
    Some((parse(&bytes[..end])?, &bytes[end + 1..]))
}

/// Whether more bytes could still make a stamp of these: there is no space yet and it is not too long for one.
pub fn may_grow(bytes: &[u8]) -> bool {
    bytes.len() <= MAX_STAMP && bytes.iter().all(|b| b.is_ascii_digit() || b"-:.TZ+".contains(b))
}

/// Nanoseconds since 1970 of a whole RFC 3339 stamp.
pub fn parse(stamp: &[u8]) -> Option<i64> {
    let (date, rest) = stamp.split_at_checked(10)?;
    let (clock, rest) = rest.split_at_checked(9)?;
    let [y1, y2, y3, y4, b'-', mo1, mo2, b'-', d1, d2] = *date else { return None };
    let [b'T' | b't', h1, h2, b':', mi1, mi2, b':', s1, s2] = *clock else { return None };
    let days = days_from_civil(number(&[y1, y2, y3, y4])?, number(&[mo1, mo2])?, number(&[d1, d2])?)?;
    let (hour, minute, second) = (number(&[h1, h2])?, number(&[mi1, mi2])?, number(&[s1, s2])?);
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let (nanos, zone) = fraction(rest)?;
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset(zone)?;
    seconds.checked_mul(1_000_000_000)?.checked_add(nanos)
}

/// The stamp of so many nanoseconds since 1970, in universal time with nine decimals, as the engine writes it.
pub fn write(nanos: i64) -> String {
    let (seconds, decimals) = (nanos.div_euclid(1_000_000_000), nanos.rem_euclid(1_000_000_000));
    let (year, month, day) = civil_from_days(seconds.div_euclid(86_400));
    let clock = seconds.rem_euclid(86_400);
    let (hour, minute, second) = (clock / 3_600, clock / 60 % 60, clock % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{decimals:09}Z")
}

/// The longest stamp: nine decimals and a numeric offset.
const MAX_STAMP: usize = "2026-11-21T10:09:08.123456789+00:00".len();

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |n, b| b.is_ascii_digit().then(|| n * 10 + i64::from(b - b'0')))
}

/// `.123Z` to its nanoseconds and the zone after it; no decimals are none.
fn fraction(rest: &[u8]) -> Option<(i64, &[u8])> {
    let Some(decimals) = rest.strip_prefix(b".") else { return Some((0, rest)) };
    let end = decimals.iter().position(|b| !b.is_ascii_digit())?;
    if !(1..=9).contains(&end) {
        return None;
    }
    let scale = 10_i64.pow(9 - u32::try_from(end).ok()?);
    Some((number(&decimals[..end])? * scale, &decimals[end..]))
}

/// Seconds east of Greenwich.
fn offset(zone: &[u8]) -> Option<i64> {
    match *zone {
        [b'Z' | b'z'] => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let seconds = number(&[h1, h2])? * 3_600 + number(&[m1, m2])? * 60;
            Some(if sign == b'-' { -seconds } else { seconds })
        }
        _ => None,
    }
}

/// Days since 1970 of a Gregorian date (Howard Hinnant's algorithm), for years from 1.
fn days_from_civil(year: i64, month: i64, day: i64) -> Option<i64> {
    if year < 1 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

/// The other way round.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        assert_eq!(write(1_795_255_748_500_000_000), "2026-11-21T10:09:08.500000000Z");
        let mut days = (0..40_000).map(|day| day * 86_400_000_000_000 + 12_345_678_901_234);
        assert!(days.all(|at| parse(write(at).as_bytes()) == Some(at)));
    }

    #[test]
    fn a_stamp_is_nanoseconds_since_1970() {
        assert_eq!(parse(b"1970-01-01T00:00:00.000000001Z"), Some(1));
        assert_eq!(parse(b"2026-11-21T10:09:08.5Z"), Some(1_795_255_748_500_000_000));
        assert_eq!(parse(b"2024-02-29T23:59:59Z"), Some(1_709_251_199_000_000_000));
    }

    #[test]
    fn an_offset_is_taken_off() {
        assert_eq!(parse(b"2026-11-21T12:09:08+02:00"), parse(b"2026-11-21T10:09:08Z"));
        assert_eq!(parse(b"2026-11-21T05:39:08-04:30"), parse(b"2026-11-21T10:09:08Z"));
    }

    #[test]
    fn what_is_no_stamp_is_refused() {
        for text in [
            "",
            "hello",
            "2026-13-01T00:00:00Z",
            "2026-01-01 00:00:00Z",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00:00.Z",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn the_text_after_the_stamp_keeps_its_own_spaces() {
        assert_eq!(split(b"1970-01-01T00:00:00Z   x "), Some((0, &b"  x "[..])));
        assert_eq!(split(b"1970-01-01T00:00:00Z"), None);
    }
}
