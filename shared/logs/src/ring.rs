//! The newest lines of all sources, in the order in which they came, each under a number that only grows.
//!
//! Lines lie in chunks of [`CHUNK_LINES`], so a number finds its line by arithmetic, the oldest go a chunk's memory at
//! a time, and a line costs 16 bytes besides its text.

use std::collections::VecDeque;

use crate::line::{SourceId, Stream};

/// Lines of one chunk.
const CHUNK_LINES: usize = 1024;

const STDERR: u8 = 1;
const CUT: u8 = 2;
const MARK: u8 = 4;

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A container's line.
    Line {
        /// Its stream.
        stream: Stream,
        /// It goes on in the next row of its source.
        cut: bool,
    },
    /// A remark of the page: a source began or ended, lines are missing.
    Mark,
}

/// One row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// Its number.
    pub seq: u64,
    /// Where it came from.
    pub source: SourceId,
    /// Nanoseconds since 1970.
    pub time: i64,
    /// What it is.
    pub kind: Kind,
    /// Its bytes.
    pub text: &'a [u8],
}

#[derive(Clone, Copy, Debug)]
struct Meta {
    time: i64,
    end: u32,
    source: SourceId,
    flags: u8,
}

#[derive(Clone, Debug, Default)]
struct Chunk {
    metas: Vec<Meta>,
    bytes: Vec<u8>,
}

/// A bounded store of rows.
#[derive(Clone, Debug)]
pub struct Ring {
    chunks: VecDeque<Chunk>,
    /// Number of the first row of the first chunk.
    base: u64,
    /// Number of the oldest row that counts; rows before it in its chunk are gone.
    first: u64,
    next: u64,
    bytes: usize,
    max_lines: usize,
    max_bytes: usize,
}

impl Ring {
    /// Keeps at most so many lines, and so many bytes of text rounded up to a chunk.
    pub fn new(max_lines: usize, max_bytes: usize) -> Self {
        Self {
            chunks: VecDeque::new(),
            base: 0,
            first: 0,
            next: 0,
            bytes: 0,
            max_lines: max_lines.max(1),
            max_bytes,
        }
    }

    /// Adds a row and drops the oldest where there are too many. Returns its number.
    pub fn push(&mut self, source: SourceId, time: i64, kind: Kind, text: &[u8]) -> u64 {
        if self.chunks.back().is_none_or(|chunk| chunk.metas.len() == CHUNK_LINES) {
            if let Some(full) = self.chunks.back_mut() {
                full.bytes.shrink_to_fit();
            }
            self.chunks.push_back(Chunk { metas: Vec::with_capacity(CHUNK_LINES), bytes: Vec::new() });
        }
        let seq = self.next;
        if let Some(chunk) = self.chunks.back_mut() {
            chunk.bytes.extend_from_slice(text);
            let end = u32::try_from(chunk.bytes.len()).unwrap_or(u32::MAX);
            chunk.metas.push(Meta { time, end, source, flags: flags(kind) });
        }
        self.next += 1;
        self.bytes += text.len();
        self.trim();
        seq
    }

