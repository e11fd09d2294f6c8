//! What the tree promises: every span slices to the text that a reader of the file would point at.
#![allow(missing_docs, clippy::unwrap_used)]

use composeyard_yaml::{Alias, Document, Kind, MAX_BYTES, MAX_DEPTH, NodeId, Span, Style, parse};
use proptest::prelude::*;

fn document(text: &str) -> Document {
    let (mut documents, error) = parse(text);
    assert_eq!(error, None, "{text:?}");
    assert_eq!(documents.len(), 1, "{text:?}");
    documents.remove(0)
}

/// One line a node: how it is written and what its span holds.
fn shown(text: &str) -> String {
    let document = document(text);
    let mut lines = Vec::new();
    for (_, node) in document.nodes() {
        let tag = node.tag().map(|tag| format!(" {}", tag.span.of(text))).unwrap_or_default();
        let anchor = node.anchor().map(|(_, span)| format!(" {}", span.of(text))).unwrap_or_default();
        lines.push(format!("{:?}{tag}{anchor} {:?}", node.style, node.span().of(text)));
    }
    for comment in &document.comments {
        lines.push(format!("comment own_line={} {:?}", comment.own_line, comment.span.of(text)));
    }
    lines.join("\n")
}

fn scalar<'a>(document: &'a Document, path: &[&str]) -> &'a str {
    document.text(document.at(path).unwrap()).unwrap()
}

