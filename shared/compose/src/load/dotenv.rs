//! `.env` files. Compose specification, 12-interpolation and "env_file".

use std::collections::BTreeMap;

use super::{
    template::{Lookup, TemplateError, expand},
    tree::Place,
};

/// A line that is not a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DotenvError {
    /// Byte offset of the statement.
    pub(crate) at: usize,
    pub(crate) message: String,
}

impl DotenvError {
    /// What to do about it.
    pub(crate) const HELP: &str = "Write NAME=value, one a line.";

    /// The rest of the line in a file of that number.
    pub(crate) fn place(&self, file: u32, text: &str) -> Place {
        let end = text[self.at..].find(['\r', '\n']).map_or(text.len(), |end| self.at + end);
        Place::new(file, composeyard_yaml::Span::new(self.at, end))
    }
}

/// Reads `text` into `variables`. Values may use variables: `lookup` wins, then what was read so far. A name alone
/// takes the looked-up value, or nothing when there is none.
pub(crate) fn parse(
    text: &str,
    lookup: &Lookup<'_>,
    variables: &mut BTreeMap<String, String>,
) -> Result<(), DotenvError> {
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    loop {
        rest = statement_start(rest);
        if rest.is_empty() {
            return Ok(());
        }
        let at = text.len() - rest.len();
        let fail = |message: String| DotenvError { at, message };
        let (key, inherited, after) = key(rest).map_err(fail)?;
        if inherited {
            if let Some(value) = lookup(key) {
                variables.insert(key.to_owned(), value);
            }
            rest = after;
            continue;
        }
        let known = |name: &str| lookup(name).or_else(|| variables.get(name).cloned());
        let (value, after) = value(after, &known).map_err(fail)?;
        variables.insert(key.to_owned(), value);
        rest = after;
    }
}

/// `format: raw`: each line is `KEY=VALUE`, quotes and `$` are kept.
pub(crate) fn parse_raw(
    text: &str,
    lookup: &Lookup<'_>,
    variables: &mut BTreeMap<String, String>,
) -> Result<(), DotenvError> {
    let start = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut at = text.len() - start.len();
    for whole in start.split_inclusive('\n') {
        let line = whole.trim_end_matches('\n').trim_start();
        let start = at;
        let fail = |message: String| DotenvError { at: start, message };
        at += whole.len();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, value) = line.split_once('=').map_or((line, None), |(key, value)| (key, Some(value)));
        if key.is_empty() {
            return Err(fail(format!("no variable name in {line:?}")));
        }
        if key.contains([' ', '\t']) {
            return Err(fail(format!("the variable name {key:?} holds a blank")));
        }
        if let Some(value) = value.map(str::to_owned).or_else(|| lookup(key)) {
            variables.insert(key.to_owned(), value);
        }
    }
    Ok(())
}

/// Skips blank lines and comments.
fn statement_start(mut text: &str) -> &str {
    loop {
        text = text.trim_start();
        if !text.starts_with('#') {
            return text;
        }
        text = text.find('\n').map_or("", |end| &text[end..]);
    }
}

const fn is_blank(c: char) -> bool {
    matches!(c, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}')
}

/// The key, whether it stands alone, and what follows it.
fn key(text: &str) -> Result<(&str, bool, &str), String> {
    let text = match text.strip_prefix("export") {
        Some(after) if after.starts_with(char::is_whitespace) => after.trim_start_matches(is_blank),
        _ => text,
    };
    let allowed = |c: char| is_blank(c) || c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '[' | ']');
    let end = text.find(|c| !allowed(c)).unwrap_or(text.len());
    let key = text[..end].trim_end();
    let (inherited, after) = match text[end..].chars().next() {
        None => (true, ""),
        Some('\n') => (true, &text[end + 1..]),
        Some('=' | ':') => (false, &text[end + 1..]),
        Some(other) => {
            let line = text.lines().next().unwrap_or_default();
            return Err(format!("unexpected character {other:?} in variable name {line:?}"));
        }
    };
    if key.contains(' ') {
        return Err(format!("the variable name {key:?} holds a blank"));
    }
    if text.is_empty() {
        return Err("no variable name after export".to_owned());
    }
    Ok((key, inherited, after.trim_start_matches(is_blank)))
}

/// The value at the start of a text, and what follows it.
fn value<'a>(text: &'a str, lookup: &Lookup<'_>) -> Result<(String, &'a str), String> {
    let Some(quote @ ('"' | '\'')) = text.chars().next() else { return unquoted(text, lookup) };
    let (inner, after) = quoted(text, quote).ok_or_else(|| {
        format!("the quote {quote} of {} is never closed", text.lines().next().unwrap_or_default())
    })?;
    if quote == '\'' {
        return Ok((inner, after));
    }
    filled(&unescape(&inner), lookup).map(|value| (value, after))
}

