//! A YAML document to the value tree: scalars are typed, aliases and merge keys expanded, `!reset` and `!override`
//! noted. Compose specification, 10-fragments and 13-merge.

use std::fmt::Display;

use composeyard_yaml::{Document, Entry, Kind, Node, NodeId, Style};
use foldhash::{HashMap, HashMapExt};

use super::{
    findings::Findings,
    parts::Part,
    path::Path,
    reset::Resets,
    scalar,
    tree::{Data, List, Map, Place, Value},
};

/// Reads a document; none when it is empty.
pub(crate) fn read(document: &Document, file: u32, findings: &mut Findings) -> (Option<Value>, Resets) {
    let mut reader = Reader::new(document, file, findings);
    if reader.refuses_aliases() {
        return (None, reader.resets);
    }
    let value = document.root().and_then(|root| reader.value(root, &Path::Root));
    (value, reader.resets)
}

/// Reads a part of a document.
pub(crate) fn read_part(
    document: &Document,
    part: Part<'_>,
    file: u32,
    findings: &mut Findings,
) -> Option<Value> {
    let mut reader = Reader::new(document, file, findings);
    match part {
        Part::Rest { services } => {
            reader.left_out = Some(services);
            document.root().and_then(|root| reader.value(root, &Path::Root))
        }
        Part::Services { services, entries } => Some(reader.services(services, entries)),
    }
}

/// Values that the aliases of one document may stand for, all together.
const MAX_ALIASED: u64 = 100_000;
/// Levels that an alias may add.
const MAX_ALIASED_DEPTH: u32 = 128;

struct Reader<'a> {
    document: &'a Document,
    file: u32,
    findings: &'a mut Findings,
    resets: Resets,
    /// Nodes built so far, and those of them that stem from aliases.
    visits: u64,
    alias_visits: u64,
    alias_depth: u32,
    exhausted: bool,
    /// The nodes with an anchor, looked for when an alias has no target.
    anchored: Option<Vec<&'a Node>>,
    /// A mapping whose entries are not read.
    left_out: Option<NodeId>,
    /// Below a `!override`, where the reference reads no tags.
    overridden: bool,
}

impl<'a> Reader<'a> {
    fn new(document: &'a Document, file: u32, findings: &'a mut Findings) -> Self {
        Self {
            document,
            file,
            findings,
            resets: Resets::default(),
            visits: 0,
            alias_visits: 0,
            alias_depth: 0,
            exhausted: false,
            anchored: None,
            left_out: None,
            overridden: false,
        }
    }

    /// A model of some services and nothing else.
    fn services(&mut self, services: NodeId, entries: &[Entry]) -> Value {
        let document = self.document;
        let (root, mut section) = (Path::Root, Map::with_capacity(entries.len()));
        for entry in entries {
            let name = document.text(entry.key).unwrap_or_default();
            if let Some(mut value) = self.value(entry.value, &root.key("services").key(name)) {
                value.key = self.place(document.node(entry.key));
                section.push(name, value);
            }
        }
        let place = self.place(document.node(services));
        let mut model = Map::with_capacity(2);
        model.push("services", Value::new(Data::Map(section), place));
        Value::new(Data::Map(model), place)
    }

    const fn place(&self, node: &Node) -> Place {
        Place::new(self.file, node.span())
    }

    /// The value of a node; none when it is reset away.
    fn value(&mut self, id: NodeId, path: &Path<'_>) -> Option<Value> {
        let document = self.document;
        let node = document.node(id);
        let place = self.place(node);
        if !self.may_visit(place, path) {
            return Some(Value::new(Data::Null, place));
        }
        let tag = node.tag().map(|tag| tag.text.as_str()).filter(|_| !self.overridden);
        if let Some("!reset" | "!override") = tag {
            self.resets.add(path);
        }
        match tag {
            Some("!reset") => None,
            Some("!override") => {
                self.overridden = true;
                let value = self.content(id, path);
                self.overridden = false;
                value
            }
            _ => self.content(id, path),
        }
    }

    /// The value of a node whose tag is read.
    fn content(&mut self, id: NodeId, path: &Path<'_>) -> Option<Value> {
        let document = self.document;
        let node = document.node(id);
        let place = self.place(node);
        let data = match &node.kind {
            Kind::Scalar(text) => {
                let data = typed(node, text).unwrap_or_else(|| Data::Text(text.clone()));
                self.hold_against_tag(node, &data, path);
                data
            }
            Kind::Sequence(items) => Data::List(self.items(items, path)),
            Kind::Mapping(_) if self.left_out == Some(id) => Data::Map(Map::default()),
            Kind::Mapping(entries) => Data::Map(self.mapping(entries, path)),
            Kind::Alias(alias) => return self.alias(id, &alias.name, alias.target, path),
        };
        Some(Value::new(data, place))
    }

