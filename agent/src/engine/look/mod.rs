//! Looking without changing anything: the list, images in use, processes, events.

mod events;
mod images;
mod processes;
mod rows;

pub use events::Span;
pub(super) use events::events;
pub(super) use images::images;
pub(super) use processes::processes;
pub(super) use rows::rows;
pub use rows::{Row, RowPort};
