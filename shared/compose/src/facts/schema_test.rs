//! The table against the reference's JSON schema: same keys, same types, same required keys, same closed choices.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Key, Meaning, Shape, each};

/// What both sides are reduced to, by path pattern.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    types: BTreeSet<&'static str>,
    required: bool,
}

fn from_table() -> (BTreeMap<String, Entry>, BTreeMap<String, BTreeSet<String>>) {
    let (mut entries, mut choices) = (BTreeMap::new(), BTreeMap::new());
    each(&mut |path, key: &'static Key| {
        entries.insert(path.to_owned(), Entry { types: types_of(&key.shape), required: key.required });
        if let Some(Meaning::Choice(words)) = key.shape.scalar().map(|scalar| scalar.meaning) {
            choices.insert(path.to_owned(), words.iter().map(|word| (*word).to_owned()).collect());
        }
    });
    (entries, choices)
}

fn types_of(shape: &Shape) -> BTreeSet<&'static str> {
    match shape {
        Shape::Any => BTreeSet::new(),
        Shape::List(_) => BTreeSet::from(["array"]),
        Shape::Map { .. } | Shape::Object(_) => BTreeSet::from(["object"]),
        Shape::OneOf(shapes) => shapes.iter().flat_map(types_of).collect(),
        Shape::Scalar(scalar) => [
            (scalar.text, "string"),
            (scalar.number, "number"),
            (scalar.boolean, "boolean"),
            (scalar.null, "null"),
        ]
        .into_iter()
        .filter_map(|(takes, name)| takes.then_some(name))
        .collect(),
    }
}

struct Schema {
    root: Value,
    entries: BTreeMap<String, Entry>,
    choices: BTreeMap<String, BTreeSet<String>>,
}

impl Schema {
    fn read(text: &str) -> Self {
        let root: Value = serde_json::from_str(text).unwrap();
        let mut schema = Self { root: root.clone(), entries: BTreeMap::new(), choices: BTreeMap::new() };
        schema.walk(&root, "");
        schema
    }

    /// The alternatives of a schema node, references followed.
    fn alternatives(&self, node: &Value) -> Vec<Value> {
        if let Some(reference) = node["$ref"].as_str() {
            let target = self.root.pointer(reference.trim_start_matches('#')).unwrap();
            return self.alternatives(target);
        }
        match node["oneOf"].as_array() {
            Some(options) => options.iter().flat_map(|option| self.alternatives(option)).collect(),
            None => vec![node.clone()],
        }
    }

    fn types(&self, node: &Value) -> BTreeSet<&'static str> {
        let one = |name: &str| match name {
            "integer" | "number" => "number",
            "string" => "string",
            "boolean" => "boolean",
            "null" => "null",
            "array" => "array",
            _ => "object",
        };
        self.alternatives(node)
            .iter()
            .flat_map(|alternative| match &alternative["type"] {
                Value::String(name) => vec![one(name)],
                Value::Array(names) => names.iter().filter_map(Value::as_str).map(one).collect(),
                _ => Vec::new(),
            })
            .collect()
    }

    fn walk(&mut self, node: &Value, path: &str) {
        for alternative in self.alternatives(node) {
            self.walk_one(&alternative, path);
        }
    }

    fn walk_one(&mut self, node: &Value, path: &str) {
        let join = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        for (name, value) in node["properties"].as_object().into_iter().flatten() {
            let path = join(name);
            let required =
                node["required"].as_array().is_some_and(|names| names.iter().any(|known| known == name));
            let mut entry = Entry { types: self.types(value), required };
            entry.types.extend(self.entries.get(&path).map(|known| known.types.clone()).unwrap_or_default());
            self.entries.insert(path.clone(), entry);
            for alternative in self.alternatives(value) {
                if let Some(words) = alternative["enum"].as_array() {
                    let words = words.iter().filter_map(Value::as_str).map(str::to_owned).collect();
                    self.choices.insert(path.clone(), words);
                }
            }
            self.walk(value, &path);
        }
        for (pattern, value) in node["patternProperties"].as_object().into_iter().flatten() {
            if pattern != "^x-" {
                self.walk(value, &join("*"));
            }
        }
        if node["items"].is_object() {
            self.walk(&node["items"], &format!("{path}[]"));
        }
    }
}

#[test]
fn the_table_has_the_keys_of_the_reference_schema_and_no_others() {
    let Ok(path) = std::env::var("COMPOSEYARD_SCHEMA") else {
        eprintln!("SKIPPED: COMPOSEYARD_SCHEMA does not name the reference's JSON schema");
        return;
    };
    let schema = Schema::read(&std::fs::read_to_string(path).unwrap());
    let (ours, our_choices) = from_table();
    let theirs = schema.entries;

    let keys = |entries: &BTreeMap<String, Entry>| entries.keys().cloned().collect::<BTreeSet<_>>();
    let missing: Vec<_> = keys(&theirs).difference(&keys(&ours)).cloned().collect();
    let invented: Vec<_> = keys(&ours).difference(&keys(&theirs)).cloned().collect();
    assert!(missing.is_empty() && invented.is_empty(), "missing {missing:#?}, invented {invented:#?}");

    let different: Vec<_> = ours.iter().filter(|(path, entry)| theirs[*path] != **entry).collect();
    let reference: Vec<_> = different.iter().map(|(path, _)| &theirs[*path]).collect();
    assert!(different.is_empty(), "table {different:#?}, reference {reference:#?}");

    for (path, words) in schema.choices {
        assert_eq!(our_choices.get(&path), Some(&words), "{path}");
    }
    assert_eq!(
        ours.keys()
            .filter(|path| path.matches('.').count() == 2)
            .filter(|path| path.starts_with("services.*.") && !path.contains('['))
            .count(),
        93
    );
}
