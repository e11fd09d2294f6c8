//! Where the reference's JSON differs from the model's own: values that are kept as data get the order and the names
//! of the Go types.

use serde_json::{Map, Value};

/// What the reference's YAML of a service has beyond the model's own.
pub(super) fn yaml_service(service: &mut Value) {
    ssh_keys(service);
    for mount in items(service.get_mut("volumes")) {
        if let Some(bind) = mount.get_mut("bind") {
            create_host_path(bind);
        }
    }
}

/// Brings a service into the shape of the reference's JSON.
pub(super) fn service(service: &mut Value) {
    ssh_keys(service);
    let Some(map) = service.as_object_mut() else { return };
    for (key, order) in
        [("credential_spec", &["config", "file", "registry"][..]), ("provider", &["type", "options"])]
    {
        reorder(map.get_mut(key), order);
    }
    if let Some(blkio) = map.get_mut("blkio_config") {
        block_io(blkio);
    }
    for rule in items(map.get_mut("develop").and_then(|develop| develop.get_mut("watch"))) {
        watch_rule(rule);
    }
    for hooks in ["pre_start", "post_start", "pre_stop"] {
        items(map.get_mut(hooks)).iter_mut().for_each(hook);
    }
    for mount in items(map.get_mut("volumes")) {
        if let Some(bind) = mount.get_mut("bind") {
            create_host_path(bind);
        }
    }
    for model in
        map.get_mut("models").and_then(Value::as_object_mut).into_iter().flat_map(|map| map.values_mut())
    {
        reorder(Some(model), &["endpoint_var", "model_var"]);
    }
}

/// Agents without a path are a list of names. With paths the mapping stays: what the reference prints for those
/// does not load again.
fn ssh_keys(service: &mut Value) {
    let Some(ssh) = service.get_mut("build").and_then(|build| build.get_mut("ssh")) else { return };
    if let Value::Object(keys) = ssh
        && keys.values().all(Value::is_null)
    {
        *ssh = keys.keys().cloned().map(Value::String).collect();
    }
}

fn items(list: Option<&mut Value>) -> &mut [Value] {
    list.and_then(Value::as_array_mut).map_or(&mut [], Vec::as_mut_slice)
}

/// Keeps these keys, in this order.
fn reorder(value: Option<&mut Value>, order: &[&str]) {
    if let Some(map) = value.and_then(Value::as_object_mut) {
        let mut old = std::mem::take(map);
        for key in order {
            if let Some(value) = old.remove(*key).filter(|value| !is_empty(value)) {
                map.insert((*key).to_owned(), value);
            }
        }
    }
}

/// What Go's `omitempty` leaves out.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(true) => false,
    }
}

/// The devices of `blkio_config` have capital keys, for want of names in the Go types.
fn block_io(value: &mut Value) {
    let rates = ["device_read_bps", "device_read_iops", "device_write_bps", "device_write_iops"];
    reorder(Some(&mut *value), &["weight", "weight_device", rates[0], rates[1], rates[2], rates[3]]);
    for device in items(value.get_mut("weight_device")) {
        capitals(device, "weight", "Weight");
    }
    for list in rates {
        for device in items(value.get_mut(list)) {
            capitals(device, "rate", "Rate");
        }
    }
}

fn capitals(device: &mut Value, key: &str, capital: &str) {
    let path = device.get("path").cloned().unwrap_or_else(|| Value::String(String::new()));
    let value = device.get(key).cloned().unwrap_or_default();
    *device = Value::Object(Map::from_iter([("Path".to_owned(), path), (capital.to_owned(), value)]));
}

fn watch_rule(rule: &mut Value) {
    reorder(Some(&mut *rule), &["path", "action", "target", "exec", "include", "ignore", "initial_sync"]);
    let Some(map) = rule.as_object_mut() else { return };
    let mut exec = map.remove("exec").unwrap_or_else(|| Value::Object(Map::new()));
    hook(&mut exec);
    let mut ordered = Map::new();
    for key in ["path", "action", "target", "exec", "include", "ignore", "initial_sync"] {
        if key == "exec" {
            ordered.insert(key.to_owned(), exec.take());
        } else if let Some(value) = map.remove(key) {
            ordered.insert(key.to_owned(), value);
        }
    }
    *map = ordered;
}

/// The command of a hook is written even when it is not there.
fn hook(value: &mut Value) {
    let Some(map) = value.as_object_mut() else { return };
    let command = map.remove("command").unwrap_or(Value::Null);
    let mut ordered = Map::from_iter([("command".to_owned(), command)]);
    for key in ["image", "user", "privileged", "working_dir", "environment"] {
        if let Some(value) = map.remove(key).filter(|value| !is_empty(value)) {
            ordered.insert(key.to_owned(), value);
        }
    }
    *map = ordered;
}

/// Compose 2.40 writes `create_host_path` when it is true; later versions when it is false.
fn create_host_path(bind: &mut Value) {
    let Some(map) = bind.as_object_mut() else { return };
    let recursive = map.shift_remove("recursive");
    if map.shift_remove("create_host_path").is_none() {
        map.insert("create_host_path".to_owned(), Value::Bool(true));
    }
    map.extend(recursive.map(|recursive| ("recursive".to_owned(), recursive)));
}
