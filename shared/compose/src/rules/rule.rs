//! What a rule says about itself: the source of docs/rules.md and of `composeyard rules`.

use composeyard_yaml::Span;

use crate::{Diagnostic, Severity};

/// One kind of finding.
#[derive(Debug)]
pub struct Rule {
    /// `CY201`. Never used again for something else.
    pub code: &'static str,
    /// `unknown-key`.
    pub name: &'static str,
    /// How bad its findings are.
    pub severity: Severity,
    /// What it finds, one sentence.
    pub what: &'static str,
    /// Why that matters.
    pub why: &'static str,
    /// What to do.
    pub how: &'static str,
    /// Where the matter is documented.
    pub link: &'static str,
    /// A file, or the part of one, that it speaks up about. `# file: NAME` lines part several files.
    pub example: &'static str,
    /// The same as it should be; empty for what only the loader can refuse.
    pub good: &'static str,
}

impl Rule {
    /// A finding of this rule.
    pub(crate) fn at(&self, file: &str, span: Span, path: &str, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code: self.code.to_owned(),
            severity: self.severity,
            message: message.into(),
            help: None,
            file: file.to_owned(),
            span,
            path: path.to_owned(),
            related: Vec::new(),
            fixes: Vec::new(),
        }
    }
}
