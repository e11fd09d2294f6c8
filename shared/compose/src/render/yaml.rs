//! YAML text of a project.

use std::cmp::Ordering;

use super::{
    doubled,
    model_tree::tree_of,
    shape,
    value::{Map, Value},
    without_given_content, yaml_text,
};
use crate::{
    Project,
    facts::{self, Object, Shape},
};

/// Writes a project with its extension fields.
pub(super) fn write(project: &Project) -> String {
    let mut tree = tree_of(project);
    if let Some(services) = tree.get_mut("services").and_then(Value::as_object_mut) {
        // Both are in the order of the names.
        for (tree, service) in services.values_mut().zip(project.services.values()) {
            shape::yaml_service(tree, service);
        }
    }
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
    doubled(yaml_text::print(&tree))
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
    let mut at = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    while !a.is_char_boundary(at) || !b.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Compares the numbers that start where two names differ.
fn numbers(a: &str, b: &str, at: usize) -> Ordering {
    let zero = a[at..].starts_with('0') || b[at..].starts_with('0');
    let before = a[..at].bytes().rev().take_while(u8::is_ascii_digit).any(|digit| digit != b'0');
    let lead = i64::from(zero && before);
    let read = |text: &str| {
        let digits = text[at..].bytes().take_while(u8::is_ascii_digit);
        digits.fold((lead, 0), |(sum, count), digit| {
            (sum.wrapping_mul(10).wrapping_add(i64::from(digit - b'0')), count + 1)
        })
    };
    read(a).cmp(&read(b))
}
