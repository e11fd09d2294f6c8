//! One variable of `.env`: the smallest edit that sets or removes it.

use composeyard_yaml::{Span, edit::TextEdit};

/// The edit after which `.env` says `name=value`. What stands around it stays: order, comments, `export`.
pub fn set(text: &str, name: &str, value: &str) -> TextEdit {
    let written = quoted(value);
    if let Some(place) = find(text, name) {
        return TextEdit { span: place.value, text: written };
    }
    let end = text.len();
    let newline = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    TextEdit { span: Span::at(end), text: format!("{newline}{name}={written}\n") }
}

/// The edit after which `.env` does not name the variable; none when it does not already.
pub fn remove(text: &str, name: &str) -> Option<TextEdit> {
    let place = find(text, name)?;
    let end = text[place.value.end..].find('\n').map_or(text.len(), |at| place.value.end + at + 1);
    Some(TextEdit { span: Span::new(place.line, end), text: String::new() })
}

/// Where a variable stands.
struct Place {
    /// Start of its line.
    line: usize,
    /// Its value, quotes included.
    value: Span,
}

/// The last statement that sets the variable: the one that counts.
fn find(text: &str, name: &str) -> Option<Place> {
    let mut found = None;
    let mut at = 0;
    while at < text.len() {
        let line_end = text[at..].find('\n').map_or(text.len(), |end| at + end);
        let line = &text[at..line_end];
        let mut next = line_end + 1;
        if let Some((key, _)) = line.split_once('=').filter(|_| !line.trim_start().starts_with('#')) {
            let value = value_span(text, at + key.len() + 1, line_end);
            // A quoted value may go on over several lines.
            next = next.max(text[value.end..].find('\n').map_or(text.len(), |end| value.end + end + 1));
            let key = key.trim();
            if key.strip_prefix("export ").map_or(key, str::trim_start) == name {
                found = Some(Place { line: at, value });
            }
        }
        at = next;
    }
    found
}

/// The value that starts at or after `from`: up to the closing quote, a comment or the end of the line.
fn value_span(text: &str, from: usize, line_end: usize) -> Span {
    let start = from + text[from..line_end].bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let rest = &text[start..];
    if let Some(quote) = rest.chars().next().filter(|first| matches!(first, '"' | '\''))
        && let Some(close) = closing_quote(&rest[1..], quote)
    {
        return Span::new(start, start + close + 2);
    }
    let line = &text[start..line_end];
    let line = line.find(" #").map_or(line, |comment| &line[..comment]);
    Span::new(start, start + line.trim_end().len())
}

/// The place of the quote that ends a text; a backslash hides the next one.
fn closing_quote(text: &str, quote: char) -> Option<usize> {
    let mut hidden = false;
    text.char_indices().find_map(|(at, character)| {
        let closes = character == quote && !hidden;
        hidden = character == '\\' && !hidden;
        closes.then_some(at)
    })
}

/// The value as `.env` needs it: bare where nothing in it means anything.
fn quoted(value: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "_-./:@%+,=".contains(character);
    // Nothing at all before a comment would read as the comment.
    if !value.is_empty() && value.chars().all(plain) {
        value.to_owned()
    } else if !value.contains(['\'', '\\', '\n']) {
        format!("'{value}'")
    } else {
        let mut text = String::from('"');
        for character in value.chars() {
            match character {
                '\n' => text.push_str("\\n"),
                '"' | '\\' | '$' => text.extend(['\\', character]),
                other => text.push(other),
            }
        }
        text + "\""
    }
}

#[cfg(test)]
mod tests {
    use composeyard_yaml::edit::apply;

    use super::*;
    use crate::load::dotenv_values;

    fn after_set(text: &str, name: &str, value: &str) -> String {
        apply(text, &[set(text, name, value)]).unwrap()
    }

    #[test]
    fn only_the_value_changes() {
        let text = "# Port\nexport PORT = 80 # the proxy\nNAME='a b'\n";
        assert_eq!(after_set(text, "PORT", "8080"), text.replace("80 ", "8080 "));
        assert_eq!(after_set(text, "NAME", "c"), text.replace("'a b'", "c"));
    }

    #[test]
    fn a_new_variable_comes_last_on_a_line_of_its_own() {
        assert_eq!(after_set("", "A", "1"), "A=1\n");
        assert_eq!(after_set("#A=2", "A", "1"), "#A=2\nA=1\n");
    }

    #[test]
    fn of_two_lines_the_one_that_counts_changes() {
        assert_eq!(after_set("A=1\nA=2\n", "A", "3"), "A=1\nA=3\n");
    }

    #[test]
    fn a_value_that_looks_like_a_variable_inside_quotes_is_none() {
        let text = "KEY=\"line\nA=1\"\n";
        assert_eq!(after_set(text, "A", "2"), format!("{text}A=2\n"));
        assert_eq!(after_set(text, "KEY", "x"), "KEY=x\n");
    }

    #[test]
    fn removing_takes_the_whole_line() {
        let text = "A=1\nB='x\ny' # two lines\nC=3\n";
        assert_eq!(apply(text, &[remove(text, "B").unwrap()]).unwrap(), "A=1\nC=3\n");
        assert_eq!(remove(text, "D"), None);
    }

    #[test]
    fn what_is_written_is_what_is_read() {
        for value in [
            "",
            "plain",
            "with space",
            "it's",
            "\"",
            "a $HOME",
            "back\\slash",
            "# no comment",
            "two\nlines",
            "ä",
        ] {
            let text = after_set("X=1\nA=old # why\n", "A", value);
            assert_eq!(dotenv_values(&text).get("A").map(String::as_str), Some(value), "{text}");
            assert_eq!(dotenv_values(&text).get("X").map(String::as_str), Some("1"), "{text}");
        }
    }
}
