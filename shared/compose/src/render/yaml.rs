//! YAML text of a project.

use serde_json::{Map, Value};

use super::{emit, shape};
use crate::{
    Project,
    model::{Extra, Service},
};

/// Writes a project with its extension fields.
pub(super) fn write(project: &Project) -> String {
    let mut tree = serde_json::to_value(project).unwrap_or_default();
    if let Value::Object(map) = &mut tree {
        if let Some(Value::Object(services)) = map.get_mut("services") {
            for (name, service) in &project.services {
                if let Some(tree) = services.get_mut(name.as_str()) {
                    write_service(tree, service);
                }
            }
        }
        extend(map.get_mut("networks"), project.networks.iter().map(|(key, network)| (key, &network.extra)));
        extend(map.get_mut("volumes"), project.volumes.iter().map(|(key, volume)| (key, &volume.extra)));
    }
    omit_empty(&mut tree);
    double_dollars(&mut tree);
    emit::yaml(&tree)
}

fn write_service(tree: &mut Value, service: &Service) {
    shape::yaml_service(tree);
    let Some(map) = tree.as_object_mut() else { return };
    for key in ["command", "entrypoint"] {
        if map.get(key).is_some_and(Value::is_null) {
            map.shift_remove(key);
        }
    }
    map.shift_remove("env_file");
    map.shift_remove("label_file");
    add(map, &service.extra);
}

fn extend<'a>(section: Option<&mut Value>, extras: impl Iterator<Item = (&'a String, &'a Extra)>) {
    let Some(section) = section.and_then(Value::as_object_mut) else { return };
    for (key, extra) in extras {
        if let Some(Value::Object(map)) = section.get_mut(key) {
            add(map, extra);
        }
    }
}

fn add(map: &mut Map<String, Value>, extra: &Extra) {
    map.extend(extra.iter().map(|(key, value)| (key.clone(), value.clone())));
}

/// Structs that are always there in JSON are left out of YAML when they are empty.
fn omit_empty(tree: &mut Value) {
    let empty = |value: &Value| value.as_object().is_some_and(Map::is_empty);
    let services = tree.get_mut("services").and_then(Value::as_object_mut);
    for service in services.into_iter().flat_map(|map| map.values_mut()) {
        if let Some(Value::Object(deploy)) = service.get_mut("deploy") {
            deploy.retain(|key, value| !(matches!(key.as_str(), "resources" | "placement") && empty(value)));
        }
    }
    let networks = tree.get_mut("networks").and_then(Value::as_object_mut);
    for network in networks.into_iter().flat_map(|map| map.values_mut()) {
        if let Value::Object(network) = network {
            network.retain(|key, value| !(key == "ipam" && empty(value)));
        }
    }
}

fn double_dollars(value: &mut Value) {
    match value {
        Value::String(text) if text.contains('$') => *text = text.replace('$', "$$"),
        Value::Array(list) => list.iter_mut().for_each(double_dollars),
        Value::Object(map) => map.values_mut().for_each(double_dollars),
        _ => {}
    }
}
