//! A tree as YAML text, byte for byte as the reference's writer (go-yaml 3, indented by two) prints it.
//!
//! | module | what it decides |
//! |---|---|
//! | here | lines, indentation, dashes |
//! | `scalar` | how a text is written: plain, quoted, as a block |
//! | `plain` | what may stand without quotes |

mod plain;
mod scalar;

use self::scalar::{scalar, string, write_key};
use super::value::{Map, Value};

/// Bytes of a key that may stand before its colon without a question mark.
const LONGEST_SIMPLE: usize = 128;

/// The text of a document.
pub(super) fn print(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Object(map) if !map.is_empty() => mapping(map, 0, true, &mut out),
        Value::Array(items) if !items.is_empty() => sequence(items, 0, true, &mut out),
        other => {
            scalar(other, 0, &mut out);
            out.push('\n');
        }
    }
    out
}

/// The entries of a mapping; with `follows`, the first one stands where the text ends: behind a dash.
fn mapping(map: &Map, indent: usize, mut follows: bool, out: &mut String) {
    for (key, value) in &map.0 {
        if !std::mem::take(&mut follows) {
            pad(indent, out);
        }
        entry_here(key, value, indent, out);
    }
}

/// An entry of a mapping on lines of its own.
pub(super) fn entry(key: &str, value: &Value, indent: usize, out: &mut String) {
    pad(indent, out);
    entry_here(key, value, indent, out);
}

fn entry_here(key: &str, value: &Value, indent: usize, out: &mut String) {
    if key.len() > LONGEST_SIMPLE || !write_key(key, out) {
        return long_key(key, value, indent, out);
    }
    out.push(':');
    match value {
        Value::Object(map) if !map.is_empty() => {
            out.push('\n');
            mapping(map, indent + 2, false, out);
        }
        Value::Array(items) if !items.is_empty() => {
            out.push('\n');
            sequence(items, indent + 2, false, out);
        }
        other => {
            out.push(' ');
            scalar(other, indent + 2, out);
            out.push('\n');
        }
    }
}

/// An entry whose key stands behind a question mark.
fn long_key(key: &str, value: &Value, indent: usize, out: &mut String) {
    out.push_str("? ");
    string(key, indent + 2, out);
    out.push('\n');
    pad(indent, out);
    out.push_str(": ");
    item(value, indent, out);
}

/// The items of a list; `follows` as for [`mapping`].
fn sequence(items: &[Value], indent: usize, mut follows: bool, out: &mut String) {
    for value in items {
        if !std::mem::take(&mut follows) {
            pad(indent, out);
        }
        out.push_str("- ");
        item(value, indent, out);
    }
}

/// A value behind a dash or colon at a column.
fn item(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Object(map) if !map.is_empty() => mapping(map, indent + 2, true, out),
        Value::Array(items) if !items.is_empty() => sequence(items, indent + 2, true, out),
        other => {
            scalar(other, indent + 2, out);
            out.push('\n');
        }
    }
}

/// Blanks at the start of a line.
fn pad(indent: usize, out: &mut String) {
    const BLANKS: &str = "                                ";
    let mut missing = indent;
    while missing > 0 {
        let some = missing.min(BLANKS.len());
        out.push_str(&BLANKS[..some]);
        missing -= some;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::render::model_tree::tree_of;

    fn print(value: &serde_json::Value) -> String {
        super::print(&tree_of(value))
    }

    #[test]
    fn keys_of_several_lines_or_many_letters_stand_behind_a_question_mark() {
        let long = "k".repeat(129);
        let tree = json!({"a\nb": 1, &long: {"x": 1, "y": [2]}, &long[1..]: "simple"});
        let expected =
            format!("? |-\n  a\n  b\n: 1\n? {long}\n: x: 1\n  \"y\":\n    - 2\n{}: simple\n", &long[1..]);
        assert_eq!(print(&tree), expected);
    }

    #[test]
    fn collections_nest_by_two_and_empty_ones_stay_on_the_line() {
        let tree = json!({"a": [[1, 2], {"b": []}], "c": {}, "d": null, "e": [1.5, 1e21, true]});
        insta::assert_snapshot!(print(&tree), @"
        a:
          - - 1
            - 2
          - b: []
        c: {}
        d: null
        e:
          - 1.5
          - 1e+21
          - true
        ");
    }
}
