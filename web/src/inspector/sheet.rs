//! A service as it is written: the files' own text, with `${VAR}` and quotes' content as they stand, and where.

use std::collections::BTreeMap;

use composeyard_compose::{ProjectFiles, ServiceName, model::Service};
use composeyard_yaml::{
    Document, Entry, Kind, LineIndex, NodeId, Span,
    edit::{Value, copied},
};

use super::settings;

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) file: String,
    /// From 1.
    pub(super) line: u32,
    pub(super) span: Span,
    /// It stands in a file that is merged over another.
    pub(super) overrides: bool,
}

/// A value and where it stands; no place when it comes from elsewhere: an anchor, `extends`, `include`, a default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) text: String,
    pub(super) place: Option<Place>,
}

impl Written {
    fn derived(text: impl Into<String>) -> Self {
        Self { text: text.into(), place: None }
    }
}

/// A variable; `value` is none when it is passed by name only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) value: Option<String>,
    pub(super) place: Option<Place>,
}

/// A single key: what the files say, and what counts when they say nothing: a default, or what comes through an
/// anchor or `extends`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) written: Written,
    pub(super) elsewhere: String,
}

/// What the inspector's fields hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sheet {
    pub(super) image: Option<Written>,
    /// The build's folder.
    pub(super) build: Option<Written>,
    /// As [`composeyard_compose::edit::Intent::SetPort`] counts them.
    pub(super) ports: Vec<Written>,
    pub(super) environment: Vec<Variable>,
    pub(super) replicas: Written,
    pub(super) limits: Option<Place>,
    /// By key path, such as `healthcheck.test`.
    pub(super) keys: BTreeMap<&'static str, Field>,
}

/// The compose files in use, read once for all fields.
pub(super) struct Sources<'files> {
    files: Vec<(&'files str, &'files str, Document)>,
}

impl<'files> Sources<'files> {
    /// Reads the compose files in merge order.
    pub(super) fn read(files: &'files ProjectFiles, in_use: &'files [String]) -> Self {
        let read = |file: &'files String| {
            let text = files.get(file)?;
            let document = composeyard_yaml::parse(text).0.into_iter().next()?;
            Some((file.as_str(), text, document))
        };
        Self { files: in_use.iter().filter_map(read).collect() }
    }

    /// A service's fields.
    pub(super) fn sheet(&self, name: &ServiceName, service: &Service) -> Sheet {
        let scalar = |path: &[&str]| self.scalar(name, path);
        let build = scalar(&["build", "context"]).or_else(|| scalar(&["build"]));
        let replicas = scalar(&["scale"]).or_else(|| scalar(&["deploy", "replicas"]));
        Sheet {
            image: scalar(&["image"])
                .or_else(|| (!service.image.is_empty()).then(|| Written::derived(&service.image))),
            build: build.or_else(|| Some(Written::derived(&service.build.as_ref()?.context))),
            ports: self.ports(name),
            environment: self.environment(name, service),
            replicas: replicas.unwrap_or_else(|| Written::derived(service.replicas().to_string())),
            limits: self.place(name, &["deploy", "resources", "limits"]),
            keys: self.keys(name, service),
        }
    }

    fn keys(&self, name: &ServiceName, service: &Service) -> BTreeMap<&'static str, Field> {
        let model = serde_json::to_value(service).unwrap_or_default();
        let field = |key: &'static str| {
            let path: Vec<&str> = key.split('.').collect();
            // The short form of `build` is its context.
            let short = || (key == "build.context").then(|| self.scalar(name, &["build"])).flatten();
            let written = self.shown(name, &path).or_else(short);
            let elsewhere = match &written {
                Some(_) => String::new(),
                None => model.pointer(&format!("/{}", path.join("/"))).map(in_words).unwrap_or_default(),
            };
            (key, Field { written: written.unwrap_or_default(), elsewhere })
        };
        settings::keys().map(field).collect()
    }

    /// A value as a field shows it: a scalar's text, a list on one line.
    fn shown(&self, service: &ServiceName, path: &[&str]) -> Option<Written> {
        let (file, id) = self.found(service, path).last()?;
        let document = &self.files[file].2;
        let text = match document.text(id) {
            Some(text) => text.to_owned(),
            None => on_one_line(&copied(document, id)?),
        };
        Some(Written { text, place: Some(self.place_of(file, id)) })
    }

    /// Where the last file that has a key of a service has it.
    pub(super) fn place(&self, service: &ServiceName, path: &[&str]) -> Option<Place> {
        self.found(service, path).last().map(|(file, id)| self.place_of(file, id))
    }

    fn scalar(&self, service: &ServiceName, path: &[&str]) -> Option<Written> {
        let (file, id) = self.found(service, path).last()?;
        let text = self.files[file].2.text(id)?.to_owned();
        Some(Written { text, place: Some(self.place_of(file, id)) })
    }

    /// Each file that has a key of a service: its number and the value.
    fn found<'a>(
        &'a self,
        service: &'a ServiceName,
        path: &'a [&str],
    ) -> impl Iterator<Item = (usize, NodeId)> + 'a {
        let keys: Vec<&str> =
            ["services", service.as_str()].into_iter().chain(path.iter().copied()).collect();
        self.files
            .iter()
            .enumerate()
            .filter_map(move |(file, (_, _, document))| Some((file, document.at(&keys)?)))
    }

    fn place_of(&self, file: usize, id: NodeId) -> Place {
        let (name, text, document) = &self.files[file];
        let span = document.node(id).span();
        let line = LineIndex::new(text).position(span.start).line;
        Place { file: (*name).to_owned(), line, span, overrides: file > 0 }
    }

    /// As the merged list has them: a list marked `!override` drops those of the files before.
    fn ports(&self, service: &ServiceName) -> Vec<Written> {
        let mut ports = Vec::new();
        for (file, list) in self.found(service, &["ports"]) {
            let (_, text, document) = &self.files[file];
            let tag = document.node(list).tag();
            if tag.is_some_and(|tag| matches!(&*tag.text, "!override" | "!reset")) {
                ports.clear();
            }
            let Kind::Sequence(items) = &document.node(document.resolve(list)).kind else { continue };
            ports.extend(items.iter().map(|item| {
                let written =
                    document.text(*item).map_or_else(|| long_port(document, *item, text), str::to_owned);
                Written { text: written, place: Some(self.place_of(file, *item)) }
            }));
        }
        ports
    }

    /// Variables in the order they first appear; the last file that sets one wins.
    fn environment(&self, name: &ServiceName, service: &Service) -> Vec<Variable> {
        let mut variables: Vec<Variable> = Vec::new();
        for (file, id) in self.found(name, &["environment"]) {
            for (name, value, at) in pairs(&self.files[file].2, id) {
                let place = Some(self.place_of(file, at));
                match variables.iter_mut().find(|variable| variable.name == name) {
                    Some(variable) => (variable.value, variable.place) = (value, place),
                    None => variables.push(Variable { name, value, place }),
                }
            }
        }
        for (name, value) in &service.environment {
            if !variables.iter().any(|variable| variable.name == *name) {
                variables.push(Variable { name: name.clone(), value: value.clone(), place: None });
            }
        }
        variables
    }
}

