//! The small vectors of a corpus folder that `COMPOSEYARD_CORPUS` names: variables, env files and short forms against
//! what the reference does.

use std::{collections::BTreeMap, path::PathBuf};

use serde_json::{Value, json};

use super::{
    bind,
    canonical::{port, volume},
    dotenv, environment,
    findings::Findings,
    interpolate::{Cast, interpolate_as},
    path::Path,
    paths, read, template, tree, uses,
};
use crate::model::{Bytes, Duration, Endpoint, by_priority};
use crate::{LoadRequest, ProjectFiles, Severity, load, load::Skip};

type Vectors = Vec<Value>;

fn vectors(category: &str) -> Vectors {
    let Some(folder) = std::env::var_os("COMPOSEYARD_CORPUS").map(PathBuf::from) else {
        return Vectors::new();
    };
    let text = std::fs::read_to_string(folder.join(format!("vectors/{category}.json"))).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Runs all vectors of a category through `read` and compares with the value under `key`, or with a refusal.
fn agree(category: &str, key: &str, read: impl Fn(&Value) -> Result<Value, String>) {
    let mut faults = Vec::new();
    for vector in vectors(category) {
        let outcome = read(&vector);
        let agrees = match (&outcome, vector.get(key)) {
            (Ok(actual), Some(expected)) => matches(actual, expected, &vector),
            (Err(_), None) => true,
            _ => false,
        };
        if !agrees {
            faults.push(format!("{vector}\n  is {outcome:?}"));
        }
    }
    assert!(faults.is_empty(), "{} of {category}:\n{}", faults.len(), faults.join("\n"));
}

fn matches(actual: &Value, expected: &Value, vector: &Value) -> bool {
    match (actual, expected) {
        (Value::Object(actual), Value::Object(expected)) if vector["match"] == "subset" => {
            expected.iter().all(|(key, value)| actual.get(key) == Some(value))
        }
        _ => actual == expected,
    }
}

fn text(vector: &Value) -> &str {
    vector["input"].as_str().unwrap_or_default()
}

fn environment(vector: &Value) -> BTreeMap<String, String> {
    serde_json::from_value(vector["env"].clone()).unwrap_or_default()
}

#[test]
fn variables_are_filled_in() {
    agree("interpolate", "expected", |vector| {
        let environment = environment(vector);
        let expansion = template::expand(text(vector), &|name| environment.get(name).cloned());
        expansion.map(|expansion| expansion.text.into()).map_err(|error| format!("{error:?}"))
    });
}

#[test]
fn the_first_operator_decides() {
    agree("interpolate-operator", "expected", |vector| {
        let at = text(vector).find([':', '-', '?', '+']).unwrap_or_default();
        Ok(template::operator(&text(vector)[at..]).into())
    });
}

#[test]
fn env_files_are_read() {
    agree("dotenv", "expected", |vector| {
        let environment = environment(vector);
        let lookup = |name: &str| environment.get(name).cloned();
        let mut variables = BTreeMap::new();
        let one = vec![vector["input"].clone()];
        for file in vector["input_files"].as_array().unwrap_or(&one) {
            let text = file.as_str().unwrap_or_default().replace("\r\n", "\n");
            dotenv::parse(&text, &lookup, &mut variables).map_err(|error| error.message)?;
        }
        Ok(json!(variables))
    });
}

#[test]
fn ports_are_read() {
    agree("port", "expected", |vector| {
        let input = vector["input"].as_str().map_or_else(|| vector["input"].to_string(), str::to_owned);
        let ports = port::parse(&input)?;
        Ok(ports.iter().map(port_json).collect())
    });
    agree("port-range", "expected", |vector| {
        port::range(text(vector)).map(|(start, end)| json!([start, end]))
    });
}

fn port_json(port: &port::ShortPort) -> Value {
    let mut long = json!({"target": port.target, "protocol": port.protocol, "mode": "ingress"});
    for (key, value) in [("host_ip", &port.host_ip), ("published", &port.published)] {
        if !value.is_empty() {
            long[key] = value.as_str().into();
        }
    }
    long
}

#[test]
fn volumes_are_read() {
    let mut faults = Vec::new();
    for vector in vectors("volume") {
        let outcome = volume::parse(text(&vector));
        let fits = match (&outcome, vector.get("expected"), vector.get("expected_has_source")) {
            (Ok(mount), Some(expected), _) => {
                let kind = if mount.is_bind() { "bind" } else { "volume" };
                expected["type"] == kind
                    && expected["target"] == mount.target
                    && expected.get("source").and_then(Value::as_str).unwrap_or_default() == mount.source
                    && expected.get("read_only").is_some_and(|flag| flag == true) == mount.read_only
            }
            (Ok(mount), None, Some(has_source)) => *has_source != mount.source.is_empty(),
            (Err(_), None, has_source) => has_source.is_none_or(|has_source| *has_source == false),
            _ => false,
        };
        if !fits {
            faults.push(format!("{vector}\n  is {outcome:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn sizes_and_durations_are_read_and_printed() {
    agree("bytes", "expected", |vector| match &vector["input"] {
        Value::String(text) => {
            Bytes::parse(text).map(|bytes| bytes.0.into()).map_err(|error| error.to_string())
        }
        number => Ok(number.clone()),
    });
    agree("duration", "expected_ns", |vector| {
        Duration::parse(text(vector)).map(|duration| duration.0.into()).map_err(|error| error.to_string())
    });
    agree("duration-format", "expected", |vector| {
        Ok(Duration(vector["input_ns"].as_i64().unwrap_or_default()).to_string().into())
    });
}

#[test]
fn command_lines_are_split() {
    agree("shellwords", "expected", |vector| bind::shell_words(text(vector)).map(|words| json!(words)));
}

#[test]
fn hosts_are_read() {
    agree("extra_hosts", "expected", |vector| bind::host_lines(&vector["input"]).map(|lines| json!(lines)));
}

#[test]
fn windows_paths_are_known() {
    agree("windows-abs", "expected", |vector| Ok(paths::is_windows_absolute(text(vector)).into()));
}

/// The tree of an `input`, and the text that it was read from.
fn tree(vector: &Value) -> (tree::Value, String) {
    let text = vector["input"].to_string();
    let (documents, _) = composeyard_yaml::parse(&text);
    let (tree, _) = read::read(&documents[0], 0, &mut Findings::default());
    (tree.unwrap_or(tree::Value::new(tree::Data::Null, tree::Place::NOWHERE)), text)
}

#[test]
fn variables_are_found() {
    agree("variables", "expected", |vector| {
        let mut found = BTreeMap::new();
        uses::collect(&tree(vector).0, &mut found);
        Ok(json!(found))
    });
}

#[test]
fn trees_are_filled_in_and_refusals_say_where() {
    agree("interpolate-tree", "expected", |vector| {
        let environment = environment(vector);
        let (mut tree, text) = tree(vector);
        let mut findings = Findings::default();
        let lookup = |name: &str| environment.get(name).cloned();
        interpolate_as(&mut tree, &lookup, &|path| cast(vector, path), &text, &mut findings);
        let error = findings.list.iter().find(|finding| finding.severity == Severity::Error);
        let Some(error) = error else { return Ok(tree.to_json()) };
        let told = vector["error"].as_str().unwrap_or_default();
        assert!(told.contains(&error.path), "{told:?} is not at {}", error.path);
        Err(error.message.clone())
    });
}

/// The cast that a vector's `casts` wants at a path; `*` in a pattern is any key.
fn cast(vector: &Value, path: &Path<'_>) -> Option<Cast> {
    let steps = path.steps();
    let fits = |pattern: &str| {
        let pattern: Vec<&str> = pattern.split('.').collect();
        pattern.len() == steps.len()
            && pattern.iter().zip(&steps).all(|(wanted, step)| *wanted == "*" || wanted == step)
    };
    let casts = vector["casts"].as_object()?;
    let (_, kind) = casts.iter().find(|(pattern, _)| fits(pattern))?;
    match kind.as_str()? {
        kind if kind.starts_with("int") => Some(Cast::Int),
        kind if kind.starts_with("float") => Some(Cast::Float),
        kind if kind.starts_with("bool") => Some(Cast::Bool),
        _ => None,
    }
}

#[test]
fn the_environment_wins_over_env_files() {
    agree("dotenv-precedence", "expected", |vector| {
        let files = ProjectFiles([(".env".to_owned(), text(vector).to_owned())].into());
        let request = LoadRequest { environment: environment(vector), ..LoadRequest::default() };
        Ok(json!(environment::gather(&files, &request, &mut Findings::default())))
    });
}

#[test]
fn lists_of_pairs_become_mappings() {
    agree("mapping", "expected", |vector| {
        let key = vector["note"].as_str().unwrap_or_default();
        let mut service = json!({"image": "a", "build": {"context": "."}});
        let pointer = format!("/{}", key.replace('.', "/"));
        match key.split_once('.') {
            Some((section, key)) => service[section][key] = vector["input"].clone(),
            None => service[key] = vector["input"].clone(),
        }
        let text = json!({"services": {"app": service}}).to_string();
        let files = ProjectFiles([("compose.yaml".to_owned(), text)].into());
        let request = LoadRequest { skip: Skip { paths: true, ..Skip::default() }, ..LoadRequest::default() };
        let model = json!(load(&files, &request).project);
        Ok(model["services"]["app"].pointer(&pointer).cloned().unwrap_or_default())
    });
}

#[test]
fn networks_are_joined_by_priority() {
    agree("network-priority", "expected", |vector| {
        let networks: BTreeMap<String, Option<Box<Endpoint>>> =
            serde_json::from_value(vector["input"].clone()).map_err(|error| error.to_string())?;
        Ok(json!(by_priority(&networks)))
    });
}
