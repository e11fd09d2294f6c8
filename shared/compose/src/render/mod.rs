//! A project as the reference prints it, and the hashes by which it tells whether a container is up to date.

mod emit;
mod go_json;
mod hash;
mod shape;
mod yaml;

pub use hash::{config_hash, network_hash, volume_hash};

use serde_json::Value;

use crate::Project;

/// The project as `docker compose config --format json` prints it: two blanks a level, keys in the order of the
/// reference's types, no extension fields.
pub fn json(project: &Project) -> String {
    go_json::pretty(&tree(project))
}

/// The project as `docker compose config` prints it, extension fields included; every `$` is doubled so that the
/// text loads again.
pub fn yaml(project: &Project) -> String {
    yaml::write(project)
}

/// The parts of a project in the reference's JSON shape.
fn tree(project: &Project) -> Value {
    let mut tree = serde_json::to_value(project).unwrap_or_default();
    if let Value::Object(map) = &mut tree {
        map.retain(|key, _| !key.starts_with("x-") && key != "models");
        for service in map
            .get_mut("services")
            .and_then(Value::as_object_mut)
            .into_iter()
            .flat_map(|map| map.values_mut())
        {
            shape::service(service);
        }
        // The reference prints the top level in alphabetical order.
        map.sort_keys();
    }
    tree
}
