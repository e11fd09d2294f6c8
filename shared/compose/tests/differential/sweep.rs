//! Odd values at every place of the reference's JSON schema, one at a time.

use serde_json::Value;

use super::{
    tree::{Node, map, raw},
    write::{Case, Content},
};

/// Values that most places do not expect.
const ODD: [&str; 27] = [
    "null",
    "\"\"",
    "x",
    "\"5\"",
    "5",
    "0",
    "-1",
    "1.5",
    "1e3",
    "99999999999999999999",
    "true",
    "\"true\"",
    "2s",
    "3k",
    "a=b",
    "a:b",
    "/b",
    "[]",
    "{}",
    "[b]",
    "[5]",
    "[null]",
    "[\"\"]",
    "[{}]",
    "{b: x}",
    "{b: null}",
    "{b: 5}",
];

/// The name of everything that a user names, but for the service that is looked at.
const NAME: &str = "b";

/// A step from a value into it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    /// Any key of a mapping whose keys the user chooses.
    Name,
    Item,
}

/// The way to a place of the schema, from the root down.
type Place = Vec<Step>;

/// One project for each place and odd value, in the order of the schema.
pub fn cases(schema: &Value) -> Vec<Case> {
    let mut places = Vec::new();
    Schema(schema).collect(schema, &mut Vec::new(), &mut places);
    places.iter().flat_map(|place| ODD.iter().map(|odd| case(place, odd))).collect()
}

struct Schema<'a>(&'a Value);

impl<'a> Schema<'a> {
    /// The places below a node of the schema; a place that several alternatives have is there once.
    fn collect(&self, node: &'a Value, at: &mut Place, places: &mut Vec<Place>) {
        if let Some(reference) = node["$ref"].as_str() {
            let target = self.0.pointer(reference.trim_start_matches('#')).unwrap();
            return self.collect(target, at, places);
        }
        for option in ["oneOf", "anyOf"].iter().flat_map(|word| node[word].as_array()).flatten() {
            self.collect(option, at, places);
        }
        for (key, value) in node["properties"].as_object().into_iter().flatten() {
            self.step(Step::Key(key.clone()), value, at, places);
        }
        for (_, value) in
            node["patternProperties"].as_object().into_iter().flatten().filter(|(name, _)| *name != "^x-")
        {
            self.step(Step::Name, value, at, places);
        }
        if node["items"].is_object() {
            self.step(Step::Item, &node["items"], at, places);
        }
    }

    fn step(&self, step: Step, node: &'a Value, at: &mut Place, places: &mut Vec<Place>) {
        at.push(step);
        if !places.contains(at) {
            places.push(at.clone());
        }
        self.collect(node, at, places);
        at.pop();
    }
}

/// A project that is valid but for the value at one place, as far as the value is odd there.
fn case(place: &Place, odd: &str) -> Case {
    let named = || map([(NAME, map([]))]);
    let file = || map([(NAME, map([("file", raw("./b"))]))]);
    let mut root = map([
        ("services", map([("a", map([("image", raw("a"))])), (NAME, map([("image", raw("a"))]))])),
        ("networks", named()),
        ("volumes", named()),
        ("secrets", file()),
        ("configs", file()),
        ("models", map([(NAME, map([("model", raw("a"))]))])),
    ]);
    put(&mut root, &[], place, odd);
    let text = |text: &str| Content::Text(text.to_owned());
    let files = [
        ("compose.yaml", Content::Yaml(root)),
        ("b", text("B=1\n")),
        ("inc.yaml", text("services: {c: {image: a}}\n")),
    ];
    Case {
        files: files.map(|(path, content)| (path.to_owned(), content)).into(),
        compose: vec!["compose.yaml".to_owned()],
        profiles: Vec::new(),
    }
}

/// Puts the value behind the steps, with what the mappings on the way need beside it.
fn put(node: &mut Node, above: &[Step], rest: &[Step], odd: &str) {
    let Some((step, rest)) = rest.split_first() else {
        *node = raw(odd);
        return;
    };
    let mut at = above.to_vec();
    at.push(step.clone());
    let below = match step {
        Step::Item => {
            *node = Node::List(vec![raw("null")]);
            let Node::List(items) = node else { return };
            &mut items[0]
        }
        Step::Key(_) | Step::Name => {
            let key = match step {
                Step::Key(key) => key.as_str(),
                _ if above == [Step::Key("services".to_owned())] => "a",
                _ => NAME,
            };
            if !matches!(node, Node::Map(_)) {
                *node = map([]);
            }
            for (sibling, value) in needed(above, key) {
                entry(node, sibling, value);
            }
            entry(node, key, "null")
        }
    };
    put(below, &at, rest, odd);
}

/// The entry of a mapping, made when it lacks.
fn entry<'a>(node: &'a mut Node, key: &str, value: &str) -> &'a mut Node {
    let Node::Map(entries) = node else { return node };
    let at = entries.iter().position(|(known, _)| known == key).unwrap_or_else(|| {
        entries.push((key.to_owned(), raw(value)));
        entries.len() - 1
    });
    &mut entries[at].1
}

/// What a mapping needs to be valid besides the key that is looked at.
fn needed(above: &[Step], key: &str) -> Vec<(&'static str, &'static str)> {
    let names: Vec<&str> = above
        .iter()
        .map(|step| match step {
            Step::Key(key) => key.as_str(),
            Step::Name => "*",
            Step::Item => "[]",
        })
        .collect();
    let all: &[(&str, &str)] = match names[..] {
        [.., "build"] => &[("context", ".")],
        [.., "ports", "[]"] => &[("target", "80")],
        ["services", "*", "volumes", "[]"] => &[("type", "volume"), ("target", "/b")],
        [.., "watch", "[]"] => &[("path", "./b"), ("action", "rebuild")],
        [.., "depends_on", "*"] => &[("condition", "service_started")],
        [.., "extends"] => &[("service", NAME)],
        [.., "gpus" | "devices", "[]"] if names.contains(&"reservations") || names.contains(&"gpus") => {
            &[("capabilities", "[gpu]")]
        }
        [.., "devices", "[]"] => &[("source", "/b")],
        [.., "weight_device", "[]"] => &[("path", "/b"), ("weight", "5")],
        [.., "blkio_config", _, "[]"] => &[("path", "/b"), ("rate", "5")],
        [.., "provider"] => &[("type", "b")],
        [.., "post_start" | "pre_stop" | "pre_start", "[]"] => &[("command", "b")],
        [.., "ulimits", "*"] => &[("soft", "5"), ("hard", "5")],
        [.., "env_file", "[]"] => &[("path", "./b")],
        [.., "secrets" | "configs", "[]"] => &[("source", NAME)],
        [.., "include", "[]"] => &[("path", "./inc.yaml")],
        _ => &[],
    };
    all.iter().copied().filter(|(sibling, _)| *sibling != key).collect()
}
