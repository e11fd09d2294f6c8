//! What the tests of the rules share, and what holds for all of them.

use std::collections::BTreeSet;

use composeyard_yaml::edit::apply;

use crate::{Diagnostic, Fix, LoadRequest, ProjectFiles, Severity};

/// The findings of a file, or of several that `# file: NAME` lines part.
pub(super) fn checked(text: &str) -> Vec<Diagnostic> {
    let files = parts(text);
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    checked_files(&files, &names)
}

/// The findings of a project in memory; `compose` are its Compose files in merge order.
pub(super) fn checked_files(files: &[(&str, &str)], compose: &[&str]) -> Vec<Diagnostic> {
    let owned = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let request = LoadRequest {
        files: compose.iter().map(|name| (*name).to_owned()).collect(),
        project_name: Some("demo".to_owned()),
        ..LoadRequest::default()
    };
    crate::check(&ProjectFiles(owned.collect()), &request).diagnostics
}

/// Name and text of each file of a fixture; one without `# file:` lines is `compose.yaml`.
fn parts(text: &str) -> Vec<(&str, &str)> {
    const MARK: &str = "# file: ";
    if !text.starts_with(MARK) {
        return vec![("compose.yaml", text)];
    }
    text.split(MARK).skip(1).filter_map(|part| part.split_once('\n')).collect()
}

/// The codes of findings.
pub(super) fn codes(findings: &[Diagnostic]) -> Vec<String> {
    findings.iter().map(|finding| finding.code.clone()).collect()
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
fn every_rule_beyond_the_loader_shows_how_it_should_be() {
    let mut failures = Vec::new();
    for rule in super::all().filter(|rule| rule.code > "CY200") {
        let findings = checked(rule.good);
        let worse = findings.iter().filter(|f| f.code == rule.code || f.severity != Severity::Hint);
        if rule.good.is_empty() || worse.count() > 0 {
            failures.push(format!("{} shows {:?}", rule.code, codes(&findings)));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn every_example_is_told_of_in_these_words() {
    let mut words = String::new();
    for rule in super::all().filter(|rule| !rule.example.is_empty()) {
        for finding in checked(rule.example).iter().filter(|finding| finding.code == rule.code) {
            let fixes: Vec<_> = finding.fixes.iter().map(|fix| format!("  fix: {}\n", fix.title)).collect();
            let help = finding.help.as_ref().map_or_else(String::new, |help| format!("  help: {help}\n"));
            words +=
                &format!("{} {}: {}\n{help}{}\n", rule.code, finding.path, finding.message, fixes.concat());
        }
    }
    insta::assert_snapshot!(words);
}

#[test]
fn every_refusal_says_what_to_do() {
    let examples = super::all().filter(|rule| !rule.example.is_empty());
    let findings: Vec<Diagnostic> = examples.flat_map(|rule| checked(rule.example)).collect();
    let refusals = findings.into_iter().filter(|finding| finding.severity == Severity::Error);
    let silent = refusals.filter(|finding| finding.help.is_none() && finding.fixes.is_empty());
    assert_eq!(codes(&silent.collect::<Vec<_>>()), Vec::<String>::new());
}

/// The files of a fixture with a fix applied.
fn with_fix(files: &[(&str, &str)], fix: &Fix) -> Vec<(String, String)> {
    let of = |(name, text): &(&str, &str)| {
        let edits = fix.edits.iter().filter(|edit| edit.file == *name).map(|edit| edit.edit.clone());
        ((*name).to_owned(), apply(text, &edits.collect::<Vec<_>>()).unwrap())
    };
    files.iter().map(of).collect()
}

/// What a finding is, wherever an edit moves it to.
fn identity(finding: &Diagnostic) -> (String, String, String) {
    (finding.code.clone(), finding.file.clone(), finding.message.clone())
}

#[test]
fn every_fix_removes_its_finding_and_adds_none() {
    let mut failures = Vec::new();
    for fixture in super::all().flat_map(|rule| [rule.example, rule.good]) {
        let files = parts(fixture);
        let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        let before = checked_files(&files, &names);
        let known: BTreeSet<_> = before.iter().map(identity).collect();
        for finding in &before {
            for fix in &finding.fixes {
                let fixed = with_fix(&files, fix);
                let texts: Vec<_> = fixed.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
                let after: BTreeSet<_> = checked_files(&texts, &names).iter().map(identity).collect();
                if after.contains(&identity(finding)) || !after.is_subset(&known) {
                    failures.push(format!("{} {}:\n{fixed:#?}\n{after:#?}", finding.code, fix.title));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
