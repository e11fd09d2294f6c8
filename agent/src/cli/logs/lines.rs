//! A log line as it is printed: name of the container, time, text.

use std::collections::BTreeMap;
use std::io::Write;

use composeyard_logs::line::SourceId;
use composeyard_logs::stamp;

/// The order in which services get them; those of `docker compose`.
const PALETTE: [&str; 10] = ["36", "33", "32", "35", "34", "36;1", "33;1", "32;1", "35;1", "34;1"];

/// How lines are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Style {
    /// The container's name before each line.
    pub(super) prefix: bool,
    /// The time before each text.
    pub(super) timestamps: bool,
    pub(super) colours: Colours,
}

/// Whether a service's name has a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colours {
    On,
    Off,
}

/// Knows the containers that lines come from.
pub(super) struct Printer {
    style: Style,
    /// Name and colour.
    sources: BTreeMap<SourceId, (String, &'static str)>,
    services: Vec<String>,
    widest: usize,
}

impl Printer {
    pub(super) fn new(style: Style) -> Self {
        Self { style, sources: BTreeMap::new(), services: Vec::new(), widest: 0 }
    }

    /// A container that lines will come from.
    pub(super) fn source(&mut self, source: SourceId, name: &str, service: &str) {
        let known = self.services.iter().position(|known| known == service);
        let at = known.unwrap_or_else(|| {
            self.services.push(service.to_owned());
            self.services.len() - 1
        });
        self.widest = self.widest.max(name.chars().count());
        self.sources.insert(source, (name.to_owned(), PALETTE[at % PALETTE.len()]));
    }

    /// Prints what has become of a container: `app-1 exited with code 3`.
    ///
    /// # Errors
    /// When nobody reads any more.
    pub(super) fn note(&self, out: &mut impl Write, name: &str, note: &str) -> std::io::Result<()> {
        match (self.style.prefix, note) {
            // Bare lines are for programs.
            (false, _) | (true, "") => Ok(()),
            (true, "exited") => writeln!(out, "{name} exited with code 0"),
            (true, note) => writeln!(out, "{name} {note}"),
        }
    }

    /// Prints one line.
    ///
    /// # Errors
    /// When nobody reads any more.
    pub(super) fn print(
        &self,
        out: &mut impl Write,
        source: SourceId,
        time: i64,
        text: &[u8],
    ) -> std::io::Result<()> {
        if self.style.prefix {
            let (name, colour) = self.sources.get(&source).map_or(("", ""), |(name, colour)| (name, *colour));
            let width = self.widest;
            match self.style.colours {
                Colours::On => write!(out, "\x1b[{colour}m{name:<width$}  | \x1b[0m")?,
                Colours::Off => write!(out, "{name:<width$}  | ")?,
            }
        }
        if self.style.timestamps {
            write!(out, "{} ", stamp::write(time))?;
        }
        out.write_all(text)?;
        writeln!(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(style: Style) -> String {
        let mut printer = Printer::new(style);
        let mut out = Vec::new();
        for (number, name, service) in [(0, "a-1", "a"), (1, "a-2", "a"), (2, "longer-1", "longer")] {
            printer.source(SourceId(number), name, service);
        }
        for number in 0..3 {
            printer.print(&mut out, SourceId(number), 0, b"text").unwrap();
        }
        String::from_utf8(out).unwrap()
    }

    const PLAIN: Style = Style { prefix: true, timestamps: false, colours: Colours::Off };

    #[test]
    fn names_are_as_wide_as_the_widest() {
        assert_eq!(printed(PLAIN), "a-1       | text\na-2       | text\nlonger-1  | text\n");
    }

    #[test]
    fn a_service_has_one_colour() {
        let coloured = printed(Style { colours: Colours::On, ..PLAIN });
        let lines: Vec<&str> = coloured.lines().collect();
        assert_eq!(lines[0], "\x1b[36ma-1       | \x1b[0mtext");
        assert!(lines[1].starts_with("\x1b[36m") && lines[2].starts_with("\x1b[33m"));
    }

    #[test]
    fn without_prefix_there_is_no_colour_and_the_time_stands_first() {
        let style = Style { prefix: false, timestamps: true, colours: Colours::On };
        assert!(printed(style).starts_with("1970-01-01T00:00:00.000000000Z text\n"));
    }
}
