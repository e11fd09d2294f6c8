//! JSON values as block YAML, in the reference's layout: two blanks a level, list items indented below their key.

use composeyard_yaml::edit::scalar_text;
use serde_json::{Map, Value};

/// A value as a YAML text.
pub(super) fn yaml(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Object(map) if !map.is_empty() => entries(&mut out, map, 0),
        Value::Array(list) if !list.is_empty() => items(&mut out, list, 0),
        scalar => behind(&mut out, scalar, 0),
    }
    out
}

/// The entries of a mapping, a line each; the first one goes on where `out` ends when that is not the start of a line.
fn entries(out: &mut String, map: &Map<String, Value>, indent: usize) {
    for (key, value) in map {
        start_line(out, indent);
        out.push_str(&scalar_text(key));
        out.push(':');
        match value {
            Value::Object(map) if !map.is_empty() => {
                out.push('\n');
                entries(out, map, indent + 2);
            }
            Value::Array(list) if !list.is_empty() => {
                out.push('\n');
                items(out, list, indent + 2);
            }
            scalar => {
                out.push(' ');
                behind(out, scalar, indent);
            }
        }
    }
}

fn items(out: &mut String, list: &[Value], indent: usize) {
    for item in list {
        start_line(out, indent);
        out.push_str("- ");
        match item {
            Value::Object(map) if !map.is_empty() => entries(out, map, indent + 2),
            Value::Array(list) if !list.is_empty() => items(out, list, indent + 2),
            scalar => behind(out, scalar, indent),
        }
    }
}

fn start_line(out: &mut String, indent: usize) {
    if out.is_empty() || out.ends_with('\n') {
        out.extend(std::iter::repeat_n(' ', indent));
    }
}

/// What stands behind a key or a dash, to the end of its last line.
fn behind(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::String(text) if fits_block(text) => return block(out, text, indent + 2),
        Value::String(text) => out.push_str(&scalar_text(text)),
        // Null, booleans, numbers and empty collections read the same in both languages.
        other => out.push_str(&other.to_string()),
    }
    out.push('\n');
}

/// Lines that keep their meaning below `|`.
fn fits_block(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let is_plain =
        |c: char| c == '\n' || (!c.is_control() && !matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}'));
    text.contains('\n')
        && !body.starts_with([' ', '\n'])
        && !body.ends_with('\n')
        && body.chars().all(is_plain)
}

fn block(out: &mut String, text: &str, indent: usize) {
    let body = text.strip_suffix('\n');
    out.push_str(if body.is_some() { "|\n" } else { "|-\n" });
    for line in body.unwrap_or(text).split('\n') {
        if !line.is_empty() {
            start_line(out, indent);
            out.push_str(line);
        }
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn what_is_written_reads_back_the_same() {
        let value = json!({
            "plain": "a b", "typed": "80", "yes": "yes", "null": null, "number": 1.5, "empty": {}, "none": [],
            "lines": "a\n\n  b\n", "no end": "a\nb", "two ends": "a\n\n", "lead": " a\nb", "tab": "a\tb\nc",
            "list": [["x", []], {"a": {"b": "c: d"}, "e": "# f"}, "g\nh"], "": "", "é: #": "\u{85}\u{2028}\u{1b}🐳",
        });
        let text = super::yaml(&value);
        assert_eq!(serde_yaml::from_str::<serde_json::Value>(&text).unwrap(), value, "{text}");
    }

    #[test]
    fn the_layout_is_that_of_the_reference() {
        let value =
            json!({"services": {"app": {"ports": [{"mode": "ingress", "published": "80"}], "dns": ["a"]}}});
        assert_eq!(
            super::yaml(&value),
            "services:\n  app:\n    ports:\n      - mode: ingress\n        published: \"80\"\n    dns:\n      - a\n"
        );
    }
}
