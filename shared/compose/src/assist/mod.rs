//! Help while writing: what may stand at the cursor, what a thing means, where a name is declared and used.
//!
//! All of it is a question to an [`Assistant`], which looks at the project's files as they are, broken ones too.
//! Positions are bytes.
//!
//! | module | what it does |
//! |---|---|
//! | `sketch`, `flow` | a tree of any text, by indentation and brackets |
//! | `place` | where a cursor stands in it |
//! | `symbols` | names: where they are declared and used |
//! | `complete` | what may stand at the cursor |
//! | `hover` | what a thing means and comes to |
//! | `navigate` | declaration of a name, rename |
//! | `uses` | every place of a name |
//! | `outline` | the named things of a file |
//! | `paths` | where paths start, and how they are written |
//! | `resolved` | from the resolved project back to the files |

mod complete;
mod flow;
mod hover;
mod navigate;
mod outline;
mod paths;
mod place;
mod resolved;
mod sketch;
mod symbols;
mod uses;

pub use complete::{Completion, Completions, What};
pub use hover::{Fact, Hover};
pub use outline::{Entry, outline, trail};
pub use resolved::origin_of_line;
pub use symbols::Kind;
pub use uses::Use;

use composeyard_yaml::Span;

use crate::{Loaded, ProjectFiles};
use sketch::Sketch;

/// A project as the editor sees it.
#[derive(Clone, Copy, Debug)]
pub struct Assistant<'a> {
    files: &'a ProjectFiles,
    compose_files: &'a [String],
    loaded: &'a Loaded,
}

/// Bytes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The file.
    pub file: String,
    /// The bytes.
    pub span: Span,
}

/// The file that interpolation reads.
const ENV_FILE: &str = ".env";

impl<'a> Assistant<'a> {
    /// `compose_files` as in [`crate::edit::plan`]; `loaded` is what the last check of these files said, its project is
    /// not needed.
    pub const fn new(files: &'a ProjectFiles, compose_files: &'a [String], loaded: &'a Loaded) -> Self {
        Self { files, compose_files, loaded }
    }

    fn text(&self, file: &str) -> Option<&'a str> {
        self.files.get(file)
    }

    /// The compose files that belong together, and `file` itself.
    fn compose_files(&self, file: &str) -> Vec<&'a str> {
        let files = self.files.0.keys().map(String::as_str);
        files.filter(|name| is_yaml(name) && (*name == file || self.is_read(name))).collect()
    }

    fn is_read(&self, name: &str) -> bool {
        self.loaded.read.iter().any(|read| read.trim_start_matches("./") == name)
    }

    /// Sketches of the compose files, `file` among them.
    fn sketches(&self, file: &str) -> Vec<(&'a str, Sketch<'a>)> {
        let files = self.compose_files(file).into_iter();
        files.filter_map(|name| Some((name, Sketch::of(self.text(name)?)))).collect()
    }
}

fn is_yaml(file: &str) -> bool {
    let ends = |end: &&str| file.len() > end.len() && file.as_bytes().ends_with(end.as_bytes());
    [".yaml", ".yml"].iter().any(ends)
}
