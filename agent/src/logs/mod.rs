//! Follows the logs of a project's containers: none is missed, no line is lost, doubled or reordered, whatever
//! restarts or breaks in between.
//!
//! | module | what it does |
//! |---|---|
//! | [`mod@follow`] | one subscription: which containers, from where |
//! | `container` | one container's stream, through its restarts and the engine's |
//! | `queue` | what waits between the two, bounded in bytes |
//! | `gather` | lines of all containers to batches for the wire |

mod container;
pub mod follow;
mod gather;
mod queue;

pub use follow::{LogEvent, Subscription, follow};

use composeyard_protocol::LogSource;

/// What a container's follower hands on.
#[derive(Debug)]
enum Item {
    /// Its lines come from now on.
    Opened(LogSource),
    /// Some lines, in order.
    Lines(queue::Held),
    /// None come for now: this run of it, by the moment it began, is read to its end.
    Closed(LogSource, i64),
}
