//! Where the reference's JSON differs from the model's own: values that are kept as data get the order and the names
//! of the Go types.

use super::value::{Map, Value};
use crate::{facts::Shape, model::Service};

/// Brings a service into the shape of the reference's YAML: structs without content are left out.
pub(super) fn yaml_service(service: &mut Value, model: &Service) {
    let Some(map) = service.as_object_mut() else { return };
    for key in ["env_file", "label_file"] {
        map.shift_remove(key);
    }
    for key in ["command", "entrypoint"] {
        if map.get(key).is_some_and(Value::is_null) {
            map.shift_remove(key);
        }
    }
    ssh_keys(map);
    plain_data(map);
    unasked(map, model);
    for limits in ulimits(map) {
        yaml_ulimits(limits);
    }
    if let Some(Value::Object(deploy)) = map.get_mut("deploy") {
        deploy.retain(|key, value| !(matches!(key, "resources" | "placement") && is_empty(value)));
    }
    for hooks in ["pre_start", "post_start", "pre_stop"] {
        for hook in items(map.get_mut(hooks)) {
            without_null(hook, "command");
        }
    }
    for rule in items(map.get_mut("develop").and_then(|develop| develop.get_mut("watch"))) {
        if let Some(exec) = rule.get_mut("exec") {
            without_null(exec, "command");
        }
        if let Some(rule) = rule.as_object_mut() {
            rule.retain(|key, value| key != "exec" || !is_empty(value));
        }
    }
}

/// Brings a top-level model into the shape of the reference's YAML.
pub(super) fn yaml_model(model: &mut Value) {
    reorder(Some(model), &["name", "model", "context_size", "runtime_flags"]);
}

/// Brings a network into the shape of the reference's YAML.
pub(super) fn yaml_network(network: &mut Value) {
    json_network(network);
    if let Some(map) = network.as_object_mut() {
        map.retain(|key, value| !(key == "ipam" && is_empty(value)));
    }
}

/// The reference has no options of address management.
pub(super) fn json_network(network: &mut Value) {
    if let Some(ipam) = network.get_mut("ipam").and_then(Value::as_object_mut) {
        ipam.shift_remove("options");
    }
}

/// Takes the extension fields out of everything that has fixed keys.
pub(super) fn without_extensions(value: &mut Value, shape: &'static Shape) {
    match value {
        Value::Array(list) => {
            if let Some(item) = shape.items() {
                list.iter_mut().for_each(|value| without_extensions(value, item));
            }
        }
        Value::Object(map) => match shape.mapping() {
            Some(Shape::Object(object)) => {
                map.retain(|key, _| !key.starts_with("x-"));
                let collections =
                    |entry: &&mut (_, Value)| matches!(entry.1, Value::Array(_) | Value::Object(_));
                for (key, value) in map.0.iter_mut().filter(collections) {
                    if let Some(key) = object.key(key) {
                        without_extensions(value, &key.shape);
                    }
                }
            }
            Some(Shape::Map { values, .. }) if values.mapping().is_some() => {
                map.values_mut().for_each(|value| without_extensions(value, values));
            }
            _ => {}
        },
        _ => {}
    }
}

/// Folders of bind mounts are made even when nobody says so; the reference prints what was said.
fn unasked(service: &mut Map, model: &Service) {
    for (mount, model) in items(service.get_mut("volumes")).iter_mut().zip(&model.volumes) {
        if model.bind.as_ref().is_some_and(|bind| bind.creates_by_default)
            && let Some(bind) = mount.get_mut("bind").and_then(Value::as_object_mut)
        {
            bind.shift_remove("create_host_path");
        }
    }
}

fn without_null(value: &mut Value, key: &str) {
    if let Some(map) = value.as_object_mut()
        && map.get(key).is_some_and(Value::is_null)
    {
        map.shift_remove(key);
    }
}

fn ulimits(service: &mut Map) -> Vec<&mut Map> {
    let mut all = Vec::new();
    for (key, value) in &mut service.0 {
        let limits = match key.as_str() {
            "ulimits" => Some(value),
            "build" => value.get_mut("ulimits"),
            _ => None,
        };
        all.extend(limits.and_then(Value::as_object_mut));
    }
    all
}

