//! What the reference makes explicit: the default network, implied dependencies, final names.

use super::{
    paths::{clean, is_clean},
    scalar::says_true,
    template::Lookup,
    tree::{Data, Map, Place, Value},
    variables::fill_in,
};

const DEFAULT: &str = "default";

/// True when a normalised service uses the default network.
pub(super) fn joins_default(service: &Value) -> bool {
    let map = service.map();
    let is_free = map.is_none_or(|map| !map.contains_key("provider") && !map.contains_key("network_mode"));
    is_free && service.get("networks").is_some_and(|networks| networks.get(DEFAULT).is_some())
}

/// Normalises a model of the project `name`. `joined`: services that are not in it use the default network. Without a
/// lookup names of variables stay names.
pub(crate) fn normalize(model: &mut Value, name: &str, joined: bool, lookup: Option<&Lookup<'_>>) {
    name_project(model, name);
    default_network(model, joined);
    if let Some(services) = model.get_mut("services").and_then(Value::map_mut) {
        for service in services.values_mut() {
            normalize_service(service, lookup);
        }
    }
    for section in ["networks", "volumes", "configs", "secrets"] {
        name_resources(model.get_mut(section), name);
    }
}

/// The final name takes the place of the written one, if any.
fn name_project(model: &mut Value, name: &str) {
    let name = Data::Text(name.into());
    match model.get_mut("name") {
        Some(written) => written.data = name,
        None => {
            model.map_mut().map(|map| map.insert("name".to_owned(), nowhere(name)));
        }
    }
}

fn nowhere(data: Data) -> Value {
    Value::new(data, Place::NOWHERE)
}

/// Services without `network_mode`, `provider` and `networks` join `default`, which is then declared.
fn default_network(model: &mut Value, joined: bool) {
    let mut used = joined;
    for service in
        model.get_mut("services").and_then(Value::map_mut).into_iter().flat_map(|map| map.values_mut())
    {
        let Some(map) = service.map_mut() else { continue };
        if map.contains_key("provider") || map.contains_key("network_mode") {
            continue;
        }
        let networks = map.get_or_insert_with("networks", || nowhere(Data::Null));
        if networks.is_null() || networks.map().is_some_and(Map::is_empty) {
            networks.data = Data::Map(Map::from_iter([(DEFAULT.to_owned(), nowhere(Data::Null))]));
        }
        used |= networks.get(DEFAULT).is_some();
    }
    if used && let Some(model) = model.map_mut() {
        let networks = model.get_or_insert_with("networks", || nowhere(Data::Null));
        if networks.is_null() {
            networks.data = Data::Map(Map::default());
        }
        if let Some(networks) = networks.map_mut() {
            networks.get_or_insert_with(DEFAULT, || nowhere(Data::Null));
        }
    }
}

fn normalize_service(service: &mut Value, lookup: Option<&Lookup<'_>>) {
    let Some(map) = service.map_mut() else { return };
    if let Some(policy) = map.get_mut("pull_policy")
        && policy.text() == Some("if_not_present")
    {
        policy.data = Data::Text("missing".into());
    }
    if let Some(build) = map.get_mut("build") {
        normalize_build(build, lookup);
    }
    if let Some(lookup) = lookup {
        fill_in(map.get_mut("environment"), lookup, false);
    }
    implied_dependencies(map);
    for mount in map.get_mut("volumes").and_then(Value::list_mut).into_iter().flatten() {
        if let Some(target) = mount.get_mut("target")
            && let Data::Text(path) = &target.data
            && !is_clean(path)
        {
            target.data = Data::Text(clean(path).into());
        }
    }
    inherit_image(map);
}

