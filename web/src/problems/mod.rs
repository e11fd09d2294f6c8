//! The findings of the text as it stands, with the way to each place and the edits that mend them.

mod order;
mod pane;
mod row;

pub use pane::{ProblemCount, ProblemsPane};