    /// The row of a number; none when it is gone or has not come.
    pub fn get(&self, seq: u64) -> Option<Row<'_>> {
        if seq < self.first {
            return None;
        }
        let place = usize::try_from(seq - self.base).ok()?;
        let chunk = self.chunks.get(place / CHUNK_LINES)?;
        let index = place % CHUNK_LINES;
        let meta = chunk.metas.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| chunk.metas[before].end);
        let text = chunk.bytes.get(start as usize..meta.end as usize)?;
        Some(Row { seq, source: meta.source, time: meta.time, kind: kind(meta.flags), text })
    }

    /// Number of the oldest row; equal to [`Ring::next`] when there is none.
    pub fn first(&self) -> u64 {
        self.first
    }

    /// The number that the next row gets.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        usize::try_from(self.next - self.first).unwrap_or(usize::MAX)
    }

    /// No row is there.
    pub fn is_empty(&self) -> bool {
        self.first == self.next
    }

    /// How many rows were dropped to make room, and by [`Ring::clear`].
    pub fn dropped(&self) -> u64 {
        self.first
    }

    /// Forgets all rows; numbers go on.
    pub fn clear(&mut self) {
        self.chunks.clear();
        self.base = self.next;
        self.first = self.next;
        self.bytes = 0;
    }

    /// All rows from a number on, oldest first.
    pub fn rows_from(&self, seq: u64) -> impl Iterator<Item = Row<'_>> {
        (seq.max(self.first)..self.next).filter_map(|seq| self.get(seq))
    }

    fn trim(&mut self) {
        if self.len() > self.max_lines {
            self.first = self.next - self.max_lines as u64;
        }
        while self.chunks.len() > 1
            && (self.first >= self.base + CHUNK_LINES as u64 || self.bytes > self.max_bytes)
        {
            if let Some(gone) = self.chunks.pop_front() {
                self.bytes -= gone.bytes.len();
            }
            self.base += CHUNK_LINES as u64;
            self.first = self.first.max(self.base);
        }
    }
}

fn flags(kind: Kind) -> u8 {
    match kind {
        Kind::Mark => MARK,
        Kind::Line { stream, cut } => {
            (if stream == Stream::Stderr { STDERR } else { 0 }) | (if cut { CUT } else { 0 })
        }
    }
}

fn kind(flags: u8) -> Kind {
    if flags & MARK != 0 {
        return Kind::Mark;
    }
    let stream = if flags & STDERR == 0 { Stream::Stdout } else { Stream::Stderr };
    Kind::Line { stream, cut: flags & CUT != 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OUT: Kind = Kind::Line { stream: Stream::Stdout, cut: false };

    #[test]
    fn a_line_costs_sixteen_bytes_besides_its_text() {
        assert_eq!(size_of::<Meta>(), 16);
    }

    #[test]
    fn numbers_go_on_after_a_clear() {
        let mut ring = Ring::new(10, 1_000);
        ring.push(SourceId(0), 1, OUT, b"a");
        ring.clear();
        assert!(ring.is_empty());
        assert_eq!(ring.push(SourceId(0), 2, OUT, b"b"), 1);
        assert_eq!(ring.get(0), None);
        assert_eq!(ring.get(1).map(|row| row.text), Some(&b"b"[..]));
    }

    #[test]
    fn too_many_bytes_drop_the_oldest_chunks() {
        let mut ring = Ring::new(1_000_000, 100_000);
        for _ in 0..10 * CHUNK_LINES {
            ring.push(SourceId(0), 0, OUT, &[b'x'; 50]);
        }
        assert!(ring.bytes <= 100_000 && ring.len() >= CHUNK_LINES, "{} {}", ring.bytes, ring.len());
    }

    #[test]
    fn what_a_row_is_survives() {
        let mut ring = Ring::new(10, 1_000);
        for kind in [Kind::Mark, OUT, Kind::Line { stream: Stream::Stderr, cut: true }] {
            let seq = ring.push(SourceId(3), 4, kind, b"t");
            assert_eq!(ring.get(seq), Some(Row { seq, source: SourceId(3), time: 4, kind, text: b"t" }));
        }
    }

    proptest! {
        #[test]
        fn the_newest_lines_are_kept_in_order(count in 0..5_000_usize, max in 1..3_000_usize) {
            let mut ring = Ring::new(max, usize::MAX);
            for n in 0..count {
                ring.push(SourceId(1), n as i64, OUT, n.to_string().as_bytes());
            }
            let kept: Vec<String> = ring.rows_from(0).map(|r| String::from_utf8_lossy(r.text).into_owned()).collect();
            let wanted: Vec<String> = (count.saturating_sub(max)..count).map(|n| n.to_string()).collect();
            prop_assert_eq!(kept, wanted);
            prop_assert_eq!(ring.dropped(), count.saturating_sub(max) as u64);
        }
    }
}
