//! Scalars as text: plain where that is safe, else quoted.

use std::fmt::Write;

use crate::tree::Style;

/// True when a plain scalar would be read as something else than text, by YAML 1.1 or 1.2: null, booleans, numbers
/// (leading zeros, `1_000`, sexagesimal `22:22`), dates, `<<`.
pub fn looks_typed(text: &str) -> bool {
    const WORDS: [&str; 14] =
        ["", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "<<", "=", ".nan"];
    let lower = text.to_ascii_lowercase();
    let unsigned = lower.strip_prefix(['+', '-']).unwrap_or(&lower);
    WORDS.contains(&lower.as_str()) || unsigned == ".inf" || numeric(unsigned)
}

/// Digits with anything that YAML mixes into numbers, times and dates.
fn numeric(text: &str) -> bool {
    let body = text.strip_prefix('.').unwrap_or(text);
    if !body.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let based = |prefix: &str, digit: fn(&char) -> bool| {
        text.strip_prefix(prefix).is_some_and(|rest| rest.chars().all(|c| digit(&c) || c == '_'))
    };
    based("0x", char::is_ascii_hexdigit)
        || based("0b", char::is_ascii_digit)
        || based("0o", char::is_ascii_digit)
        || text.replace('_', "").parse::<f64>().is_ok()
        || (text.contains(':') && body.chars().all(|c| c.is_ascii_digit() || matches!(c, '_' | '.' | ':')))
        || date(text)
}

/// `2001-12-14`, also with a time behind it.
fn date(text: &str) -> bool {
    let shape =
        |(at, byte): (usize, &u8)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() };
    text.len() >= 10 && text.as_bytes()[..10].iter().enumerate().all(shape)
}

/// A text as a scalar outside of flow collections: plain where every reader takes it for text, else in quotes.
pub fn scalar_text(text: &str) -> String {
    scalar(text, Style::Plain, false)
}

/// Text as a scalar, in `style` if that can hold it. In a flow collection `,[]{}` need quotes too.
pub(super) fn scalar(text: &str, style: Style, in_flow: bool) -> String {
    match style {
        Style::DoubleQuoted => double_quoted(text),
        Style::SingleQuoted if printable(text) => single_quoted(text),
        Style::SingleQuoted => double_quoted(text),
        _ if plain_is_safe(text, in_flow) => text.to_owned(),
        _ if printable(text) && text.contains(['"', '\\']) => single_quoted(text),
        _ => double_quoted(text),
    }
}

pub(super) fn plain_is_safe(text: &str, in_flow: bool) -> bool {
    let mut chars = text.chars();
    let (first, second) = (chars.next(), chars.next());
    let starts_well = match first {
        None
        | Some('?' | ':' | ',' | '[' | ']' | '{' | '}' | '#' | '&' | '*' | '!' | '|' | '>' | '\'' | '"') => {
            false
        }
        Some('%' | '@' | '`') => false,
        Some('-') => second.is_some_and(|next| !next.is_whitespace()),
        Some(_) => true,
    };
    starts_well
        && !looks_typed(text)
        && printable(text)
        && text.trim() == text
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.contains('\t')
        && !text.ends_with(':')
        && !text.starts_with("---")
        && !(in_flow && text.contains([',', '[', ']', '{', '}']))
}

/// Nothing that only double quotes can express.
fn printable(text: &str) -> bool {
    !text.chars().any(|c| (c.is_control() && c != '\t') || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}'))
}

fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn double_quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}') => {
                // Writing into a String cannot fail.
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
