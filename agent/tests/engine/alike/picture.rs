//! What the engine says of a project, made comparable: ids as names, lists without an order of their own sorted,
//! and what differs between any two runs left out.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::real::docker;

/// `container web-1` to its inspection, path by path.
pub(super) type Pictures = BTreeMap<String, BTreeMap<String, Value>>;

/// Differs between any two runs, or says which tool it was.
const VOLATILE: [&str; 24] = [
    "/Id",
    "/ExecIDs",
    "/Created",
    "/State/",
    "/ResolvConfPath",
    "/HostnamePath",
    "/HostsPath",
    "/LogPath",
    "/GraphDriver",
    "/Containers",
    "/CreatedAt",
    "/Config/Labels/com.docker.compose.version",
    "/Labels/com.docker.compose.version",
    "/NetworkSettings/Sandbox",
    "/NetworkSettings/Gateway",
    "/NetworkSettings/IPAddress",
    "/NetworkSettings/MacAddress",
    "/NetworkSettings/EndpointID",
    "/NetworkSettings/GlobalIPv6",
    "/NetworkSettings/IPv6Gateway",
    "/NetworkSettings/IPPrefixLen",
    "/NetworkSettings/LinkLocal",
    "/RestartCount",
    "/ConfigOnly",
];

/// Of an endpoint, what its project asked for.
const OF_ENDPOINT: [&str; 5] = ["/Aliases", "/IPAMConfig", "/Links", "/DriverOpts", "/GwPriority"];

/// Looks at everything that carries the project's label.
pub(super) fn pictures(project: &str) -> Pictures {
    let label = format!("label=com.docker.compose.project={project}");
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut found: Vec<(String, Value)> = Vec::new();
    for (kind, list, inspect) in [
        ("container", &["ps", "-aq", "--no-trunc"][..], &["inspect"][..]),
        ("network", &["network", "ls", "-q", "--no-trunc"], &["network", "inspect"]),
        ("volume", &["volume", "ls", "-q"], &["volume", "inspect"]),
    ] {
        let ids = docker(&[list, &["--filter", &label]].concat());
        let ids: Vec<&str> = ids.split_whitespace().collect();
        if ids.is_empty() {
            continue;
        }
        let details: Vec<Value> = serde_json::from_str(&docker(&[inspect, &ids[..]].concat())).unwrap();
        for (id, details) in ids.iter().zip(details) {
            let name = details["Name"].as_str().unwrap().trim_start_matches('/').to_owned();
            if kind != "volume" {
                names.insert((*id).to_owned(), format!("<{name}>"));
            }
            found.push((format!("{kind} {name}"), details));
        }
    }
    found.into_iter().map(|(name, details)| (name, picture(details, &names))).collect()
}

fn picture(mut details: Value, names: &BTreeMap<String, String>) -> BTreeMap<String, Value> {
    keyed_by_target(&mut details);
    let mut flat = BTreeMap::new();
    flatten("", &details, &mut flat);
    flat.retain(|path, value| !volatile(path, value));
    for value in flat.values_mut() {
        let mut text = value.to_string();
        for (id, name) in names {
            text = text.replace(id, name).replace(&id[..12.min(id.len())], name);
        }
        *value = serde_json::from_str(&text).unwrap();
        if let Value::Array(list) = value {
            list.sort_by_key(Value::to_string);
        }
    }
    if let Some(value) = flat.get_mut("/Config/Labels/com.docker.compose.depends_on") {
        let mut entries: Vec<&str> = value.as_str().unwrap_or_default().split(',').collect();
        entries.sort_unstable();
        *value = json!(entries.join(","));
    }
    flat
}

/// Mounts have no order; anonymous volumes have a new name each time.
fn keyed_by_target(details: &mut Value) {
    let anonymous = |name: &str| name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let list = details.get_mut("Mounts").and_then(Value::as_array_mut).map(std::mem::take);
    let Some(list) = list else { return };
    let keyed = list.into_iter().map(|mut mount| {
        if mount["Name"].as_str().is_some_and(anonymous) {
            mount["Name"] = json!("(anonymous)");
            mount["Source"] = json!("(anonymous)");
        }
        (mount["Destination"].as_str().unwrap_or_default().replace('/', "|"), mount)
    });
    details["Mounts"] = keyed.collect();
}

fn flatten(path: &str, value: &Value, flat: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(entries) => {
            entries.iter().for_each(|(key, value)| flatten(&format!("{path}/{key}"), value, flat));
        }
        // Nothing and empty are the same to the engine.
        Value::Null => {}
        Value::Array(list) if list.is_empty() => {}
        other => drop(flat.insert(path.to_owned(), other.clone())),
    }
}

fn volatile(path: &str, value: &Value) -> bool {
    // The engine takes the start of the id where the file gives no host name.
    let hex = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let endpoint = path.starts_with("/NetworkSettings/Networks/");
    VOLATILE.iter().any(|prefix| path.starts_with(prefix))
        || (endpoint && !OF_ENDPOINT.iter().any(|key| path.contains(key)))
        || (path.starts_with("/IPAM/Config") && !value.to_string().contains("10.213."))
        || (path.starts_with("/NetworkSettings/Ports") && is_given_out(value))
        || (path == "/Config/Hostname" && value.as_str().is_some_and(hex))
}

/// A host port that the engine chose, or one of a range: it goes on from the last one it gave out.
fn is_given_out(bindings: &Value) -> bool {
    let port = |binding: &Value| binding["HostPort"].as_str().and_then(|port| port.parse::<u16>().ok());
    let given_out = |port: u16| port >= 32_768 || (19_990..=19_995).contains(&port);
    bindings.as_array().is_some_and(|all| all.iter().filter_map(port).any(given_out))
}

/// Where two pictures of a project differ, in words.
pub(super) fn differences(theirs: &Pictures, ours: &Pictures) -> Vec<String> {
    let mut found = Vec::new();
    let names: BTreeSet<_> = theirs.keys().chain(ours.keys()).collect();
    for name in names {
        let (Some(theirs), Some(ours)) = (theirs.get(name), ours.get(name)) else {
            let who = if theirs.contains_key(name) { "the reference" } else { "ours" };
            found.push(format!("{name}: only {who} makes it"));
            continue;
        };
        let paths: BTreeSet<_> = theirs.keys().chain(ours.keys()).collect();
        // The hash of a container that shares with another holds that one's id.
        let shares =
            ["/HostConfig/NetworkMode", "/HostConfig/IpcMode", "/HostConfig/PidMode"].iter().any(|mode| {
                theirs.get(*mode).and_then(Value::as_str).is_some_and(|mode| mode.starts_with("container:"))
            }) || theirs.contains_key("/HostConfig/VolumesFrom");
        for path in paths.into_iter().filter(|path| !(shares && path.ends_with("config-hash"))) {
            if theirs.get(path) != ours.get(path) {
                let shown = |value: Option<&Value>| value.map_or("nothing".to_owned(), Value::to_string);
                let (theirs, ours) = (shown(theirs.get(path)), shown(ours.get(path)));
                found.push(format!("{name}{path}: reference {theirs}, ours {ours}"));
            }
        }
    }
    found
}
