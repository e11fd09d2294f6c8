//! Drops earlier list items that a later one redefines: the last wins, at the place of the first.
//! Compose specification, 13-merge "Unique resources".

use std::borrow::Cow;

use foldhash::{HashMap, HashMapExt};

use super::{
    canonical::volume,
    tree::{Data, Map, Value},
};

/// What tells an item from the others of its list.
#[derive(PartialEq, Eq, Hash)]
enum Key<'v> {
    Text(Cow<'v, str>),
    /// The reference writes numbers and what is left out in words of their own: `80` and `"80"` are two ports to it.
    Port {
        host: Cow<'v, str>,
        published: Option<(&'static str, Option<Cow<'v, str>>)>,
        target: Cow<'v, str>,
        protocol: Cow<'v, str>,
    },
}

impl<'v> Key<'v> {
    fn text(text: impl Into<Cow<'v, str>>) -> Self {
        Self::Text(text.into())
    }
}

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
            "expose" => unique(Some(value), |item| item.words().map(Key::Text)),
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

fn unique(list: Option<&mut Value>, key: impl for<'v> Fn(&'v Value) -> Option<Key<'v>>) {
    let Some(list) = list.and_then(Value::list_mut) else { return };
    if list.len() < 2 {
        return;
    }
    let mut firsts = HashMap::with_capacity(list.len());
    let again = list.iter().enumerate().filter_map(|(at, item)| {
        let first = *firsts.entry(key(item)?).or_insert(at);
        (first != at).then_some((first, at))
    });
    let again: Vec<(usize, usize)> = again.collect();
    for (first, at) in &again {
        list.swap(*first, *at);
    }
    let mut gone = again.iter().map(|(_, at)| *at).peekable();
    let mut at = 0;
    list.retain(|_| {
        at += 1;
        gone.next_if_eq(&(at - 1)).is_none()
    });
}

fn key_value(item: &Value) -> Option<Key<'_>> {
    let text = item.text()?;
    Some(Key::text(text.split_once('=').map_or(text, |(key, _)| key)))
}

fn text_of<'v>(map: &'v Map, key: &str) -> Option<Cow<'v, str>> {
    map.get(key).and_then(Value::words)
}

fn mount_target<'v>(item: &'v Value, folder: &str) -> Option<Key<'v>> {
    let below = |source| Key::text(format!("{folder}/{source}"));
    match &item.data {
        Data::Text(source) => Some(below(source.as_str().into())),
        Data::Map(map) => text_of(map, "target").map(Key::Text).or_else(|| text_of(map, "source").map(below)),
        _ => None,
    }
}

fn mount(item: &Value) -> Option<Key<'_>> {
    match &item.data {
        Data::Text(text) => volume::parse(text).ok().map(|mount| Key::text(mount.target)),
        Data::Map(map) => text_of(map, "target").map(Key::Text),
        _ => None,
    }
}

fn device(item: &Value) -> Option<Key<'_>> {
    match &item.data {
        Data::Text(text) => {
            let mut parts = text.split(':');
            let first = parts.next()?;
            Some(Key::text(parts.next().unwrap_or(first)))
        }
        Data::Map(map) => text_of(map, "target").map(Key::Text),
        _ => None,
    }
}

fn env_file(item: &Value) -> Option<Key<'_>> {
    match &item.data {
        Data::Text(text) => Some(Key::text(text.as_str())),
        Data::Map(map) => text_of(map, "path").map(Key::Text),
        _ => None,
    }
}

fn port(item: &Value) -> Option<Key<'_>> {
    let Data::Map(map) = &item.data else { return item.words().map(Key::Text) };
    Some(Key::Port {
        host: text_of(map, "host_ip").unwrap_or("0.0.0.0".into()),
        published: map.get("published").map(|value| (value.kind(), value.words())),
        target: text_of(map, "target")?,
        protocol: text_of(map, "protocol").unwrap_or("tcp".into()),
    })
}
