//! Keys: those of the table that the mapping has not got yet, and names that the user chooses.

use std::collections::HashSet;

use super::super::sketch::{Sketch, Step};
use super::super::symbols::{Kind, expected};
use super::{Completion, Cursor, What};
use crate::facts::{Key, Object, Shape};

/// The keys of a service that most files have, most common first.
const COMMON: [&str; 12] = [
    "image",
    "build",
    "ports",
    "environment",
    "volumes",
    "depends_on",
    "healthcheck",
    "restart",
    "networks",
    "command",
    "env_file",
    "deploy",
];

/// Keys that nobody should begin to use.
const OUTDATED: [&str; 3] = ["version", "links", "external_links"];

impl Cursor<'_, '_> {
    /// The keys that are not there yet: required ones first, then common ones.
    pub(super) fn keys(&self, object: &'static Object) -> Vec<Completion> {
        let present: Vec<&str> =
            self.others().map(|node| self.sketch.name(node).of(self.sketch.text)).collect();
        let is_service = object.name == "service";
        let rank = |key: &Key| {
            let common = COMMON.iter().position(|name| is_service && *name == key.name);
            (!key.required, OUTDATED.contains(&key.name), key.swarm, common.unwrap_or(COMMON.len()))
        };
        let mut keys: Vec<&Key> = object.keys.iter().filter(|key| !present.contains(&key.name)).collect();
        keys.sort_by_key(|key| rank(key));
        keys.into_iter().map(|key| self.key(key)).collect()
    }

    fn key(&self, key: &'static Key) -> Completion {
        let (behind, again) = if self.place.has_colon {
            (String::new(), false)
        } else {
            let (behind, again) = self.behind(key.name, &key.shape);
            (format!(":{behind}"), again)
        };
        let detail = if key.required { "required".to_owned() } else { key.shape.takes() };
        Completion::new(What::Key, key.name, format!("{}{behind}", key.name))
            .detail(detail)
            .doc(key.doc)
            .again(again)
    }

    /// What follows a key's colon, and whether there is something to choose then.
    fn behind(&self, name: &str, shape: &'static Shape) -> (String, bool) {
        if self.place.in_flow {
            return (" ".to_owned(), true);
        }
        let takes_value = shape.scalar().is_some_and(|it| it.text || it.number || it.boolean);
        if takes_value {
            let known = !shape.words().is_empty() || name == "image" || name == "extends";
            return (" ".to_owned(), known || self.names_expected(name));
        }
        let column = self.place.column;
        match shape.mapping() {
            _ if self.writes_list(name, shape) => (self.style.item_below(column), true),
            Some(_) => (self.style.below(column), true),
            None => (" ".to_owned(), false),
        }
    }

    /// True when a key is written as a list: it takes nothing else, the file does so elsewhere, or most people do.
    pub(super) fn writes_list(&self, name: &str, shape: &Shape) -> bool {
        let both = shape.items().is_some() && shape.mapping().is_some();
        if both {
            self.is_list_elsewhere(name).unwrap_or_else(|| prefers_list(shape))
        } else {
            shape.items().is_some()
        }
    }

    fn names_expected(&self, name: &str) -> bool {
        let path: Vec<&str> = self.words.iter().copied().chain([name]).collect();
        expected(&path).is_some()
    }

    /// How other mappings of the file write this key; none when no other has it.
    fn is_list_elsewhere(&self, name: &str) -> Option<bool> {
        let nodes = self.sketch.nodes.iter().enumerate();
        let others =
            nodes.filter(|(index, node)| node.step == Step::Key(name) && Some(*index) != self.place.parent);
        others.into_iter().find_map(|(index, _)| {
            let first = self.sketch.children(Some(index)).next()?;
            Some(matches!(self.sketch.nodes[first].step, Step::Item(_)))
        })
    }

    /// Names that the user chooses: those that are used below and not declared yet, or those declared that may be
    /// used here, each with what belongs below it. Beside a list, only those that say more than the list can.
    pub(super) fn chosen_names(&self, beside_list: bool) -> Vec<Completion> {
        if let [section] = self.words[..] {
            return self.undeclared(section);
        }
        let path: Vec<&str> = self.words.iter().copied().chain(["*"]).collect();
        let Some((kind, _)) = expected(&path) else {
            return if beside_list { Vec::new() } else { self.image_variables(false) };
        };
        if beside_list && kind != Kind::Service {
            return Vec::new();
        }
        let present: Vec<&str> =
            self.others().map(|node| self.sketch.name(node).of(self.sketch.text)).collect();
        let own = self.service().map(|(name, _)| name);
        let names = self.names(kind, true).into_iter();
        let names = names.filter(|name| !present.contains(&name.as_str()) && Some(name.as_str()) != own);
        let (about, checked) = (self.about(kind), self.with_health_check());
        let choice = |name: String| {
            let detail = about.get(name.as_str()).copied().unwrap_or_default();
            let choice = self.chosen(kind, &name, checked.contains(&name)).detail(detail);
            Completion { label: if beside_list { format!("{name}:") } else { name }, ..choice }
        };
        names.map(choice).collect()
    }

    /// Names of a section that the files use and none of them declares.
    fn undeclared(&self, section: &str) -> Vec<Completion> {
        let kinds = [Kind::Service, Kind::Network, Kind::Volume, Kind::Secret, Kind::Config, Kind::Model];
        let Some(kind) = kinds.into_iter().find(|kind| kind.section() == Some(section)) else {
            return Vec::new();
        };
        let below = match kind {
            Kind::Service => format!("{}image: ", self.style.below(self.place.column)),
            Kind::Secret | Kind::Config => format!("{}file: ", self.style.below(self.place.column)),
            _ => String::new(),
        };
        let colon = if self.place.has_colon { String::new() } else { format!(":{below}") };
        let names = self.names(kind, false).into_iter().filter(|name| name != "default");
        names
            .map(|name| {
                Completion::new(What::Name(kind), &name, format!("{name}{colon}"))
                    .detail("used, not declared")
                    .again(!below.is_empty())
            })
            .collect()
    }

    fn chosen(&self, kind: Kind, name: &str, has_check: bool) -> Completion {
        let condition = if has_check { "service_healthy" } else { "service_started" };
        let behind = match (kind, self.place.has_colon, self.place.in_flow) {
            (_, true, _) => String::new(),
            (Kind::Service, _, true) => format!(": {{condition: {condition}}}"),
            (Kind::Service, ..) => format!(":{}condition: {condition}", self.style.below(self.place.column)),
            _ => ":".to_owned(),
        };
        Completion::new(What::Name(kind), name, format!("{name}{behind}"))
    }

    /// The services that say, in any file, how to tell that they work.
    fn with_health_check(&self) -> HashSet<String> {
        let of_file = |(_, sketch): &(&str, Sketch<'_>)| {
            let services = sketch.child(None, "services");
            let all = services.into_iter().flat_map(|services| sketch.children(Some(services)));
            let checked = all.filter(|service| sketch.child(Some(*service), "healthcheck").is_some());
            checked.map(|service| sketch.name(service).of(sketch.text).to_owned()).collect::<Vec<_>>()
        };
        self.assistant.sketches(self.file).iter().flat_map(of_file).collect()
    }
}

/// True when a key with both forms is usually written as a list: names are, pairs are not.
fn prefers_list(both: &Shape) -> bool {
    both.values().is_none_or(|values| values.scalar().is_none_or(|it| !it.text))
}
