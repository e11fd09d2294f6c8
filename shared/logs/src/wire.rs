//! Log batches as binary frames, little endian.
//!
//! | bytes | what |
//! |---|---|
//! | 1 | kind: [`KIND`] |
//! | 1 | version: [`VERSION`] |
//! | 4 | request id of the subscription |
//! | per line: 2 | source |
//! | 1 | flags: 1 standard error, 2 cut |
//! | 8 | time, nanoseconds since 1970 |
//! | 4 | length of the text |
//! | … | the text |

use crate::line::{Line, MAX_LINE, SourceId, Stream};

/// First byte of a log batch.
pub const KIND: u8 = 1;
/// Second byte; raised with every change of the layout.
pub const VERSION: u8 = 1;
/// A batch is sent when it has grown to this many bytes.
pub const FULL: usize = 64 * 1024;
/// The longest batch that is read: one that was almost full and then got the longest line.
pub const MAX_BATCH: usize = FULL + LINE_HEAD + MAX_LINE;

const HEAD: usize = 6;
const LINE_HEAD: usize = 15;
const STDERR: u8 = 1;
const CUT: u8 = 2;

/// Collects lines into a batch.
#[derive(Clone, Debug)]
pub struct Writer {
    request: u32,
    bytes: Vec<u8>,
}

impl Writer {
    /// Batches of this subscription.
    pub fn new(request: u32) -> Self {
        Self { request, bytes: Vec::new() }
    }

    /// Adds a line. Its text is at most [`MAX_LINE`] long; the rest of a longer one is left out and it is marked cut.
    pub fn push(&mut self, line: &Line) {
        if self.bytes.is_empty() {
            self.bytes.extend_from_slice(&[KIND, VERSION]);
            self.bytes.extend_from_slice(&self.request.to_le_bytes());
        }
        let text = &line.text[..line.text.len().min(MAX_LINE)];
        let cut = line.cut || text.len() < line.text.len();
        let flags = if line.stream == Stream::Stderr { STDERR } else { 0 } | if cut { CUT } else { 0 };
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        self.bytes.extend_from_slice(&line.source.0.to_le_bytes());
        self.bytes.push(flags);
        self.bytes.extend_from_slice(&line.time.to_le_bytes());
        self.bytes.extend_from_slice(&length.to_le_bytes());
        self.bytes.extend_from_slice(text);
    }

    /// No line has been added since the last [`Writer::take`].
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Time to send it.
    pub fn is_full(&self) -> bool {
        self.bytes.len() >= FULL
    }

    /// The batch; the next one begins.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }
}

/// A batch as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch<'a> {
    /// The subscription.
    pub request: u32,
    /// Its lines, in order.
    pub lines: Vec<LineRef<'a>>,
}

/// One line of a batch, its text still in the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineRef<'a> {
    /// Which container.
    pub source: SourceId,
    /// Which stream.
    pub stream: Stream,
    /// Nanoseconds since 1970.
    pub time: i64,
    /// It goes on in the next line.
    pub cut: bool,
    /// Its bytes.
    pub text: &'a [u8],
}

/// Why a frame is no batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Its first bytes are others.
    #[error("a binary frame of kind {0} and version {1} is not a log batch this page knows")]
    Unknown(u8, u8),
    /// Longer than [`MAX_BATCH`].
    #[error("a log batch of {0} bytes is too long")]
    TooLong(usize),
    /// It ends in the middle.
    #[error("a log batch ends in the middle of a line")]
    Truncated,
    /// A line claims more than [`MAX_LINE`].
    #[error("a log line claims {0} bytes")]
    LineTooLong(u32),
    /// A flag that this version does not know.
    #[error("a log line carries unknown flags {0}")]
    Flags(u8),
}

/// The subscription that a frame says it belongs to; none when it is no log batch of this version.
pub fn request(frame: &[u8]) -> Option<u32> {
    match *frame.first_chunk::<HEAD>()? {
        [KIND, VERSION, ref id @ ..] => Some(u32::from_le_bytes(*id)),
        _ => None,
    }
}

