//! The Compose language: load, check, edit, draw. No I/O, no clock, no async; the same code runs in the browser,
//! the agent and the command line.
//!
//! | module | what it does |
//! |---|---|
//! | [`facts`] | the table of every Compose key |
//! | [`load`] | files to a [`model::Project`] with the origin of every value and all findings of the loader |
//! | [`model`] | the typed, canonical project; serialises as the reference renders it |
//! | [`rules`] | findings beyond what the loader needs; one rule a file |
//! | [`edit`] | intents of the designer to minimal text edits |
//! | [`graph`] | project to a picture: nodes, edges, layered layout |
//! | [`settings`] | the variables of a project as a form, and edits of `.env` |
//! | [`stacks`] | template projects: their cards, variants and secrets |
//! | [`archive`] | project to a ZIP file |
//! | [`assist`] | completion, hover, declarations and uses: help while writing |
//! | [`rebuild`] | what runs on the engine, as the files that a person would have written for it |
//! | [`render`] | canonical YAML and JSON, the configuration hash |

pub mod archive;
pub mod assist;
mod default_files;
pub mod diagnostic;
pub mod edit;
pub mod facts;
pub mod files;
pub mod graph;
mod image;
pub mod load;
mod mark;
pub mod model;
pub mod name;
pub mod rebuild;
pub mod render;
pub mod rules;
pub mod settings;
pub mod stacks;
mod threads;
mod words;

pub use default_files::default_files;
pub use diagnostic::{Diagnostic, FileEdit, Fix, Related, Severity};
pub use files::{FileSource, ProjectFiles};
pub use load::{LoadRequest, Loaded, Memory, check, check_again, leaves_env_file_out, load};
pub use model::Project;
pub use name::{ProjectName, ResourceName, ServiceName};
