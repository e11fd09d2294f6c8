//! Every place that speaks of a service, network, volume, secret, config or model: what a rename changes, and what find
//! references shows.
//!
//! | module | what it does |
//! |---|---|
//! | `reference` | keys of the language that hold names |
//! | `address` | hosts in URLs, variables and commands |

mod address;
mod reference;

use std::collections::HashSet;

use composeyard_yaml::{
    Document, NodeId, Span,
    edit::{Path, locate, written_paths},
    tree::Kind,
};
use serde::{Deserialize, Serialize};

pub(super) use reference::extends;

use super::{
    desk::{Desk, Role},
    walk::{entries, field, items, services},
};
use crate::{ProjectFiles, ServiceName, graph::NodeKey};
use reference::Spot;

/// A named thing of the project that services refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// `networks`
    Network,
    /// `volumes`
    Volume,
    /// `secrets`
    Secret,
    /// `configs`
    Config,
    /// `models`
    Model,
}

impl Resource {
    /// All of them, in the order of the specification.
    pub const ALL: [Self; 5] = [Self::Network, Self::Volume, Self::Secret, Self::Config, Self::Model];

    /// The key of the top-level section, and of the list of a service that names them.
    pub const fn section(self) -> &'static str {
        match self {
            Self::Network => "networks",
            Self::Volume => "volumes",
            Self::Secret => "secrets",
            Self::Config => "configs",
            Self::Model => "models",
        }
    }

    /// The resource that a top-level section declares.
    pub fn of_section(section: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|resource| resource.section() == section)
    }

    /// What one calls it, without an article.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Volume => "volume",
            Self::Secret => "secret",
            Self::Config => "config",
            Self::Model => "model",
        }
    }
}

/// What is spoken of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A service.
    Service(ServiceName),
    /// Anything else that has a name.
    Resource(Resource, String),
}

impl Subject {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Service(name) => name.as_str(),
            Self::Resource(_, name) => name,
        }
    }

    /// The top-level section that defines it.
    pub const fn section(&self) -> &'static str {
        match self {
            Self::Service(_) => "services",
            Self::Resource(resource, _) => resource.section(),
        }
    }
}

impl From<&NodeKey> for Subject {
    fn from(key: &NodeKey) -> Self {
        let (resource, name) = match key {
            NodeKey::Service(name) => return Self::Service(name.clone()),
            NodeKey::Network(name) => (Resource::Network, name),
            NodeKey::Volume(name) => (Resource::Volume, name),
            NodeKey::Secret(name) => (Resource::Secret, name),
            NodeKey::Config(name) => (Resource::Config, name),
        };
        Self::Resource(resource, name.clone())
    }
}

/// How a place speaks of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Manner {
    /// The key that defines it.
    Definition,
    /// A key or value that the language reads as its name.
    Reference,
    /// `extends`: without it the service that extends cannot be built.
    Extends,
    /// A host or path inside a value that can mean nothing else. A rename follows it.
    Address,
    /// The same word where it may mean something else. A rename leaves it alone.
    Maybe,
}

/// Larger files are no configuration.
const MAX_SEARCHED: usize = 200_000;

/// One place that speaks of something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// The file.
    pub file: String,
    /// The bytes of the name; of the whole value when escapes hide it.
    pub span: Span,
    /// The key path; empty in files that are not YAML.
    pub path: String,
    /// How.
    pub manner: Manner,
}

/// Every mention, in the order of the files and, within them, of the text. `compose_files` as for
/// [`super::plan`]; included files and those that `extends` names are read too.
///
/// # Errors
/// When a file is missing or is no YAML.
pub fn mentions(
    files: &ProjectFiles,
    compose_files: &[String],
    subject: &Subject,
) -> Result<Vec<Mention>, super::Refusal> {
    let desk = Desk::open(files, compose_files)?;
    let found = desk.find(subject).into_iter().map(|found| found.mention);
    Ok(found.chain(elsewhere(files, &desk, subject)).collect())
}

/// Addresses in files that are no compose files: an `nginx.conf`, an `.env`. A rename leaves them alone.
pub(super) fn elsewhere(files: &ProjectFiles, desk: &Desk, subject: &Subject) -> Vec<Mention> {
    let Subject::Service(service) = subject else { return Vec::new() };
    let name = service.as_str();
    let others = files.0.iter().filter(|(file, text)| !desk.has(file) && text.len() <= MAX_SEARCHED);
    let in_file = |(file, text): (&String, &String)| {
        let with_port = |at: usize| {
            let port = text[at + name.len()..].strip_prefix(':');
            port.is_some_and(|port| port.starts_with(|c: char| c.is_ascii_digit()))
        };
        let hits = address::hits(text, "", name).into_iter().filter(|hit| hit.certain || with_port(hit.at));
        let mention = |hit: address::Hit| Mention {
            file: file.clone(),
            span: Span::new(hit.at, hit.at + name.len()),
            path: String::new(),
            manner: Manner::Maybe,
        };
        hits.map(mention).collect::<Vec<_>>()
    };
    others.flat_map(in_file).collect()
}

