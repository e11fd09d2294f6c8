//! A tree as YAML text, byte for byte as the reference's writer (go-yaml 3, indented by two) prints it.

mod quoting;

use std::fmt::Write as _;

use self::quoting::{Traits, double, is_break, is_text, is_word, single};
use super::value::{Map, Value};
use crate::load::tree::go_float;

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
        if !is_simple_key(key) {
            long_key(key, value, indent, out);
            continue;
        }
        write_key(key, out);
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
}

/// A key of one line that is not too long: the writer's own limit.
fn is_simple_key(key: &str) -> bool {
    key.len() <= 128 && !key.contains(is_break)
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

fn scalar(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(float) => out.push_str(&float_text(float)),
            None => {
                // Writing to a String does not fail.
                let _ = write!(out, "{number}");
            }
        },
        Value::String(text) => string(text, indent, out),
        Value::Array(_) => out.push_str("[]"),
        Value::Object(_) => out.push_str("{}"),
    }
}

fn float_text(float: f64) -> String {
    if float.is_nan() {
        ".nan".to_owned()
    } else if float.is_infinite() {
        if float > 0.0 { ".inf" } else { "-.inf" }.to_owned()
    } else {
        go_float(float)
    }
}

fn write_key(key: &str, out: &mut String) {
    if is_word(key) {
        return out.push_str(key);
    }
    let traits = Traits::of(key);
    if is_text(key) && traits.plain && !key.is_empty() && !key.contains('\n') {
        out.push_str(key);
    } else if is_text(key) && traits.single_quoted && !key.contains('\n') {
        single(key, out);
    } else {
        double(key, out);
    }
}

fn string(text: &str, indent: usize, out: &mut String) {
    if is_word(text) {
        return out.push_str(text);
    }
    let traits = Traits::of(text);
    if text.contains('\n') {
        if traits.block { literal(text, indent, out) } else { double(text, out) }
    } else if !is_text(text) {
        double(text, out);
    } else if traits.plain {
        out.push_str(text);
    } else if traits.single_quoted {
        single(text, out);
    } else {
        double(text, out);
    }
}

/// `|`, with hints when the text starts with a blank or does not end with one line break. The last line break is left
/// to whoever ends the line.
fn literal(text: &str, indent: usize, out: &mut String) {
    out.push('|');
    if text.starts_with([' ', '\n', '\r']) {
        out.push('2');
    }
    match text.strip_suffix('\n') {
        None => out.push('-'),
        Some(rest) if rest.is_empty() || rest.ends_with('\n') => out.push('+'),
        Some(_) => {}
    }
    let body = text.strip_suffix('\n').unwrap_or(text);
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            pad(indent, out);
            out.push_str(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::render::model_tree::tree_of;

    fn print(value: &serde_json::Value) -> String {
        super::print(&tree_of(value))
    }

    /// A text as it stands behind `- `.
    fn text(text: &str) -> String {
        let printed = print(&json!([text]));
        printed.strip_prefix("- ").unwrap_or(&printed).trim_end_matches('\n').to_owned()
    }

    #[test]
    fn what_reads_as_text_needs_no_quotes() {
        for plain in [
            "plain",
            "two words",
            "-dash",
            "a:b",
            "a#b",
            "quote'd",
            "dq\"d",
            "C:\\dir",
            "?q",
            "=",
            "é",
            "日本",
        ] {
            assert_eq!(text(plain), plain);
        }
    }

    #[test]
    fn what_an_old_or_new_reader_takes_for_something_else_is_quoted() {
        for other in [
            "",
            "true",
            "no",
            "Yes",
            "null",
            "~",
            "1",
            "1.5",
            "0x1F",
            "1e3",
            "010",
            "12:30:45",
            "2020-01-01",
            "2020-01-01T00:00:00Z",
        ] {
            assert_eq!(text(other), format!("\"{other}\""));
        }
    }

    #[test]
    fn indicators_and_blanks_at_the_edge_need_single_quotes() {
        for special in [
            "- dash", "a: b", "a #b", "#x", "*star", "&and", "!bang", "%p", "@at", "`t`", "[a]", "{b}",
            "trail ", "  lead", "? q", ": x", "...", "---",
        ] {
            assert_eq!(text(special), format!("'{special}'"));
        }
        assert_eq!(text("- it's"), "'- it''s'");
    }

    #[test]
    fn what_has_no_other_form_is_escaped() {
        for (special, escaped) in [
            ("tab\there", r#""tab\there""#),
            ("\u{7}bell", r#""\abell""#),
            ("😀", r#""\U0001F600""#),
            ("x\n ", r#""x\n ""#),
        ] {
            assert_eq!(text(special), escaped);
        }
    }

    #[test]
    fn lines_become_a_block_that_says_how_it_ends() {
        assert_eq!(text("a\nb"), "|-\n  a\n  b");
        assert_eq!(print(&json!(["a\nb\n"])), "- |\n  a\n  b\n");
        assert_eq!(text(" lead\nline"), "|2-\n   lead\n  line");
        assert_eq!(text("a\n\nb"), "|-\n  a\n\n  b");
        assert_eq!(text("a\n b"), "|-\n  a\n   b");
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
