//! Laws of editing, on generated files in every style: the result means what was asked for, to another YAML reader
//! too; nothing else changes; it can be undone; nothing panics.
#![expect(clippy::unwrap_used, reason = "a test says where it fails")]

use composeyard_yaml::{
    Span, TextEdit,
    edit::{Change, Draft, EditError, Path, Step, Value, apply},
};
use proptest::prelude::*;

/// Texts that are easy to write wrongly.
const SCALARS: [&str; 24] = [
    "",
    "a",
    "80:80",
    "yes",
    "012",
    "x: y",
    "no # comment",
    "it's",
    "\"q\"",
    "emoji 🐳",
    "a, b",
    "[x",
    "*a",
    "&b",
    "- d",
    "tab\there",
    "two\nlines",
    "null",
    "1.5",
    "ends:",
    " lead",
    "{x}",
    "back\\slash",
    "--flag",
];
const KEYS: [&str; 8] = ["a", "b", "c", "x-y", "with space", "ü", "yes", "80"];

/// A tree as it is meant.
#[derive(Clone, Debug, PartialEq)]
enum Tree {
    Text(String),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

fn tree() -> impl Strategy<Value = Tree> {
    let text = prop::sample::select(SCALARS.to_vec()).prop_map(|text| Tree::Text(text.to_owned()));
    let below = text.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![prop::collection::vec(inner.clone(), 1..4).prop_map(Tree::List), map(inner)]
    });
    map(below)
}

fn map(inner: impl Strategy<Value = Tree>) -> impl Strategy<Value = Tree> {
    let keys = prop::sample::subsequence(KEYS.to_vec(), 1..4);
    (keys, prop::collection::vec(inner, 4))
        .prop_map(|(keys, values)| Tree::Map(keys.into_iter().map(str::to_owned).zip(values).collect()))
}

/// Writes a tree in a style that `choices` picks, line by line.
struct Printer {
    choices: Vec<u8>,
    at: usize,
    newline: &'static str,
    step: usize,
    out: String,
}

impl Printer {
    fn print(tree: &Tree, choices: Vec<u8>) -> String {
        let mut printer = Self { choices, at: 0, newline: "\n", step: 2, out: String::new() };
        if printer.choose(4) == 0 {
            printer.newline = "\r\n";
        }
        if printer.choose(8) == 0 {
            printer.out.push('\u{feff}');
        }
        if printer.choose(3) == 0 {
            printer.step = 4;
        }
        printer.block(tree, 0);
        if printer.choose(4) == 0 {
            let end = printer.out.trim_end_matches(['\r', '\n']).len();
            printer.out.truncate(end);
        }
        printer.out
    }

    fn choose(&mut self, of: u8) -> u8 {
        self.at += 1;
        self.choices[self.at % self.choices.len()] % of
    }

    fn line(&mut self, indent: usize, text: &str) {
        self.out += &format!("{:indent$}{text}", "");
    }

    fn end_line(&mut self) {
        if self.choose(5) == 0 {
            self.out += " # behind 🐳";
        }
        self.out += self.newline;
    }

    fn before_entry(&mut self, indent: usize) {
        if self.choose(6) == 0 {
            self.out += self.newline;
        }
        if self.choose(6) == 0 {
            self.line(indent, "# above");
            self.out += self.newline;
        }
    }

    fn block(&mut self, tree: &Tree, indent: usize) {
        match tree {
            Tree::Text(_) => unreachable!("scalars are written inline"),
            Tree::Map(entries) => {
                for (key, value) in entries {
                    self.before_entry(indent);
                    let key = self.scalar(key);
                    self.line(indent, &format!("{key}:"));
                    self.value(value, indent);
                }
            }
            Tree::List(items) => {
                for item in items {
                    self.before_entry(indent);
                    self.line(indent, "-");
                    self.item(item, indent);
                }
            }
        }
    }

    fn value(&mut self, value: &Tree, indent: usize) {
        match value {
            Tree::Text(text) if text == "two\nlines" && self.choose(2) == 0 => {
                let (newline, inner) = (self.newline, indent + self.step);
                self.out += &format!(" |-{newline}{:inner$}two{newline}{:inner$}lines{newline}", "", "");
            }
            Tree::Text(text) => self.inline(text),
            _ if self.choose(4) == 0 => self.inline_flow(value),
            Tree::List(_) => {
                self.end_line();
                let step = if self.choose(3) == 0 { 0 } else { self.step };
                self.block(value, indent + step);
            }
            Tree::Map(_) => {
                self.end_line();
                self.block(value, indent + self.step);
            }
        }
    }

