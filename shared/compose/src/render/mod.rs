//! A project as the reference prints it, and the hashes by which it tells whether a container is up to date.

mod go_json;
mod hash;
mod model_tree;
mod shape;
mod value;
mod yaml;
mod yaml_text;

pub use hash::{config_hash, network_hash, printed_hash, volume_hash};

use self::{model_tree::tree_of, value::Value};
use crate::{Loaded, Project, facts};

/// The project as `docker compose config --format json` prints it: two blanks a level, keys in the order of the
/// reference's types, extension fields of the top level only. Every `$` is doubled so that the text loads again.
pub fn json(project: &Project) -> String {
    doubled(go_json::pretty(&shaped(project)))
}

/// The project as `docker compose config` prints it, extension fields included; every `$` is doubled so that the
/// text loads again.
pub fn yaml(project: &Project) -> String {
    yaml::write(project)
}

/// Data as YAML in the reference's style; no `$` is doubled.
pub fn data_yaml(data: &serde_json::Value) -> String {
    yaml::write_tree(tree_of(data))
}

/// The tree of a project that was loaded with [`crate::LoadRequest::untyped`]; none when there is none.
pub fn tree(loaded: &Loaded) -> Option<serde_json::Value> {
    loaded.origins.tree()
}

/// The tree of a project that was loaded with [`crate::LoadRequest::untyped`], as `docker compose config
/// --no-interpolate --format json` prints it; none when there is none. No `$` is doubled.
pub fn tree_json(loaded: &Loaded) -> Option<String> {
    Some(go_json::pretty(&loaded.origins.tree()?))
}

/// As [`tree_json`], in YAML.
pub fn tree_yaml(loaded: &Loaded) -> Option<String> {
    Some(yaml::write_tree(tree_of(&loaded.origins.tree()?)))
}

/// Every `$` twice.
fn doubled(text: String) -> String {
    if text.contains('$') { text.replace('$', "$$") } else { text }
}

/// The parts of a project in the reference's JSON shape.
fn shaped(project: &Project) -> Value {
    let mut tree = tree_of(project);
    without_given_content(&mut tree);
    if let Value::Object(map) = &mut tree {
        map.retain(|key, _| key != "models");
        for (key, value) in &mut map.0 {
            if key.starts_with("x-") {
                empty_lists_to_null(value);
            }
        }
        for network in map
            .get_mut("networks")
            .and_then(Value::as_object_mut)
            .into_iter()
            .flat_map(|map| map.values_mut())
        {
            shape::json_network(network);
        }
        let services = map.get_mut("services").and_then(Value::as_object_mut);
        // Both are in the order of the names.
        let trees = services.into_iter().flat_map(|map| map.values_mut());
        for (service, model) in trees.zip(project.services.values()) {
            if let Some(service) = service.as_object_mut() {
                service.retain(|key, _| !matches!(key, "env_file" | "label_file"));
            }
            shape::service(service, model);
        }
        for (key, value) in &mut map.0 {
            if let Some(key) = facts::TOP.key(key) {
                shape::without_extensions(value, &key.shape);
            }
        }
        // The reference prints the top level in alphabetical order.
        map.0.sort_by(|(a, _), (b, _)| a.cmp(b));
    }
    tree
}

/// An empty list has become none on its way through the reference's loader.
fn empty_lists_to_null(value: &mut Value) {
    match value {
        Value::Array(list) if list.is_empty() => *value = Value::Null,
        Value::Array(list) => list.iter_mut().for_each(empty_lists_to_null),
        Value::Object(map) => map.values_mut().for_each(empty_lists_to_null),
        _ => {}
    }
}

/// What a variable gave is not printed.
fn without_given_content(tree: &mut Value) {
    for section in ["secrets", "configs"] {
        let objects = tree.get_mut(section).and_then(Value::as_object_mut);
        for object in objects.into_iter().flat_map(|map| map.values_mut()).filter_map(Value::as_object_mut) {
            if object.contains_key("environment") {
                object.shift_remove("content");
                object.shift_remove("x-#value");
            }
        }
    }
}
