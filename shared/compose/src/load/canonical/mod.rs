//! Short forms to long ones. Compose specification: the "short syntax" sections of 05-services and build.md.

mod build;
pub(crate) mod port;
mod resource;
mod service;
pub(crate) mod volume;

use compact_str::CompactString;

use super::{
    findings::Findings,
    path::Path,
    tree::{Data, Map, Value},
};

/// Turns every short form of a model into its long form. What cannot be read is reported and left out; with `lenient`
/// ports and mounts in short form stay as they are, for there may be variables in them.
pub(crate) fn canonical(model: &mut Value, lenient: bool, findings: &mut Findings) {
    let Some(model) = model.map_mut() else { return };
    let root = Path::Root;
    for (section, value) in model.iter_mut() {
        let path = root.key(section);
        let Some(entries) = value.map_mut() else { continue };
        for (key, entry) in entries.iter_mut() {
            let path = path.key(key);
            match section.as_str() {
                "services" => service::canonical(entry, &path, lenient, findings),
                "networks" | "volumes" | "secrets" | "configs" => resource::canonical(entry, &path, findings),
                _ => {}
            }
        }
    }
}

/// A mapping whose entries stand where `at` stands.
fn mapping<const N: usize>(at: &Value, entries: [(&str, Data); N]) -> Data {
    let mut map = Map::with_capacity(N);
    for (key, data) in entries {
        map.push(key, at.with(data));
    }
    Data::Map(map)
}

fn text(text: impl Into<CompactString>) -> Data {
    Data::Text(text.into())
}

fn set_default(map: &mut Map, key: &str, at: &Value, data: Data) {
    if !map.contains_key(key) {
        map.push(key, at.with(data));
    }
}

/// A text to a list of itself.
fn text_to_list(value: &mut Value) {
    if value.text().is_some() {
        let item = value.clone();
        value.data = Data::List(thin_vec::thin_vec![item]);
    }
}

/// Reports a value of the wrong kind and empties it.
fn wrong_kind(value: &mut Value, wanted: &str, path: &Path<'_>, findings: &mut Findings) {
    let message = format!("{path} must be {wanted}, not {}", value.kind());
    findings.error("CY020", value.place, path, message);
    value.data = Data::Null;
}
