//! Engine frames to lines.
//!
//! With `timestamps` the engine writes a stamp before each message it stored. A message is a line, or a chunk of 16 KiB
//! of a longer one, each chunk again with the stamp of the first. Without a terminal each message is a frame of its
//! stream; with one there is a single raw stream, in which the chunks' stamps stand in the middle of the text.
//! Engine API, `GET /containers/{id}/logs`.

use crate::line::{Line, MAX_LINE, SourceId, Stream};
use crate::stamp;

/// How many bytes of one line the engine stores as one message.
const CHUNK: usize = 16 * 1024;

/// Turns one container's frames into lines. Lines come out in the order in which they end.
#[derive(Clone, Debug, Default)]
pub struct Demux {
    source: SourceId,
    stdout: Open,
    stderr: Open,
    raw: Vec<u8>,
}

/// A line whose end has not arrived.
#[derive(Clone, Debug, Default)]
struct Open {
    /// Bytes at a line's start that may still become a stamp.
    head: Vec<u8>,
    /// True when the stamp is read and `text` belongs to the line.
    begun: bool,
    time: i64,
    text: Vec<u8>,
}

impl Demux {
    /// Lines come out under this number.
    pub fn new(source: SourceId) -> Self {
        Self { source, ..Self::default() }
    }

    /// Takes the payload of one frame of a stream.
    pub fn frame(&mut self, stream: Stream, payload: &[u8], out: &mut Vec<Line>) {
        let source = self.source;
        let open = self.open(stream);
        let mut rest = open.join(payload, |line| out.push(line.of(source, stream)));
        while let Some(end) = rest.iter().position(|&b| b == b'\n') {
            open.extend(&rest[..end], |line| out.push(line.of(source, stream)));
            open.end(|line| out.push(line.of(source, stream)));
            rest = &rest[end + 1..];
        }
        open.extend(rest, |line| out.push(line.of(source, stream)));
    }

    /// Takes bytes of a terminal's raw stream, cut anywhere.
    pub fn raw(&mut self, bytes: &[u8], out: &mut Vec<Line>) {
        for part in bytes.split_inclusive(|&b| b == b'\n') {
            self.raw.extend_from_slice(part);
            if let Some(text) = self.raw.strip_suffix(b"\n") {
                let text = text.strip_suffix(b"\r").unwrap_or(text).to_vec();
                self.raw_message(&text, out);
                self.raw.clear();
            } else if self.raw.len() > 2 * MAX_LINE {
                let text = std::mem::take(&mut self.raw);
                self.raw_message(&text, out);
            }
        }
    }

    /// The stream has ended: what was open comes out as it is.
    pub fn finish(&mut self, out: &mut Vec<Line>) {
        let raw = std::mem::take(&mut self.raw);
        if !raw.is_empty() {
            self.raw_message(&raw, out);
        }
        let source = self.source;
        for stream in [Stream::Stdout, Stream::Stderr] {
            self.open(stream).end_if_begun(|line| out.push(line.of(source, stream)));
        }
    }

    fn open(&mut self, stream: Stream) -> &mut Open {
        match stream {
            Stream::Stdout => &mut self.stdout,
            Stream::Stderr => &mut self.stderr,
        }
    }

    /// One line of a raw stream, its chunks joined again.
    fn raw_message(&mut self, bytes: &[u8], out: &mut Vec<Line>) {
        let bytes = without_error_header(bytes);
        let source = self.source;
        let open = &mut self.stdout;
        let (time, mut rest) = stamp::split(bytes).unwrap_or((open.time, bytes));
        let mark = &bytes[..bytes.len() - rest.len()];
        open.time = time;
        open.begun = true;
        loop {
            let (chunk, after) = rest.split_at(CHUNK.min(rest.len()));
            open.extend(chunk, |line| out.push(line.of(source, Stream::Stdout)));
            if after.is_empty() {
                break;
            }
            rest = if mark.is_empty() { after } else { after.strip_prefix(mark).unwrap_or(after) };
        }
        open.end(|line| out.push(line.of(source, Stream::Stdout)));
    }
}

