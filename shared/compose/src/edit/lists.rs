//! Items of any list: add, remove, move. They count from 0 through all files in merge order.

use composeyard_yaml::edit::{Change, Path, Reach, Step, Value, copied};

use super::{
    Refusal,
    desk::{Desk, KEEP_SERVICE, node_at},
    form::shape,
};

/// Appends to the list where the files keep it; one value becomes the first of two.
pub(super) fn add(desk: &mut Desk, path: &Path, value: &Value) -> Result<(), Refusal> {
    let file = desk.collector(path)?;
    let document = desk.document(file);
    let single =
        node_at(document, path).filter(|node| document.text(*node).is_some_and(|text| !text.is_empty()));
    let Some(single) = single else { return desk.push(file, path.clone(), value.clone()) };
    if shape(path).is_some_and(|shape| shape.items().is_none()) {
        return Err(Refusal::new(format!("{path} takes one value, not a list")));
    }
    if matches!(path.0.last(), Some(Step::Key(key)) if matches!(key.as_str(), "command" | "entrypoint" | "test"))
    {
        return Err(Refusal::new(format!("{path} is one shell line; write it as a list first")));
    }
    let first = copied(document, single).ok_or_else(|| Refusal::new(format!("{path} is not a list")))?;
    desk.put(file, path.clone(), Value::List(vec![first, value.clone()]))
}

pub(super) fn remove(desk: &mut Desk, path: &Path, index: usize) -> Result<(), Refusal> {
    let (file, place) = find(desk, path, index)?;
    let keep = KEEP_SERVICE.min(path.0.len().saturating_sub(1));
    desk.change(file, &Change::Remove { path: place, keep })
}

pub(super) fn reorder(desk: &mut Desk, path: &Path, from: usize, to: usize) -> Result<(), Refusal> {
    let (file, _) = find(desk, path, from)?;
    let (other, _) = find(desk, path, to)?;
    if file != other {
        return Err(Refusal::new(format!(
            "items {} and {} of {path} stand in {} and {}; the order of the files decides",
            from + 1,
            to + 1,
            desk.name(file),
            desk.name(other)
        )));
    }
    let first = desk.items(path).iter().position(|(at, _)| *at == file).unwrap_or(0);
    let change = Change::Move { path: path.clone(), from: from - first, to: to - first };
    desk.change_all(file, &[change], Reach::OnlyHere)
}

/// File and place of an item.
pub(super) fn find(desk: &Desk, path: &Path, index: usize) -> Result<(usize, Path), Refusal> {
    desk.home_of(path)?;
    let found = desk.items(path).get(index).copied();
    found.map(|(file, index)| (file, path.item(index))).ok_or_else(|| {
        let count = index + 1;
        Refusal::new(format!("{path} has no item {count}; it may come from a service that this one extends"))
    })
}
