//! Findings. One rule is one file with its tests beside it; what it says about itself becomes its entry in
//! docs/rules.md.

mod rule;
mod similar;
pub mod structure;
mod words;

pub use rule::Rule;
