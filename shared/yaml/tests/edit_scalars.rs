//! Which texts need quotes: those that some reader of YAML takes for something else.
#![expect(clippy::unwrap_used, reason = "a test says where it fails")]

use composeyard_yaml::edit::{Change, Draft, Path, Value, looks_typed};

fn written(source: &str, text: &str) -> String {
    let mut draft = Draft::new(source).unwrap();
    draft.change(&Change::Put { path: Path::of(["a"]), value: Value::text(text) }).unwrap();
    draft.text().to_owned()
}

#[test]
fn numbers_booleans_nulls_and_dates_are_typed() {
    for text in [
        "", "~", "null", "yes", "No", "on", "y", "TRUE", "0", "-1", "012", "1.5", ".5", "1e3", "1_000",
        "0x1F",
    ] {
        assert!(looks_typed(text), "{text}");
    }
    for text in [
        "0o17",
        ".inf",
        "-.INF",
        ".nan",
        "80:80",
        "22:22:22",
        "2001-12-14",
        "2001-12-14T21:59:43Z",
        "<<",
        "=",
    ] {
        assert!(looks_typed(text), "{text}");
    }
    for text in ["a", "1.27-alpine", "127.0.0.1", "1.2.3", "64M", "5s", "redis:7", "nope", "-f"] {
        assert!(!looks_typed(text), "{text}");
    }
}

#[test]
fn quotes_are_kept_and_added_only_where_needed() {
    for (text, expected) in [
        ("nginx:1.27", "a: nginx:1.27"),
        ("${IMAGE:-x}", "a: ${IMAGE:-x}"),
        ("no", "a: \"no\""),
        ("080", "a: \"080\""),
        ("b: c", "a: \"b: c\""),
        ("b #c", "a: \"b #c\""),
        ("*b", "a: \"*b\""),
        ("say \"hi\": now", "a: 'say \"hi\": now'"),
        ("two\nlines", "a: \"two\\nlines\""),
        ("", "a: \"\""),
    ] {
        assert_eq!(written("a: old # why", text), format!("{expected} # why"));
    }
    assert_eq!(written("a: 'old'", "it's"), "a: 'it''s'");
    assert_eq!(written("a: 'old'", "tab\u{7}"), "a: \"tab\\u0007\"");
    assert_eq!(written("a: \"old\"", "new \\ \"x\""), "a: \"new \\\\ \\\"x\\\"\"");
    assert_eq!(written("a: 8", "9"), "a: 9");
    assert_eq!(written("a: true", "false"), "a: false");
    assert_eq!(written("a: 8", "09"), "a: \"09\"");
    assert_eq!(written("a: |\n  old\n\nb: 1\n", "new"), "a: new\n\nb: 1\n");
    assert_eq!(written("{a: x}", "b, c"), "{a: \"b, c\"}");
}

/// Without the sign the block would get a line break that it did not have.
#[test]
fn a_block_that_ends_with_the_file_keeps_its_end_when_something_follows() {
    for (source, start) in [
        ("b: |\n  c", "b: |-\n  c\n"),
        ("b: |2+ # e\n  c", "b: |2- # e\n  c\n"),
        ("b: |-\n  c", "b: |-\n  c\n"),
        ("b: |\n  c\n", "b: |\n  c\n"),
    ] {
        let text = written(source, "d");
        assert_eq!(text.strip_prefix(start).map(str::trim), Some("a: d"), "{text}");
    }
}
