//! Findings as compilers print them: place, code, the source line with the culprit underlined, help, fixes.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};
use composeyard_compose::{Diagnostic, Fix, Severity};

use super::Report;

/// All findings and a last line that counts them.
pub(in crate::cli) fn print(report: &Report, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let mut printed = String::new();
    for finding in &report.findings {
        printed.push_str(&renderer.render(&groups(report, finding)));
        printed.push_str("\n\n");
    }
    printed.push_str(&summary(report));
    printed.push('\n');
    printed
}

fn groups<'r>(report: &'r Report, finding: &'r Diagnostic) -> Vec<Group<'r>> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::NOTE.with_name("hint"),
    };
    let title = level.primary_title(finding.message.as_str()).id(finding.code.as_str());
    let mut group = Group::with_title(title);
    if !finding.file.is_empty() {
        let here = AnnotationKind::Primary.span(finding.span.start..finding.span.end);
        let path = (!finding.path.is_empty()).then_some(finding.path.as_str());
        let mut snippet = Snippet::source(report.text(&finding.file))
            .path(finding.file.as_str())
            .annotation(here.label(path));
        for other in finding.related.iter().filter(|other| other.file == finding.file) {
            let span = other.span.start..other.span.end;
            snippet = snippet.annotation(AnnotationKind::Context.span(span).label(other.message.as_str()));
        }
        group = group.element(snippet);
    }
    for other in finding.related.iter().filter(|other| other.file != finding.file) {
        let span = other.span.start..other.span.end;
        group = group.element(
            Snippet::source(report.text(&other.file))
                .path(other.file.as_str())
                .annotation(AnnotationKind::Context.span(span).label(other.message.as_str())),
        );
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    std::iter::once(group).chain(finding.fixes.iter().map(|fix| fix_group(report, fix))).collect()
}

fn fix_group<'r>(report: &'r Report, fix: &'r Fix) -> Group<'r> {
    let title = Level::HELP.with_name("fix").secondary_title(fix.title.as_str());
    let mut group = Group::with_title(title);
    let mut files: Vec<&str> = fix.edits.iter().map(|edit| edit.file.as_str()).collect();
    files.dedup();
    for file in files {
        let edits = fix.edits.iter().filter(|edit| edit.file == file);
        let patches =
            edits.map(|edit| Patch::new(edit.edit.span.start..edit.edit.span.end, edit.edit.text.as_str()));
        group = group.element(Snippet::source(report.text(file)).path(file).patches(patches));
    }
    group
}

fn summary(report: &Report) -> String {
    let counted = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Hint, "hint")];
    let parts: Vec<String> = counted
        .into_iter()
        .filter_map(|(severity, word)| match report.count(severity) {
            0 => None,
            1 => Some(format!("1 {word}")),
            count => Some(format!("{count} {word}s")),
        })
        .collect();
    if parts.is_empty() { "Nothing to complain about.".to_owned() } else { parts.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::super::{Report, sample};

    #[test]
    fn findings_show_place_code_source_help_and_fix() {
        insta::assert_snapshot!(super::print(&sample::report(), false));
    }

    #[test]
    fn a_clean_project_is_told_so() {
        let nothing = Report::new(Vec::new(), &composeyard_compose::ProjectFiles::default());
        assert_eq!(super::print(&nothing, false), "Nothing to complain about.\n");
    }
}
