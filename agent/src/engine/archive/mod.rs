//! Tar streams between the engine, which is asynchronous, and the disk, which is not.
//!
//! | module | what it does |
//! |---|---|
//! | `pipe` | bytes from a blocking thread to a request, and from an answer to a blocking thread |
//! | `pack` | a file or folder of this machine as a tar |
//! | `unpack` | a tar into a folder of this machine, and nowhere else |

mod pack;
mod pipe;
mod unpack;

pub(super) use pack::pack;
pub(super) use pipe::{Pipe, Source, WAITING};
pub use unpack::LeftOut;
pub(super) use unpack::{Unpack, unpack};

/// Entries of one archive.
pub(super) const MOST_ENTRIES: u64 = 1_000_000;

/// What becomes of the first part of the names in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Top {
    /// It stays.
    Kept,
    /// It gets this name.
    Renamed(String),
    /// It goes: what is below it moves up.
    Dropped,
}