    fn item(&mut self, item: &Tree, indent: usize) {
        match item {
            Tree::Text(text) => self.inline(text),
            // A mapping that starts on the line of its dash.
            Tree::Map(entries) if self.choose(2) == 0 => {
                let (first, rest) = entries.split_first().unwrap();
                let key = self.scalar(&first.0);
                self.out += &format!(" {key}:");
                self.value(&first.1, indent + 2);
                if !rest.is_empty() {
                    self.block(&Tree::Map(rest.to_vec()), indent + 2);
                }
            }
            _ => self.inline_flow(item),
        }
    }

    fn inline(&mut self, text: &str) {
        let scalar = self.scalar(text);
        self.out += &format!(" {scalar}");
        self.end_line();
    }

    fn inline_flow(&mut self, tree: &Tree) {
        let text = self.flow(tree);
        self.out += &format!(" {text}");
        self.end_line();
    }

    fn flow(&mut self, tree: &Tree) -> String {
        let padding = if self.choose(2) == 0 { " " } else { "" };
        match tree {
            Tree::Text(text) => self.scalar(text),
            Tree::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.flow(item)).collect();
                format!("[{padding}{}{padding}]", items.join(", "))
            }
            Tree::Map(entries) => {
                let entry =
                    |(key, value): &(String, Tree)| format!("{}: {}", self.scalar(key), self.flow(value));
                let entries: Vec<String> = entries.iter().map(entry).collect();
                format!("{{{padding}{}{padding}}}", entries.join(", "))
            }
        }
    }

    fn scalar(&mut self, text: &str) -> String {
        let plain = text.starts_with(|c: char| c.is_ascii_lowercase() && c != 'y' && c != 'n')
            && text.chars().all(|c| c.is_alphanumeric() || c == '-');
        match self.choose(3) {
            0 if plain => text.to_owned(),
            1 if !text.contains(['\n', '\t']) => format!("'{}'", text.replace('\'', "''")),
            _ => format!("{text:?}").replace("\\'", "'"),
        }
    }
}

/// Every place of a tree.
fn places(tree: &Tree, at: &Path, found: &mut Vec<(Path, Tree)>) {
    found.push((at.clone(), tree.clone()));
    match tree {
        Tree::Text(_) => {}
        Tree::List(items) => {
            items.iter().enumerate().for_each(|(index, item)| places(item, &at.item(index), found));
        }
        Tree::Map(entries) => entries.iter().for_each(|(key, value)| places(value, &at.key(key), found)),
    }
}

/// A change that fits the place, or none.
fn change_at(kind: u8, path: &Path, tree: &Tree, text: &str) -> Option<Change> {
    let path = path.clone();
    let value = Value::text(text);
    match (kind, tree) {
        (0, Tree::Text(_)) => Some(Change::Put { path, value }),
        (1, Tree::Map(_)) => Some(Change::Put { path: path.key("new key"), value }),
        (2, Tree::Map(_)) => Some(Change::Put { path: path.key("new").key("below"), value }),
        (3, Tree::Map(entries)) if entries.iter().all(|(key, _)| key != "new list") => {
            Some(Change::Push { path: path.key("new list"), value: Value::Quoted(text.to_owned()) })
        }
        (4, Tree::List(_)) => Some(Change::Push { path, value }),
        (5, Tree::List(_)) => Some(Change::Push {
            path,
            value: Value::Map(vec![("k".to_owned(), value), ("l".to_owned(), Value::text("m"))]),
        }),
        (6, _) if !path.0.is_empty() => Some(Change::Remove { path, keep: 1 }),
        (7, _) if matches!(path.0.last(), Some(Step::Key(_))) => {
            Some(Change::Rename { key: format!("{path}!"), path })
        }
        (8, Tree::List(items))
            if items.iter().all(|item| matches!(item, Tree::Text(_))) && !path.0.is_empty() =>
        {
            let entry = |index| (format!("k{index}"), Value::Map(vec![("v".to_owned(), Value::text(text))]));
            Some(Change::Retype { path, entries: (0..items.len()).map(entry).collect() })
        }
        (9, Tree::Text(scalar)) => Some(Change::Splice {
            path,
            old: "a".to_owned(),
            at: scalar.match_indices('a').map(|(at, _)| at).collect(),
            new: "ab".to_owned(),
        }),
        (10, Tree::List(items)) if !items.is_empty() => {
            let (from, to) = (text.len() % items.len(), text.len() / 3 % items.len());
            Some(Change::Move { path, from, to })
        }
        (11, Tree::Text(_)) => Some(Change::Override { path, value }),
        _ => None,
    }
}

