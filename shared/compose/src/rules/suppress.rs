//! `# composeyard: ignore CY301` on a line, or alone on the line above, silences a finding that starts there.

use composeyard_yaml::LineIndex;

use super::context::{Context, Source};
use crate::{Diagnostic, Severity};

const MARK: &str = "composeyard: ignore";

/// True when a comment silences the finding. Errors of the file itself (below CY300) cannot be silenced: Compose
/// would refuse the file all the same.
pub(super) fn is_silenced(finding: &Diagnostic, context: &Context<'_>) -> bool {
    if finding.severity == Severity::Error && finding.code.as_str() < "CY300" {
        return false;
    }
    context.source(&finding.file).is_some_and(|source| silences(source, finding))
}

fn silences(source: &Source, finding: &Diagnostic) -> bool {
    if !source.text.contains(MARK) {
        return false;
    }
    let lines = LineIndex::new(&source.text);
    let line = lines.position(finding.span.start).line;
    let comments = || source.documents.iter().flat_map(|document| &document.comments);
    let names_it = |line: u32, own: bool| {
        comments().any(|comment| {
            lines.position(comment.span.start).line == line
                && comment.own_line == own
                && names(comment.span.of(&source.text), &finding.code)
        })
    };
    let is_comment = |line: u32| comments().any(|c| c.own_line && lines.position(c.span.start).line == line);
    names_it(line, false)
        || (1..line).rev().take_while(|above| is_comment(*above)).any(|above| names_it(above, true))
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