/// A mention as the editor needs it.
pub(super) struct Found {
    pub(super) file: usize,
    /// Where the node is written.
    pub(super) path: Path,
    /// The key itself, or the byte of the value's text at which the name starts.
    pub(super) at: Option<usize>,
    pub(super) manner: Manner,
    pub(super) mention: Mention,
}

impl Desk {
    /// All mentions in all files, each once.
    pub(super) fn find(&self, subject: &Subject) -> Vec<Found> {
        (0..self.all_files()).flat_map(|file| self.find_in(file, subject)).collect()
    }

    fn find_in(&self, file: usize, subject: &Subject) -> Vec<Found> {
        let document = self.document(file);
        let paths = written_paths(document);
        let mut seen = HashSet::new();
        let mut found: Vec<Found> = self
            .spots(file, subject)
            .into_iter()
            .filter(|(spot, _)| {
                seen.insert(match spot {
                    Spot::Key(node) => (*node, None),
                    Spot::Text(node, at) => (*node, Some(*at)),
                })
            })
            .filter_map(|(spot, manner)| {
                let (node, at) = match spot {
                    Spot::Key(node) => (node, None),
                    Spot::Text(node, at) => (node, Some(at)),
                };
                let path = paths.get(&node)?.clone();
                let inner = at.and_then(|at| locate(self.text(file), document, node, subject.name(), at));
                let span = inner.unwrap_or(document.node(node).span());
                let mention =
                    Mention { file: self.name(file).to_owned(), span, path: path.to_string(), manner };
                Some(Found { file, path, at, manner, mention })
            })
            .collect();
        found.sort_by_key(|found| found.mention.span);
        found
    }

    fn spots(&self, file: usize, subject: &Subject) -> Vec<(Spot, Manner)> {
        let document = self.document(file);
        let name = subject.name();
        let mut found = Vec::new();
        if self.role(file) != Role::Template {
            let definition = reference::definition(document, subject.section(), name);
            found.extend(definition.map(|spot| (spot, Manner::Definition)));
        }
        for (service, node) in services(document) {
            if self.role(file) == Role::Template && !self.is_template(file, service) {
                continue;
            }
            let spots = match subject {
                Subject::Service(_) => reference::of_service(document, node, name),
                Subject::Resource(resource, _) => reference::of_resource(document, node, *resource, name),
            };
            found.extend(spots.into_iter().map(|spot| (spot, Manner::Reference)));
            found.extend(of_values(document, node, subject));
        }
        if let Subject::Service(service) = subject {
            let extending = reference::extending(document, name, |written| {
                self.defines(self.extended_file(file, written), service)
            });
            found.extend(extending.into_iter().map(|(_, spot)| (spot, Manner::Extends)));
        }
        found
    }
}

/// Keys of a service whose values may hold addresses.
const SPEAKING: [&str; 8] =
    ["environment", "command", "entrypoint", "healthcheck", "build", "labels", "post_start", "pre_stop"];

/// Names inside values.
fn of_values(document: &Document, service: NodeId, subject: &Subject) -> Vec<(Spot, Manner)> {
    let mut found = Vec::new();
    let judge = |text: &str, variable: &str| match subject {
        Subject::Service(name) => address::hits(text, variable, name.as_str()),
        Subject::Resource(Resource::Secret, name) => address::secret_paths(text, name),
        Subject::Resource(..) => Vec::new(),
    };
    let mut visit = |scalar: NodeId, key: &str| {
        let Some(text) = document.text(scalar) else { return };
        // `NAME=value` is the short form of an entry.
        let (variable, offset) = match text.split_once('=') {
            Some((name, _)) if key.is_empty() && !name.contains(char::is_whitespace) => {
                (name, name.len() + 1)
            }
            _ => (key, 0),
        };
        for hit in judge(&text[offset..], variable) {
            let manner = if hit.certain { Manner::Address } else { Manner::Maybe };
            found.push((Spot::Text(scalar, hit.at + offset), manner));
        }
    };
    for key in SPEAKING {
        let value = if key == "build" {
            field(document, service, key).and_then(|build| field(document, build, "args"))
        } else {
            field(document, service, key)
        };
        if let Some(value) = value {
            scalars(document, value, "", &mut visit);
        }
    }
    found
}

/// Calls `visit` with every scalar below a node and the key it is the value of, empty for items.
fn scalars(document: &Document, node: NodeId, key: &str, visit: &mut impl FnMut(NodeId, &str)) {
    let node = document.resolve(node);
    match &document.node(node).kind {
        Kind::Scalar(_) => visit(node, key),
        Kind::Sequence(_) => {
            items(document, node).into_iter().for_each(|item| scalars(document, item, "", visit));
        }
        Kind::Mapping(_) => {
            for entry in entries(document, node) {
                scalars(document, entry.value, document.text(entry.key).unwrap_or_default(), visit);
            }
        }
        Kind::Alias(_) => {}
    }
}
