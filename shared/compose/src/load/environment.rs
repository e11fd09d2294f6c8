//! The variables that interpolation sees. Compose specification, "Interpolation" and `.env`.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    LoadRequest,
    dotenv::{self, DotenvError},
    env_file::NO_FILE,
    findings::Findings,
    paths::join,
    scalar::says_true,
    tree::Place,
};
use crate::{FileSource, files::ReadError};

/// Variables by name.
pub(crate) type Environment = BTreeMap<String, String>;

/// The request's variables, then those of the env files below them.
pub(crate) fn gather(source: &dyn FileSource, request: &LoadRequest, findings: &mut Findings) -> Environment {
    let mut environment = request.environment.clone();
    let files = match &request.env_files {
        Some(files) => files.clone(),
        None if leaves_env_file_out(&environment) => Vec::new(),
        None => vec![join(&request.project_dir, ".env")],
    };
    let required = request.env_files.is_some();
    let read = read_files(source, &files, required, &environment, Place::NOWHERE, findings);
    merge_below(&mut environment, read);
    environment
}

/// True when `COMPOSE_DISABLE_ENV_FILE` says that a `.env` nobody names is not read.
pub fn leaves_env_file_out(environment: &BTreeMap<String, String>) -> bool {
    let word = environment.get("COMPOSE_DISABLE_ENV_FILE").map(String::as_str);
    word.is_some_and(says_true)
}

/// Adds variables that are not there yet.
pub(crate) fn merge_below(environment: &mut Environment, below: Environment) {
    for (name, value) in below {
        environment.entry(name).or_insert(value);
    }
}

/// Reads env files; later ones win among themselves. `place` is where they are asked for.
pub(crate) fn read_files(
    source: &dyn FileSource,
    files: &[String],
    required: bool,
    environment: &Environment,
    place: Place,
    findings: &mut Findings,
) -> Environment {
    let mut variables = Environment::new();
    for path in files.iter().filter(|path| *path != NO_FILE) {
        match source.read(path) {
            Ok(text) => parse(path, text, environment, &mut variables, findings),
            // An engine makes a folder of a mount's missing source, `.env` among them.
            Err(ReadError::NotFound(_) | ReadError::Folder(_)) if !required => {}
            Err(error) => {
                findings.error("CY008", place, "", format!("couldn't find env file: {error}"));
            }
        }
    }
    variables
}

fn parse(
    path: &str,
    text: String,
    environment: &Environment,
    variables: &mut Environment,
    findings: &mut Findings,
) {
    let text = Arc::new(text);
    let lookup = |name: &str| environment.get(name).cloned();
    let file = findings.add_file(path.trim_start_matches("./"), Arc::clone(&text));
    if let Err(error) = dotenv::parse(&text, &lookup, variables) {
        let message = format!("failed to read {path}: {}", error.message);
        findings.error("CY014", error.place(file, &text), "", message).help =
            Some(DotenvError::HELP.to_owned());
    }
}
