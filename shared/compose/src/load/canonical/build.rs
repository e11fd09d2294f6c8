//! Short forms of `build`.

use super::{mapping, service::file_mount, text, wrong_kind};
use crate::load::{
    findings::Findings,
    path::Path,
    tree::{Data, Map, Value},
};

pub(super) fn canonical(value: &mut Value, path: &Path<'_>, findings: &mut Findings) {
    if let Some(context) = value.text() {
        value.data = mapping(value, [("context", text(context))]);
    }
    let Some(build) = value.map_mut() else {
        return wrong_kind(value, "text or a mapping", path, findings);
    };
    for (key, value) in build.iter_mut() {
        let path = path.key(key);
        match key.as_str() {
            "provenance" | "sbom" => {
                if let Some(scalar) = value.scalar() {
                    value.data = Data::Text(scalar.into());
                }
            }
            "additional_contexts" => contexts(value, &path, findings),
            "ssh" => ssh(value, &path, findings),
            "secrets" => {
                if let Some(list) = value.list_mut() {
                    for (index, item) in list.iter_mut().enumerate() {
                        file_mount(item, &path.item(index), findings);
                    }
                    list.retain(|item| !item.is_null());
                }
            }
            _ => {}
        }
    }
}

fn contexts(value: &mut Value, path: &Path<'_>, findings: &mut Findings) {
    let Data::List(list) = &value.data else { return };
    let mut map = Map::with_capacity(list.len());
    for (index, item) in list.iter().enumerate() {
        let written = item.scalar().unwrap_or_default();
        match written.split_once('=') {
            Some((name, context)) => {
                map.insert(name, item.with(text(context)));
            }
            None => {
                let message = format!("{written:?} is not of the form name=context");
                findings.error("CY029", item.place, path.item(index), message);
            }
        }
    }
    value.data = Data::Map(map);
}

fn ssh(value: &mut Value, path: &Path<'_>, findings: &mut Findings) {
    let Data::List(list) = &value.data else { return };
    let mut map = Map::with_capacity(list.len());
    for (index, item) in list.iter().enumerate() {
        let written = item.scalar().unwrap_or_default();
        match written.split_once('=') {
            Some((id, key)) => {
                map.insert(id, item.with(text(key)));
            }
            None if written == "default" => {
                map.insert(written, item.with(Data::Null));
            }
            None => {
                let message = format!("the ssh key {written:?} has no path; write {written}=PATH");
                findings.error("CY029", item.place, path.item(index), message);
            }
        }
    }
    value.data = Data::Map(map);
}
