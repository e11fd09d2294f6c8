//! The finished tree as text: printed by `serde_yaml`, then given the quotes and blank lines that people give it.

use serde_json::Value;

use super::sheet::Sheet;

/// Two characters that the text does not hold otherwise: they stand for what the printer has no word for.
#[derive(Clone, Copy)]
struct Marks {
    /// Becomes a double quote.
    quote: char,
    /// Becomes nothing; keeps a number with a leading zero from being quoted.
    bare: char,
}

/// Prints the top level.
pub(super) fn text(top: Sheet) -> String {
    let mut tree = Value::from(top);
    let before = tree.to_string();
    let mut unused = ('\u{e000}'..='\u{f8ff}').filter(|c| !before.contains(*c));
    if let (Some(quote), Some(bare)) = (unused.next(), unused.next()) {
        let marks = Marks { quote, bare };
        mark(&mut tree, "", marks);
        with_blank_lines(&printed(&tree).replace(marks.quote, "\"").replace(marks.bare, ""))
    } else {
        with_blank_lines(&printed(&tree))
    }
}

#[expect(clippy::expect_used, reason = "a JSON tree has nothing that YAML cannot say")]
fn printed(tree: &Value) -> String {
    serde_yaml::to_string(tree).expect("a JSON tree is a YAML tree")
}

fn mark(value: &mut Value, key: &str, marks: Marks) {
    match value {
        Value::String(text) if matches!(key, "ports" | "expose") || reads_otherwise(text) => {
            *text = format!("{0}{text}{0}", marks.quote);
        }
        Value::Number(number) if key == "mode" => {
            let mode = number.as_u64().unwrap_or_default();
            *value = format!("{}0{mode:o}", marks.bare).into();
        }
        Value::Array(list) => list.iter_mut().for_each(|item| mark(item, key, marks)),
        Value::Object(map) => map.iter_mut().for_each(|(key, value)| mark(value, key, marks)),
        _ => {}
    }
}

/// True for text that some reader of YAML takes for a flag, a number, a time or a date. YAML 1.1, "Scalar types".
fn reads_otherwise(text: &str) -> bool {
    const WORDS: [&str; 10] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"];
    let word = text.to_ascii_lowercase();
    let of_number = |c: char| c.is_ascii_digit() || "_.:+-eEtTzZ ".contains(c);
    let is_address = text.matches('.').count() > 1;
    // The printer has quotes of its own for that.
    let is_entry = text.contains(": ");
    let starts = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    WORDS.contains(&word.as_str())
        || (starts
            && !is_address
            && !is_entry
            && text.contains(|c: char| c.is_ascii_digit())
            && text.chars().all(of_number))
}

/// A blank line between sections and between services.
fn with_blank_lines(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + 64);
    let (mut section, mut before) = ("", "");
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        let starts_section = indent == 0 && !line.is_empty();
        let starts_service = indent == 2 && section == "services:" && before != section;
        if !before.is_empty() && (starts_section || starts_service) {
            spaced.push('\n');
        }
        if starts_section {
            section = line;
        }
        spaced.push_str(line);
        spaced.push('\n');
        before = line;
    }
    spaced
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(value: &Value) -> String {
        let mut sheet = Sheet::default();
        sheet.put("key", value.clone());
        text(sheet)
    }

    #[test]
    fn text_that_looks_like_something_else_is_in_quotes() {
        for text in ["no", "On", "8080", "22:22", "1_000", "2001-01-01", "-1", ".5", "1e3"] {
            assert_eq!(written(&json!(text)), format!("key: \"{text}\"\n"));
        }
        for text in ["10s", "64M", "nginx:1.27", "1.27-alpine", "none", "-", "a b", "10.0.0.1"] {
            assert!(!written(&json!(text)).contains('"'), "{text}");
        }
    }

    #[test]
    fn no_text_is_quoted_twice() {
        assert_eq!(written(&json!("0: -")), "key: '0: -'\n");
    }

    #[test]
    fn a_mode_is_octal() {
        assert_eq!(written(&json!({"mode": 0o777})), "key:\n  mode: 0777\n");
    }

    #[test]
    fn characters_of_private_use_survive() {
        assert_eq!(written(&json!({"a": ["\u{e000}", "80"]})), "key:\n  a:\n  - \u{e000}\n  - \"80\"\n");
    }
}
