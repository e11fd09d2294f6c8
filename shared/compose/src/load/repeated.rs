//! Lists that may not hold an item twice. The reference's schema, `uniqueItems`; what `unicity` has made unique is
//! not looked at again.

use std::collections::HashSet;

use super::{
    findings::Findings,
    path::Path,
    tree::{Data, Value},
};

/// Reports the second of two equal items.
pub(crate) fn check(model: &Value, findings: &mut Findings) {
    let root = Path::Root;
    let services = root.key("services");
    for (name, service) in model.get("services").and_then(Value::map).into_iter().flatten() {
        let path = services.key(name);
        for (key, value) in service.map().into_iter().flatten() {
            look(&path.key(key), key, value, findings);
        }
    }
}

fn look(path: &Path<'_>, key: &str, value: &Value, findings: &mut Findings) {
    match key {
        "depends_on"
        | "device_cgroup_rules"
        | "external_links"
        | "extra_hosts"
        | "group_add"
        | "models"
        | "networks"
        | "security_opt"
        | "volumes_from" => items(path, value, findings),
        "build" => below(path, value, &["ssh", "extra_hosts"], findings),
        "gpus" => each(path, value, |path, request| {
            below(path, request, &["capabilities", "device_ids"], findings);
        }),
        "deploy" => {
            let keys = ["resources", "reservations", "devices"];
            let devices = keys.iter().try_fold(value, |value, key| value.get(key));
            let (resources, reservations);
            let path = {
                resources = path.key("resources");
                reservations = resources.key("reservations");
                reservations.key("devices")
            };
            if let Some(devices) = devices {
                each(&path, devices, |path, request| {
                    below(path, request, &["capabilities", "device_ids"], findings);
                });
            }
        }
        "develop" => {
            if let Some(watch) = value.get("watch") {
                each(&path.key("watch"), watch, |path, rule| {
                    below(path, rule, &["ignore", "include"], findings);
                });
            }
        }
        _ => {}
    }
}

fn each(path: &Path<'_>, list: &Value, mut visit: impl FnMut(&Path<'_>, &Value)) {
    if let Data::List(items) = &list.data {
        items.iter().enumerate().for_each(|(index, item)| visit(&path.item(index), item));
    }
}

fn below(path: &Path<'_>, map: &Value, keys: &[&str], findings: &mut Findings) {
    for key in keys {
        if let Some(value) = map.get(key) {
            items(&path.key(key), value, findings);
        }
    }
}

fn items(path: &Path<'_>, value: &Value, findings: &mut Findings) {
    let Data::List(list) = &value.data else { return };
    let mut seen = HashSet::with_capacity(list.len());
    for (index, item) in list.iter().enumerate() {
        // `1` and `"1"` are two things.
        let known = item.scalar().is_some_and(|text| !seen.insert((item.kind(), text)));
        if known {
            let message = format!("{path} has the item {} twice", item.scalar().unwrap_or_default());
            findings.error("CY033", item.place, path.item(index), message).help =
                Some("Remove one of them.".to_owned());
        }
    }
}
