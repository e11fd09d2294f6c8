//! The browser's clocks.

/// Milliseconds since the page was opened, with fractions; for measuring.
pub fn now() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now())
}

/// Milliseconds since 1970; for dates that people read.
pub fn date() -> f64 {
    js_sys::Date::now()
}

/// "just now", "5 minutes ago", "3 days ago".
pub fn ago(milliseconds: f64) -> String {
    let minutes = (milliseconds / 60_000.0).max(0.0) as u64;
    let (count, unit) = match minutes {
        0 => return "just now".to_owned(),
        1..60 => (minutes, "minute"),
        60..1440 => (minutes / 60, "hour"),
        _ => (minutes / 1440, "day"),
    };
    format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::ago;

    #[test]
    fn time_is_told_in_the_largest_unit_that_fits() {
        let minute = 60_000.0;
        let told = [0.0, minute, 59.0 * minute, 60.0 * minute, 49.0 * 60.0 * minute, -5.0].map(ago);
        assert_eq!(
            told,
            ["just now", "1 minute ago", "59 minutes ago", "1 hour ago", "2 days ago", "just now"]
        );
    }
}
