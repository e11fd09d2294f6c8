//! What the tests of the rules share, and what holds for all of them.

use std::collections::{BTreeMap, BTreeSet};

use composeyard_yaml::edit::apply;

use crate::{Diagnostic, LoadRequest, ProjectFiles, Severity};

pub(super) fn checked(text: &str) -> Vec<Diagnostic> {
    let files = ProjectFiles(BTreeMap::from([("compose.yaml".to_owned(), text.to_owned())]));
    let request = LoadRequest {
        files: vec!["compose.yaml".to_owned()],
        project_name: Some("demo".to_owned()),
        ..LoadRequest::default()
    };
    crate::check(&files, &request).diagnostics
}

/// `CODE path: message` of each finding of the semantic rules; no others may be there.
pub(super) fn found(text: &str) -> Vec<String> {
    let findings = checked(text);
    for finding in &findings {
        assert!(finding.code.starts_with("CY3"), "{finding:#?}\n{text}");
    }
    findings.iter().map(|f| format!("{} {}: {}", f.code, f.path, f.message)).collect()
}

/// The text after the best fix of the first finding.
pub(super) fn fixed(text: &str) -> String {
    let first = checked(text).remove(0);
    let fix = first.fixes.first().unwrap_or_else(|| panic!("no fix: {first:#?}"));
    let edits: Vec<_> = fix.edits.iter().map(|edit| edit.edit.clone()).collect();
    apply(text, &edits).unwrap()
}

#[test]
fn every_rule_has_a_code_and_a_name_of_its_own() {
    let rules: Vec<_> = super::all().collect();
    let codes: BTreeSet<_> = rules.iter().map(|rule| rule.code).collect();
    let names: BTreeSet<_> = rules.iter().map(|rule| rule.name).collect();
    assert_eq!((codes.len(), names.len()), (rules.len(), rules.len()));
    assert!(rules.is_sorted_by_key(|rule| rule.code));
}

#[test]
fn every_example_shows_its_rule_and_nothing_worse() {
    let mut failures = Vec::new();
    for rule in super::all().filter(|rule| !rule.example.is_empty()) {
        let findings = checked(rule.example);
        let codes: Vec<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
        let others = findings.iter().filter(|finding| finding.code != rule.code);
        if !codes.contains(&rule.code) || others.clone().any(|other| other.severity != Severity::Hint) {
            failures.push(format!("{} shows {codes:?}", rule.code));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn every_fix_leaves_a_file_that_still_parses_and_lacks_its_finding() {
    for rule in super::all() {
        for finding in checked(rule.example).iter().filter(|finding| finding.code == rule.code) {
            for fix in &finding.fixes {
                let edits: Vec<_> = fix.edits.iter().map(|edit| edit.edit.clone()).collect();
                let text = apply(rule.example, &edits).unwrap();
                let after = checked(&text);
                assert!(
                    !after.iter().any(|other| other.code == finding.code && other.path == finding.path),
                    "{} {}:\n{text}",
                    rule.code,
                    fix.title
                );
            }
        }
    }
}
