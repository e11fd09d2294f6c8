//! What comes from the agent, into one store of lines. Outlives every connection: it knows how far each container has
//! been read.

use std::collections::BTreeMap;

use composeyard_logs::{
    line::{Cursor, SourceId},
    resume::Tracker,
    ring::{Kind, Ring},
    wire::{self, WireError},
};
use composeyard_protocol::LogSource;

/// Lines that are kept. As rows of 20 px they stay below the 17.8 million px that browsers can scroll.
pub const MAX_LINES: usize = 850_000;
/// Bytes of text that are kept.
const MAX_BYTES: usize = 256 * 1024 * 1024;
/// Containers that are open at once when a page begins to follow have been there before; later ones begin.
const SETTLED: f64 = 1_500.0;

/// A container that lines came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Engine id.
    pub container: String,
    /// `app-2`
    pub name: String,
    /// Its service.
    pub service: String,
    /// Lines come.
    pub open: bool,
    read: Tracker,
}

/// All lines of a project, and where they came from.
#[derive(Clone, Debug)]
pub struct Intake {
    /// The lines. Their sources are places in [`Intake::sources`].
    pub ring: Ring,
    sources: Vec<Source>,
    /// Numbers of the subscription to places.
    places: BTreeMap<SourceId, SourceId>,
    subscribed_at: f64,
    newest: i64,
}

impl Default for Intake {
    fn default() -> Self {
        Self {
            ring: Ring::new(MAX_LINES, MAX_BYTES),
            sources: Vec::new(),
            places: BTreeMap::new(),
            subscribed_at: 0.0,
            newest: 0,
        }
    }
}

impl Intake {
    /// A subscription begins, `now` in milliseconds. Returns how far each container has been read.
    pub fn subscribe(&mut self, now: f64) -> Vec<Cursor> {
        self.places.clear();
        self.subscribed_at = now;
        self.sources.iter().filter_map(|source| source.read.cursor(&source.container)).collect()
    }

    /// A container began or ended.
    pub fn source(&mut self, source: LogSource, now: f64) {
        let known = self.sources.iter().position(|known| known.container == source.container);
        let settled = now - self.subscribed_at > SETTLED;
        let place = known.unwrap_or(self.sources.len());
        let Ok(id) = u16::try_from(place).map(SourceId) else { return };
        self.places.insert(source.source, id);
        let was_open = match self.sources.get_mut(place) {
            Some(known) => std::mem::replace(&mut known.open, source.open),
            None => {
                self.sources.push(Source {
                    container: source.container,
                    name: source.name.clone(),
                    service: source.service,
                    open: source.open,
                    read: Tracker::default(),
                });
                !settled
            }
        };
        let name = &source.name;
        match (was_open, source.open) {
            (false, true) => self.mark(id, &format!("{name} started")),
            (true, false) if source.note.is_empty() => self.mark(id, &format!("{name} ended")),
            (true, false) => self.mark(id, &format!("{name} {}", source.note)),
            _ => {}
        }
    }

    /// A batch of lines.
    ///
    /// # Errors
    /// When it is not one; nothing of it is taken.
    pub fn batch(&mut self, bytes: &[u8]) -> Result<(), WireError> {
        for line in wire::read(bytes)?.lines {
            let Some(&id) = self.places.get(&line.source) else { continue };
            if let Some(source) = self.sources.get_mut(usize::from(id.0)) {
                source.read.note(line.stream, line.time);
            }
            self.newest = self.newest.max(line.time);
            self.ring.push(id, line.time, Kind::Line { stream: line.stream, cut: line.cut }, line.text);
        }
        Ok(())
    }

    /// Where the lines came from; a line's source is a place in it.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// Where a line came from.
    pub fn source_of(&self, id: SourceId) -> Option<&Source> {
        self.sources.get(usize::from(id.0))
    }

    /// A service's place among the services, in the order in which they appeared.
    pub fn service_place(&self, service: &str) -> usize {
        let mut services: Vec<&str> = Vec::new();
        for source in &self.sources {
            if source.service == service {
                break;
            }
            if !services.contains(&source.service.as_str()) {
                services.push(&source.service);
            }
        }
        services.len()
    }

    fn mark(&mut self, id: SourceId, text: &str) {
        self.ring.push(id, self.newest, Kind::Mark, text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use composeyard_logs::line::Line;

    fn source(number: u16, container: &str, open: bool) -> LogSource {
        let note = if open { "" } else { "exited with code 1" };
        LogSource {
            source: SourceId(number),
            container: container.into(),
            name: format!("{container}-1"),
            service: container.into(),
            open,
            note: note.into(),
        }
    }

    fn batch(lines: &[(u16, i64, &str)]) -> Vec<u8> {
        let mut writer = wire::Writer::new(1);
        for (source, time, text) in lines {
            writer.push(&Line {
                source: SourceId(*source),
                time: *time,
                text: (*text).into(),
                ..Line::default()
            });
        }
        writer.take()
    }

    fn texts(intake: &Intake) -> Vec<String> {
        let name = |id| intake.source_of(id).map(|source| source.name.clone()).unwrap_or_default();
        intake
            .ring
            .rows_from(0)
            .map(|row| format!("{}: {}", name(row.source), String::from_utf8_lossy(row.text)))
            .collect()
    }

    #[test]
    fn lines_keep_their_container_when_a_later_subscription_numbers_them_anew() {
        let mut intake = Intake::default();
        assert_eq!(intake.subscribe(0.0), []);
        intake.source(source(0, "app", true), 0.0);
        intake.source(source(1, "db", true), 0.0);
        intake.batch(&batch(&[(0, 1, "a"), (1, 2, "b")])).unwrap();
        let cursors = intake.subscribe(10.0);
        let read: Vec<(&str, i64)> = cursors.iter().map(|c| (c.container.as_str(), c.time)).collect();
        assert_eq!(read, [("app", 1), ("db", 2)]);
        intake.source(source(0, "db", true), 10.0);
        intake.source(source(1, "app", true), 10.0);
        intake.batch(&batch(&[(0, 3, "c"), (1, 4, "d")])).unwrap();
        assert_eq!(texts(&intake), ["app-1: a", "db-1: b", "db-1: c", "app-1: d"]);
    }

    #[test]
    fn what_begins_and_ends_while_the_page_looks_is_marked() {
        let mut intake = Intake::default();
        intake.subscribe(0.0);
        intake.source(source(0, "app", true), 100.0);
        intake.source(source(1, "db", true), 9_000.0);
        intake.source(source(0, "app", false), 9_000.0);
        intake.source(source(0, "app", true), 9_500.0);
        let marks = ["db-1: db-1 started", "app-1: app-1 exited with code 1", "app-1: app-1 started"];
        assert_eq!(texts(&intake), marks);
    }

    #[test]
    fn a_reconnect_marks_nothing() {
        let mut intake = Intake::default();
        intake.subscribe(0.0);
        intake.source(source(0, "app", true), 0.0);
        intake.subscribe(60_000.0);
        intake.source(source(0, "app", true), 60_000.0);
        assert!(intake.ring.is_empty());
    }

    #[test]
    fn a_broken_batch_changes_nothing() {
        let mut intake = Intake::default();
        intake.subscribe(0.0);
        intake.source(source(0, "app", true), 0.0);
        let bytes = batch(&[(0, 1, "a"), (0, 2, "b")]);
        assert!(intake.batch(&bytes[..bytes.len() - 1]).is_err());
        assert!(intake.ring.is_empty());
    }
}
