//! The variables that interpolation sees. Compose specification, "Interpolation" and `.env`.

use std::{collections::BTreeMap, rc::Rc};

use super::{LoadRequest, dotenv, findings::Findings, paths::join, tree::Place};
use crate::{FileSource, files::ReadError};

/// Variables by name.
pub(crate) type Environment = BTreeMap<String, String>;

/// The request's variables, then those of the env files below them.
pub(crate) fn gather(source: &dyn FileSource, request: &LoadRequest, findings: &mut Findings) -> Environment {
    let mut environment = request.environment.clone();
    let disabled =
        environment.get("COMPOSE_DISABLE_ENV_FILE").is_some_and(|value| value == "true" || value == "1");
    let files = match &request.env_files {
        Some(files) => files.clone(),
        None if disabled => Vec::new(),
        None => vec![join(&request.project_dir, ".env")],
    };
    let required = request.env_files.is_some();
    let read = read_files(source, &files, required, &environment, Place::NOWHERE, findings);
    merge_below(&mut environment, read);
    environment
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
    for path in files {
        match source.read(path) {
            Ok(text) => parse(path, text, environment, &mut variables, findings),
            Err(ReadError::NotFound(_)) if !required => {}
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
    let text: Rc<str> = if text.contains("\r\n") { text.replace("\r\n", "\n").into() } else { text.into() };
    let lookup = |name: &str| environment.get(name).cloned();
    let file = findings.add_file(path.trim_start_matches("./"), Rc::clone(&text));
    if let Err(error) = dotenv::parse(&text, &lookup, variables) {
        let line = text[error.at..].find('\n').map_or(text.len(), |end| error.at + end);
        let place = Place::new(file, composeyard_yaml::Span::new(error.at, line));
        findings.error("CY014", place, "", format!("failed to read {path}: {}", error.message)).help =
            Some("Write NAME=value, one a line.".to_owned());
    }
}
