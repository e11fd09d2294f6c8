//! `depends_on`: a list of names, or a mapping from name to condition.

use composeyard_yaml::edit::{Change, Path, Step, Value};

use super::{
    Refusal,
    desk::{Desk, KEEP_SERVICE, is_list, items, named, service_path},
};
use crate::{ServiceName, model::Condition};

pub(super) fn connect(
    desk: &mut Desk,
    service: &ServiceName,
    dependency: &ServiceName,
    condition: Condition,
) -> Result<(), Refusal> {
    if service == dependency {
        return Err(Refusal::new(format!("{service} cannot depend on itself")));
    }
    desk.home(service)?;
    let path = depends_on(service);
    let is_dependency = |text: &str| text == dependency.as_str();
    let found = (0..desk.count())
        .rev()
        .find_map(|file| Some((file, named(desk.document(file), &path, is_dependency)?)));
    match found {
        Some((file, place)) if matches!(place.0.last(), Some(Step::Index(_))) => {
            if condition != Condition::ServiceStarted {
                lengthen(desk, file, &path, Some((dependency, condition)))?;
            }
            Ok(())
        }
        Some((file, place)) => desk.put(file, place.key("condition"), Value::text(condition.as_str())),
        None => add(desk, service, dependency, condition),
    }
}

fn add(
    desk: &mut Desk,
    service: &ServiceName,
    dependency: &ServiceName,
    condition: Condition,
) -> Result<(), Refusal> {
    let path = depends_on(service);
    let file = desk.collector(&path)?;
    let list = is_list(desk.document(file), &path);
    let absent = desk.with(&path).is_empty();
    if condition == Condition::ServiceStarted && (list || absent) {
        return desk.push(file, path, Value::text(dependency.as_str()));
    }
    if list {
        lengthen(desk, file, &path, None)?;
    }
    desk.put(file, path.key(dependency.as_str()), long(condition))
}

/// Turns the short list into the mapping that conditions need.
fn lengthen(
    desk: &mut Desk,
    file: usize,
    path: &Path,
    changed: Option<(&ServiceName, Condition)>,
) -> Result<(), Refusal> {
    let document = desk.document(file);
    let entry = |item| {
        let name = document.text(item).unwrap_or_default();
        let condition =
            changed.filter(|(service, _)| service.as_str() == name).map(|(_, condition)| condition);
        (name.to_owned(), long(condition.unwrap_or_default()))
    };
    let entries = items(document, path).into_iter().map(entry).collect();
    desk.change(file, &Change::Retype { path: path.clone(), entries })
}

pub(super) fn disconnect(
    desk: &mut Desk,
    service: &ServiceName,
    dependency: &ServiceName,
) -> Result<(), Refusal> {
    desk.home(service)?;
    let path = depends_on(service);
    let is_dependency = |text: &str| text == dependency.as_str();
    if desk.remove_all(KEEP_SERVICE, |document| named(document, &path, is_dependency))? {
        return Ok(());
    }
    Err(Refusal::new(format!(
        "{path} does not name {dependency}; the dependency may follow from links, volumes_from or network_mode"
    )))
}

fn depends_on(service: &ServiceName) -> Path {
    service_path(service).key("depends_on")
}

fn long(condition: Condition) -> Value {
    Value::Map(vec![("condition".to_owned(), Value::text(condition.as_str()))])
}