/// `[curl, -f, "a b"]`: what [`Value::typed_in`] reads back as the same.
fn on_one_line(value: &Value) -> String {
    match value {
        Value::Typed(text) | Value::Text(text) => text.clone(),
        Value::Quoted(text) => format!("{text:?}"),
        Value::List(items) => {
            format!("[{}]", items.iter().map(on_one_line).collect::<Vec<_>>().join(", "))
        }
        Value::Map(entries) => {
            let entry = |(key, value): &(String, Value)| format!("{key}: {}", on_one_line(value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        Value::Flow(value) => on_one_line(value),
        Value::Tagged(tag, value) => format!("{tag} {}", on_one_line(value)),
    }
}

fn in_words(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// Name, value and node of each variable, in map or list form.
fn pairs(document: &Document, id: NodeId) -> Vec<(String, Option<String>, NodeId)> {
    match &document.node(document.resolve(id)).kind {
        Kind::Mapping(entries) => entries
            .iter()
            .filter_map(|Entry { key, value }| {
                let text = document.text(*value)?;
                let by_name = document.node(*value).span() == Span::at(document.node(*value).span().start);
                let value = (!by_name).then(|| text.to_owned());
                Some((document.text(*key)?.to_owned(), value, *key))
            })
            .collect(),
        Kind::Sequence(items) => items
            .iter()
            .filter_map(|item| {
                let text = document.text(*item)?;
                let (name, value) = match text.split_once('=') {
                    Some((name, value)) => (name, Some(value.to_owned())),
                    None => (text, None),
                };
                Some((name.to_owned(), value, *item))
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The short form of a port in long form, for the field; its other settings stay in the text.
fn long_port(document: &Document, id: NodeId, text: &str) -> String {
    let field = |key| document.entry(id, key).and_then(|entry| document.text(entry.value));
    let Some(target) = field("target") else { return document.node(id).span().of(text).to_owned() };
    let host = field("host_ip").map(|ip| format!("{ip}:")).unwrap_or_default();
    let published = field("published").map(|port| format!("{port}:")).unwrap_or_default();
    let protocol = field("protocol").map(|protocol| format!("/{protocol}")).unwrap_or_default();
    format!("{host}{published}{target}{protocol}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "services:\n  app:\n    image: app:${TAG:-1}\n    ports: [\"${PORT}:80\", {target: 90, published: 91}]\n    environment:\n      A: one\n      B:\n";
    const PROD: &str = "services:\n  app:\n    environment: [\"A=${A}\", C=3]\n    deploy: {replicas: 2}\n";

    fn sheet() -> Sheet {
        let files = [("compose.yaml", BASE), ("prod.yaml", PROD)];
        let files = ProjectFiles(files.map(|(name, text)| (name.to_owned(), text.to_owned())).into());
        let in_use = ["compose.yaml".to_owned(), "prod.yaml".to_owned()];
        Sources::read(&files, &in_use).sheet(&ServiceName::new("app").unwrap(), &Service::default())
    }

    #[test]
    fn fields_hold_the_files_own_text() {
        let sheet = sheet();
        assert_eq!(sheet.image.unwrap().text, "app:${TAG:-1}");
        let ports: Vec<_> = sheet.ports.into_iter().map(|port| port.text).collect();
        assert_eq!(ports, ["${PORT}:80", "91:90"]);
    }

    #[test]
    fn the_last_file_that_sets_a_variable_wins_and_is_named() {
        let variables: Vec<_> = sheet()
            .environment
            .into_iter()
            .map(|it| (it.name, it.value, it.place.map(|place| (place.file, place.line))))
            .collect();
        let at = |file: &str, line| Some((file.to_owned(), line));
        assert_eq!(
            variables,
            [
                ("A".into(), Some("${A}".into()), at("prod.yaml", 3)),
                ("B".into(), None, at("compose.yaml", 7)),
                ("C".into(), Some("3".into()), at("prod.yaml", 3)),
            ]
        );
    }

    #[test]
    fn replicas_say_where_they_are_set() {
        let replicas = sheet().replicas;
        assert_eq!((replicas.text.as_str(), replicas.place.unwrap().overrides), ("2", true));
    }
}