fn unquoted<'a>(text: &'a str, lookup: &Lookup<'_>) -> Result<(String, &'a str), String> {
    let (line, after) = text.split_once('\n').unwrap_or((text, ""));
    let value = line.find(" #").map_or(line, |comment| &line[..comment]).trim_end();
    filled(value, lookup).map(|value| (value, after))
}

fn filled(text: &str, lookup: &Lookup<'_>) -> Result<String, String> {
    match expand(text, lookup) {
        Ok(expansion) => Ok(expansion.text),
        Err(TemplateError::Required { name, reason }) if reason.is_empty() => {
            Err(format!("required variable {name} is missing a value"))
        }
        Err(TemplateError::Required { name, reason }) => {
            Err(format!("required variable {name} is missing a value: {reason}"))
        }
        Err(TemplateError::Invalid) => {
            Err(format!("{text:?} holds an invalid variable reference; write $$ for $"))
        }
        Err(TemplateError::TooDeep) => Err("defaults are nested more than 64 levels deep".to_owned()),
    }
}

/// The text between quotes, with escaped quotes undone and other backslashes kept.
fn quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let mut inner = String::new();
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if c == quote && !escaped {
            return Some((inner, &text[at + 1..]));
        }
        if c == '\\' && !escaped {
            escaped = true;
            continue;
        }
        if escaped && c != quote {
            inner.push('\\');
        }
        escaped = false;
        inner.push(c);
    }
    None
}

/// Undoes the escapes of double quotes; `\$` becomes `$$` for the expansion that follows.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let escape = &rest[at + 1..];
        let (replacement, length) = match escape.chars().next() {
            Some('a') => ("\u{7}", 1),
            Some('b') => ("\u{8}", 1),
            Some('f') => ("\u{c}", 1),
            Some('n') => ("\n", 1),
            Some('r') => ("\r", 1),
            Some('t') => ("\t", 1),
            Some('v') => ("\u{b}", 1),
            Some('"') => ("\"", 1),
            Some('\\') => ("\\", 1),
            Some('$') => ("$$", 1),
            Some('0') => {
                let length = octal(escape, &mut out);
                ("", length)
            }
            _ => ("\\", 0),
        };
        out.push_str(replacement);
        rest = &escape[length..];
    }
    out.push_str(rest);
    out
}

/// `0ddd`: pushes the character and gives the length. What is no character loses its 0, as in the reference.
fn octal(text: &str, out: &mut String) -> usize {
    let digits = text[1..].bytes().take(3).take_while(u8::is_ascii_digit).count();
    let code = u32::from_str_radix(&text[1..=digits], 8).ok().filter(|code| digits == 3 && *code < 256);
    match code.and_then(char::from_u32) {
        Some(c) => out.push(c),
        None => {
            out.push('\\');
            out.push_str(&text[1..=digits]);
        }
    }
    digits + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<BTreeMap<String, String>, DotenvError> {
        let mut variables = BTreeMap::new();
        let lookup = |name: &str| (name == "SET").then(|| "set".to_owned());
        parse(text, &lookup, &mut variables).map(|()| variables)
    }

    fn only(text: &str) -> Option<String> {
        read(text).ok()?.remove("A")
    }

    #[test]
    fn an_escape_that_is_no_character_loses_its_zero() {
        assert_eq!(only(r#"A="\0101""#).as_deref(), Some("A"));
        assert_eq!(only(r#"A="\0777""#).as_deref(), Some(r"\777"));
        assert_eq!(only(r#"A="\08""#).as_deref(), Some(r"\8"));
        assert_eq!(only(r#"A="\c""#).as_deref(), Some(r"\c"));
    }

    #[test]
    fn windows_line_ends_stay_inside_quotes_and_go_elsewhere() {
        assert_eq!(only("A=1\r\nB=2\r\n").as_deref(), Some("1"));
        assert_eq!(only("A=\"1\r\n2\"\r\n").as_deref(), Some("1\r\n2"));
        assert_eq!(read("SET\r\n").unwrap()["SET"], "set");
    }

    #[test]
    fn export_needs_a_name() {
        assert_eq!(read("B=1\nexport ").unwrap_err().at, 4);
        assert_eq!(only("export A=1").as_deref(), Some("1"));
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_a_raw_name() {
        let mut variables = BTreeMap::new();
        parse_raw("\u{feff}A='1'", &|_| None, &mut variables).unwrap();
        assert_eq!(variables["A"], "'1'");
    }
}
