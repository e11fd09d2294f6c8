//! YAML text of a project.

use std::{cmp::Ordering, collections::BTreeMap, sync::Arc};

use compact_str::CompactString;
use serde::Serialize;

use super::{
    doubled,
    model_tree::tree_of,
    shape,
    value::{Map, Value},
    without_given_content, yaml_text,
};
use crate::{
    Project, ProjectName,
    facts::{self, Object, Shape},
    model::{Extra, FileObject, Network, Service, Volume},
    threads::{self, AT_ONCE},
};

/// Bytes that few services exceed, so that what is printed of several is rarely copied as it grows.
const LIKELY_BYTES: usize = 1_536;

/// Writes a project with its extension fields. One service after the other goes through its tree, so that the trees of
/// many are never in memory together.
pub(super) fn write(project: &Project) -> String {
    let mut parts = vec![String::new()];
    for (key, value) in frame(project) {
        if key == "services" {
            parts.extend(services(project));
            parts.push(String::new());
        } else if let Some(text) = parts.last_mut() {
            yaml_text::entry(&key, &value, 0, text);
        }
    }
    doubled(parts.concat())
}

/// The top level in its order, without the services.
fn frame(project: &Project) -> Vec<(CompactString, Value)> {
    let mut tree = tree_of(&Frame::of(project));
    without_given_content(&mut tree);
    if let Value::Object(map) = &mut tree {
        map.retain(|key, value| {
            key != "models" || matches!(value, Value::Object(models) if !models.is_empty())
        });
    }
    let models = tree.get_mut("models").and_then(Value::as_object_mut);
    models.into_iter().flat_map(|map| map.values_mut()).for_each(shape::yaml_model);
    let networks = tree.get_mut("networks").and_then(Value::as_object_mut);
    networks.into_iter().flat_map(|map| map.values_mut()).for_each(shape::yaml_network);
    order(&mut tree, &facts::ROOT);
    match tree {
        Value::Object(map) => map.0,
        _ => Vec::new(),
    }
}

/// A project without what its services hold.
#[derive(Serialize)]
struct Frame<'a> {
    name: &'a ProjectName,
    services: (),
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    networks: &'a BTreeMap<String, Network>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    volumes: &'a BTreeMap<String, Volume>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    secrets: &'a BTreeMap<String, FileObject>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    configs: &'a BTreeMap<String, FileObject>,
    #[serde(flatten)]
    extra: &'a Extra,
}

impl<'a> Frame<'a> {
    /// A field that a project gains must be named here too.
    const fn of(project: &'a Project) -> Self {
        let Project { name, services: _, networks, volumes, secrets, configs, disabled_services: _, extra } =
            project;
        Self { name, services: (), networks, volumes, secrets, configs, extra }
    }
}

/// The text of all services in parts.
fn services(project: &Project) -> Vec<String> {
    let mut head = String::new();
    if project.services.is_empty() {
        yaml_text::entry("services", &Value::Object(Map::default()), 0, &mut head);
        return vec![head];
    }
    head.push_str("services:\n");
    let shape = facts::TOP.key("services").and_then(|key| key.shape.mapping());
    let shape = match shape {
        Some(Shape::Map { values, .. }) => values,
        _ => &Shape::Any,
    };
    let mut services: Vec<_> =
        project.services.iter().map(|(name, service)| (name.as_str(), service)).collect();
    services.sort_by(|(a, _), (b, _)| natural(a, b));
    let print = |services: &[(&str, &Arc<Service>)]| {
        let mut text = String::with_capacity(services.len() * LIKELY_BYTES);
        for (name, service) in services {
            let mut tree = tree_of(service);
            shape::yaml_service(&mut tree, service);
            order(&mut tree, shape);
            yaml_text::entry(name, &tree, 2, &mut text);
        }
        text
    };
    let parts: Vec<_> = services.chunks(AT_ONCE).collect();
    let printed = if threads::are_worth_two(services.len()) {
        threads::each(&parts, |part| print(part))
    } else {
        parts.into_iter().map(print).collect()
    };
    std::iter::once(head).chain(printed).collect()
}

/// Writes a tree of which nothing is known but its values.
pub(super) fn write_tree(mut tree: Value) -> String {
    order(&mut tree, &Shape::Any);
    yaml_text::print(&tree)
}

/// Brings chosen names into the order of the reference's writer, and extension fields behind the keys of a mapping.
fn order(value: &mut Value, shape: &'static Shape) {
    match value {
        Value::Array(items) => {
            let item = shape.items().unwrap_or(&Shape::Any);
            items.iter_mut().for_each(|value| order(value, item));
        }
        Value::Object(map) => match shape.mapping() {
            Some(Shape::Object(object)) => order_object(map, object),
            Some(Shape::Map { values, .. }) => order_names(map, values),
            _ => order_names(map, &Shape::Any),
        },
        _ => {}
    }
}

fn order_object(map: &mut Map, object: &'static Object) {
    for (key, value) in &mut map.0 {
        if matches!(value, Value::Array(_) | Value::Object(_)) {
            order(value, object.key(key).map_or(&Shape::Any, |key| &key.shape));
        }
    }
    let is_extension = |key: &str| key.starts_with("x-");
    if map.0.iter().any(|(key, _)| is_extension(key)) {
        map.0.sort_by(|(a, _), (b, _)| match (is_extension(a), is_extension(b)) {
            (true, true) => natural(a, b),
            (a, b) => a.cmp(&b),
        });
    }
}

fn order_names(map: &mut Map, values: &'static Shape) {
    map.values_mut().for_each(|value| order(value, values));
    if !map.0.is_sorted_by(|(a, _), (b, _)| natural(a, b).is_le()) {
        map.0.sort_by(|(a, _), (b, _)| natural(a, b));
    }
}

/// The order of go-yaml's keys: numbers inside a name count as numbers, letters come after the rest.
fn natural(a: &str, b: &str) -> Ordering {
    let at = same(a, b);
    let (Some(x), Some(y)) = (a[at..].chars().next(), b[at..].chars().next()) else {
        return a.len().cmp(&b.len());
    };
    if x.is_ascii_digit() && y.is_ascii_digit() {
        return numbers(a, b, at).then(x.cmp(&y));
    }
    let digits = a[..at].ends_with(char::is_numeric);
    match (x.is_alphabetic(), y.is_alphabetic()) {
        (true, true) => x.cmp(&y),
        (true, false) | (false, true) if x.is_alphabetic() == digits => Ordering::Less,
        (true, false) | (false, true) => Ordering::Greater,
        (false, false) => numbers(a, b, at).then(x.cmp(&y)),
    }
}

/// How many bytes two names share at their start.
fn same(a: &str, b: &str) -> usize {
    let shorter = a.len().min(b.len());
    let mut at = (0..shorter).find(|at| a.as_bytes()[*at] != b.as_bytes()[*at]).unwrap_or(shorter);
    while !a.is_char_boundary(at) || !b.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Compares the numbers that start where two names differ.
fn numbers(a: &str, b: &str, at: usize) -> Ordering {
    let zero = a[at..].starts_with('0') || b[at..].starts_with('0');
    let before = || a[..at].bytes().rev().take_while(u8::is_ascii_digit).any(|digit| digit != b'0');
    let lead = i64::from(zero && before());
    let read = |text: &str| {
        let digits = text[at..].bytes().take_while(u8::is_ascii_digit);
        digits.fold((lead, 0), |(sum, count), digit| {
            (sum.wrapping_mul(10).wrapping_add(i64::from(digit - b'0')), count + 1)
        })
    };
    read(a).cmp(&read(b))
}
