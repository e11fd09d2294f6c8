//! Laws that hold for the findings of every file of the corpus that `COMPOSEYARD_CORPUS` names.
#![expect(clippy::unwrap_used, reason = "a test says where it fails")]
#![allow(clippy::print_stdout)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use composeyard_compose::{Diagnostic, FileSource, Fix, LoadRequest, Severity, check, files::ReadError};
use composeyard_yaml::edit::apply;

/// The disk, with some files as they would be after a fix.
#[derive(Default)]
struct Changed(BTreeMap<String, String>);

impl FileSource for Changed {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        let on_disk = || std::fs::read_to_string(path).map_err(|_| ReadError::NotFound(path.to_owned()));
        self.0.get(path).cloned().map_or_else(on_disk, Ok)
    }
}

/// The loads of the corpus, with the names of their cases.
fn loads() -> Vec<(String, LoadRequest)> {
    let Some(folder) = std::env::var_os("COMPOSEYARD_CORPUS") else {
        println!("SKIPPED: COMPOSEYARD_CORPUS does not name a corpus");
        return Vec::new();
    };
    let folder = PathBuf::from(folder).canonicalize().unwrap();
    let index = std::fs::read_to_string(folder.join("index.json")).unwrap();
    let cases: Vec<serde_json::Value> = serde_json::from_str(&index).unwrap();
    cases.iter().filter(|case| case["kind"] == "load").map(|case| load(&folder, case)).collect()
}

fn load(folder: &Path, case: &serde_json::Value) -> (String, LoadRequest) {
    let absolute =
        |path: &serde_json::Value| folder.join(path.as_str().unwrap()).to_string_lossy().into_owned();
    let files: Vec<String> = case["files"].as_array().unwrap().iter().map(absolute).collect();
    let request = LoadRequest {
        project_dir: files[0].rsplit_once('/').unwrap().0.to_owned(),
        project_name: Some("demo".to_owned()),
        files,
        ..LoadRequest::default()
    };
    (case["id"].as_str().unwrap().to_owned(), request)
}

/// What a finding is, wherever an edit moves it to; another file may hold the value then.
fn identity(finding: &Diagnostic) -> (String, String) {
    (finding.code.clone(), finding.message.clone())
}

fn with_fix(fix: &Fix) -> Changed {
    let files: BTreeSet<&String> = fix.edits.iter().map(|edit| &edit.file).collect();
    let changed = files.into_iter().map(|file| {
        let edits: Vec<_> =
            fix.edits.iter().filter(|edit| edit.file == *file).map(|edit| edit.edit.clone()).collect();
        (file.clone(), apply(&std::fs::read_to_string(file).unwrap(), &edits).unwrap())
    });
    Changed(changed.collect())
}

#[test]
fn every_fix_removes_its_finding_and_adds_none() {
    let mut failures = Vec::new();
    for (case, request) in loads() {
        let before = check(&Changed::default(), &request).diagnostics;
        let known: BTreeSet<_> = before.iter().map(identity).collect();
        for finding in &before {
            for fix in &finding.fixes {
                let after = check(&with_fix(fix), &request).diagnostics;
                let same = |other: &&Diagnostic| identity(other) == identity(finding);
                let is_fewer = after.iter().filter(same).count() < before.iter().filter(same).count();
                // Once a file can be read, more can be said about it.
                let was_refused = finding.severity == Severity::Error;
                let worse: Vec<_> =
                    after.iter().map(identity).filter(|other| !known.contains(other)).collect();
                if !is_fewer || (!worse.is_empty() && !was_refused) {
                    failures.push(format!("{case} {} {}: {worse:?}", finding.code, fix.title));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_refusal_of_a_value_names_its_file_and_place() {
    // The project's name, the choice of services and the files themselves may come from the command line.
    const ELSEWHERE: [&str; 4] = ["CY009", "CY030", "CY108", "CY109"];
    let mut failures = Vec::new();
    for (case, request) in loads() {
        for finding in check(&Changed::default(), &request).diagnostics {
            let may_lack = ELSEWHERE.contains(&finding.code.as_str());
            // Text that is no YAML, documents that are no mapping and aliases as a whole have no key.
            let has_path =
                !finding.path.is_empty() || matches!(finding.code.as_str(), "CY001" | "CY005" | "CY015");
            let is_placed = !finding.file.is_empty() && finding.span.start < finding.span.end && has_path;
            if finding.severity == Severity::Error && !is_placed && !may_lack {
                failures.push(format!("{case} {} {}: {}", finding.code, finding.path, finding.message));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
