//! The deprecated `external: {name: x}` of top-level resources.

use crate::load::{
    findings::Findings,
    path::Path,
    tree::{Data, Value},
};

pub(super) fn canonical(resource: &mut Value, path: &Path<'_>, findings: &mut Findings) {
    let Some(map) = resource.map_mut() else { return };
    let Some(external) = map.get_mut("external") else { return };
    let Data::Map(long) = &external.data else { return };
    let name = long.get("name").cloned();
    external.data = Data::Bool(true);
    let Some(name) = name else { return };
    findings.warning("CY067", name.place, path, "external.name is deprecated").help =
        Some("Write name: and external: true.".to_owned());
    match map.get("name") {
        None => {
            map.insert("name".to_owned(), name);
        }
        Some(own) if *own != name => {
            let message = format!("{path}: name and external.name conflict; only use name");
            findings.error("CY068", name.place, path, message);
        }
        Some(_) => {}
    }
}
