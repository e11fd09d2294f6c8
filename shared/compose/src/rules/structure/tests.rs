//! What the tests of this check share, and what holds for all of its rules.

use composeyard_yaml::edit::apply;

use crate::Diagnostic;

fn findings(text: &str) -> Vec<Diagnostic> {
    let (documents, error) = composeyard_yaml::parse(text);
    assert_eq!(error, None, "{text}");
    let mut findings = Vec::new();
    for document in &documents {
        let found = super::check("compose.yaml", text, document);
        findings.extend(found.refused);
        findings.extend(found.advice);
    }
    findings.sort_by_key(|finding| finding.span);
    findings
}

/// `CODE path: message` of each finding.
pub(super) fn check(text: &str) -> Vec<String> {
    findings(text).iter().map(|f| format!("{} {}: {}", f.code, f.path, f.message)).collect()
}

/// The help of the first finding.
pub(super) fn help(text: &str) -> String {
    findings(text)[0].help.clone().unwrap_or_default()
}

/// The text after the best fix of the first finding; unchanged when it has none.
pub(super) fn fixed(text: &str) -> String {
    mended(text, &findings(text)[0])
}

/// As [`fixed`], by the last finding.
pub(super) fn last_fixed(text: &str) -> String {
    findings(text).last().map(|finding| mended(text, finding)).unwrap_or_default()
}

fn mended(text: &str, finding: &Diagnostic) -> String {
    let Some(fix) = finding.fixes.first() else { return text.to_owned() };
    let edits: Vec<_> = fix.edits.iter().map(|edit| edit.edit.clone()).collect();
    apply(text, &edits).unwrap()
}

/// A file with one service that has an image and these lines.
pub(super) fn service(lines: &str) -> String {
    format!("services:\n  app:\n    image: nginx:1.27\n    {lines}\n")
}

#[test]
fn findings_come_in_source_order() {
    let text = service("portss: []\n    user: 1\n    volumez: []");
    let spans: Vec<usize> = findings(&text).iter().map(|finding| finding.span.start).collect();
    assert_eq!(spans.len(), 3);
    assert!(spans.is_sorted());
}

#[test]
fn nested_aliases_do_not_blow_up() {
    let mut text = "x-a0: &a0\n  image: a:1\n".to_owned();
    for level in 1..40 {
        let below = level - 1;
        text.push_str(&format!("x-a{level}: &a{level}\n  <<: [*a{below}, *a{below}]\n"));
    }
    text.push_str("services:\n  app: *a39\n");
    assert!(check(&text).is_empty());
}

#[test]
fn an_alias_to_what_holds_it_ends() {
    let (documents, _) = composeyard_yaml::parse("services: &all\n  app:\n    deploy: *all\n");
    for document in &documents {
        let _ = super::check("compose.yaml", "", document);
    }
}
