//! One log line and where it came from.

use serde::{Deserialize, Serialize};

/// Which of a container's streams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stream {
    /// Standard output, or a terminal.
    #[default]
    Stdout,
    /// Standard error.
    Stderr,
}

/// The longest line in bytes; a longer one goes on in the next. Four of the chunks that the engine stores.
pub const MAX_LINE: usize = 64 * 1024;

/// A number that stands for one container in the batches of one subscription.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(pub u16);

/// One line, without its line break.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Which container.
    pub source: SourceId,
    /// Which stream.
    pub stream: Stream,
    /// The engine's time stamp, nanoseconds since 1970.
    pub time: i64,
    /// True when the line was longer than the limit and goes on in the next one.
    pub cut: bool,
    /// Its bytes, as the container wrote them.
    pub text: Vec<u8>,
}

/// How far a client has read one container: the last line it has seen, named by its stream, its stamp and how many
/// lines of that stream and stamp came up to it. Within one stream stamps never go back; between the two they may, by
/// microseconds, so a stamp alone would not name a position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Engine id of the container.
    pub container: String,
    /// Stream of the last line seen.
    #[serde(default)]
    pub stream: Stream,
    /// Time stamp of the last line seen, nanoseconds since 1970.
    pub time: i64,
    /// How many lines of that stream with just that stamp were seen.
    pub seen: u32,
}