#[test]
fn block_collections_run_from_their_first_key_or_dash_to_their_last_value() {
    insta::assert_snapshot!(shown("a: # why\n  - b # c\n\n  -\n# e\nd:\n- x: 1\n  y: 2\n"), @r##"
    Block "a: # why\n  - b # c\n\n  -\n# e\nd:\n- x: 1\n  y: 2"
    Plain "a"
    Block "- b # c\n\n  -"
    Plain "b"
    Plain ""
    Plain "d"
    Block "- x: 1\n  y: 2"
    Block "x: 1\n  y: 2"
    Plain "x"
    Plain "1"
    Plain "y"
    Plain "2"
    comment own_line=false "# why"
    comment own_line=false "# c"
    comment own_line=true "# e"
    "##);
}

#[test]
fn a_carriage_return_alone_ends_a_comment() {
    let text = "a: !x\n  # c\r  - b\n  - d\n";
    let document = document(text);
    let list = document.node(document.at(&["a"]).unwrap()).span();
    assert_eq!(list.of(text), "- b\n  - d");
}

#[test]
fn block_scalars_run_from_their_header_to_their_last_line() {
    insta::assert_snapshot!(shown("a: |- # n\n  x\n\n  y\n\n\nb: &t !!str >\n  z | z\nc: |\n"), @r##"
    Block "a: |- # n\n  x\n\n  y\n\n\nb: &t !!str >\n  z | z\nc: |"
    Plain "a"
    Literal "|- # n\n  x\n\n  y"
    Plain "b"
    Folded !!str &t ">\n  z | z"
    Plain "c"
    Literal "|"
    comment own_line=false "# n"
    "##);
}

#[test]
fn quotes_brackets_tags_and_anchors_are_in_their_own_spans() {
    insta::assert_snapshot!(shown("a: \"x y\" # q\nb: !override &k [1, 'z', ]\nc: {d: e, f}\ng: *k\nh: !reset\n"), @r##"
    Block "a: \"x y\" # q\nb: !override &k [1, 'z', ]\nc: {d: e, f}\ng: *k\nh: !reset"
    Plain "a"
    DoubleQuoted "\"x y\""
    Plain "b"
    Flow !override &k "[1, 'z', ]"
    Plain "1"
    SingleQuoted "'z'"
    Plain "c"
    Flow "{d: e, f}"
    Plain "d"
    Plain "e"
    Plain "f"
    Plain ""
    Plain "g"
    Plain "*k"
    Plain "h"
    Plain !reset ""
    comment own_line=false "# q"
    "##);
}

#[test]
fn an_absent_value_stands_right_after_its_colon_or_dash() {
    let text = "a:\n\nb: # c\n  - \n  - - \nd: &x\n";
    let places: Vec<Span> = document(text)
        .nodes()
        .filter(|(_, node)| node.kind == Kind::Scalar("".into()))
        .map(|(_, node)| node.span())
        .collect();
    let expected: Vec<Span> = [2, 14, 21, text.len() - 1].iter().map(|at| Span::at(*at)).collect();
    assert_eq!(places, expected);
}

#[test]
fn a_mark_crlf_emoji_and_a_missing_last_newline_keep_spans_exact() {
    let text = "\u{feff}a: 😀 # ü\r\nb:\r\n  - \"x😀y\"\r\nc: |\r\n  one\r\n  two\r\nd: last";
    let document = document(text);
    assert_eq!(scalar(&document, &["a"]), "😀");
    assert_eq!(scalar(&document, &["c"]), "one\ntwo\n");
    let node = document.node(document.at(&["c"]).unwrap());
    assert_eq!(node.span().of(text), "|\r\n  one\r\n  two");
    assert_eq!(document.node(document.at(&["d"]).unwrap()).span().of(text), "last");
    assert_eq!(document.comments[0].span.of(text), "# ü");
}

#[test]
fn an_alias_points_at_its_anchor_and_is_never_expanded() {
    let document = document("x: &a {b: 1}\ny: *a\nz: *nope\nw: &w [*w]\n");
    assert_eq!(scalar(&document, &["y", "b"]), "1");
    let target = |path: &[&str]| match &document.node(document.at(path).unwrap()).kind {
        Kind::Alias(alias) => alias.target,
        Kind::Sequence(items) => match &document.node(items[0]).kind {
            Kind::Alias(alias) => alias.target,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    assert_eq!(target(&["y"]), document.at(&["x"]));
    assert_eq!(target(&["z"]), None);
    assert_eq!(target(&["w"]), None, "an alias inside its own anchor leads nowhere");
}

#[test]
fn places_lie_in_the_text_also_where_it_is_broken() {
    let text = "services:\n  test:\n   ?  profiles:\n  :       - a\n      - b\n      - c\n";
    let (documents, _) = parse(text);
    let nodes = documents.iter().flat_map(|document| document.nodes());
    let wrong: Vec<Span> =
        nodes.map(|(_, node)| node.span()).filter(|span| text.get(span.start..span.end).is_none()).collect();
    assert_eq!(wrong, []);
}

#[test]
fn an_explicit_key_without_a_value_ends_before_the_colon_of_a_mapping_around_it() {
    // A list below the absent key of the outer mapping.
    insta::assert_snapshot!(shown("s:\n  ? k: v\n:\n    - V: a\n"), @r#"
    Block "s:\n  ? k: v\n:\n    - V: a"
    Plain "s"
    Block "? k: v"
    Block "k: v"
    Plain "k"
    Plain "v"
    Plain ""
    Plain ""
    Block "- V: a"
    Block "V: a"
    Plain "V"
    Plain "a"
    "#);
    // A mapping as the key.
    insta::assert_snapshot!(shown("? ? a\n:\n  - b\n"), @r#"
    Block "? ? a\n:\n  - b"
    Block "? a"
    Plain "a"
    Plain ""
    Block "- b"
    Plain "b"
    "#);
}

#[test]
fn an_explicit_key_has_the_absent_value_behind_a_colon_below_it() {
    for text in ["? a\n:\n", "\u{feff}? a\n:\n", "- ? a\n  :\n", "{? a\n:}", "? - ? a\n    :\n:\n"] {
        let document = document(text);
        let (_, value) = document.nodes().find(|(_, node)| node.kind == Kind::Scalar("".into())).unwrap();
        assert_eq!(value.span(), Span::at(text.find(':').unwrap() + 1), "{text:?}");
    }
}

#[test]
fn what_follows_an_explicit_key_without_a_value_is_a_key_unless_a_colon_and_a_blank_start_it() {
    for key in [":}", "\u{a0}", "\u{85}", "\u{2028}"] {
        let text = format!("? a\n{key}: b\n");
        let document = document(&text);
        let spans: Vec<&str> = document.nodes().skip(1).map(|(_, node)| node.span().of(&text)).collect();
        assert_eq!(spans, ["a", "", key, "b"], "{text:?}");
        assert!(document.nodes().map(|(_, node)| node.span().start).is_sorted(), "{text:?}");
    }
}

#[test]
fn a_list_that_is_an_explicit_key_starts_with_its_dash() {
    insta::assert_snapshot!(shown("?\n- a\n-\n: b\n"), @r#"
    Block "?\n- a\n-\n: b"
    Block "- a\n-"
    Plain "a"
    Plain ""
    Plain "b"
    "#);
}

#[test]
fn a_block_scalar_alone_starts_with_its_header() {
    for text in ["|\n  x", "# |\n>\n  x"] {
        let document = document(text);
        assert_eq!(document.node(document.root().unwrap()).span(), Span::new(text.len() - 5, text.len()));
    }
}

#[test]
fn a_block_scalar_ends_at_a_lone_carriage_return_and_with_white_space_that_is_text() {
    let shown = |text: &str| {
        let document = document(text);
        document.node(document.at(&["a"]).unwrap()).span().of(text).to_owned()
    };
    assert_eq!(shown("a: >\rb: c\n"), ">");
    assert_eq!(shown("a: |\r  x\rb: c\r"), "|\r  x");
    assert_eq!(shown("a: |\n  x\u{a0} \n"), "|\n  x\u{a0}");
}

#[test]
fn every_node_is_found_again_by_its_span() {
    let document = document("a: {b: c}\nd:\n  - e\n  -\nf: |\n  g\n? h\n: i\n");
    for (_, node) in document.nodes() {
        let found = document.spanning(node.span()).unwrap();
        assert_eq!(document.node(found).span(), node.span());
    }
    assert_eq!(document.spanning(Span::new(1, 3)), None);
}

#[test]
fn a_billion_laughs_cost_no_more_than_their_text() {
    let mut text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for level in 1..30 {
        let items = vec![format!("*a{}", level - 1); 9].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{items}]\n"));
    }
    assert!(document(&text).nodes().count() < 400);
}

#[test]
fn documents_of_one_file_are_kept_apart_with_their_comments() {
    let (documents, error) = parse("# one\na: 1\n---\n# two\nb: &x 2\n---\nc: *x\n# end\n");
    assert_eq!(error, None);
    assert_eq!(documents.len(), 3);
    assert_eq!(documents[0].comments.len(), 1);
    let alias = documents[2].node(documents[2].at(&["c"]).unwrap());
    assert_eq!(alias.kind, Kind::Alias(Box::new(Alias { name: "x".to_owned(), target: None })));
}

#[test]
fn an_empty_document_has_no_root() {
    assert!(parse("").0.is_empty());
    assert_eq!(document("# only\n").root(), None);
    assert_eq!(document("---\n").root(), None);
}

#[test]
fn what_stands_before_an_error_is_kept() {
    let (documents, error) = parse("services:\n  app:\n    image: nginx\n  db:\n    image: [x\n");
    assert!(error.is_some());
    assert_eq!(scalar(&documents[0], &["services", "app", "image"]), "nginx");
    assert!(documents[0].at(&["services", "db"]).is_some());
}

#[test]
fn errors_speak_plainly_and_point_at_the_cause() {
    let texts = [
        "services:\n\tapp:\n",
        "services:\n  app:\n    image nginx\n    init: true\n",
        "a: b: c\n",
        "a:\n  b: 1\n c: 2\n",
        "a:\n  b: 1\n    c: 2\n",
        "a: \"x\nb: 2\n",
        "a: 'it's'\n",
        "a: [1, 2\nb: 3\n",
        "a: {x: 1\n",
        "a: [1}\n",
        "a: ]\n",
        "a: @x\n",
        "a: - b\n",
        "a:\n  b: 1\n  - c\n",
        "a:\n  - b\n  c: 1\n",
        "a: \"\\q\"\n",
    ];
    let report: Vec<String> = texts
        .iter()
        .map(|text| {
            let error = parse(text).1.unwrap();
            format!("{:?} -> {:?}: {}", text, error.span.of(text), error.message)
        })
        .collect();
    insta::assert_snapshot!(report.join("\n"));
}

#[test]
fn depth_and_size_have_limits_with_a_clear_message() {
    let deep = "[".repeat(MAX_DEPTH + 1);
    assert!(parse(&deep).1.unwrap().message.contains("levels deep"));
    let block: String = (0..=MAX_DEPTH).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert!(parse(&block).1.unwrap().message.contains("levels deep"));
    assert!(parse(&" ".repeat(MAX_BYTES + 1)).1.unwrap().message.contains("larger than 10 MB"));
}

/// The tree as the other reader would give it, with scalars as text.
fn value(document: &Document, id: NodeId) -> serde_yaml::Value {
    let node = document.node(document.resolve(id));
    match &node.kind {
        Kind::Scalar(text) if node.style == Style::Plain => {
            serde_yaml::from_str(text).unwrap_or(serde_yaml::Value::String(text.to_string()))
        }
        Kind::Scalar(text) => serde_yaml::Value::String(text.to_string()),
        Kind::Sequence(items) => items.iter().map(|item| value(document, *item)).collect(),
        Kind::Mapping(entries) => serde_yaml::Value::Mapping(
            entries.iter().map(|entry| (value(document, entry.key), value(document, entry.value))).collect(),
        ),
        Kind::Alias(_) => serde_yaml::Value::Null,
    }
}

#[test]
fn values_agree_with_an_independent_reader() {
    for text in [
        "services:\n  a: &a\n    image: \"nginx:1\"\n    command: >\n      one\n      two\n\n      three\n  b: *a\n",
        "a: 'it''s'\nb: \"x\\ty\\u00e9\"\nc: |2-\n    two\n   one\nd: two\n  lines\n",
        "a: [x, {b: c}, \"d\"]\nb: {}\nc: []\nd: ~\n? e\n: f\n",
        "- - a\n  - b\n- c: d\n  e:\n  - f\n",
        "a: |+\n  x\n\n\nb: >-\n  x\n   y\n  z\n",
    ] {
        let document = document(text);
        let ours = value(&document, document.root().unwrap());
        assert_eq!(ours, serde_yaml::from_str::<serde_yaml::Value>(text).unwrap(), "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in "[a-c:\\-\\[\\]{}&*!|>#'\" \t\r\n,?@%😀\u{feff}]{0,60}") {
        let (documents, _) = parse(&text);
        for document in &documents {
            for (_, node) in document.nodes() {
                prop_assert!(text.get(node.span().start..node.span().end).is_some(), "{:?}", node);
            }
        }
    }
}

#[test]
fn an_absent_value_ends_before_a_key_that_starts_with_a_colon() {
    let (documents, _) = parse("a:\n  ? b: c\n:d:\n");
    let ends: Vec<_> = documents[0].nodes().map(|(_, node)| (node.span().start, node.span().end)).collect();
    // The mapping below `a` ends with `c`, before `:d`.
    assert_eq!(ends[2].1, 11);
    assert!(ends[7].0 >= ends[2].1, "{ends:?}");
}

#[test]
fn anchors_know_what_stands_below_them_with_aliases_expanded() {
    let (documents, _) = parse("a: &a [x, y]\nb: &b {k: *a, l: [*a]}\nc: *b\nd: &d z\n");
    let document = &documents[0];
    let weights: Vec<_> = document
        .aliases()
        .map(|(_, target)| document.weight(target).map(|weight| (weight.nodes, weight.depth)))
        .collect();
    // A list of two; a mapping of two keys, the list, and a list around it.
    assert_eq!(weights, [Some((3, 2)), Some((3, 2)), Some((10, 4))]);
    let scalar = document.at(&["d"]).and_then(|node| document.weight(node));
    assert_eq!(scalar.map(|weight| (weight.nodes, weight.depth)), Some((1, 1)));
}

#[test]
fn quoted_text_may_go_on_left_of_its_key_as_other_readers_have_it() {
    for (text, value) in [
        ("a:\n  b: \"x\n  y\"\n  c: 1\n", "x y"),
        ("a:\n  b: \"x\ny\"\n  c: 1\n", "x y"),
        ("a:\n  b: 'it''s\n\n y'\n  c: 1\n", "it's\ny"),
        ("a:\n  b: # don't\n    \"x \\\" \\\ny\"\n  c: 1\n", "x \" y"),
        ("\u{feff}a:\r\n  b: \"é\r\ny\"\r\n  c: 1\r\n", "é y"),
    ] {
        let (documents, error) = parse(text);
        assert_eq!(error, None, "{text:?}");
        let document = &documents[0];
        let quoted = document.at(&["a", "b"]).unwrap();
        assert_eq!(document.text(quoted), Some(value), "{text:?}");
        let written = document.node(quoted).span().of(text);
        assert!(written.starts_with(['"', '\'']) && written.ends_with(['"', '\'']), "{written:?}");
        assert_eq!(document.node(document.at(&["a", "c"]).unwrap()).span().of(text), "1");
    }
    let two = "a:\n  b: \"x\ny\"\n  c: \"z\nw\"\n  d: 1\n";
    let (documents, error) = parse(two);
    assert_eq!((error, documents[0].text(documents[0].at(&["a", "c"]).unwrap())), (None, Some("z w")));
}

#[test]
fn a_quote_that_is_never_closed_is_shown_where_it_opens_though_another_one_follows() {
    for text in ["a:\n  b: \"x\n  c: 1\n  d: \"y\"\n", "a:\n  b: \"x\n---\ny\"\n"] {
        let (_, error) = parse(text);
        assert_eq!(error.unwrap().span.start, text.find('"').unwrap(), "{text:?}");
    }
}

/// Texts with a tab that the reference's reader takes, and such that it refuses.
#[test]
fn tabs_before_a_line_are_taken_where_the_reference_takes_them() {
    for text in [
        "a: x\n  \t\nb: y\n",
        "a: x\n  \t# c\nb: y\n",
        "a:\n  b: [\n\tc,\n\t\"d\"\n\t]\n",
        "a:\n  b: {\n\tc: d\n  }\n",
        "a:\n  b: [\n\t\n    c\n  ]\n",
        "a:\n  b: \"c\n\td\"\n",
        "a:\n  b: 'c\n\td'\n",
        "a: |\n  b\n  \tc\n",
        "a: |\n  b\n  \t\n  c\n",
        "a: |1\n \tb\n",
        "a: &x\tb\nc:\t*x\n",
        "a: \"b\"\t# c\n",
        "# a\n\t# b\nc: d\n",
        "a:\n  # b\n\t\n\n\t# c\n  d: e\n",
    ] {
        assert_eq!(parse(text).1, None, "{text:?}");
    }
    for text in [
        "\t# c\na: b\n",
        "a: x\n\t\nb: y\n",
        "a: x\n\t",
        "a:\n  b: x\n  \t\n  c: y\n",
        "a: \"x\"\n  \t\nb: y\n",
        "a: x # c\n  \t\nb: y\n",
        "a:\n\t\n  b: c\n",
        "a:\n  - b\n\t# c\n  - d\n",
        "a: [b]\n\t\nc: d\n",
        "a: |\n  b\n\t\nc: d\n",
        "a: |\n  \tb\n",
        "a:\n  -\tb\n",
        "a:\n  -\tb: c\n",
        "a: [\n\tb\n]\n\tc: d\n",
        "a:\n  b: c # d\n\t# e\n  f: g\n",
        "a:\n  # b\n\t# c\n\t\n  d: e\n",
        "a:\n  # b\n  \tc: d\n",
        "a:\n  \tb\n",
    ] {
        let error = parse(text).1.unwrap_or_else(|| panic!("{text:?}"));
        assert_eq!(error.span.of(text).trim_matches('\t'), "", "{text:?}: {error}");
        assert_ne!(error.span.of(text), "", "{text:?}: {error}");
    }
}