fn normalize_build(build: &mut Value, lookup: Option<&Lookup<'_>>) {
    let at = build.with(Data::Null);
    if let Some(lookup) = lookup {
        fill_in(build.get_mut("args"), lookup, true);
    }
    let Some(map) = build.map_mut() else { return };
    let missing = |map: &Map, key: &str| map.get(key).is_none_or(Value::is_null);
    if missing(map, "context") {
        map.insert("context".to_owned(), at.with(Data::Text(".".into())));
    }
    if missing(map, "dockerfile") && missing(map, "dockerfile_inline") {
        map.insert("dockerfile".to_owned(), at.with(Data::Text("Dockerfile".into())));
    }
}

/// Links, shared namespaces and `volumes_from` imply a dependency where none is written.
fn implied_dependencies(service: &mut Map) {
    let mut implied: Vec<(String, bool, Place)> = Vec::new();
    let texts = |key: &str| -> Vec<(String, Place)> {
        match service.get(key).map(|value| &value.data) {
            Some(Data::List(list)) => {
                list.iter().filter_map(|item| Some((item.text()?.to_owned(), item.place))).collect()
            }
            _ => Vec::new(),
        }
    };
    for (link, place) in texts("links") {
        let mut parts = link.split(':');
        let name = match (parts.next(), parts.next(), parts.next()) {
            (Some(name), Some(_), None) => name.to_owned(),
            _ => link.clone(),
        };
        implied.push((name, true, place));
    }
    for key in ["network_mode", "ipc", "pid", "uts", "cgroup"] {
        if let Some(value) = service.get(key)
            && let Some(name) = value.text().and_then(|mode| mode.strip_prefix("service:"))
        {
            implied.push((name.to_owned(), true, value.place));
        }
    }
    for (source, place) in texts("volumes_from") {
        if !source.starts_with("container:") {
            let name = source.split(':').next().unwrap_or_default().to_owned();
            implied.push((name, false, place));
        }
    }
    if implied.is_empty() {
        return;
    }
    let dependencies = service.get_or_insert_with("depends_on", || nowhere(Data::Null));
    if dependencies.is_null() {
        dependencies.data = Data::Map(Map::default());
    }
    let Some(dependencies) = dependencies.map_mut() else { return };
    for (name, restart, place) in implied {
        dependencies.get_or_insert_with(&name, || dependency(restart, place));
    }
}

fn dependency(restart: bool, place: Place) -> Value {
    let entry = |key: &str, data| (key.to_owned(), Value::new(data, place));
    Value::new(
        Data::Map(Map::from_iter([
            entry("condition", Data::Text("service_started".into())),
            entry("restart", Data::Bool(restart)),
            entry("required", Data::Bool(true)),
        ])),
        place,
    )
}

fn inherit_image(service: &mut Map) {
    let Some(image) =
        service.get("image").filter(|image| image.text().is_some_and(|text| !text.is_empty())).cloned()
    else {
        return;
    };
    for hook in service.get_mut("pre_start").and_then(Value::list_mut).into_iter().flatten() {
        if let Some(hook) = hook.map_mut() {
            hook.get_or_insert_with("image", || image.clone());
        }
    }
}

/// True for what is still text, too: nothing is cast where variables stay as they are.
fn is_true(value: &Value) -> bool {
    match &value.data {
        Data::Bool(yes) => *yes,
        Data::Text(word) => says_true(word),
        _ => false,
    }
}

/// A resource without `name` is called `<project>_<key>`, an external one by its key.
fn name_resources(section: Option<&mut Value>, project: &str) {
    let Some(entries) = section.and_then(Value::map_mut) else { return };
    for (key, resource) in entries.iter_mut() {
        let at = resource.with(Data::Null);
        if resource.is_null() {
            resource.data = Data::Map(Map::default());
        }
        let Some(map) = resource.map_mut() else { continue };
        if map.get("name").is_none_or(Value::is_null) {
            let external = map.get("external").is_some_and(is_true);
            let name = if external { key.clone() } else { format!("{project}_{key}").into() };
            map.insert("name".to_owned(), at.with(Data::Text(name)));
        }
    }
}
