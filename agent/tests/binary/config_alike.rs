//! `config` and its flags beside the reference, on the files of the corpus that `COMPOSEYARD_CORPUS` names. Without the
//! reference or the corpus the test says so and does nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Of all cases with the same flags, every so manieth is asked about: the rest has its turn with other flags.
const STEP: usize = 15;

/// How two printed texts must agree.
#[derive(Clone, Copy)]
enum Alike {
    Bytes,
    /// The reference prints these in the order of the day.
    Lines,
}

/// A question about a case.
type Asked<'a> = (&'static [&'static str], Alike, &'a Case);

const FLAGS: [(&[&str], Alike); 17] = [
    (&[], Alike::Bytes),
    (&["--format", "json"], Alike::Bytes),
    (&["--no-interpolate"], Alike::Bytes),
    (&["--no-interpolate", "--format", "json"], Alike::Bytes),
    (&["--no-path-resolution"], Alike::Bytes),
    (&["--no-normalize"], Alike::Bytes),
    (&["--no-consistency"], Alike::Bytes),
    (&["--no-normalize", "--no-consistency", "--no-path-resolution", "--format", "json"], Alike::Bytes),
    (&["--quiet"], Alike::Bytes),
    (&["--services"], Alike::Lines),
    (&["--volumes"], Alike::Lines),
    (&["--networks"], Alike::Lines),
    (&["--images"], Alike::Lines),
    (&["--profiles"], Alike::Lines),
    (&["--models"], Alike::Lines),
    (&["--variables"], Alike::Lines),
    (&["--environment"], Alike::Bytes),
];

/// Parts of the names of cases that are left out: what docs/differences.md explains, and what 2.40 does not end with.
const LEFT_OUT: [&str; 10] = [
    "bomb",
    "PreStart",
    "conflict",
    "prefix_no_cycle",
    "ExtendsNil",
    "SharedAlias",
    "ssh",
    "include-Env",
    "container-name-unique",
    "LoadWithReset",
];

#[test]
fn config_and_its_flags_print_what_the_reference_prints() {
    let Some(corpus) = std::env::var_os("COMPOSEYARD_CORPUS").map(PathBuf::from) else {
        return println!("SKIPPED: config beside the reference needs COMPOSEYARD_CORPUS");
    };
    let Some(reference) = reference() else {
        return println!("SKIPPED: config beside the reference needs docker compose 2.40");
    };
    let corpus = corpus.canonicalize().unwrap();
    let cases = cases(&corpus);
    assert!(!cases.is_empty(), "no case in {}", corpus.display());
    let work: Vec<Asked<'_>> = FLAGS
        .iter()
        .enumerate()
        .flat_map(|(at, (flags, alike))| {
            cases.iter().skip(at % STEP).step_by(STEP).map(move |case| (*flags, *alike, case))
        })
        .collect();
    let compare_all = |part: &[Asked<'_>]| -> Vec<String> {
        part.iter().filter_map(|(flags, alike, case)| compare(&reference, case, flags, *alike)).collect()
    };
    let (left, right) = work.split_at(work.len() / 2);
    let faults: Vec<String> = std::thread::scope(|scope| {
        let other = scope.spawn(|| compare_all(right));
        let mut faults = compare_all(left);
        faults.extend(other.join().unwrap());
        faults
    });
    println!("{} questions, {} answered otherwise", work.len(), faults.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

struct Case {
    id: String,
    /// `-f …` and `--profile …`.
    arguments: Vec<String>,
    folder: PathBuf,
    environment: BTreeMap<String, String>,
}

fn cases(corpus: &Path) -> Vec<Case> {
    let index: Vec<Value> =
        serde_json::from_str(&std::fs::read_to_string(corpus.join("index.json")).unwrap()).unwrap();
    let is_whole = |case: &&Value| {
        let id = case["id"].as_str().unwrap_or_default();
        case["kind"] == "load"
            && !LEFT_OUT.iter().any(|word| id.to_lowercase().contains(&word.to_lowercase()))
    };
    index.iter().filter(is_whole).map(|case| read(case, corpus)).collect()
}

fn read(case: &Value, corpus: &Path) -> Case {
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let files: Vec<PathBuf> = texts(&case["files"]).iter().map(|file| corpus.join(file)).collect();
    let mut arguments = Vec::new();
    for file in &files {
        arguments.extend(["-f".to_owned(), file.to_string_lossy().into_owned()]);
    }
    for profile in texts(&case["options"]["profiles"]) {
        arguments.extend(["--profile".to_owned(), profile]);
    }
    let folder = files[0].parent().unwrap().to_owned();
    let mut environment: BTreeMap<String, String> =
        serde_json::from_value(case["env"].clone()).unwrap_or_default();
    environment.insert("HOME".to_owned(), "/home/nobody".to_owned());
    environment.insert("PWD".to_owned(), folder.to_string_lossy().into_owned());
    Case { id: case["id"].as_str().unwrap_or_default().to_owned(), arguments, folder, environment }
}

/// The compose plugin, when it is of the version that this test speaks about.
fn reference() -> Option<PathBuf> {
    let template =
        "{{range .ClientInfo.Plugins}}{{if eq .Name \"compose\"}}{{.Path}}\t{{.Version}}{{end}}{{end}}";
    let info = Command::new("docker").args(["info", "--format", template]).output().ok()?;
    let text = String::from_utf8(info.stdout).ok()?;
    let (path, version) = text.trim().split_once('\t')?;
    version.trim_start_matches('v').starts_with("2.40").then(|| path.into())
}

/// What differs, if anything. What the reference refuses is not compared: those are the loader's own tests.
fn compare(reference: &Path, case: &Case, flags: &[&str], alike: Alike) -> Option<String> {
    let ask = |program: &Path| {
        let mut command = Command::new(program);
        if program == reference {
            command.args(&case.arguments).arg("config").args(flags);
        } else {
            command.arg("config").args(&case.arguments).args(flags);
        }
        command.env_clear().envs(&case.environment).current_dir(&case.folder).output().unwrap()
    };
    let theirs = ask(reference);
    if !theirs.status.success() {
        return None;
    }
    let ours = ask(Path::new(env!("CARGO_BIN_EXE_composeyard")));
    let printed = |out: &[u8]| {
        let text = String::from_utf8_lossy(out).trim_end().to_owned();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        if matches!(alike, Alike::Lines) {
            lines.sort();
        }
        lines
    };
    let (theirs, said) = (printed(&theirs.stdout), printed(&ours.stdout));
    if ours.status.success() && theirs == said {
        return None;
    }
    let at = theirs.iter().zip(&said).position(|(a, b)| a != b).unwrap_or(theirs.len().min(said.len()));
    let line = |lines: &[String]| lines.get(at).cloned().unwrap_or_default();
    Some(format!(
        "{} {flags:?} line {}: {:?}, not {:?} {}",
        case.id,
        at + 1,
        line(&said),
        line(&theirs),
        String::from_utf8_lossy(&ours.stderr).lines().next().unwrap_or_default()
    ))
}
