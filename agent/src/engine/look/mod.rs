//! Looking without changing anything: lists of containers and projects, images in use, processes, events.

mod clock;
mod events;
mod images;
mod processes;
mod rows;
mod stacks;
mod wait;

pub(super) use clock::now;
pub use events::Span;
pub(super) use events::events;
pub(super) use images::images;
pub(super) use processes::processes;
pub use rows::{Row, RowPort, VolumeRow};
pub(super) use rows::{rows, volume_rows};
pub use stacks::StackRow;
pub(super) use stacks::stacks;
pub(super) use wait::wait;
