//! How times, names and whole logs are written.

use composeyard_logs::{ansi, ring::Kind};

use super::intake::Intake;

/// `14:02:11.204` of a stamp in nanoseconds since 1970, in a zone so many minutes behind UTC (as JavaScript counts).
pub fn clock_time(nanoseconds: i64, minutes_behind: i64) -> String {
    let milliseconds = nanoseconds.div_euclid(1_000_000) - minutes_behind * 60_000;
    let of_day = milliseconds.rem_euclid(86_400_000);
    let (hours, minutes) = (of_day / 3_600_000, of_day / 60_000 % 60);
    format!("{hours:02}:{minutes:02}:{:02}.{:03}", of_day / 1_000 % 60, of_day % 1_000)
}

/// The lines as a text file, as `docker compose logs --timestamps` writes them: without colours.
pub fn whole_log(intake: &Intake, minutes_behind: i64) -> String {
    let width = intake.sources().iter().map(|source| source.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for row in intake.ring.rows_from(0).filter(|row| row.kind != Kind::Mark) {
        let name = intake.source_of(row.source).map_or("", |source| &source.name);
        let time = clock_time(row.time, minutes_behind);
        text.push_str(&format!("{name:width$} | {time} {}\n", ansi::plain(row.text)));
    }
    text
}

/// The class of a service's colour, the same for all its containers: by its place among the services.
pub fn color_class(place: usize) -> String {
    format!("hue-{}", place % 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_of_the_users_zone() {
        assert_eq!(clock_time(1_795_255_748_204_999_999, 0), "10:09:08.204");
        assert_eq!(clock_time(1_795_255_748_204_000_000, -120), "12:09:08.204");
        assert_eq!(clock_time(0, 60), "23:00:00.000");
    }
}
