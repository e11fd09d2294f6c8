//! Going on after a break: the engine is asked again from a little before the last line seen, and the lines up to
//! that one are dropped.
//!
//! The engine stores both streams in one order and repeats it exactly, so all that comes before the line that the
//! cursor names has been seen. Only where that line is gone (the log was rotated) do stamps decide.

use crate::line::{Cursor, Line, Stream};

/// How much the stamps of the two streams may disagree with the stored order, nanoseconds.
const SLACK: i64 = 1_000_000_000;

/// Counts lines as they are seen, to make cursors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tracker {
    stdout: Option<(i64, u32)>,
    stderr: Option<(i64, u32)>,
    last: Stream,
}

impl Tracker {
    /// A line was seen.
    pub fn note(&mut self, stream: Stream, time: i64) {
        self.last = stream;
        let place = match stream {
            Stream::Stdout => &mut self.stdout,
            Stream::Stderr => &mut self.stderr,
        };
        let seen = match *place {
            Some((last, seen)) if last == time => seen.saturating_add(1),
            _ => 1,
        };
        *place = Some((time, seen));
    }

    /// Where the client stands; none before the first line.
    pub fn cursor(&self, container: &str) -> Option<Cursor> {
        let stream = self.last;
        let (time, seen) = match stream {
            Stream::Stdout => self.stdout,
            Stream::Stderr => self.stderr,
        }?;
        Some(Cursor { container: container.to_owned(), stream, time, seen })
    }
}

/// Drops what a returning client has seen from one container's lines as the engine repeats them.
#[derive(Clone, Debug, Default)]
pub struct Resume {
    /// Set until its line has been passed.
    cursor: Option<Cursor>,
    met: u32,
    held: Vec<Line>,
    tracker: Tracker,
}

impl Resume {
    /// Without a cursor every line is new.
    pub fn new(cursor: Option<Cursor>) -> Self {
        Self { cursor, ..Self::default() }
    }

    /// From which second the engine has to repeat its lines, for the API's `since`.
    pub fn since(cursor: &Cursor) -> i64 {
        (cursor.time - SLACK).div_euclid(1_000_000_000).max(0)
    }

    /// Takes the next line; new ones go to `out`.
    pub fn push(&mut self, line: Line, out: &mut Vec<Line>) {
        self.tracker.note(line.stream, line.time);
        let Some(cursor) = &self.cursor else {
            out.push(line);
            return;
        };
        if line.stream == cursor.stream && line.time == cursor.time {
            self.met += 1;
            if self.met >= cursor.seen {
                self.cursor = None;
                self.held = Vec::new();
            }
            return;
        }
        let passed =
            line.time > cursor.time && (line.stream == cursor.stream || line.time > cursor.time + SLACK);
        if passed {
            self.release(out);
            out.push(line);
        } else if line.time > cursor.time {
            // The other stream, just after: seen if the cursor's line still comes, new if that is gone.
            self.held.push(line);
        }
    }

    /// No more lines will come: those that waited for the cursor's line are new.
    pub fn finish(&mut self, out: &mut Vec<Line>) {
        if !self.held.is_empty() {
            self.release(out);
        }
    }

    /// Where a next resume has to begin, `container` being this one's engine id.
    pub fn cursor(&self, container: &str) -> Option<Cursor> {
        self.cursor.clone().or_else(|| self.tracker.cursor(container))
    }

