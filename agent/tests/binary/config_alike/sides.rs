//! The cases of the corpus, and both sides that are asked about them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// The corpus and the reference, when both are there.
pub(super) struct Sides {
    /// The compose plugin.
    reference: PathBuf,
    /// All that load, but for alias bombs: no reference ends with these.
    pub(super) cases: Vec<Case>,
}

pub(super) struct Case {
    pub(super) id: String,
    /// `-f …` and `--profile …`.
    arguments: Vec<String>,
    folder: PathBuf,
    environment: BTreeMap<String, String>,
}

impl Sides {
    /// Both, or what is missing.
    pub(super) fn find() -> Result<Self, &'static str> {
        let corpus = std::env::var_os("COMPOSEYARD_CORPUS").map(PathBuf::from).ok_or("COMPOSEYARD_CORPUS")?;
        let reference = plugin().ok_or("docker compose 2.40")?;
        let cases = cases(&corpus.canonicalize().unwrap());
        assert!(!cases.is_empty(), "no case in {}", corpus.display());
        Ok(Self { reference, cases })
    }

    /// What `config` of the reference answers.
    pub(super) fn theirs(&self, case: &Case, flags: &[&str]) -> Output {
        ask(Command::new(&self.reference).args(&case.arguments).arg("config").args(flags), case)
    }

    /// What our `config` answers.
    pub(super) fn ours(case: &Case, flags: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_composeyard"));
        ask(command.arg("config").args(&case.arguments).args(flags), case)
    }

    /// What a question about each item gave, half of them asked by a second thread.
    pub(super) fn of_each<T: Sync, R: Send>(items: &[T], answer: impl Fn(&T) -> Option<R> + Sync) -> Vec<R> {
        let (left, right) = items.split_at(items.len() / 2);
        std::thread::scope(|scope| {
            let other = scope.spawn(|| right.iter().filter_map(&answer).collect::<Vec<_>>());
            let mut answers: Vec<R> = left.iter().filter_map(&answer).collect();
            answers.extend(other.join().unwrap());
            answers
        })
    }
}

fn ask(command: &mut Command, case: &Case) -> Output {
    command.env_clear().envs(&case.environment).current_dir(&case.folder).output().unwrap()
}

fn cases(corpus: &Path) -> Vec<Case> {
    let index: Vec<Value> =
        serde_json::from_str(&std::fs::read_to_string(corpus.join("index.json")).unwrap()).unwrap();
    let loads = |case: &&Value| {
        case["kind"] == "load" && !case["id"].as_str().is_some_and(|id| id.contains("alias-bomb"))
    };
    index.iter().filter(loads).map(|case| read(case, corpus)).collect()
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

/// The compose plugin, when it is of the version that these tests speak about.
pub(super) fn plugin() -> Option<PathBuf> {
    let template =
        "{{range .ClientInfo.Plugins}}{{if eq .Name \"compose\"}}{{.Path}}\t{{.Version}}{{end}}{{end}}";
    let info = Command::new("docker").args(["info", "--format", template]).output().ok()?;
    let text = String::from_utf8(info.stdout).ok()?;
    let (path, version) = text.trim().split_once('\t')?;
    version.trim_start_matches('v').starts_with("2.40").then(|| path.into())
}