/// A single limit of 0 is none: both parts are written.
fn yaml_ulimits(limits: &mut Map) {
    for limit in limits.values_mut() {
        if limit.as_i64() == Some(0) {
            *limit = Value::Object(Map::from([("soft", Value::from(0)), ("hard", Value::from(0))]));
        }
    }
}

/// Parts that are 0 are left out.
fn json_ulimits(limits: &mut Map) {
    for limit in limits.values_mut() {
        if limit.as_i64() == Some(0) {
            *limit = Value::Object(Map::default());
        }
        if let Value::Object(parts) = limit {
            parts.retain(|_, part| part.as_i64() != Some(0));
        }
    }
}

/// Values kept as data, in the order of the Go types.
fn plain_data(map: &mut Map) {
    for (key, order) in
        [("credential_spec", &["config", "file", "registry"][..]), ("provider", &["type", "options"])]
    {
        reorder(map.get_mut(key), order);
    }
    if let Some(blkio) = map.get_mut("blkio_config") {
        block_io(blkio);
    }
    for mount in items(map.get_mut("volumes")) {
        if let Some(bind) = mount.get_mut("bind") {
            create_host_path(bind);
        }
    }
    let watch = map.get_mut("develop").and_then(Value::as_object_mut);
    if let Some(develop) = watch {
        develop.retain(|key, value| key != "watch" || !is_empty(value));
    }
    for rule in items(map.get_mut("develop").and_then(|develop| develop.get_mut("watch"))) {
        watch_rule(rule);
    }
    for model in
        map.get_mut("models").and_then(Value::as_object_mut).into_iter().flat_map(|map| map.values_mut())
    {
        reorder(Some(model), &["endpoint_var", "model_var"]);
    }
    for resources in ["limits", "reservations"] {
        let list = deploy_part(map, &["resources", resources, "generic_resources"]);
        for generic in items(list) {
            discrete(generic);
        }
    }
    for preference in items(deploy_part(map, &["placement", "preferences"])) {
        reorder(Some(preference), &["spread"]);
    }
}

fn deploy_part<'a>(service: &'a mut Map, path: &[&str]) -> Option<&'a mut Value> {
    path.iter().try_fold(service.get_mut("deploy")?, |value, key| value.get_mut(key))
}

/// Kind and value are always written.
fn discrete(generic: &mut Value) {
    let Some(spec) = generic.get_mut("discrete_resource_spec").and_then(Value::as_object_mut) else { return };
    let mut old = std::mem::take(spec);
    for (key, none) in [("kind", Value::from("")), ("value", Value::from(0))] {
        let mut value = old.remove(key).unwrap_or(none);
        if key == "value"
            && let Some(number) = value.as_str().and_then(|text| text.parse::<i64>().ok())
        {
            value = number.into();
        }
        spec.push(key, value);
    }
    spec.append(old);
}

/// Brings a service into the shape of the reference's JSON.
pub(super) fn service(service: &mut Value, model: &Service) {
    let Some(map) = service.as_object_mut() else { return };
    ssh_keys(map);
    plain_data(map);
    unasked(map, model);
    for limits in ulimits(map) {
        json_ulimits(limits);
    }
    if let Some(blkio) = map.get_mut("blkio_config") {
        capital_devices(blkio);
    }
    for rule in items(map.get_mut("develop").and_then(|develop| develop.get_mut("watch"))) {
        with_exec(rule);
    }
}

/// Env files by their path, when that is all there is to say.
pub(super) fn env_files(service: &mut Value) {
    for file in items(service.get_mut("env_file")) {
        if file.get("required").is_none() {
            *file = file.get("path").cloned().unwrap_or_else(|| Value::String("".into()));
        }
    }
}

/// Agents without a path are a list of names. With paths the mapping stays: what the reference prints for those
/// does not load again.
fn ssh_keys(service: &mut Map) {
    if let Some(Value::Object(build)) = service.get_mut("build") {
        build.retain(|key, value| key != "ssh" || !is_empty(value));
    }
    let Some(ssh) = service.get_mut("build").and_then(|build| build.get_mut("ssh")) else { return };
    if let Value::Object(keys) = ssh
        && keys.0.iter().all(|(_, value)| value.is_null())
    {
        *ssh = Value::Array(keys.0.drain(..).map(|(key, _)| Value::String(key)).collect());
    }
}