    fn release(&mut self, out: &mut Vec<Line>) {
        self.cursor = None;
        out.append(&mut self.held);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECOND: i64 = 1_000_000_000;

    fn line(stream: Stream, time: i64, text: &str) -> Line {
        Line { stream, time, text: text.into(), ..Line::default() }
    }

    fn cursor(stream: Stream, time: i64, seen: u32) -> Option<Cursor> {
        Some(Cursor { container: "c".into(), stream, time, seen })
    }

    /// What the engine sends again, as the API filters it: whole seconds.
    fn replay<'a>(stored: &'a [Line], from: &Option<Cursor>) -> impl Iterator<Item = Line> + 'a {
        let since = from.as_ref().map_or(0, Resume::since) * SECOND;
        stored.iter().filter(move |l| l.time >= since).cloned()
    }

    fn new_lines(stored: &[Line], from: Option<Cursor>) -> Vec<String> {
        let lines = replay(stored, &from);
        let (mut resume, mut out) = (Resume::new(from), Vec::new());
        lines.for_each(|l| resume.push(l, &mut out));
        resume.finish(&mut out);
        out.iter().map(|l| String::from_utf8_lossy(&l.text).into_owned()).collect()
    }

    #[test]
    fn lines_of_the_same_stamp_are_told_apart_by_their_number() {
        let stored =
            [line(Stream::Stdout, 5, "a"), line(Stream::Stdout, 5, "b"), line(Stream::Stdout, 5, "c")];
        assert_eq!(new_lines(&stored, cursor(Stream::Stdout, 5, 2)), ["c"]);
    }

    #[test]
    fn a_line_stored_later_with_an_earlier_stamp_is_not_lost() {
        let stored = [line(Stream::Stderr, 5, "a"), line(Stream::Stdout, 4, "b")];
        assert_eq!(new_lines(&stored, cursor(Stream::Stderr, 5, 1)), ["b"]);
    }

    #[test]
    fn when_the_last_line_seen_was_rotated_away_all_that_is_newer_comes() {
        let stored = [line(Stream::Stderr, 6, "a"), line(Stream::Stdout, 7, "b")];
        assert_eq!(new_lines(&stored, cursor(Stream::Stdout, 5, 1)), ["a", "b"]);
        assert_eq!(new_lines(&stored[..1], cursor(Stream::Stdout, 5, 1)), ["a"]);
    }

    /// A stored log: within a stream stamps never go back, between the streams they may by less than the slack.
    fn stored() -> impl Strategy<Value = Vec<Line>> {
        let step = prop_oneof![3 => Just(0_i64), 3 => 1..50_i64, 1 => 0..3 * SECOND];
        prop::collection::vec((any::<bool>(), step, 0..1000_i64), 0..60).prop_map(|steps| {
            let (mut now, mut last) = (10 * SECOND, [0_i64; 2]);
            let lines = steps.into_iter().enumerate().map(|(n, (err, step, late))| {
                now += step;
                let stream = if err { Stream::Stderr } else { Stream::Stdout };
                let time = (now - late).max(last[usize::from(err)]);
                last[usize::from(err)] = time;
                line(stream, time, &n.to_string())
            });
            lines.collect()
        })
    }

    proptest! {
        #[test]
        fn no_line_is_lost_doubled_or_moved_by_any_reconnects(
            stored in stored(),
            cuts in prop::collection::vec((0..20_usize, 0..20_usize), 0..8),
        ) {
            let (mut seen, mut tracker) = (Vec::new(), Tracker::default());
            let mut written = 0;
            let mut connect = |written: usize, deliver: usize, tracker: &mut Tracker| {
                let from = tracker.cursor("c");
                let (mut resume, mut out) = (Resume::new(from.clone()), Vec::new());
                replay(&stored[..written], &from).for_each(|l| resume.push(l, &mut out));
                for l in out.into_iter().take(deliver) {
                    tracker.note(l.stream, l.time);
                    seen.push(l);
                }
            };
            for (grow, deliver) in cuts {
                written = (written + grow).min(stored.len());
                connect(written, deliver, &mut tracker);
            }
            connect(stored.len(), usize::MAX, &mut tracker);
            prop_assert_eq!(seen, stored);
        }

        #[test]
        fn a_cursor_taken_in_the_middle_goes_on_there(stored in stored(), first in 0..60_usize, second in 0..60_usize) {
            let first = first.min(stored.len());
            let mut tracker = Tracker::default();
            stored[..first].iter().for_each(|l| tracker.note(l.stream, l.time));
            // The agent loses the engine while it serves a client that came with a cursor.
            let from = tracker.cursor("c");
            let (mut resume, mut out) = (Resume::new(from.clone()), Vec::new());
            replay(&stored, &from).take(second).for_each(|l| resume.push(l, &mut out));
            let again = resume.cursor("c");
            let (mut resume, lines) = (Resume::new(again.clone()), replay(&stored, &again));
            lines.for_each(|l| resume.push(l, &mut out));
            prop_assert_eq!(&out[..], &stored[first..]);
        }
    }
}
