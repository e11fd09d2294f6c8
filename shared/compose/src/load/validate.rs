//! What a finished tree must fulfil before it is bound. The reference's rule checks.

use std::net::IpAddr;

use super::{
    findings::Findings,
    path::Path,
    tree::{Data, Map, Value},
};

/// Checks resources, host addresses, device requests and watch rules.
pub(crate) fn validate(model: &Value, findings: &mut Findings) {
    each(model, "volumes", |path, volume, map| external_alone(path, volume, map, findings));
    let config = ["file", "environment", "content"];
    each(model, "configs", |path, object, map| one_source(path, object, map, &config, findings));
    each(model, "secrets", |path, object, map| one_source(path, object, map, &config[..2], findings));
    each(model, "services", |path, service, _| check_service(path, service, findings));
}

fn each(model: &Value, section: &str, mut check: impl FnMut(&Path<'_>, &Value, &Map)) {
    let root = Path::Root;
    let path = root.key(section);
    let empty = Map::default();
    for (key, value) in model.get(section).and_then(Value::map).into_iter().flatten() {
        check(&path.key(key), value, value.map().unwrap_or(&empty));
    }
}

fn external_alone(path: &Path<'_>, volume: &Value, map: &Map, findings: &mut Findings) {
    if map.get("external").map(|value| &value.data) != Some(&Data::Bool(true)) {
        return;
    }
    let other =
        map.iter().find(|(key, _)| !matches!(key.as_str(), "name" | "external") && !key.starts_with("x-"));
    if let Some((key, value)) = other {
        let message = format!("{path}: conflicting parameters \"external\" and {key:?} specified");
        findings.error("CY060", value.key, path.key(key), message).help = Some(format!(
            "An external resource is made elsewhere: remove {key}, or remove external. {}",
            if volume.get("name").is_none() { "Its name may be given with name." } else { "" }
        ));
    }
}

fn one_source(path: &Path<'_>, object: &Value, map: &Map, keys: &[&str], findings: &mut Findings) {
    let given: Vec<&&str> = keys.iter().filter(|key| map.contains_key(key)).collect();
    let listed = keys.join("|");
    match given[..] {
        [] if !map.contains_key("driver") && !map.contains_key("external") => {
            let message = format!("{path}: one of {listed} must be set");
            findings.error("CY062", object.key, path, message);
        }
        [_, second, ..] => {
            let place = map.get(second).map_or(object.key, |value| value.key);
            let message = format!("{path}: {listed} attributes are mutually exclusive");
            findings.error("CY061", place, path.key(second), message);
        }
        _ => {}
    }
}

fn check_service(path: &Path<'_>, service: &Value, findings: &mut Findings) {
    let Some(service) = service.map() else { return };
    items(service.get("ports"), &path.key("ports"), |path, port| {
        let address = port.get("host_ip").and_then(|address| Some((address, address.text()?)));
        if let Some((value, address)) = address
            && address.parse::<IpAddr>().is_err()
        {
            findings.error(
                "CY063",
                value.place,
                path.key("host_ip"),
                format!("invalid ip address: {address}"),
            );
        }
    });
    let watch = service.get("develop").and_then(|develop| develop.get("watch"));
    let develop = path.key("develop");
    items(watch, &develop.key("watch"), |path, rule| {
        if let Some(folder) = rule.get("path")
            && folder.text() == Some("")
        {
            findings.error(
                "CY065",
                folder.place,
                path.key("path"),
                "the path of a watch rule can't be blank",
            );
        }
    });
    items(service.get("gpus"), &path.key("gpus"), |path, request| device_request(path, request, findings));
    let devices = ["resources", "reservations", "devices"]
        .iter()
        .try_fold(service.get("deploy"), |value, key| Some(value?.get(key)));
    let deploy = path.key("deploy");
    let resources = deploy.key("resources");
    let reservations = resources.key("reservations");
    items(devices.flatten(), &reservations.key("devices"), |path, request| {
        device_request(path, request, findings);
    });
}

fn items(list: Option<&Value>, path: &Path<'_>, mut check: impl FnMut(&Path<'_>, &Value)) {
    if let Some(Data::List(list)) = list.map(|list| &list.data) {
        for (index, item) in list.iter().enumerate() {
            check(&path.item(index), item);
        }
    }
}

fn device_request(path: &Path<'_>, request: &Value, findings: &mut Findings) {
    if request.get("count").is_some()
        && let Some(ids) = request.get("device_ids")
    {
        let message = format!("{path}: \"count\" and \"device_ids\" attributes are exclusive");
        findings.error("CY064", ids.key, path, message);
    }
}
