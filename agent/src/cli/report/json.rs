//! Findings as JSON, version 1. Lines and columns count from 1, columns in characters; offsets are bytes.

use composeyard_yaml::Span;
use serde_json::{Value, json};

use super::{Report, severity_word};

/// One object with all findings, pretty-printed, with a line break at its end.
pub(in crate::cli) fn print(report: &Report) -> String {
    let diagnostics: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
            json!({
                "code": finding.code,
                "severity": severity_word(finding.severity),
                "message": finding.message,
                "help": finding.help,
                "file": finding.file,
                "path": finding.path,
                "range": range(report, &finding.file, finding.span),
                "related": finding.related.iter().map(|other| json!({
                    "message": other.message,
                    "file": other.file,
                    "range": range(report, &other.file, other.span),
                })).collect::<Vec<_>>(),
                "fixes": finding.fixes.iter().map(|fix| json!({
                    "title": fix.title,
                    "edits": fix.edits.iter().map(|edit| json!({
                        "file": edit.file,
                        "range": range(report, &edit.file, edit.edit.span),
                        "text": edit.edit.text,
                    })).collect::<Vec<_>>(),
                })).collect::<Vec<_>>(),
            })
        })
        .collect();
    format!("{:#}\n", json!({ "version": 1, "diagnostics": diagnostics }))
}

fn range(report: &Report, file: &str, span: Span) -> Value {
    let (start, end) = report.range(file, span);
    json!({ "start": start, "end": end })
}

#[cfg(test)]
mod tests {
    use super::super::sample;

    #[test]
    fn findings_carry_ranges_related_places_and_fixes() {
        insta::assert_snapshot!(super::print(&sample::report()));
    }
}
