//! A new name, and every place that follows it.

use composeyard_yaml::edit::{Change, Reach};

use super::{
    Refusal,
    desk::{Desk, check_name},
    mention::{Found, Manner, Resource, Subject},
    networks::DEFAULT,
};
use crate::ServiceName;

pub(super) fn service(desk: &mut Desk, from: &ServiceName, to: &ServiceName) -> Result<(), Refusal> {
    if from == to {
        return Ok(());
    }
    desk.home(from)?;
    rename(desk, &Subject::Service(from.clone()), to.as_str())
}

pub(super) fn resource(desk: &mut Desk, resource: Resource, from: &str, to: &str) -> Result<(), Refusal> {
    check_name(to)?;
    if from == to {
        return Ok(());
    }
    let subject = Subject::Resource(resource, from.to_owned());
    if desk.defining(&subject).is_empty() {
        let word = resource.word();
        return Err(Refusal::new(format!("no compose file declares a {word} {from}")));
    }
    if resource == Resource::Network && (from == DEFAULT || to == DEFAULT) {
        return Err(Refusal::new(
            "default is the network of every service that names none; its name cannot be given or taken away",
        ));
    }
    rename(desk, &subject, to)
}

fn rename(desk: &mut Desk, subject: &Subject, to: &str) -> Result<(), Refusal> {
    let taken = match subject {
        Subject::Service(_) => ServiceName::new(to).ok().map(Subject::Service),
        Subject::Resource(resource, _) => Some(Subject::Resource(*resource, to.to_owned())),
    };
    if taken.is_none_or(|taken| !desk.defining(&taken).is_empty()) {
        let section = subject.section();
        return Err(Refusal::new(format!("{section} has {to} already; choose another name")));
    }
    let found = desk.find(subject);
    for file in 0..desk.all_files() {
        let here: Vec<&Found> = found.iter().filter(|found| found.file == file).collect();
        let changes = changes(&here, subject.name(), to);
        if !changes.is_empty() {
            desk.change_all(file, &changes, Reach::Everywhere)?;
        }
    }
    desk.mentioned.extend(found.into_iter().map(|found| found.mention));
    Ok(())
}

/// Values first, then keys from the inside out, so that no change moves what a later one leads to.
fn changes(found: &[&Found], from: &str, to: &str) -> Vec<Change> {
    let mut values: Vec<Change> = Vec::new();
    let mut keys = Vec::new();
    for found in found.iter().filter(|found| found.manner != Manner::Maybe) {
        match found.at {
            None => keys.push(&found.path),
            Some(byte) => match values.last_mut() {
                Some(Change::Splice { path, at, .. }) if *path == found.path => at.push(byte),
                _ => values.push(Change::Splice {
                    path: found.path.clone(),
                    old: from.to_owned(),
                    at: vec![byte],
                    new: to.to_owned(),
                }),
            },
        }
    }
    keys.sort_by_key(|path| std::cmp::Reverse(path.0.len()));
    values.extend(keys.into_iter().map(|path| Change::Rename { path: path.clone(), key: to.to_owned() }));
    values
}
