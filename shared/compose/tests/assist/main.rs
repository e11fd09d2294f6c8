//! Help while writing, as a specification. A `|` in a text is the cursor.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "helpers of tests; the lint's exemption covers test functions only"
)]

mod complete;
#[path = "../support/growth.rs"]
mod growth;
mod hover;
mod navigate;

use composeyard_compose::{LoadRequest, Loaded, ProjectFiles, assist::Assistant, check};

/// A project of one file with a cursor, and of further files.
struct Project {
    files: ProjectFiles,
    loaded: Loaded,
    offset: usize,
}

const FILE: &str = "compose.yaml";

impl Project {
    /// Reads the cursor from the text.
    fn at(marked: &str) -> Self {
        Self::with(marked, &[])
    }

    fn with(marked: &str, others: &[(&str, &str)]) -> Self {
        let offset = marked.find('|').expect("a cursor");
        let mut files = ProjectFiles::default();
        files.0.insert(FILE.to_owned(), marked.replacen('|', "", 1));
        for (name, text) in others {
            files.0.insert((*name).to_owned(), (*text).to_owned());
        }
        let loaded =
            check(&files, &LoadRequest { project_name: Some("shop".to_owned()), ..LoadRequest::default() });
        Self { files, loaded, offset }
    }

    fn assistant(&self) -> Assistant<'_> {
        Assistant::new(&self.files, &[], &self.loaded)
    }

    fn text(&self) -> &str {
        self.files.get(FILE).unwrap_or_default()
    }
}
