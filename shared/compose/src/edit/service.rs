//! Services as a whole: add, remove.

use std::collections::BTreeMap;

use composeyard_yaml::edit::{Change, Path, Step, Value, copied};

use super::{
    Intent, Refusal,
    desk::{Desk, node_at, service_path},
    keys::text,
    mention::{Manner, Subject},
    networks::DEFAULT,
    resource, walk,
};
use crate::ServiceName;

/// A new service stands where the others can reach it: when all of them name networks, it joins those that all name,
/// else the one that most name. When some service is on `default`, so is the new one, which then names none.
pub(super) fn add(desk: &mut Desk, name: &ServiceName, image: &str) -> Result<(), Refusal> {
    if !desk.with(&service_path(name)).is_empty() {
        return Err(Refusal::new(format!("there is a service {name} already; choose another name")));
    }
    let mut entries = vec![("image".to_owned(), text(image)?)];
    let networks = common_networks(desk);
    if !networks.is_empty() {
        let names = networks.into_iter().map(Value::Text).collect();
        entries.push(("networks".to_owned(), Value::List(names)));
    }
    desk.put(desk.main(), service_path(name), Value::Map(entries))
}

fn common_networks(desk: &Desk) -> Vec<String> {
    let memberships = memberships(desk);
    let Some((first, rest)) = memberships.split_first() else { return Vec::new() };
    if memberships.iter().any(|names| names.is_empty() || names.iter().any(|name| name == DEFAULT)) {
        return Vec::new();
    }
    let shared: Vec<String> =
        first.iter().filter(|name| rest.iter().all(|names| names.contains(name))).cloned().collect();
    if !shared.is_empty() {
        return shared;
    }
    let mut counts: Vec<(&String, usize)> = Vec::new();
    for name in memberships.iter().flatten() {
        match counts.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => counts.push((name, 1)),
        }
    }
    // Of equals the first that is named.
    let most = counts.iter().map(|(_, count)| *count).max();
    counts
        .into_iter()
        .find(|(_, count)| Some(*count) == most)
        .map(|(name, _)| name.clone())
        .into_iter()
        .collect()
}

/// The networks that each service names, over all files; services with `network_mode` are on none and count not.
fn memberships(desk: &Desk) -> Vec<Vec<String>> {
    let mut found: BTreeMap<String, Option<Vec<String>>> = BTreeMap::new();
    for file in 0..desk.count() {
        let document = desk.document(file);
        for (service, node) in walk::services(document) {
            let entry = found.entry(service.to_owned()).or_insert_with(|| Some(Vec::new()));
            if walk::field(document, node, "network_mode").is_some() {
                *entry = None;
            }
            let Some(names) = entry else { continue };
            let networks = node_at(document, &Path::of(["services", service, "networks"]));
            let Some(networks) = networks else { continue };
            let keys = walk::entries(document, networks).into_iter().map(|entry| entry.key);
            let listed = walk::items(document, networks).into_iter();
            names.extend(keys.chain(listed).filter_map(|node| document.text(node)).map(str::to_owned));
        }
    }
    found.into_values().flatten().collect()
}

pub(super) fn remove(desk: &mut Desk, name: &ServiceName) -> Result<(), Refusal> {
    desk.home(name)?;
    refuse_extended(desk, name)?;
    for file in desk.with(&service_path(name)) {
        desk.change(file, &Change::Remove { path: service_path(name), keep: 1 })?;
    }
    resource::remove_references(desk, &Subject::Service(name.clone()))?;
    Ok(())
}

/// A service that extends another one cannot stand without it.
fn refuse_extended(desk: &Desk, name: &ServiceName) -> Result<(), Refusal> {
    let mut extending: Vec<ServiceName> = Vec::new();
    for found in desk.find(&Subject::Service(name.clone())) {
        if found.manner == Manner::Extends
            && let Some(Step::Key(service)) = found.path.0.get(1)
            && let Ok(service) = ServiceName::new(service.as_str())
            && service != *name
            && !extending.contains(&service)
        {
            extending.push(service);
        }
    }
    if extending.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = extending.iter().map(ServiceName::as_str).collect();
    let names = names.join(" and ");
    let removal = || [Intent::RemoveService { name: name.clone() }];
    let mut refusal = Refusal::new(format!("{names} cannot be built without {name}, because of extends"));
    let copies: Option<Vec<Intent>> = extending
        .iter()
        .map(|service| copies(desk, service, name))
        .collect::<Option<Vec<_>>>()
        .map(|all| all.concat());
    if let Some(copies) = copies {
        let title = format!("Copy {name} into {names}, then remove it");
        refusal = refusal.or_on_top(title, copies.into_iter().chain(removal()));
    }
    let cut = extending.iter().map(|service| Intent::UnsetKey { path: service_path(service).key("extends") });
    let all = extending.iter().map(|service| Intent::RemoveService { name: service.clone() });
    Err(refusal
        .or(format!("Remove {names} too"), all.chain(removal()))
        .or(format!("Remove only extends from {names}"), cut.chain(removal())))
}

/// What writes the keys of `base` into `service` and ends the extension; none when both have lists or mappings that
/// would have to be merged.
fn copies(desk: &Desk, service: &ServiceName, base: &ServiceName) -> Option<Vec<Intent>> {
    let file = desk.home(base).ok()?;
    let own = |path: &Path| (0..desk.count()).any(|file| node_at(desk.document(file), path).is_some());
    let document = desk.document(file);
    let mut intents = Vec::new();
    for entry in walk::entries(document, node_at(document, &service_path(base))?) {
        let key = document.text(entry.key)?;
        let path = service_path(service).key(key);
        if key == "extends" {
            // The chain goes on above; that is another question.
            return None;
        }
        if own(&path) {
            document.text(entry.value)?;
            continue;
        }
        intents.push(Intent::SetKey { path, value: copied(document, entry.value)? });
    }
    intents.push(Intent::UnsetKey { path: service_path(service).key("extends") });
    (desk.with(&service_path(base)).len() == 1).then_some(intents)
}
