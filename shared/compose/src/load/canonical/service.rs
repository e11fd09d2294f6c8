//! Short forms of a service.

use super::{build, mapping, port, set_default, text, text_to_list, volume, wrong_kind};
use crate::load::{
    convert::list_to_map,
    findings::Findings,
    merge::depends_on_default,
    path::Path,
    tree::{Data, Value},
};

pub(super) fn canonical(service: &mut Value, path: &Path<'_>, lenient: bool, findings: &mut Findings) {
    let Some(map) = service.map_mut() else { return };
    for (key, value) in map.iter_mut() {
        let path = path.key(key);
        match key.as_str() {
            "build" => build::canonical(value, &path, findings),
            "depends_on" => depends_on(value, &path, findings),
            "env_file" => env_file(value, &path, findings),
            "label_file" | "dns" => text_to_list(value),
            "extends" => extends(value),
            "gpus" => gpus(value),
            "networks" | "models" => list_to_map(value, None),
            "volumes" if lenient => items(value, &path, findings, volume::canonical_if_readable),
            "volumes" => items(value, &path, findings, volume::canonical),
            "devices" => items(value, &path, findings, device),
            "secrets" | "configs" => items(value, &path, findings, file_mount),
            "ports" if lenient && !port::is_readable(value) => {}
            "ports" => port::canonical(value, &path, findings),
            "develop" => develop(value),
            _ => {}
        }
        if key == "dns" {
            omit_empty(value);
        }
    }
}

/// Applies a step to each item of a list.
fn items(
    value: &mut Value,
    path: &Path<'_>,
    findings: &mut Findings,
    step: fn(&mut Value, &Path<'_>, &mut Findings),
) {
    let Some(list) = value.list_mut() else { return };
    for (index, item) in list.iter_mut().enumerate() {
        step(item, &path.item(index), findings);
    }
    list.retain(|item| !item.is_null());
}

fn depends_on(value: &mut Value, path: &Path<'_>, findings: &mut Findings) {
    list_to_map(value, Some(&depends_on_default()));
    let Some(map) = value.map_mut() else {
        if !value.is_null() {
            wrong_kind(value, "a list or a mapping", path, findings);
        }
        return;
    };
    for (key, entry) in map.iter_mut() {
        if entry.map().is_none() {
            wrong_kind(entry, "a mapping", &path.key(key), findings);
            entry.data = Data::Map(Default::default());
        }
        let at = entry.with(Data::Null);
        if let Some(entry) = entry.map_mut() {
            set_default(entry, "condition", &at, text("service_started"));
            set_default(entry, "required", &at, Data::Bool(true));
        }
    }
}

fn env_file(value: &mut Value, path: &Path<'_>, findings: &mut Findings) {
    text_to_list(value);
    items(value, path, findings, |item, path, findings| {
        if let Some(file) = item.text() {
            item.data = mapping(item, [("path", text(file)), ("required", Data::Bool(true))]);
        }
        let at = item.with(Data::Null);
        match item.map_mut() {
            Some(map) => set_default(map, "required", &at, Data::Bool(true)),
            None => wrong_kind(item, "text or a mapping", path, findings),
        }
    });
}

fn extends(value: &mut Value) {
    if let Some(service) = value.text() {
        value.data = mapping(value, [("service", text(service))]);
    }
}

fn gpus(value: &mut Value) {
    if value.text().is_some() {
        value.data = Data::List(thin_vec::thin_vec![value.with(mapping(value, [("count", text("all"))]))]);
    }
}

fn device(value: &mut Value, path: &Path<'_>, findings: &mut Findings) {
    let Some(short) = value.text() else { return };
    let parts: Vec<&str> = short.split(':').collect();
    let (source, target, permissions) = match parts[..] {
        [source] => (source, source, "rwm"),
        [source, target] => (source, target, "rwm"),
        [source, target, permissions] => (source, target, permissions),
        _ => {
            let message = format!("the device {short:?} has too many colons; use the long form");
            findings.error("CY025", value.place, path, message);
            value.data = Data::Null;
            return;
        }
    };
    let target = if target.is_empty() { source } else { target };
    value.data = mapping(
        value,
        [("source", text(source)), ("target", text(target)), ("permissions", text(permissions))],
    );
}

/// A name in `secrets` or `configs`.
pub(super) fn file_mount(value: &mut Value, path: &Path<'_>, findings: &mut Findings) {
    match &value.data {
        Data::Text(source) => value.data = mapping(value, [("source", text(source.as_str()))]),
        Data::Map(_) => {}
        _ => wrong_kind(value, "text or a mapping", path, findings),
    }
}

fn develop(value: &mut Value) {
    let Some(rules) = value.get_mut("watch").and_then(Value::list_mut) else { return };
    for rule in rules {
        for key in ["ignore", "include"] {
            if let Some(patterns) = rule.get_mut(key) {
                text_to_list(patterns);
            }
        }
    }
}

fn omit_empty(value: &mut Value) {
    if let Some(list) = value.list_mut() {
        list.retain(|item| !item.is_null() && item.text() != Some(""));
    }
}