    /// `!!int x` is no whole number, whatever it is.
    fn hold_against_tag(&mut self, node: &Node, data: &Data, path: &Path<'_>) {
        let Some(tag) = tag_of(node) else { return };
        let fits = match tag {
            "!!int" => matches!(data, Data::Int(_) | Data::Huge(_)),
            "!!float" => matches!(data, Data::Int(_) | Data::Huge(_) | Data::Float(_)),
            "!!bool" => matches!(data, Data::Bool(_)),
            "!!null" => matches!(data, Data::Null),
            _ => true,
        };
        if !fits {
            let message = format!("the value is not what its tag {tag} says");
            self.findings.error("CY013", self.place(node), path, message).help =
                Some("Remove the tag, or correct the value.".to_owned());
        }
    }

    /// Counts what the aliases stand for before any of it is built.
    fn refuses_aliases(&mut self) -> bool {
        let document = self.document;
        let mut aliased = 0_u64;
        let too_much = document.aliases().find(|(_, target)| {
            let weight = document.weight(*target).unwrap_or_default();
            aliased = aliased.saturating_add(weight.nodes);
            aliased > MAX_ALIASED || weight.depth > MAX_ALIASED_DEPTH
        });
        let Some((alias, _)) = too_much else { return false };
        self.excessive_aliases(self.place(document.node(alias)), path_to(document, alias));
        true
    }

    fn excessive_aliases(&mut self, place: Place, path: impl Display) {
        self.findings
            .error("CY005", place, path, "the file repeats its anchors too often: excessive aliasing")
            .help = Some("Aliases of aliases multiply. Write fewer of them.".to_owned());
    }

    /// The reference's guard against alias bombs: the more is built, the smaller the part that aliases may have.
    fn may_visit(&mut self, place: Place, path: &Path<'_>) -> bool {
        self.visits += 1;
        self.alias_visits += u64::from(self.alias_depth > 0);
        if self.exhausted {
            return false;
        }
        let allowed = match self.visits {
            0..=400_000 => 0.99,
            400_001..4_000_000 => 0.99 - 0.89 * (self.visits as f64 - 400_000.0) / 3_600_000.0,
            _ => 0.10,
        };
        let share = self.alias_visits as f64 / self.visits as f64;
        self.exhausted = self.alias_visits > 100 && self.visits > 1000 && share > allowed;
        if self.exhausted {
            self.excessive_aliases(place, path);
        }
        !self.exhausted
    }

