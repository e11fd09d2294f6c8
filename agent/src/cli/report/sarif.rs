//! Findings as SARIF 2.1.0. <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use composeyard_compose::{Diagnostic, FileEdit, Severity, rules};
use composeyard_yaml::Span;
use serde_json::{Value, json};

use super::Report;

/// One log with one run, pretty-printed, with a line break at its end.
pub(in crate::cli) fn print(report: &Report) -> String {
    let results: Vec<Value> = report.findings.iter().map(|finding| result(report, finding)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "composeyard",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn rules() -> Vec<Value> {
    rules::all()
        .map(|rule| {
            json!({
                "id": rule.code,
                "name": rule.name,
                "shortDescription": { "text": rule.what },
                "fullDescription": { "text": format!("{} {}", rule.why, rule.how) },
                "helpUri": rule.link,
                "defaultConfiguration": { "level": level(rule.severity) },
            })
        })
        .collect()
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    }
}

fn result(report: &Report, finding: &Diagnostic) -> Value {
    let text = match &finding.help {
        Some(help) => format!("{}. {help}", finding.message),
        None => finding.message.clone(),
    };
    let mut result = json!({
        "ruleId": finding.code,
        "level": level(finding.severity),
        "message": { "text": text },
    });
    if !finding.file.is_empty() {
        let mut location = json!({ "physicalLocation": place(report, &finding.file, finding.span) });
        if !finding.path.is_empty() {
            location["logicalLocations"] = json!([{ "fullyQualifiedName": finding.path }]);
        }
        result["locations"] = json!([location]);
    }
    if !finding.related.is_empty() {
        let others = finding.related.iter().map(|other| {
            json!({ "physicalLocation": place(report, &other.file, other.span), "message": { "text": other.message } })
        });
        result["relatedLocations"] = others.collect();
    }
    if !finding.fixes.is_empty() {
        let fixes = finding.fixes.iter().map(
            |fix| json!({ "description": { "text": fix.title }, "artifactChanges": changes(&fix.edits) }),
        );
        result["fixes"] = fixes.collect();
    }
    result
}

fn place(report: &Report, file: &str, span: Span) -> Value {
    let (start, end) = report.range(file, span);
    json!({
        "artifactLocation": { "uri": file },
        "region": {
            "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column,
            "byteOffset": span.start, "byteLength": span.end - span.start,
        },
    })
}

fn changes(edits: &[FileEdit]) -> Vec<Value> {
    edits
        .iter()
        .map(|FileEdit { file, edit }| {
            json!({
                "artifactLocation": { "uri": file },
                "replacements": [{
                    "deletedRegion": { "byteOffset": edit.span.start, "byteLength": edit.span.end - edit.span.start },
                    "insertedContent": { "text": edit.text },
                }],
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample;

    #[test]
    fn a_run_names_the_rules_and_places_the_results() {
        let log: serde_json::Value = serde_json::from_str(&super::print(&sample::report())).unwrap();
        let run = &log["runs"][0];
        assert!(run["tool"]["driver"]["rules"].as_array().unwrap().len() > 10);
        insta::assert_snapshot!(format!("{:#}", run["results"]));
    }
}
