//! Where each value of the finished tree was written.

use std::collections::BTreeMap;

use super::{
    Origin,
    findings::Findings,
    tree::{Data, Value},
};

/// Key path to place, for every value that a file holds.
pub(crate) fn collect(model: &Value, findings: &Findings) -> BTreeMap<String, Origin> {
    let mut origins = Vec::new();
    let mut path = String::new();
    walk(model, &mut path, findings, &mut origins);
    origins.into_iter().collect()
}

fn walk(value: &Value, path: &mut String, findings: &Findings, origins: &mut Vec<(String, Origin)>) {
    if !path.is_empty() && value.place.is_known() {
        let origin = Origin { file: findings.file_name(value.place).to_owned(), span: value.place.span() };
        origins.push((path.clone(), origin));
    }
    let length = path.len();
    match &value.data {
        Data::Map(map) => {
            for (key, child) in map {
                if length > 0 {
                    path.push('.');
                }
                path.push_str(key);
                walk(child, path, findings, origins);
                path.truncate(length);
            }
        }
        Data::List(list) => {
            for (index, child) in list.iter().enumerate() {
                path.push_str(&format!("[{index}]"));
                walk(child, path, findings, origins);
                path.truncate(length);
            }
        }
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) => {}
    }
}
