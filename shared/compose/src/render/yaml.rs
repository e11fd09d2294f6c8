//! YAML text of a project.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::{shape, without_given_content, yaml_text};
use crate::{
    Project,
    facts::{self, Object, Shape},
};

/// Writes a project with its extension fields.
pub(super) fn write(project: &Project) -> String {
    let mut tree = serde_json::to_value(project).unwrap_or_default();
    if let Some(services) = tree.get_mut("services").and_then(Value::as_object_mut) {
        // Both are in the order of the names.
        for (tree, service) in services.values_mut().zip(project.services.values()) {
            shape::yaml_service(tree, service);
        }
    }
    without_given_content(&mut tree);
    if let Value::Object(map) = &mut tree {
        map.retain(|key, value| {
            key != "models" || value.as_object().is_some_and(|models| !models.is_empty())
        });
    }
    let networks = tree.get_mut("networks").and_then(Value::as_object_mut);
    networks.into_iter().flat_map(|map| map.values_mut()).for_each(shape::yaml_network);
    order(&mut tree, &facts::ROOT);
    yaml_text::print(&tree).replace('$', "$$")
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

fn order_object(map: &mut Map<String, Value>, object: &'static Object) {
    let (mut extensions, mut keys): (Vec<_>, Vec<_>) =
        std::mem::take(map).into_iter().partition(|(key, _)| key.starts_with("x-"));
    extensions.sort_by(|(a, _), (b, _)| natural(a, b));
    for (key, value) in &mut keys {
        order(value, object.key(key).map_or(&Shape::Any, |key| &key.shape));
    }
    for (_, value) in &mut extensions {
        order(value, &Shape::Any);
    }
    map.extend(keys);
    map.extend(extensions);
}

fn order_names(map: &mut Map<String, Value>, values: &'static Shape) {
    let mut entries: Vec<_> = std::mem::take(map).into_iter().collect();
    entries.sort_by(|(a, _), (b, _)| natural(a, b));
    for (_, value) in &mut entries {
        order(value, values);
    }
    map.extend(entries);
}

/// The order of go-yaml's keys: numbers inside a name count as numbers, letters come after the rest.
fn natural(a: &str, b: &str) -> Ordering {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut digits = false;
    for at in 0..a.len().min(b.len()) {
        let (x, y) = (a[at], b[at]);
        if x == y {
            digits = x.is_numeric();
            continue;
        }
        return match (x.is_alphabetic(), y.is_alphabetic()) {
            (true, true) => x.cmp(&y),
            (true, false) | (false, true) if x.is_alphabetic() == digits => Ordering::Less,
            (true, false) | (false, true) => Ordering::Greater,
            (false, false) => numbers(&a, &b, at).then(x.cmp(&y)),
        };
    }
    a.len().cmp(&b.len())
}

/// Compares the numbers that start where two names differ.
fn numbers(a: &[char], b: &[char], at: usize) -> Ordering {
    let zero = a[at] == '0' || b[at] == '0';
    let before = a[..at].iter().rev().take_while(|c| c.is_ascii_digit()).any(|c| *c != '0');
    let lead = i64::from(zero && before);
    let read = |text: &[char]| {
        let digits: Vec<i64> = text[at..].iter().map_while(|c| c.to_digit(10)).map(i64::from).collect();
        let number = digits.iter().fold(lead, |sum, digit| sum.wrapping_mul(10).wrapping_add(*digit));
        (number, digits.len())
    };
    read(a).cmp(&read(b))
}
