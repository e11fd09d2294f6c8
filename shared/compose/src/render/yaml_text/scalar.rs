//! How a text is written: plain, in quotes, or as a block of lines.

use std::fmt::Write as _;

use super::{
    pad,
    plain::{Traits, is_break, is_printable, is_text, is_word},
};
use crate::{load::tree::go_float, render::value::Value};

pub(super) fn scalar(value: &Value, indent: usize, out: &mut String) {
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

/// False, with nothing written, for a key of several lines.
pub(super) fn write_key(key: &str, out: &mut String) -> bool {
    if is_word(key) {
        out.push_str(key);
        return true;
    }
    if key.contains(is_break) {
        return false;
    }
    let traits = Traits::of(key);
    if is_text(key) && traits.plain && !key.is_empty() {
        out.push_str(key);
    } else if is_text(key) && traits.single_quoted {
        single(key, out);
    } else {
        double(key, out);
    }
    true
}

pub(super) fn string(text: &str, indent: usize, out: &mut String) {
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

fn single(text: &str, out: &mut String) {
    out.push('\'');
    out.push_str(&text.replace('\'', "''"));
    out.push('\'');
}

fn double(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        let short = match c {
            '\0' => "\\0",
            '\u{7}' => "\\a",
            '\u{8}' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\u{b}' => "\\v",
            '\u{c}' => "\\f",
            '\r' => "\\r",
            '\u{1b}' => "\\e",
            '"' => "\\\"",
            '\\' => "\\\\",
            '\u{85}' => "\\N",
            '\u{2028}' => "\\L",
            '\u{2029}' => "\\P",
            c if is_printable(c) => {
                out.push(c);
                continue;
            }
            _ => "",
        };
        let code = u32::from(c);
        // Writing to a String does not fail.
        let _ = match (short, code) {
            ("", ..=0xff) => write!(out, "\\x{code:02X}"),
            ("", ..=0xffff) => write!(out, "\\u{code:04X}"),
            ("", _) => write!(out, "\\U{code:08X}"),
            (short, _) => write!(out, "{short}"),
        };
    }
    out.push('"');
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
        crate::render::yaml_text::print(&tree_of(value))
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
}
