//! A tree as YAML text, byte for byte as the reference's writer (go-yaml 3, indented by two) prints it.

use std::fmt::Write as _;

use super::value::{Map, Value};
use crate::load::{scalar, tree::go_float};

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

/// True for most of what is written, at a glance: letters, digits and what joins them, which every reader takes as text.
fn is_word(text: &str) -> bool {
    match text.as_bytes() {
        // What may begin a number, or a word for true, false or nothing.
        [b'0'..=b'9' | b'-' | b'.', ..] | [] => false,
        [b'n' | b'N' | b'y' | b'Y' | b'o' | b'O' | b't' | b'T' | b'f' | b'F', rest @ ..]
            if rest.len() < 5 =>
        {
            false
        }
        [bytes @ .., last] => is_letter(*last) && are_joined(bytes, *last),
    }
}

const fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-' | b'.')
}

/// True for letters, with single colons and blanks between them.
fn are_joined(bytes: &[u8], last: u8) -> bool {
    let mut behind = last;
    bytes.iter().enumerate().rev().all(|(at, byte)| {
        let joins = is_letter(*byte) || at > 0 && matches!(byte, b':' | b' ') && is_letter(behind);
        behind = *byte;
        joins
    })
}

/// True when a plain scalar of this text would be read as text, by old readers too.
fn is_text(text: &str) -> bool {
    const OLD: [&str; 14] =
        ["y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "n", "N", "no", "No", "NO", "off"];
    scalar::typed(text).is_none()
        && text != "<<"
        && !OLD.contains(&text)
        && !matches!(text, "Off" | "OFF")
        && !is_base_60(text)
        && !is_timestamp(text)
}

/// `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`
fn is_base_60(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or_default();
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let mut count = 0;
    let sixties = parts.all(|part| {
        count += 1;
        match part.as_bytes() {
            [one] => one.is_ascii_digit(),
            [ten, one] => (b'0'..=b'5').contains(ten) && one.is_ascii_digit(),
            _ => false,
        }
    });
    first.starts_with(|c: char| c.is_ascii_digit())
        && digits(first)
        && digits(fraction)
        && count > 0
        && sixties
}

/// `2006-1-2`, alone or with a time.
fn is_timestamp(text: &str) -> bool {
    let number = |text: &str, most: u32| -> Option<u32> {
        let fits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        text.parse().ok().filter(|number| fits && *number <= most)
    };
    let Some((year, rest)) = text.split_once('-').filter(|(year, _)| year.len() == 4) else { return false };
    let Some((month, rest)) = rest.split_once('-') else { return false };
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (day, time) = rest.split_at(end);
    let is_date = year.bytes().all(|b| b.is_ascii_digit())
        && number(month, 12).is_some_and(|month| month > 0)
        && number(day, 31).is_some_and(|day| day > 0);
    is_date && (time.is_empty() || is_time(time, number))
}

fn is_time(text: &str, number: impl Fn(&str, u32) -> Option<u32>) -> bool {
    let Some(clock) = text.strip_prefix(['T', 't', ' ']) else { return false };
    let zoned = !text.starts_with(' ');
    let end = clock.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(clock.len());
    let (clock, zone) = clock.split_at(end);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let parts: Vec<&str> = clock.split(':').collect();
    let [hour, minute, second] = parts[..] else { return false };
    let has_zone = zone == "Z" || (zone.len() == 6 && zone.starts_with(['+', '-']));
    number(hour, 23).is_some()
        && number(minute, 59).is_some()
        && number(second, 59).is_some()
        && fraction.bytes().all(|b| b.is_ascii_digit())
        && if zoned { has_zone } else { zone.is_empty() }
}

/// What the characters of a text allow.
struct Traits {
    plain: bool,
    single_quoted: bool,
    block: bool,
}

impl Traits {
    fn of(text: &str) -> Self {
        let first = text.chars().next();
        let last = text.chars().next_back();
        let blank = |c: Option<char>| matches!(c, None | Some(' ' | '\t'));
        let edge = |c: Option<char>| c.is_some_and(|c| c == ' ' || is_break(c));
        let mut indicators = text.starts_with("---") || text.starts_with("...");
        let (mut breaks, mut break_space, mut space_break) = (false, false, false);
        let (mut tabs, mut special) = (false, false);
        let mut previous = None;
        let mut characters = text.chars().peekable();
        while let Some(c) = characters.next() {
            let next = characters.peek().copied();
            indicators |= match (previous, c) {
                (
                    None,
                    '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@'
                    | '`',
                ) => true,
                (None, '?' | ':' | '-') | (Some(_), ':') => blank_or_end(next),
                (Some(before), '#') => blank(Some(before)) || is_break(before),
                _ => false,
            };
            tabs |= c == '\t';
            special |= c != '\t' && !is_printable(c);
            breaks |= is_break(c);
            break_space |= c == ' ' && previous.is_some_and(is_break);
            space_break |= is_break(c) && previous == Some(' ');
            previous = Some(c);
        }
        let quotable = !break_space && !space_break && !tabs && !special;
        Self {
            plain: quotable && !breaks && !indicators && !edge(first) && !edge(last),
            single_quoted: quotable,
            block: !space_break && !special && last != Some(' ') && !text.is_empty(),
        }
    }
}

fn blank_or_end(next: Option<char>) -> bool {
    next.is_none_or(|c| c == ' ' || c == '\t')
}

const fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What the writer prints as it is; characters beyond the basic plane are not among it.
const fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
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
    use proptest::prelude::*;
    use serde_json::json;

    use super::{Traits, is_text, is_word};
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

    proptest! {
        #[test]
        fn what_looks_like_a_word_at_a_glance_is_one_at_a_closer_look(text in "[-a-zA-Z0-9 :#/._]{1,9}") {
            prop_assert!(!is_word(&text) || is_text(&text) && Traits::of(&text).plain);
        }
    }
}
