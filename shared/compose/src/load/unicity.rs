//! Drops earlier list items that a later one redefines: the last wins, at the place of the first.
//! Compose specification, 13-merge "Unique resources".

use std::collections::HashMap;

use super::{
    canonical::volume,
    tree::{Data, Map, Value},
};

/// Applies the rule to all lists of a model that have one.
pub(crate) fn enforce(model: &mut Value) {
    each(model.get_mut("services"), service);
    each(model.get_mut("networks"), |network| {
        unique(network.get_mut("labels"), key_value);
        unique(network.get_mut("ipam").and_then(|ipam| ipam.get_mut("options")), key_value);
    });
}

fn each(section: Option<&mut Value>, rule: impl Fn(&mut Value)) {
    if let Some(map) = section.and_then(Value::map_mut) {
        map.values_mut().for_each(rule);
    }
}

fn service(service: &mut Value) {
    let Some(map) = service.map_mut() else { return };
    for (key, value) in map.iter_mut() {
        match key.as_str() {
            "annotations" | "cap_add" | "cap_drop" | "dns" | "dns_opt" | "dns_search" | "environment"
            | "labels" | "links" | "profiles" | "sysctls" | "tmpfs" => unique(Some(value), key_value),
            "build" => build(value),
            "configs" => unique(Some(value), |item| mount_target(item, "")),
            "deploy" => unique(value.get_mut("labels"), key_value),
            "devices" => unique(Some(value), device),
            "env_file" => unique(Some(value), env_file),
            "expose" => unique(Some(value), Value::scalar),
            "networks" => each(Some(value), |network| {
                unique(network.get_mut("aliases"), key_value);
                unique(network.get_mut("link_local_ips"), key_value);
            }),
            "ports" => unique(Some(value), port),
            "secrets" => unique(Some(value), |item| mount_target(item, "/run/secrets")),
            "volumes" => unique(Some(value), mount),
            _ => {}
        }
    }
}

fn build(build: &mut Value) {
    for key in ["args", "additional_contexts", "tags", "labels"] {
        unique(build.get_mut(key), key_value);
    }
}

fn unique(list: Option<&mut Value>, index: impl Fn(&Value) -> Option<String>) {
    let Some(list) = list.and_then(Value::list_mut) else { return };
    if list.len() < 2 {
        return;
    }
    let mut places: HashMap<String, usize> = HashMap::with_capacity(list.len());
    let mut kept: Vec<Value> = Vec::with_capacity(list.len());
    for item in list.drain(..) {
        match index(&item) {
            None => kept.push(item),
            Some(key) => match places.get(&key) {
                Some(at) => kept[*at] = item,
                None => {
                    places.insert(key, kept.len());
                    kept.push(item);
                }
            },
        }
    }
    *list = kept;
}

fn key_value(item: &Value) -> Option<String> {
    let text = item.text()?;
    Some(text.split_once('=').map_or(text, |(key, _)| key).to_owned())
}

fn text_of(map: &Map, key: &str) -> Option<String> {
    map.get(key).and_then(Value::scalar)
}

fn mount_target(item: &Value, folder: &str) -> Option<String> {
    match &item.data {
        Data::Text(source) => Some(format!("{folder}/{source}")),
        Data::Map(map) => text_of(map, "target")
            .or_else(|| text_of(map, "source").map(|source| format!("{folder}/{source}"))),
        _ => None,
    }
}

fn mount(item: &Value) -> Option<String> {
    match &item.data {
        Data::Text(text) => volume::parse(text).ok().map(|mount| mount.target),
        Data::Map(map) => text_of(map, "target"),
        _ => None,
    }
}

fn device(item: &Value) -> Option<String> {
    match &item.data {
        Data::Text(text) => {
            let mut parts = text.split(':');
            let first = parts.next()?;
            Some(parts.next().unwrap_or(first).to_owned())
        }
        Data::Map(map) => text_of(map, "target"),
        _ => None,
    }
}

fn env_file(item: &Value) -> Option<String> {
    match &item.data {
        Data::Text(text) => Some(text.to_string()),
        Data::Map(map) => text_of(map, "path"),
        _ => None,
    }
}

fn port(item: &Value) -> Option<String> {
    let Data::Map(map) = &item.data else { return item.scalar() };
    let host = text_of(map, "host_ip").unwrap_or_else(|| "0.0.0.0".to_owned());
    // The reference writes numbers and what is left out in words of their own: `80` and `"80"` are two ports to it.
    let published = map.get("published").map(|value| (value.kind(), value.scalar()));
    let protocol = text_of(map, "protocol").unwrap_or_else(|| "tcp".to_owned());
    Some(format!("{host}:{published:?}:{}/{protocol}", text_of(map, "target")?))
}