    fn items(&mut self, items: &[NodeId], path: &Path<'_>) -> List {
        let mut list = List::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            list.extend(self.value(*item, &path.item(index)));
        }
        list
    }

    fn alias(&mut self, id: NodeId, name: &str, target: Option<NodeId>, path: &Path<'_>) -> Option<Value> {
        let place = self.place(self.document.node(id));
        let Some(target) = target else {
            self.unknown_alias(id, name, place, path);
            return Some(Value::new(Data::Null, place));
        };
        self.alias_depth += 1;
        let value = self.value(target, path);
        self.alias_depth -= 1;
        value
    }

    fn unknown_alias(&mut self, id: NodeId, name: &str, place: Place, path: &Path<'_>) {
        let document = self.document;
        let span = document.node(id).span();
        let named = |node: &&Node| node.anchor().is_some_and(|(anchor, _)| anchor == name);
        let anchored = self.anchored.get_or_insert_with(|| {
            document.nodes().map(|(_, node)| node).filter(|node| node.anchor().is_some()).collect()
        });
        let around = anchored.iter().copied().find(|node| named(node) && node.span().touches(span.start));
        let later = anchored.iter().copied().find(named);
        if let Some(node) = around {
            let anchor = self.place(node);
            let related = self.findings.related(anchor, "the anchor it stands in");
            self.findings
                .error(
                    "CY004",
                    place,
                    path,
                    format!("cycle: *{name} stands inside the value that &{name} names"),
                )
                .related
                .push(related);
            return;
        }
        let message = format!("*{name} refers to an anchor that does not exist before it");
        let related = later.map(|node| self.findings.related(self.place(node), "defined only here"));
        self.findings.error("CY003", place, path, message).related.extend(related);
    }

    fn mapping(&mut self, entries: &[Entry], path: &Path<'_>) -> Map {
        let mut map = Map::with_capacity(entries.len());
        // Where keys stand that are written again, or that the mapping does not hold.
        let mut aside: HashMap<&str, Place> = HashMap::new();
        let mut merged = Vec::new();
        let document = self.document;
        for entry in entries {
            let key_node = document.node(document.resolve(entry.key));
            let place = self.place(document.node(entry.key));
            let Some(key) = self.key(key_node, place, path) else { continue };
            let earlier = aside.get(key).copied().or_else(|| map.get(key).map(|value| value.key));
            if let Some(earlier) = earlier {
                aside.insert(key, earlier);
                self.duplicate_key(key, place, earlier, path);
            }
            if key == "<<" && key_node.style == Style::Plain {
                aside.entry(key).or_insert(place);
                self.merge_sources(entry.value, path, &mut merged);
                continue;
            }
            match self.value(entry.value, &path.key(key)) {
                Some(mut value) => {
                    value.key = place;
                    match earlier {
                        None => map.push(key, value),
                        Some(_) => drop(map.insert(key, value)),
                    }
                }
                None => drop(aside.entry(key).or_insert(place)),
            }
        }
        for source in merged {
            for (key, value) in source {
                if !aside.contains_key(key.as_str()) {
                    map.get_or_insert_with(&key, || value);
                }
            }
        }
        map
    }

    fn duplicate_key(&mut self, key: &str, place: Place, earlier: Place, path: &Path<'_>) {
        let related = self.findings.related(earlier, "first defined here");
        let finding =
            self.findings.error("CY002", place, path.key(key), format!("the key {key:?} is defined twice"));
        let help = match key {
            "<<" => "Merge both in one line: `<<: [*first, *second]`. Of two values the first one's wins.",
            _ => "Keep one of them, or rename one.",
        };
        finding.help = Some(help.to_owned());
        finding.related.push(related);
    }

    fn key<'n>(&mut self, node: &'n Node, place: Place, path: &Path<'_>) -> Option<&'n str> {
        let Kind::Scalar(text) = &node.kind else {
            self.findings.error("CY006", place, path, "a key must be text, not a collection");
            return None;
        };
        if typed(node, text).is_none() {
            return Some(text);
        }
        self.findings.error("CY006", place, path.key(text), format!("the key {text} must be text")).help =
            Some(format!("Put it in quotes: \"{text}\"."));
        None
    }

    /// The mappings below a `<<`, the one that wins first.
    fn merge_sources(&mut self, id: NodeId, path: &Path<'_>, sources: &mut Vec<Map>) {
        let document = self.document;
        let place = self.place(document.node(id));
        match &document.node(document.resolve(id)).kind {
            Kind::Sequence(items) => {
                for item in items {
                    self.merge_source(*item, path, sources);
                }
            }
            Kind::Alias(_) => {
                self.value(id, path);
            }
            Kind::Mapping(_) => self.merge_source(id, path, sources),
            Kind::Scalar(_) => self.not_mergeable(place, path),
        }
    }

    fn merge_source(&mut self, id: NodeId, path: &Path<'_>, sources: &mut Vec<Map>) {
        let place = self.place(self.document.node(id));
        match self.value(id, path).map(|value| value.data) {
            Some(Data::Map(map)) => sources.push(map),
            None => {}
            Some(_) => self.not_mergeable(place, path),
        }
    }

    fn not_mergeable(&mut self, place: Place, path: &Path<'_>) {
        self.findings.error(
            "CY007",
            place,
            path,
            "\"<<\" needs a mapping, an alias of one, or a list of those",
        );
    }
}

/// The key path of a node, found from the root: for a finding that is made before the tree is walked.
fn path_to(document: &Document, wanted: NodeId) -> String {
    let Some(mut at) = document.root() else { return String::new() };
    let span = document.node(wanted).span();
    let holds = |id: NodeId| {
        let around = document.node(id).span();
        around.start <= span.start && span.end <= around.end
    };
    let mut path = String::new();
    loop {
        let below = match &document.node(at).kind {
            Kind::Mapping(entries) => entries.iter().find(|entry| holds(entry.value)).map(|entry| {
                let dot = if path.is_empty() { "" } else { "." };
                (entry.value, format!("{dot}{}", document.text(entry.key).unwrap_or_default()))
            }),
            Kind::Sequence(items) => {
                items.iter().position(|item| holds(*item)).map(|index| (items[index], format!("[{index}]")))
            }
            Kind::Scalar(_) | Kind::Alias(_) => None,
        };
        let Some((child, step)) = below else { return path };
        path += &step;
        at = child;
    }
}

/// True for a scalar that stands for itself.
pub(super) fn is_text(node: &Node, text: &str) -> bool {
    typed(node, text).is_none()
}

/// The tag of a node, the long form of YAML's own ones as their short one. One without a name says nothing: the YAML
/// specification has it make text, the reference's reader looks over it.
fn tag_of(node: &Node) -> Option<&str> {
    let tag = node.tag()?.text.as_str();
    let long = tag.strip_prefix("!<tag:yaml.org,2002:").and_then(|name| name.strip_suffix('>'));
    match long {
        Some("int") => Some("!!int"),
        Some("float") => Some("!!float"),
        Some("bool") => Some("!!bool"),
        Some("null") => Some("!!null"),
        _ => Some(tag).filter(|tag| *tag != "!"),
    }
}

/// What a scalar stands for; none for text.
fn typed(node: &Node, text: &str) -> Option<Data> {
    match tag_of(node) {
        Some("!!int" | "!!float" | "!!bool" | "!!null") => scalar::typed(text),
        // To the reference's YAML reader a scalar of a tag that it does not know is text.
        Some(_) => None,
        None if node.style == Style::Plain => scalar::typed(text),
        None => None,
    }
}
