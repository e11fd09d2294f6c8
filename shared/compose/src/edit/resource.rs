//! Networks, volumes, secrets, configs and models of the project: declare, remove.

use composeyard_yaml::edit::{Change, Path, Reach, Step, Value};
use serde::{Deserialize, Serialize};

use super::{
    Refusal,
    desk::{Desk, KEEP_SERVICE, check_name},
    mention::{Manner, Resource, Subject},
};

/// Where a secret or config has its content from. Compose specification, 08-configs and 09-secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A file, relative to the project.
    File(String),
    /// A variable of the machine.
    Environment(String),
    /// Written out in the compose file; configs only.
    Content(String),
    /// It is there already.
    External,
}

impl Source {
    fn entry(&self) -> (String, Value) {
        let (key, value) = match self {
            Self::File(file) => ("file", Value::text(file)),
            Self::Environment(name) => ("environment", Value::text(name)),
            Self::Content(content) => ("content", Value::text(content)),
            Self::External => ("external", Value::Typed("true".to_owned())),
        };
        (key.to_owned(), value)
    }
}

/// What a declaration says when nothing was said: secrets and configs are files of their own name, a model is the one
/// of that name.
fn declaration(resource: Resource, name: &str, source: Option<&Source>) -> Value {
    match (resource, source) {
        (_, Some(source)) => Value::Map(vec![source.entry()]),
        (Resource::Network | Resource::Volume, None) => Value::null(),
        (Resource::Secret | Resource::Config, None) => {
            Value::Map(vec![Source::File(format!("./{name}.txt")).entry()])
        }
        (Resource::Model, None) => Value::Map(vec![("model".to_owned(), Value::text(name))]),
    }
}

/// A new one; refused when there is one of this name.
pub(super) fn add(
    desk: &mut Desk,
    resource: Resource,
    name: &str,
    source: Option<&Source>,
) -> Result<(), Refusal> {
    check_name(name)?;
    match (resource, source) {
        (Resource::Secret, Some(Source::Content(_))) => {
            return Err(Refusal::new(
                "a secret cannot be written out in the compose file; use a file or a variable",
            ));
        }
        (Resource::Model, Some(_)) => {
            return Err(Refusal::new("a model has neither a file nor a text; `model` names what runs"));
        }
        (Resource::Network | Resource::Volume, Some(source)) if *source != Source::External => {
            let word = resource.word();
            return Err(Refusal::new(format!("a {word} has no content of its own")));
        }
        _ => {}
    }
    let section = resource.section();
    let path = Path::of([section, name]);
    if !desk.with(&path).is_empty() {
        return Err(Refusal::new(format!("{section} has {name} already")));
    }
    desk.put(desk.main(), path, declaration(resource, name, source))
}

/// Declares what a service was given unless some file does.
pub(super) fn declare(desk: &mut Desk, resource: Resource, name: &str) -> Result<(), Refusal> {
    let path = Path::of([resource.section(), name]);
    if desk.with(&path).is_empty() {
        desk.put(desk.main(), path, declaration(resource, name, None))?;
    }
    Ok(())
}

/// The declaration and everything that names it.
pub(super) fn remove(desk: &mut Desk, resource: Resource, name: &str) -> Result<(), Refusal> {
    let subject = Subject::Resource(resource, name.to_owned());
    let declared = desk.defining(&subject);
    for file in &declared {
        let path = Path::of([resource.section(), name]);
        desk.change(*file, &Change::Remove { path, keep: 0 })?;
    }
    if !remove_references(desk, &subject)? && declared.is_empty() {
        let word = resource.word();
        return Err(Refusal::new(format!("no compose file declares a {word} {name}")));
    }
    Ok(())
}

/// Removes every entry that names something, `extends` apart. True when there was one.
pub(super) fn remove_references(desk: &mut Desk, subject: &Subject) -> Result<bool, Refusal> {
    let mut found = false;
    loop {
        let references = desk.find(subject).into_iter().filter(|found| found.manner == Manner::Reference);
        let mut places: Vec<(usize, Path)> =
            references.map(|found| (found.file, entry(found.path))).collect();
        // What one removal leaves behind decides what the next one of the same service takes along.
        places.dedup_by_key(|(file, path)| (*file, path.0[..path.0.len().min(KEEP_SERVICE)].to_vec()));
        if places.is_empty() {
            return Ok(found);
        }
        found = true;
        for file in 0..desk.all_files() {
            let here = places.iter().filter(|(at, _)| *at == file);
            let changes: Vec<Change> =
                here.map(|(_, path)| Change::Remove { path: path.clone(), keep: KEEP_SERVICE }).collect();
            desk.change_all(file, &changes, Reach::Everywhere)?;
        }
    }
}

/// The item of a list in long form, for its `source`.
fn entry(mut path: Path) -> Path {
    if path.0.last() == Some(&Step::Key("source".to_owned())) {
        path.0.pop();
    }
    path
}
