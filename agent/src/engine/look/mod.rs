//! Looking without changing anything: images in use, processes, events.

mod events;
mod images;
mod processes;

pub(super) use events::events;
pub(super) use images::images;
pub(super) use processes::processes;
