//! Short forms that several steps turn into lists or mappings.

use thin_vec::thin_vec;

use super::tree::{Data, List, Map, Place, Value};

/// A mapping to a sorted list of `key=value`, null to `key`; a text to a list of itself; the rest to nothing.
pub(crate) fn to_sequence(data: Data, place: Place) -> List {
    match data {
        Data::Map(map) => {
            let mut items: List = map.iter().flat_map(|(key, value)| pairs(key, value)).collect();
            items.sort_by(|a, b| a.text().cmp(&b.text()));
            items
        }
        Data::List(list) => list,
        Data::Text(text) => thin_vec![Value::new(Data::Text(text), place)],
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Huge(_) | Data::Float(_) => List::new(),
    }
}

fn pairs(key: &str, value: &Value) -> Vec<Value> {
    let item =
        |at: &Value, text: String| Value { data: Data::Text(text.into()), place: at.place, key: value.key };
    match &value.data {
        Data::Null => vec![Value { data: Data::Text(key.into()), place: value.key, key: value.key }],
        Data::List(list) => list
            .iter()
            .map(|each| item(each, format!("{key}={}", each.scalar().unwrap_or_default())))
            .collect(),
        _ => vec![item(value, format!("{key}={}", value.scalar().unwrap_or_default()))],
    }
}

/// A list of names to a mapping of the names to `default`, or to nothing.
pub(crate) fn list_to_map(value: &mut Value, default: Option<&Value>) {
    let Data::List(list) = &value.data else { return };
    let mut map = Map::with_capacity(list.len());
    for item in list {
        if let Some(name) = item.text() {
            let data = default.map_or(Data::Null, |default| default.data.clone());
            map.insert(name, item.with(data));
        }
    }
    value.data = Data::Map(map);
}

/// `KEY=value` items to a mapping; an item without `=` gets `absent`. Mappings stay as they are.
pub(crate) fn pairs_to_map(value: &mut Value, absent: &Data) {
    let Data::List(list) = &value.data else { return };
    let mut map = Map::with_capacity(list.len());
    for item in list {
        let Some(text) = item.scalar() else { continue };
        let (key, data) = match text.split_once('=') {
            Some((key, value)) => (key, Data::Text(value.into())),
            None => (text.as_str(), absent.clone()),
        };
        map.insert(key, item.with(data));
    }
    value.data = Data::Map(map);
}