fn plain(value: &Value) -> Tree {
    match value {
        Value::Typed(text) | Value::Text(text) | Value::Quoted(text) => Tree::Text(text.clone()),
        Value::Flow(value) | Value::Tagged(_, value) => plain(value),
        Value::List(items) => Tree::List(items.iter().map(plain).collect()),
        Value::Map(entries) => {
            Tree::Map(entries.iter().map(|(key, value)| (key.clone(), plain(value))).collect())
        }
    }
}

fn at<'t>(tree: &'t mut Tree, steps: &[Step]) -> Option<&'t mut Tree> {
    steps.iter().try_fold(tree, |tree, step| match (tree, step) {
        (Tree::Map(entries), Step::Key(key)) => {
            entries.iter_mut().find(|(name, _)| name == key).map(|(_, value)| value)
        }
        (Tree::List(items), Step::Index(index)) => items.get_mut(*index),
        _ => None,
    })
}

/// The change by its definition, on the tree.
fn meant(mut tree: Tree, change: &Change) -> Tree {
    let steps = &change.path().0;
    match change {
        Change::Move { from, to, .. } => {
            let Some(Tree::List(items)) = at(&mut tree, steps) else { unreachable!() };
            let item = items.remove(*from);
            items.insert(*to, item);
        }
        Change::Put { value, .. } | Change::Override { value, .. } => {
            for depth in 0..steps.len() {
                if at(&mut tree, &steps[..=depth]).is_none()
                    && let (Some(Tree::Map(entries)), Step::Key(key)) =
                        (at(&mut tree, &steps[..depth]), &steps[depth])
                {
                    entries.push((key.clone(), Tree::Map(Vec::new())));
                }
            }
            *at(&mut tree, steps).unwrap() = plain(value);
        }
        Change::Push { value, path } => {
            if at(&mut tree, steps).is_none() {
                let list = Value::List(vec![value.clone()]);
                return meant(tree, &Change::Put { path: path.clone(), value: list });
            }
            let Some(Tree::List(items)) = at(&mut tree, steps) else { unreachable!() };
            items.push(plain(value));
        }
        Change::Remove { keep, .. } => {
            for depth in (1..=steps.len()).rev() {
                let parent = at(&mut tree, &steps[..depth - 1]).unwrap();
                let left = match (parent, &steps[depth - 1]) {
                    (Tree::Map(entries), Step::Key(key)) => {
                        entries.retain(|(name, _)| name != key);
                        entries.len()
                    }
                    (Tree::List(items), Step::Index(index)) => {
                        items.remove(*index);
                        items.len()
                    }
                    _ => unreachable!(),
                };
                if left > 0 || depth - 1 <= *keep {
                    break;
                }
            }
        }
        Change::Rename { key, .. } => {
            let (Some(Step::Key(old)), above) = (steps.last(), &steps[..steps.len() - 1]) else {
                unreachable!()
            };
            let Some(Tree::Map(entries)) = at(&mut tree, above) else { unreachable!() };
            entries.iter_mut().find(|(name, _)| name == old).unwrap().0 = key.clone();
        }
        Change::Splice { old, new, .. } => {
            let Some(Tree::Text(text)) = at(&mut tree, steps) else { unreachable!() };
            *text = text.replace(old, new);
        }
        Change::Retype { entries, .. } => {
            *at(&mut tree, steps).unwrap() = plain(&Value::Map(entries.clone()));
        }
    }
    tree
}

fn oracle(tree: &Tree) -> serde_yaml::Value {
    match tree {
        Tree::Text(text) => serde_yaml::Value::String(text.clone()),
        Tree::List(items) => serde_yaml::Value::Sequence(items.iter().map(oracle).collect()),
        Tree::Map(entries) => serde_yaml::Value::Mapping(
            entries
                .iter()
                .map(|(key, value)| (serde_yaml::Value::String(key.clone()), oracle(value)))
                .collect(),
        ),
    }
}

fn read(text: &str) -> serde_yaml::Value {
    serde_yaml::from_str(text.trim_start_matches('\u{feff}')).unwrap()
}

