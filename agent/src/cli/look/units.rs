//! Sizes and ages in the words of the docker command.

/// Three digits and a unit of thousands: `1.98MB`, `664MB`.
pub(in super::super) fn size(bytes: u64) -> String {
    composeyard_plan::size(bytes).replace(' ', "")
}

/// How long ago: `6 hours ago`.
pub(in super::super) fn ago(seconds: u64) -> String {
    let (minutes, hours) = (seconds / 60, (seconds + 1800) / 3600);
    let words = match (seconds, minutes, hours) {
        (0, ..) => "Less than a second".to_owned(),
        (1, ..) => "1 second".to_owned(),
        (..60, ..) => format!("{seconds} seconds"),
        (_, 1, _) => "About a minute".to_owned(),
        (_, ..60, _) => format!("{minutes} minutes"),
        (.., 1) => "About an hour".to_owned(),
        (.., ..48) => format!("{hours} hours"),
        (.., ..336) => format!("{} days", hours / 24),
        (.., ..1440) => format!("{} weeks", hours / 24 / 7),
        (.., ..17_520) => format!("{} months", hours / 24 / 30),
        _ => format!("{} years", hours / 24 / 365),
    };
    format!("{words} ago")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_three_digits() {
        let sizes = [0, 7, 999, 1000, 1_984_203, 12_000_000, 664_389_315, 7_000_000_000];
        assert_eq!(sizes.map(size), ["0B", "7B", "999B", "1kB", "1.98MB", "12MB", "664MB", "7GB"]);
    }

    #[test]
    fn ages_are_told_in_their_largest_unit() {
        const HOUR: u64 = 3600;
        let ages =
            [0, 1, 59, 60, 119, 120, HOUR, 2 * HOUR, 47 * HOUR, 48 * HOUR, 20 * 24 * HOUR, 90 * 24 * HOUR];
        assert_eq!(
            ages.map(ago).map(|age| age.trim_end_matches(" ago").to_owned()),
            [
                "Less than a second",
                "1 second",
                "59 seconds",
                "About a minute",
                "About a minute",
                "2 minutes",
                "About an hour",
                "2 hours",
                "47 hours",
                "2 days",
                "2 weeks",
                "3 months",
            ]
        );
        assert_eq!(ago(800 * 24 * HOUR), "2 years ago");
    }
}