/// Reads a batch. Nothing is allocated by a length that the frame only claims.
///
/// # Errors
/// When the frame is not exactly what [`Writer`] makes.
pub fn read(frame: &[u8]) -> Result<Batch<'_>, WireError> {
    if frame.len() > MAX_BATCH {
        return Err(WireError::TooLong(frame.len()));
    }
    let (head, mut rest) = frame.split_first_chunk::<HEAD>().ok_or(WireError::Truncated)?;
    let [kind, version, id @ ..] = *head;
    if (kind, version) != (KIND, VERSION) {
        return Err(WireError::Unknown(kind, version));
    }
    let mut lines = Vec::new();
    while !rest.is_empty() {
        let (line, after) = read_line(rest)?;
        lines.push(line);
        rest = after;
    }
    Ok(Batch { request: u32::from_le_bytes(id), lines })
}

fn read_line(bytes: &[u8]) -> Result<(LineRef<'_>, &[u8]), WireError> {
    let (source, bytes) = bytes.split_first_chunk().ok_or(WireError::Truncated)?;
    let (&flags, bytes) = bytes.split_first().ok_or(WireError::Truncated)?;
    let (time, bytes) = bytes.split_first_chunk().ok_or(WireError::Truncated)?;
    let (length, bytes) = bytes.split_first_chunk().ok_or(WireError::Truncated)?;
    if flags & !(STDERR | CUT) != 0 {
        return Err(WireError::Flags(flags));
    }
    let length = u32::from_le_bytes(*length);
    let size =
        usize::try_from(length).ok().filter(|&n| n <= MAX_LINE).ok_or(WireError::LineTooLong(length))?;
    let (text, rest) = bytes.split_at_checked(size).ok_or(WireError::Truncated)?;
    let line = LineRef {
        source: SourceId(u16::from_le_bytes(*source)),
        stream: if flags & STDERR == 0 { Stream::Stdout } else { Stream::Stderr },
        time: i64::from_le_bytes(*time),
        cut: flags & CUT != 0,
        text,
    };
    Ok((line, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line() -> impl Strategy<Value = Line> {
        (any::<u16>(), any::<bool>(), any::<i64>(), any::<bool>(), prop::collection::vec(any::<u8>(), 0..80))
            .prop_map(|(source, err, time, cut, text)| Line {
                source: SourceId(source),
                stream: if err { Stream::Stderr } else { Stream::Stdout },
                time,
                cut,
                text,
            })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(request in any::<u32>(), lines in prop::collection::vec(line(), 1..20)) {
            let mut writer = Writer::new(request);
            lines.iter().for_each(|line| writer.push(line));
            let bytes = writer.take();
            let batch = read(&bytes).unwrap();
            let read: Vec<Line> = batch.lines.iter().map(|l| Line {
                source: l.source, stream: l.stream, time: l.time, cut: l.cut, text: l.text.to_vec(),
            }).collect();
            prop_assert_eq!((batch.request, read), (request, lines));
            prop_assert_eq!(super::request(&bytes), Some(request));
            prop_assert!(writer.is_empty());
        }

        #[test]
        fn a_frame_cut_anywhere_is_refused_or_ends_at_a_line(line in line(), cut in 0..100_usize) {
            let mut writer = Writer::new(1);
            writer.push(&line);
            let bytes = writer.take();
            let cut = cut.min(bytes.len());
            let whole = cut == bytes.len() || cut == HEAD;
            prop_assert_eq!(read(&bytes[..cut]).is_ok(), whole);
        }

        #[test]
        fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
        }
    }

    #[test]
    fn a_claimed_length_is_checked_before_it_is_used() {
        let mut writer = Writer::new(1);
        writer.push(&Line { text: b"x".to_vec(), ..Line::default() });
        let mut bytes = writer.take();
        bytes[HEAD + 11..HEAD + 15].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(read(&bytes), Err(WireError::LineTooLong(u32::MAX)));
    }

    #[test]
    fn a_full_batch_with_the_longest_line_is_still_read() {
        let mut writer = Writer::new(1);
        while !writer.is_full() {
            writer.push(&Line { text: vec![b'x'; 1_000], ..Line::default() });
        }
        assert!(read(&writer.take()).is_ok());
        writer.push(&Line { text: vec![b'x'; FULL - HEAD - LINE_HEAD - 1], ..Line::default() });
        assert!(!writer.is_full());
        writer.push(&Line { text: vec![b'x'; MAX_LINE], ..Line::default() });
        assert!(read(&writer.take()).is_ok());
    }
}
