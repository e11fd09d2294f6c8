//! Findings, printed. Pure functions from findings and texts to a string.

pub(super) mod json;
pub(super) mod sarif;
pub(super) mod text;

#[cfg(test)]
mod sample;

use std::collections::BTreeMap;

use composeyard_compose::{Diagnostic, FileSource, Severity};
use composeyard_yaml::{LineIndex, Position, Span};

/// Findings with the texts they are about.
pub(super) struct Report {
    findings: Vec<Diagnostic>,
    texts: BTreeMap<String, String>,
}

impl Report {
    /// Reads the texts that the findings speak of; one that cannot be read counts as empty.
    pub(super) fn new(findings: Vec<Diagnostic>, source: &dyn FileSource) -> Self {
        let mut texts = BTreeMap::new();
        let related = findings.iter().flat_map(|finding| finding.related.iter().map(|other| &other.file));
        let edited =
            findings.iter().flat_map(|f| f.fixes.iter().flat_map(|fix| fix.edits.iter().map(|e| &e.file)));
        for file in findings.iter().map(|finding| &finding.file).chain(related).chain(edited) {
            if !file.is_empty() && !texts.contains_key(file) {
                texts.insert(file.clone(), source.read(file).unwrap_or_default());
            }
        }
        Self { findings, texts }
    }

    /// How many findings are this bad.
    pub(super) fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    fn text(&self, file: &str) -> &str {
        self.texts.get(file).map_or("", String::as_str)
    }

    fn range(&self, file: &str, span: Span) -> (Position, Position) {
        let lines = LineIndex::new(self.text(file));
        (lines.position(span.start), lines.position(span.end))
    }
}

/// As the formats for programs spell it.
const fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
}
