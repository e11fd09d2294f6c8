//! `# composeyard: ignore CY301` on a line, or alone on the line above, silences a finding that starts there.

use std::collections::{BTreeMap, HashMap};

use composeyard_yaml::LineIndex;

use super::context::Context;
use crate::{Diagnostic, Severity, load::Parsed};

const MARK: &str = "composeyard: ignore";

/// Leaves out what a comment silences. Errors of the file itself (below CY300) cannot be silenced: Compose would
/// refuse the file all the same.
pub(super) fn apply(findings: &mut Vec<Diagnostic>, context: &Context<'_>) {
    let sources = context.sources.iter().filter(|source| source.text.contains(MARK));
    let files: HashMap<&str, Comments<'_>> =
        sources.map(|source| (source.name.as_str(), Comments::of(source))).collect();
    findings.retain(|finding| {
        let is_refused = finding.severity == Severity::Error && finding.code.as_str() < "CY300";
        is_refused || !files.get(finding.file.as_str()).is_some_and(|comments| comments.silence(finding))
    });
}

/// The comments of a file by line.
struct Comments<'a> {
    lines: LineIndex<'a>,
    /// Whether it stands alone on the line, and its text.
    by_line: BTreeMap<u32, (bool, &'a str)>,
}

impl<'a> Comments<'a> {
    fn of(source: &'a Parsed) -> Self {
        let lines = LineIndex::new(&source.text);
        let comments = source.documents.iter().flat_map(|document| &document.comments);
        let by_line = comments
            .map(|comment| {
                (lines.line(comment.span.start), (comment.own_line, comment.span.of(&source.text)))
            })
            .collect();
        Self { lines, by_line }
    }

    fn silence(&self, finding: &Diagnostic) -> bool {
        let line = self.lines.line(finding.span.start);
        let beside = self.by_line.get(&line).is_some_and(|(own, text)| !own && names(text, &finding.code));
        let above = (1..line).rev().map_while(|line| self.by_line.get(&line).filter(|(own, _)| *own));
        beside || above.into_iter().any(|(_, text)| names(text, &finding.code))
    }
}

/// True when the comment lists the code, or no code at all.
fn names(comment: &str, code: &str) -> bool {
    let Some((_, list)) = comment.split_once(MARK) else { return false };
    let mut codes = list.split([' ', ',']).filter(|word| word.starts_with("CY")).peekable();
    codes.peek().is_none() || codes.any(|word| word == code)
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn a_comment_on_or_above_the_line_silences_the_codes_it_names() {
        let file = |image: &str| format!("services:\n  app:\n{image}");
        assert_eq!(found(&file("    image: nginx\n")).len(), 1);
        assert!(found(&file("    image: nginx # composeyard: ignore CY306\n")).is_empty());
        assert!(
            found(&file("    # composeyard: ignore CY301, CY306\n    # why: demo\n    image: nginx\n"))
                .is_empty()
        );
        assert_eq!(found(&file("    image: nginx # composeyard: ignore CY301\n")).len(), 1);
        assert_eq!(found(&file("    # composeyard: ignore CY306\n\n    image: nginx\n")).len(), 1);
    }
}
