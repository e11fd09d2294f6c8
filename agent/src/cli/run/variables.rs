//! `run --env-from-file`: variables from files, read as the env files of a service are.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{IsTerminal, Write};
use std::path::Path;

use anyhow::Context;
use composeyard_compose::{LoadRequest, Severity, load};
use serde_json::json;

use super::super::disk::Disk;
use super::super::project::{FLAGS, WithFlags};
use super::super::report::{Report, text};

/// Those of the files, then those that are given by name, which win. None when a file cannot be read or has errors, which
/// are then printed.
///
/// # Errors
/// When the current folder cannot be told, or nobody reads what is printed.
pub(super) fn with_files(given: &[String], files: &[String]) -> anyhow::Result<Option<Vec<String>>> {
    let current = std::env::current_dir().context("the current folder cannot be read")?;
    match of_files(given, files, &current) {
        Ok(found) => Ok(Some(found.into_iter().chain(given.iter().cloned()).collect())),
        Err(report) => {
            let colour = std::io::stderr().is_terminal();
            std::io::stderr().write_all(text::print(&report, colour).as_bytes())?;
            Ok(None)
        }
    }
}

/// The variables of the files that are not given by name, as `NAME=value`. What comes first wins, as with the reference:
/// `$NAME` in a file stands for one that is given, or of a file before, or before it in the file, and for nothing of the
/// shell.
fn of_files(given: &[String], files: &[String], current: &Path) -> Result<Vec<String>, Report> {
    let values = given.iter().filter_map(|entry| entry.split_once('='));
    let mut known: BTreeMap<String, String> =
        values.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    for file in files {
        for (name, value) in of_file(file, current, &known)? {
            known.entry(name).or_insert(value);
        }
    }
    let names: BTreeSet<&str> = given.iter().filter_map(|entry| entry.split('=').next()).collect();
    let others = known.iter().filter(|(name, _)| !names.contains(name.as_str()));
    Ok(others.map(|(name, value)| format!("{name}={value}")).collect())
}

fn of_file(
    file: &str,
    current: &Path,
    known: &BTreeMap<String, String>,
) -> Result<Vec<(String, String)>, Report> {
    let path = current.join(file).to_string_lossy().replace('$', "$$");
    let project = json!({"name": "run", "services": {"run": {"image": "run", "env_file": path}}});
    let request = LoadRequest {
        files: vec![FLAGS.to_owned()],
        project_dir: current.to_string_lossy().into_owned(),
        env_files: Some(Vec::new()),
        environment: known.clone(),
        ..LoadRequest::default()
    };
    let disk = WithFlags { disk: Disk::below(current), flags: Some(project.to_string()) };
    let loaded = load(&disk, &request);
    let report = Report::new(loaded.diagnostics, &disk);
    let service = loaded.project.and_then(|mut project| project.services.pop_first());
    let (Some((_, service)), 0) = (service, report.count(Severity::Error)) else { return Err(report) };
    let values = service.environment.iter();
    Ok(values.filter_map(|(name, value)| Some((name.to_string(), value.clone()?))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(given: &[&str], texts: &[&str]) -> Result<Vec<String>, usize> {
        let folder = tempfile::tempdir().unwrap();
        let write = |(at, text): (usize, &&str)| {
            let name = format!("{at}.$env");
            std::fs::write(folder.path().join(&name), text).unwrap();
            name
        };
        let files: Vec<String> = texts.iter().enumerate().map(write).collect();
        let given: Vec<String> = given.iter().map(|entry| (*entry).to_owned()).collect();
        let found = of_files(&given, &files, folder.path());
        found.map_err(|report| report.count(Severity::Error))
    }

    #[test]
    fn files_are_read_as_env_files_and_the_first_one_wins() {
        let found = read(&[], &["A=1\n# no\nB='raw $A'\nC\nD=$A-2\nHOME2=$HOME\n", "A=\"3 4\"\nE=$A\n"]);
        assert_eq!(found, Ok(["A=1", "B=raw $A", "D=1-2", "E=1", "HOME2="].map(str::to_owned).to_vec()));
    }

    #[test]
    fn what_is_given_by_name_wins_also_where_a_file_names_it() {
        assert_eq!(read(&["A=flag", "B"], &["A=1\nB=2\nD=$A-2\n"]), Ok(vec!["D=flag-2".to_owned()]));
    }

    #[test]
    fn a_file_with_errors_and_one_that_is_missing_are_refused() {
        assert_eq!(read(&[], &["A='open\n"]), Err(1));
        let current = std::env::temp_dir();
        let missing = of_files(&[], &["none.env".to_owned()], &current);
        assert!(missing.is_err());
    }
}
