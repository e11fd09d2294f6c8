//! The containers' output, live.
//!
//! | module | what it does |
//! |---|---|
//! | `intake` | batches of subscriptions to one store of lines, with cursors to go on |
//! | `feed` | the store behind signals: one update of the screen for all that arrives in between |
//! | `pane`, `list`, `row` | the pane: a virtual list of rows |
//! | `toolbar`, `find` | services, search, and what can be done |
//! | `text` | how times, names and whole logs are written |

mod feed;
mod find;
mod intake;
mod list;
mod pane;
mod row;
mod text;
mod toolbar;

pub use feed::Logs;
pub use pane::LogsPane;
