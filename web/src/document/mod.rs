//! The open project: its files, what is selected in them, undo and autosave. Everything the page shows is derived
//! from here; every change of a file goes through here.

mod autosave;
mod checked;
mod history;
mod library;
mod store;
mod variants;

pub use autosave::{SaveState, keep_saved};
pub use checked::Checked;
pub use library::{Library, Restored, SavedProject, Summary};
pub use store::{Document, Origin};
pub use variants::in_use;
use variants::variants;
