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

/// How far a client has read one container: the newest stamp and how many lines of that stamp it has seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Engine id of the container.
    pub container: String,
    /// Time stamp of the last line seen.
    pub time: i64,
    /// How many lines with just that stamp were seen.
    pub seen: u32,
}
