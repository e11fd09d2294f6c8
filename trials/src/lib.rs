//! What the project is tried with beyond its examples. Nothing of this is shipped.
//!
//! | module | what lives there |
//! |---|---|
//! | [`generate`] | ordinary Compose files of any size, for the benchmarks |
//! | [`hostile`] | the table of texts made to freeze or break a reader, with what each must come to |
//! | [`laws`] | what holds for every text, tried on mutated ones by `cargo xtask fuzz` |
//! | [`random`] | the seeded generator of all three |
//! | [`typing`] | a file that is checked after each key press |
//! | `browser` | the door for WebAssembly: the same table and the same files in a browser or in Node.js |

#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod generate;
pub mod hostile;
pub mod laws;
pub mod random;
pub mod typing;

use std::collections::BTreeMap;

use composeyard_compose::{LoadRequest, ProjectFiles};

/// The name of the first file of every trial.
pub const FILE: &str = "compose.yaml";

/// A project of one Compose file.
pub fn project(text: impl Into<String>) -> ProjectFiles {
    ProjectFiles(BTreeMap::from([(FILE.to_owned(), text.into())]))
}

/// Asks for the project in [`FILE`].
pub fn request() -> LoadRequest {
    LoadRequest {
        files: vec![FILE.to_owned()],
        project_name: Some("trial".to_owned()),
        ..LoadRequest::default()
    }
}