/// What turns the result back.
fn inverse(source: &str, edits: &[TextEdit]) -> Vec<TextEdit> {
    let mut shift = 0_isize;
    let back = |edit: &TextEdit| {
        let start = edit.span.start.wrapping_add_signed(shift);
        shift += edit.text.len() as isize - (edit.span.end - edit.span.start) as isize;
        TextEdit { span: Span::new(start, start + edit.text.len()), text: edit.span.of(source).to_owned() }
    };
    edits.iter().map(back).collect()
}

prop_compose! {
    fn case()(tree in tree(), choices in prop::collection::vec(any::<u8>(), 1..60)) -> (Tree, String) {
        let text = Printer::print(&tree, choices);
        (tree, text)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_change_means_what_was_asked_for(
        (tree, source) in case(),
        picks in prop::collection::vec((any::<prop::sample::Index>(), 0..12_u8, prop::sample::select(SCALARS.to_vec())), 1..4),
    ) {
        prop_assert_eq!(read(&source), oracle(&tree), "the printer is wrong: {}", source);
        let mut draft = Draft::new(source.clone()).unwrap();
        let mut expected = tree;
        for (pick, kind, text) in picks {
            let mut found = Vec::new();
            places(&expected, &Path::default(), &mut found);
            let (path, place) = pick.get(&found);
            let Some(change) = change_at(kind, path, place, text) else { continue };
            let before = draft.clone();
            match draft.change(&change) {
                Ok(()) => expected = meant(expected, &change),
                Err(EditError::HoldsComments(_)) => prop_assert_eq!(draft.text(), before.text()),
                Err(error) => prop_assert!(false, "{change:?}\n{}\n{error}", before.text()),
            }
            prop_assert_eq!(read(draft.text()), oracle(&expected), "{}\n---\n{}", before.text(), draft.text());
        }
        let after = apply(&source, draft.edits());
        prop_assert_eq!(after.as_deref(), Some(draft.text()));
        let undone = apply(draft.text(), &inverse(&source, draft.edits()));
        prop_assert_eq!(undone, Some(source));
    }

    #[test]
    fn only_a_removal_loses_comments((tree, source) in case(), pick in any::<prop::sample::Index>(), kind in 0..12_u8) {
        let mut found = Vec::new();
        places(&tree, &Path::default(), &mut found);
        let (path, place) = pick.get(&found);
        if kind != 6 && let Some(change) = change_at(kind, path, place, "x") {
            let mut draft = Draft::new(source.clone()).unwrap();
            let _ = draft.change(&change);
            let comments = |text: &str| text.matches("# above").count() + text.matches("# behind").count();
            prop_assert_eq!(comments(draft.text()), comments(&source), "{}\n---\n{}", source, draft.text());
        }
    }

    #[test]
    fn arbitrary_texts_never_panic(
        (tree, source) in case(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(vec![
            "\t", "\r", "\n", ":", "- ", "#", "{", "]", "*a", "&a ", "<<: *a\n", "? ", "---\n", "!t ", "|", "'", "\"", "🐳", "",
        ])), 0..4),
        pick in any::<prop::sample::Index>(),
        kind in 0..12_u8,
    ) {
        let mut text = source;
        for (place, insert) in damage {
            let mut at = place.index(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            let mut end = (at + usize::from(insert.is_empty())).min(text.len());
            while !text.is_char_boundary(end) {
                end += 1;
            }
            text.replace_range(at..end, insert);
        }
        let mut found = Vec::new();
        places(&tree, &Path::default(), &mut found);
        let (path, place) = pick.get(&found);
        if let (Ok(mut draft), Some(change)) = (Draft::new(text.clone()), change_at(kind, path, place, "x"))
            && draft.change(&change).is_ok()
        {
            let after = apply(&text, draft.edits());
            prop_assert_eq!(after.as_deref(), Some(draft.text()));
        }
    }
}

/// Once a panic: an entry of a flow list that is a mapping with an empty key.
#[test]
fn an_empty_key_in_a_flow_list_is_no_reason_to_fail() {
    for source in ["[: a, b]", "x: [: a, b]\n", "x: [: a, b]\ny: 1\n"] {
        let Ok(draft) = Draft::new(source) else { continue };
        for path in [Path::of(["x"]), Path::of(["y"]), Path::of(["z"])] {
            for change in [
                Change::Put { path: path.clone(), value: Value::text("v") },
                Change::Remove { path: path.clone(), keep: 0 },
            ] {
                let mut draft = draft.clone();
                if draft.change(&change).is_ok() {
                    assert!(Draft::new(draft.text()).is_ok(), "{source} {change:?}");
                }
            }
        }
    }
}
