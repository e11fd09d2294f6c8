//! Findings: what is wrong or could be better, where, why, and the edit that mends it.

use composeyard_yaml::{Span, TextEdit};
use serde::{Deserialize, Serialize};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The reference refuses the file, or it cannot work.
    Error,
    /// It loads but will likely not do what is meant.
    Warning,
    /// It could be better.
    Hint,
}

/// An edit in one file of the project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEdit {
    /// The file's path as in [`crate::LoadRequest::files`].
    pub file: String,
    /// What to replace.
    #[serde(flatten)]
    pub edit: TextEdit,
}

/// A one-click mend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// Names the result: "Wait until redis is healthy".
    pub title: String,
    /// All edits, applied together.
    pub edits: Vec<FileEdit>,
}

/// A second place that a finding speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Related {
    /// What stands there: "first defined here".
    pub message: String,
    /// The file.
    pub file: String,
    /// The bytes.
    pub span: Span,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Stable code: `CY101`. Each has a page in docs/rules.md.
    pub code: String,
    /// How bad.
    pub severity: Severity,
    /// What is wrong, one sentence, with the names in question.
    pub message: String,
    /// Why it matters and what to do.
    pub help: Option<String>,
    /// The file it is in; empty when it concerns the project as a whole.
    pub file: String,
    /// The bytes it is about.
    pub span: Span,
    /// The key path: `services.app.ports[0]`; empty when there is none.
    pub path: String,
    /// Other places.
    pub related: Vec<Related>,
    /// Mends, the best first.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// Adds why it matters and what to do.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a mend of one edit in the finding's own file.
    #[must_use]
    pub fn with_edit(self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        let edit = FileEdit { file: self.file.clone(), edit: TextEdit { span, text: text.into() } };
        self.with_fix(Fix { title: title.into(), edits: vec![edit] })
    }

    /// Adds a mend.
    #[must_use]
    pub fn with_fix(mut self, fix: Fix) -> Self {
        self.fixes.push(fix);
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn with_related(mut self, message: impl Into<String>, file: &str, span: Span) -> Self {
        self.related.push(Related { message: message.into(), file: file.to_owned(), span });
        self
    }
}
