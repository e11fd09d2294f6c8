//! Services as a whole: add, remove, rename.

use composeyard_yaml::edit::{Change, Value};

use super::{
    Refusal,
    desk::{Desk, service_path},
    field::text,
    mention::Subject,
    resource,
};
use crate::ServiceName;

pub(super) fn add(desk: &mut Desk, name: &ServiceName, image: &str) -> Result<(), Refusal> {
    refuse_taken(desk, name)?;
    desk.put(desk.main(), service_path(name), Value::Map(vec![("image".to_owned(), text(image)?)]))
}

pub(super) fn remove(desk: &mut Desk, name: &ServiceName) -> Result<(), Refusal> {
    desk.home(name)?;
    for file in desk.with(&service_path(name)) {
        desk.change(file, &Change::Remove { path: service_path(name), keep: 1 })?;
    }
    resource::remove_references(desk, &Subject::Service(name.clone()))?;
    Ok(())
}

fn refuse_taken(desk: &Desk, name: &ServiceName) -> Result<(), Refusal> {
    if desk.with(&service_path(name)).is_empty() {
        Ok(())
    } else {
        Err(Refusal::new(format!("there is a service {name} already; choose another name")))
    }
}
