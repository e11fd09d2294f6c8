//! One case of the index and how it is run.

use std::{collections::BTreeMap, path::Path};

use composeyard_compose::{Diagnostic, LoadRequest, Loaded, Severity, check, load, load::Skip};
use serde::Deserialize;
use serde_json::Value;

use super::{
    classes::is_of_class,
    compare::{expected_model, full_model, is_subset, same},
    disk::Disk,
};

#[derive(Deserialize)]
pub struct Case {
    pub id: String,
    pub category: String,
    kind: String,
    files: Vec<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    #[serde(default)]
    options: Options,
    workdir: Option<String>,
    expect: String,
    error_class: Option<String>,
    expected_json: Option<String>,
    expected_yaml: Option<String>,
    #[serde(default)]
    absent_paths: Vec<Vec<Value>>,
    expected_services: Option<Vec<String>>,
    warning_contains: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Options {
    normalize: Option<bool>,
    consistency: Option<bool>,
    validate: Option<bool>,
    resolve_paths: Option<bool>,
    interpolate: Option<bool>,
    project_name: Option<String>,
    project_dir_name: Option<String>,
    profiles: Vec<String>,
    services: Vec<String>,
    prune: bool,
    discard_env_files: bool,
    dot_env: Vec<String>,
}

/// Runs a case.
pub fn run(case: &Case, folder: &Path) -> Result<(), String> {
    let files: Vec<String> = case.files.iter().map(|file| absolute(folder, file)).collect();
    let first = files[0].rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
    let workdir = case.workdir.as_ref().map_or_else(|| first.clone(), |workdir| absolute(folder, workdir));
    let request = request(case, &workdir, files);
    let loaded = load(&Disk, &request);
    let is_fault = |finding: &&Diagnostic| {
        finding.severity == Severity::Error && (case.kind != "schema" || finding.code.starts_with("CY2"))
    };
    let errors: Vec<&Diagnostic> = loaded.diagnostics.iter().filter(is_fault).collect();
    if case.expect == "invalid" {
        if errors.is_empty() {
            return Err("accepted, but must be refused".to_owned());
        }
        let codes: Vec<&str> = errors.iter().map(|error| error.code.as_str()).collect();
        return case.error_class.as_ref().map_or(Ok(()), |class| is_of_class(class, &codes));
    }
    if !errors.is_empty() {
        let texts: Vec<String> =
            errors.iter().map(|error| format!("{} {}", error.code, error.message)).collect();
        return Err(format!("refused: {}", texts.join(" | ")));
    }
    check_outcome(case, folder, &loaded, &request, &workdir)
}

fn absolute(folder: &Path, path: &str) -> String {
    folder.join(path).to_string_lossy().into_owned()
}

fn request(case: &Case, workdir: &str, files: Vec<String>) -> LoadRequest {
    let options = &case.options;
    let stepwise = matches!(case.kind.as_str(), "merge" | "normalize" | "schema");
    let off = |option: Option<bool>| option == Some(false);
    let env_files = match &options.dot_env[..] {
        [] => Some(Vec::new()),
        files => Some(files.iter().map(|file| format!("{workdir}/{file}")).collect()),
    };
    let name = options.project_name.clone();
    let project_dir = match &options.project_dir_name {
        Some(name) if name.is_empty() => "/".to_owned(),
        Some(name) => workdir.rsplit_once('/').map_or(name.clone(), |(parent, _)| format!("{parent}/{name}")),
        None => workdir.to_owned(),
    };
    LoadRequest {
        files,
        project_dir,
        project_name: name,
        profiles: options.profiles.clone(),
        services: options.services.clone(),
        enable: Vec::new(),
        prune: options.prune,
        env_files,
        environment: case.env.clone(),
        no_interpolate: off(options.interpolate) || case.kind == "schema",
        untyped: false,
        home: case.env.get("HOME").cloned(),
        skip: Skip {
            normalize: off(options.normalize) || matches!(case.kind.as_str(), "merge" | "schema"),
            consistency: off(options.consistency) || stepwise,
            paths: off(options.resolve_paths) || stepwise,
            env_files: stepwise,
            label_files: stepwise,
            validate: off(options.validate) || matches!(case.kind.as_str(), "merge" | "normalize"),
        },
    }
}

fn check_outcome(
    case: &Case,
    folder: &Path,
    loaded: &Loaded,
    request: &LoadRequest,
    workdir: &str,
) -> Result<(), String> {
    let project = loaded.project.as_ref().ok_or("no project and no error")?;
    let mut model = full_model(project);
    if case.options.discard_env_files {
        for service in model["services"].as_object_mut().into_iter().flat_map(|map| map.values_mut()) {
            service.as_object_mut().and_then(|service| service.remove("env_file"));
        }
    }
    let case_dir = case.files[0].rsplit_once('/').map_or(String::new(), |(case, _)| absolute(folder, case));
    if let Some(expected) = &case.expected_json {
        let expected = expected_model(&folder.join(expected), workdir, &case_dir)?;
        is_subset(&expected, &model, "")?;
    }
    if let Some(expected) = &case.expected_yaml {
        let request = LoadRequest { files: vec![absolute(folder, expected)], ..request.clone() };
        let expected = load(&Disk, &request).project.ok_or("the expected tree does not load")?;
        same(&full_model(&expected), &model, "")?;
    }
    for path in &case.absent_paths {
        let found = path.iter().try_fold(&model, |value, key| match key {
            Value::Number(index) => value.get(index.as_u64()? as usize),
            key => value.get(key.as_str()?),
        });
        if found.is_some_and(|found| !found.is_null()) {
            return Err(format!("{path:?} must not be there"));
        }
    }
    if let Some(expected) = &case.expected_services {
        let active: Vec<&str> = project.services.keys().map(|name| name.as_str()).collect();
        if active != *expected {
            return Err(format!("active are {active:?}, not {expected:?}"));
        }
    }
    if let Some(text) = &case.warning_contains
        && !check(&Disk, request).diagnostics.iter().any(|finding| finding.severity != Severity::Error)
    {
        return Err(format!("no warning like {text:?}"));
    }
    Ok(())
}