/// The engine reports its own trouble in frames of stream 3, which arrive here with their header before the text.
fn without_error_header(bytes: &[u8]) -> &[u8] {
    if bytes.starts_with(&[3, 0, 0, 0]) { bytes.get(8..).unwrap_or(bytes) } else { bytes }
}

/// A finished line before it knows where it came from.
struct Ended {
    time: i64,
    cut: bool,
    text: Vec<u8>,
}

impl Ended {
    fn of(self, source: SourceId, stream: Stream) -> Line {
        Line { source, stream, time: self.time, cut: self.cut, text: self.text }
    }
}

impl Open {
    /// A new frame begins. One that carries the open line's own stamp goes on with it; one with another stamp means
    /// that the open line never got a line break. Returns what belongs to the text.
    fn join<'a>(&mut self, payload: &'a [u8], emit: impl FnOnce(Ended)) -> &'a [u8] {
        if self.begun
            && let Some((time, rest)) = stamp::split(payload)
        {
            if time != self.time {
                self.end(emit);
                self.time = time;
                self.begun = true;
            }
            return rest;
        }
        payload
    }

    /// Adds bytes without a line break; emits full lines when there are too many.
    fn extend(&mut self, mut bytes: &[u8], mut emit: impl FnMut(Ended)) {
        if !self.begun {
            if bytes.is_empty() {
                return;
            }
            self.head.extend_from_slice(bytes);
            if !self.begin(false) {
                return;
            }
            bytes = &[];
        }
        self.text.extend_from_slice(bytes);
        while self.text.len() > MAX_LINE {
            let rest = self.text.split_off(MAX_LINE);
            let text = std::mem::replace(&mut self.text, rest);
            emit(Ended { time: self.time, cut: true, text });
        }
    }

    /// Reads the stamp from the head; false while it may be incomplete.
    fn begin(&mut self, last: bool) -> bool {
        if !last && stamp::may_grow(&self.head) {
            return false;
        }
        let head = std::mem::take(&mut self.head);
        // A line without a stamp keeps the time of the one before it.
        let (time, text) = stamp::split(&head).unwrap_or((self.time, &head));
        self.time = time;
        self.text = text.to_vec();
        self.begun = true;
        true
    }

    /// The line ends here.
    fn end(&mut self, emit: impl FnOnce(Ended)) {
        if !self.begun {
            self.begin(true);
        }
        self.begun = false;
        let mut text = std::mem::take(&mut self.text);
        if text.last() == Some(&b'\r') {
            text.pop();
        }
        emit(Ended { time: self.time, cut: false, text });
    }

    fn end_if_begun(&mut self, emit: impl FnOnce(Ended)) {
        if self.begun || !self.head.is_empty() {
            self.end(emit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const T1: &str = "1970-01-01T00:00:00.000000001Z ";
    const T2: &str = "1970-01-01T00:00:00.000000002Z ";

    fn frames(frames: &[(Stream, &[u8])]) -> Vec<Line> {
        let (mut demux, mut out) = (Demux::new(SourceId(7)), Vec::new());
        for (stream, payload) in frames {
            demux.frame(*stream, payload, &mut out);
        }
        demux.finish(&mut out);
        out
    }

    fn raw(bytes: &[u8], step: usize) -> Vec<Line> {
        let (mut demux, mut out) = (Demux::new(SourceId(7)), Vec::new());
        for part in bytes.chunks(step) {
            demux.raw(part, &mut out);
        }
        demux.finish(&mut out);
        out
    }

    fn texts(lines: &[Line]) -> Vec<(i64, String)> {
        lines.iter().map(|l| (l.time, String::from_utf8_lossy(&l.text).into_owned())).collect()
    }

    #[test]
    fn a_frame_is_a_line_with_its_stamp_taken_off() {
        let lines = frames(&[(Stream::Stderr, format!("{T1}hello\n").as_bytes())]);
        assert_eq!(
            lines,
            [Line {
                source: SourceId(7),
                stream: Stream::Stderr,
                time: 1,
                cut: false,
                text: b"hello".to_vec()
            }]
        );
    }

    #[test]
    fn chunks_of_a_long_line_are_joined() {
        let long = "x".repeat(CHUNK);
        let lines = frames(&[
            (Stream::Stdout, format!("{T1}{long}").as_bytes()),
            (Stream::Stderr, format!("{T2}between\n").as_bytes()),
            (Stream::Stdout, format!("{T1}end\n").as_bytes()),
        ]);
        assert_eq!(texts(&lines), [(2, "between".to_owned()), (1, format!("{long}end"))]);
    }

    #[test]
    fn a_line_that_never_ended_is_not_glued_to_the_next_run() {
        let lines = frames(&[
            (Stream::Stdout, format!("{T1}no break").as_bytes()),
            (Stream::Stdout, format!("{T2}after restart\n").as_bytes()),
        ]);
        assert_eq!(texts(&lines), [(1, "no break".to_owned()), (2, "after restart".to_owned())]);
    }

    #[test]
    fn a_line_over_the_limit_is_cut_and_marked() {
        let text = "y".repeat(MAX_LINE + 10);
        let lines = frames(&[(Stream::Stdout, format!("{T1}{text}\n").as_bytes())]);
        assert_eq!(
            lines.iter().map(|l| (l.text.len(), l.cut)).collect::<Vec<_>>(),
            [(MAX_LINE, true), (10, false)]
        );
    }

    #[test]
    fn empty_lines_stay() {
        let lines = frames(&[(Stream::Stdout, format!("{T1}\n{T2}\n").as_bytes())]);
        assert_eq!(texts(&lines), [(1, String::new()), (2, String::new())]);
    }

    #[test]
    fn a_line_without_a_stamp_keeps_the_time_of_the_one_before() {
        let lines = frames(&[(Stream::Stdout, format!("{T2}a\nb\n").as_bytes())]);
        assert_eq!(texts(&lines), [(2, "a".to_owned()), (2, "b".to_owned())]);
    }

    #[test]
    fn a_terminals_lines_lose_their_carriage_return() {
        assert_eq!(
            texts(&raw(format!("{T1}a\r\n{T2}b\r\n").as_bytes(), 7)),
            [(1, "a".to_owned()), (2, "b".to_owned())]
        );
    }

    #[test]
    fn a_terminals_long_line_loses_the_stamps_in_its_middle() {
        let long = "z".repeat(CHUNK);
        let lines = raw(format!("{T1}{long}{T1}{long}{T1}end\r\n").as_bytes(), 1000);
        assert_eq!(texts(&lines), [(1, format!("{long}{long}end"))]);
    }

    #[test]
    fn the_engines_own_error_is_a_line() {
        assert_eq!(texts(&raw(b"\x03\0\0\0\0\0\0\x05oops\n", 99)), [(0, "oops".to_owned())]);
    }

    proptest! {
        #[test]
        fn frames_may_be_cut_anywhere(lines in prop::collection::vec("[a-z ]{0,40}", 1..20), step in 1..50_usize) {
            let bytes: String = lines.iter().map(|l| format!("{T1}{l}\n")).collect();
            let (mut demux, mut out) = (Demux::default(), Vec::new());
            for part in bytes.as_bytes().chunks(step) {
                demux.frame(Stream::Stdout, part, &mut out);
            }
            prop_assert_eq!(texts(&out), lines.iter().map(|l| (1, l.clone())).collect::<Vec<_>>());
        }

        #[test]
        fn any_bytes_are_taken(frames in prop::collection::vec((any::<bool>(), prop::collection::vec(any::<u8>(), 0..200)), 0..20)) {
            let (mut demux, mut out) = (Demux::default(), Vec::new());
            for (raw, bytes) in frames {
                if raw { demux.raw(&bytes, &mut out) } else { demux.frame(Stream::Stderr, &bytes, &mut out) }
            }
            demux.finish(&mut out);
            prop_assert!(out.iter().all(|line| line.text.len() <= MAX_LINE));
        }
    }
}
