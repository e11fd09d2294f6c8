//! Services as a whole: add, remove, rename.

use composeyard_yaml::edit::{Change, Value};

use super::{
    Refusal,
    desk::{Desk, KEEP_SERVICE, service_path},
    field::text,
    reference::{self, Reference},
};
use crate::ServiceName;

pub(super) fn add(desk: &mut Desk, name: &ServiceName, image: &str) -> Result<(), Refusal> {
    refuse_taken(desk, name)?;
    desk.put(0, service_path(name), Value::Map(vec![("image".to_owned(), text(image)?)]))
}

pub(super) fn remove(desk: &mut Desk, name: &ServiceName) -> Result<(), Refusal> {
    desk.home(name)?;
    for file in desk.with(&service_path(name)) {
        desk.change(file, &Change::Remove { path: service_path(name), keep: 1 })?;
    }
    // Another service that extends it cannot stand without it; the finding about that is the better answer.
    desk.remove_all(KEEP_SERVICE, |document| {
        let mut found = reference::all(document, name).into_iter();
        found.find(|reference| !reference.is_extends()).map(|reference| reference.path().clone())
    })?;
    Ok(())
}

pub(super) fn rename(desk: &mut Desk, from: &ServiceName, to: &ServiceName) -> Result<(), Refusal> {
    if from == to {
        return Ok(());
    }
    desk.home(from)?;
    refuse_taken(desk, to)?;
    for file in 0..desk.count() {
        let references = reference::all(desk.document(file), from);
        for reference in references {
            let change = match reference {
                Reference::Key(path) => Change::Rename { path, key: to.to_string() },
                Reference::Text { path, before, after } | Reference::Extends { path, before, after } => {
                    Change::Put { path, value: Value::text(format!("{before}{to}{after}")) }
                }
            };
            desk.change(file, &change)?;
        }
    }
    for file in desk.with(&service_path(from)) {
        desk.change(file, &Change::Rename { path: service_path(from), key: to.to_string() })?;
    }
    Ok(())
}

fn refuse_taken(desk: &Desk, name: &ServiceName) -> Result<(), Refusal> {
    if desk.with(&service_path(name)).is_empty() {
        Ok(())
    } else {
        Err(Refusal::new(format!("there is a service {name} already; choose another name")))
    }
}
