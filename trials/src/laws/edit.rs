//! A change is refused, or yields what was asked for, and can be undone to the byte.

use composeyard_yaml::{
    Document, Kind, NodeId, Span, TextEdit,
    edit::{Change, Draft, Path, Value, apply},
};

use crate::random::Random;

pub(super) fn holds(text: &str, random: &mut Random) -> Result<(), String> {
    let Ok(mut draft) = Draft::new(text) else { return Ok(()) };
    for _ in 0..3 {
        let (path, node) = walk(draft.document(), random);
        let change = change(path, node.and_then(|node| draft.document().text(node)), random);
        if draft.change(&change).is_ok() {
            arrived(&draft, &change).map_err(|fault| format!("{change:?}: {fault}"))?;
        }
    }
    let edits = draft.edits();
    let after = apply(text, edits).ok_or("the edits overlap")?;
    if after != draft.text() {
        return Err(format!("{edits:?} do not lead to the text they come from"));
    }
    match apply(&after, &undo(text, edits)) {
        Some(before) if before == text => Ok(()),
        _ => Err(format!("{edits:?} cannot be undone")),
    }
}

/// What takes edits back, against the text after them.
fn undo(text: &str, edits: &[TextEdit]) -> Vec<TextEdit> {
    let mut shift = 0_isize;
    let mut back = Vec::new();
    for edit in edits {
        let start = edit.span.start.wrapping_add_signed(shift);
        let span = Span::new(start, start + edit.text.len());
        back.push(TextEdit { span, text: edit.span.of(text).to_owned() });
        shift += edit.text.len() as isize - (edit.span.end - edit.span.start) as isize;
    }
    back
}

/// A path to some node of a document; mostly a real one.
fn walk(document: &Document, random: &mut Random) -> (Path, Option<NodeId>) {
    let mut path = Path::default();
    let mut at = document.root();
    for _ in 0..random.below(6) {
        let Some(node) = at else { break };
        match &document.node(document.resolve(node)).kind {
            Kind::Mapping(entries) if !entries.is_empty() => {
                let entry = entries[random.below(entries.len())];
                let Some(key) = document.text(entry.key) else { break };
                path = path.key(key);
                at = Some(entry.value);
            }
            Kind::Sequence(items) if !items.is_empty() => {
                let index = random.below(items.len());
                path = path.item(index);
                at = Some(items[index]);
            }
            _ => break,
        }
    }
    if random.below(4) == 0 { (path.key("new"), None) } else { (path, at) }
}

fn change(path: Path, current: Option<&str>, random: &mut Random) -> Change {
    match random.below(6) {
        0 => Change::Remove { keep: random.below(path.0.len() + 1), path },
        1 => Change::Rename { path, key: word(random) },
        2 => Change::Push { path, value: value(random) },
        3 => Change::Put { path, value: Value::text(current.unwrap_or_default()) },
        _ => Change::Put { path, value: value(random) },
    }
}

fn word(random: &mut Random) -> String {
    let words = [
        "a",
        "app",
        "x y",
        "80",
        "yes",
        "ü",
        "",
        "a: b",
        "# x",
        "- x",
        "'",
        "\"",
        "two\nlines",
        "*a",
        "{",
        "1.0",
    ];
    random.pick(&words).unwrap_or_default().to_owned()
}

fn value(random: &mut Random) -> Value {
    match random.below(6) {
        0 => Value::List(vec![Value::text(word(random)), Value::text(word(random))]),
        1 => Value::Map(vec![("k".to_owned(), Value::text(word(random))), ("l".to_owned(), Value::null())]),
        2 => Value::Quoted(word(random)),
        3 => Value::Typed("8".to_owned()),
        _ => Value::text(word(random)),
    }
}

/// A text that was put is there.
fn arrived(draft: &Draft, change: &Change) -> Result<(), String> {
    let Change::Put { path, value: Value::Text(wanted) } = change else { return Ok(()) };
    let keys: Option<Vec<&str>> = path
        .0
        .iter()
        .map(|step| match step {
            composeyard_yaml::edit::Step::Key(key) => Some(key.as_str()),
            composeyard_yaml::edit::Step::Index(_) => None,
        })
        .collect();
    let Some(keys) = keys else { return Ok(()) };
    let found = draft.document().at(&keys).and_then(|node| draft.document().text(node));
    if found == Some(wanted) { Ok(()) } else { Err(format!("{found:?} is there instead")) }
}