fn items(list: Option<&mut Value>) -> &mut [Value] {
    list.and_then(Value::as_array_mut).map_or(&mut [], Vec::as_mut_slice)
}

/// Brings these keys into this order and drops those without content; extension fields stay behind them.
fn reorder(value: Option<&mut Value>, order: &[&'static str]) {
    if let Some(map) = value.and_then(Value::as_object_mut) {
        let mut old = std::mem::take(map);
        for key in order {
            if let Some(value) = old.remove(key).filter(|value| !is_empty(value)) {
                map.push(key, value);
            }
        }
        old.retain(|key, _| key.starts_with("x-"));
        map.append(old);
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

const RATES: [&str; 4] = ["device_read_bps", "device_read_iops", "device_write_bps", "device_write_iops"];

/// Path and weight or rate of a device are always written.
fn block_io(value: &mut Value) {
    reorder(Some(&mut *value), &["weight", "weight_device", RATES[0], RATES[1], RATES[2], RATES[3]]);
    for device in items(value.get_mut("weight_device")) {
        both(device, "weight", Value::from(0));
    }
    for list in RATES {
        for device in items(value.get_mut(list)) {
            both(device, "rate", Value::from("0"));
        }
    }
}

fn both(device: &mut Value, key: &'static str, none: Value) {
    let Some(map) = device.as_object_mut() else { return };
    let mut old = std::mem::take(map);
    map.push("path", old.remove("path").unwrap_or_else(|| Value::from("")));
    map.push(key, old.remove(key).unwrap_or(none));
}

/// In JSON the keys of these devices are capital, for want of names in the Go types.
fn capital_devices(value: &mut Value) {
    let lists = [("weight_device", "Weight")].into_iter().chain(RATES.map(|list| (list, "Rate")));
    for (list, capital) in lists {
        for device in items(value.get_mut(list)) {
            let Some(map) = device.as_object_mut() else { continue };
            for (name, (key, _)) in ["Path", capital].into_iter().zip(&mut map.0) {
                *key = name.into();
            }
        }
    }
}

const WATCH: [&str; 7] = ["path", "action", "target", "exec", "include", "ignore", "initial_sync"];

fn watch_rule(rule: &mut Value) {
    reorder(Some(&mut *rule), &WATCH);
    if let Some(exec) = rule.get_mut("exec") {
        reorder_hook(exec);
    }
}

/// In JSON the command to run is written even when there is none.
fn with_exec(rule: &mut Value) {
    let Some(map) = rule.as_object_mut() else { return };
    let mut old = std::mem::take(map);
    for key in WATCH {
        match old.remove(key) {
            Some(mut exec) if key == "exec" => {
                with_command(&mut exec);
                map.push(key, exec);
            }
            None if key == "exec" => {
                map.push(key, Value::Object(Map::from([("command", Value::Null)])));
            }
            Some(value) => {
                map.push(key, value);
            }
            None => {}
        }
    }
}

fn with_command(hook: &mut Value) {
    let Some(map) = hook.as_object_mut() else { return };
    let mut ordered = Map::from([("command", map.shift_remove("command").unwrap_or_default())]);
    ordered.append(std::mem::take(map));
    *map = ordered;
}

/// The command stays even when it is an empty list: that clears the image's.
fn reorder_hook(hook: &mut Value) {
    let command = hook.as_object_mut().and_then(|map| map.shift_remove("command"));
    reorder(Some(&mut *hook), &["user", "privileged", "working_dir", "environment", "image"]);
    if let (Some(command), Some(map)) = (command, hook.as_object_mut()) {
        let rest = std::mem::take(map);
        map.push("command", command);
        map.append(rest);
    }
}

/// Compose 2.40 writes `create_host_path` when it is true; later versions when it is false.
fn create_host_path(bind: &mut Value) {
    let Some(map) = bind.as_object_mut() else { return };
    let recursive = map.shift_remove("recursive");
    if map.shift_remove("create_host_path").is_none() {
        map.push("create_host_path", Value::Bool(true));
    }
    if let Some(recursive) = recursive {
        map.push("recursive", recursive);
    }
}
