//! Any key of any section: set, unset, in the form the file already has.

use composeyard_yaml::edit::{Change, Path, Step, Value};

use super::{
    Approach, Refusal,
    desk::{Desk, KEEP_SERVICE, node_at, service_path},
    form::{Form, form_of, shape},
    inherit,
};
use crate::{ServiceName, facts::Shape};

/// A text that must not be empty.
pub(super) fn text(text: &str) -> Result<Value, Refusal> {
    match text.trim() {
        "" => Err(Refusal::new("the value is empty")),
        trimmed => Ok(Value::text(trimmed)),
    }
}

/// Sets a key in the last file that has it, else where the service or resource is defined.
pub(super) fn set(desk: &mut Desk, path: &Path, value: &Value) -> Result<(), Refusal> {
    if path.0.is_empty() {
        return Err(Refusal::new("no key is named"));
    }
    let value = &fitting(shape(path), value);
    let holder = (0..desk.count()).rev().find(|file| written(desk, *file, path).is_some());
    if let Some(file) = holder {
        return put(desk, file, path, value);
    }
    let home = home(desk, path)?;
    match inherit::find(desk, path) {
        Some(origin) if desk.approach == Approach::AtOrigin => put(desk, origin.file, &origin.path, value),
        Some(origin) if desk.approach == Approach::Ask => Err(origin.refusal(desk, path)),
        _ => put(desk, home, path, value),
    }
}

/// A number or boolean becomes text where the key takes no other.
fn fitting(shape: Option<&'static Shape>, value: &Value) -> Value {
    match value {
        Value::Typed(text) if !text.is_empty() => {
            let takes = shape.and_then(Shape::scalar).is_none_or(|scalar| scalar.number || scalar.boolean);
            if takes { value.clone() } else { Value::text(text) }
        }
        Value::List(items) => {
            let inner = shape.and_then(Shape::items);
            Value::List(items.iter().map(|item| fitting(inner, item)).collect())
        }
        Value::Flow(inner) => Value::Flow(Box::new(fitting(shape, inner))),
        value => value.clone(),
    }
}

/// Where a new key goes: beside its siblings where there are some.
fn home(desk: &Desk, path: &Path) -> Result<usize, Refusal> {
    let parent = Path(path.0[..path.0.len() - 1].to_vec());
    if parent.0.len() > KEEP_SERVICE { desk.collector(&parent) } else { desk.home_of(path) }
}

/// Removes a key from all files: the value of an earlier one must not shine through.
pub(super) fn unset(desk: &mut Desk, path: &Path) -> Result<(), Refusal> {
    desk.home_of(path)?;
    let mut found = false;
    for file in 0..desk.count() {
        // A key may stand there twice.
        while let Some(place) = written(desk, file, path) {
            let keep = kept(&place);
            desk.change(file, &Change::Remove { path: place, keep })?;
            found = true;
        }
    }
    if found {
        return Ok(());
    }
    match inherit::find(desk, path) {
        Some(origin) if desk.approach == Approach::AtOrigin => {
            let keep = kept(&origin.path);
            desk.change(origin.file, &Change::Remove { path: origin.path, keep })
        }
        Some(_) if desk.approach == Approach::Here => reset(desk, path),
        Some(origin) => Err(origin.removal_refusal(desk, path)),
        None => Err(Refusal::new(not_set(path))),
    }
}

/// Takes away what comes from elsewhere, in the words of the file: `key: !reset null`. Items of lists have no key that
/// could say so. Compose specification, 13-merge "Reset value".
fn reset(desk: &mut Desk, path: &Path) -> Result<(), Refusal> {
    let file = home(desk, path)?;
    match form_of(desk.document(file), path) {
        Form::AsItIs => {
            let nothing = Value::Tagged("!reset".to_owned(), Box::new(Value::Typed("null".to_owned())));
            desk.put(file, path.clone(), nothing)
        }
        _ => Err(Refusal::new(format!("{path} stands in a list, where !reset takes nothing away"))),
    }
}

/// A service stays when its last key goes; an empty section goes along.
fn kept(path: &Path) -> usize {
    if path.0.len() > KEEP_SERVICE { KEEP_SERVICE } else { 0 }
}

fn not_set(path: &Path) -> String {
    let variable = matches!(path.0.as_slice(), [_, _, Step::Key(key), _] if key == "environment");
    let hint = if variable { "; it may come from env_file" } else { "" };
    format!("{path} is not set here{hint}")
}

/// Where a file writes what a path means, be it in another form.
fn written(desk: &Desk, file: usize, path: &Path) -> Option<Path> {
    match form_of(desk.document(file), path) {
        Form::AsItIs => node_at(desk.document(file), path).map(|_| path.clone()),
        Form::Short { place, .. } => Some(place),
        Form::Pair { list, item, .. } => item.map(|item| list.item(item)),
        Form::Names { list, item, below: false, .. } => item.map(|item| list.item(item)),
        Form::Names { .. } | Form::Lengthen { .. } => None,
    }
}

/// Writes a value into one file, in the form that stands there.
fn put(desk: &mut Desk, file: usize, path: &Path, value: &Value) -> Result<(), Refusal> {
    match form_of(desk.document(file), path) {
        Form::AsItIs => desk.put(file, path.clone(), value.clone()),
        Form::Short { place } => desk.put(file, place, value.clone()),
        Form::Lengthen { place, entries } => {
            desk.put(file, place, Value::Map(entries))?;
            desk.put(file, path.clone(), value.clone())
        }
        Form::Pair { list, item, name, separator } => {
            let text = pair(&name, separator, value).ok_or_else(|| {
                Refusal::new(format!("{list} is a list of texts; {name} must be one value"))
            })?;
            match item {
                Some(item) => desk.put(file, list.item(item), text),
                None => desk.push(file, list, text),
            }
        }
        Form::Names { list, item: None, name, below: false } if is_null(value) => {
            desk.push(file, list, Value::text(name))
        }
        Form::Names { item: Some(_), below: false, .. } if is_null(value) => Ok(()),
        Form::Names { list, .. } => {
            let entries = super::form::long_names(desk.document(file), &list);
            desk.change(file, &Change::Retype { path: list, entries })?;
            desk.put(file, path.clone(), value.clone())
        }
    }
}

/// `name=value`; the name alone for no value.
fn pair(name: &str, separator: char, value: &Value) -> Option<Value> {
    match value {
        Value::Typed(text) if text.is_empty() => Some(Value::text(name)),
        Value::Typed(text) | Value::Text(text) | Value::Quoted(text) => {
            Some(Value::text(format!("{name}{separator}{text}")))
        }
        Value::List(_) | Value::Map(_) | Value::Flow(_) | Value::Tagged(..) => None,
    }
}

fn is_null(value: &Value) -> bool {
    *value == Value::null()
}

/// `scale` and `deploy.replicas` must agree when both are set, so both follow.
pub(super) fn set_replicas(desk: &mut Desk, service: &ServiceName, replicas: u32) -> Result<(), Refusal> {
    let count = Value::Typed(replicas.to_string());
    let scale = service_path(service).key("scale");
    let deployed = service_path(service).key("deploy").key("replicas");
    let places = [scale, deployed.clone()].into_iter();
    let mut places: Vec<Path> = places.filter(|path| !desk.with(path).is_empty()).collect();
    if places.is_empty() {
        places.push(deployed);
    }
    places.iter().try_for_each(|path| set(desk, path, &count))
}

/// The last key of a path, for messages.
pub(super) fn last_key(path: &Path) -> String {
    match path.0.last() {
        Some(Step::Key(key)) => key.clone(),
        _ => path.to_string(),
    }
}
