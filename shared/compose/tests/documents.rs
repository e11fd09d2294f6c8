//! What several documents, names and tags of a file promise.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;

use composeyard_compose::{LoadRequest, Loaded, ProjectFiles, Severity, load};

fn load_all(files: &[(&str, &str)], compose: &[&str]) -> Loaded {
    let given = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let request = LoadRequest {
        files: compose.iter().map(|file| (*file).to_owned()).collect(),
        ..LoadRequest::default()
    };
    load(&ProjectFiles(given), &request)
}

fn load_one(text: &str) -> Loaded {
    load_all(&[("compose.yaml", text)], &["compose.yaml"])
}

/// Code, file and text of each error.
fn errors(loaded: &Loaded, text: &str) -> Vec<String> {
    let errors = loaded.diagnostics.iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|error| format!("{} {} {:?}", error.code, error.file, error.span.of(text))).collect()
}

#[test]
fn no_document_of_several_is_empty() {
    for text in [
        "services: {a: {image: a}}\n---\n",
        "---\n# nothing\n---\nservices: {a: {image: a}}\n",
        "services: {a: {image: a}}\n--- null\n",
    ] {
        let found = errors(&load_one(text), text);
        assert!(matches!(&found[..], [one] if one.starts_with("CY015 compose.yaml \"---")), "{found:?}");
    }
    for text in ["---\nservices: {a: {image: a}}\n", "services: {a: {image: a}}\n...\n# end\n"] {
        assert_eq!(errors(&load_one(text), text), Vec::<String>::new(), "{text:?}");
    }
}

#[test]
fn a_block_that_the_file_ends_in_has_the_line_break_that_stands_there() {
    let label = |text: &str| {
        let text = format!("services:\n  a:\n    image: a\n    labels:\n      l: {text}");
        let project = load_one(&text).project.unwrap();
        let service = serde_json::to_value(&project.services[&"a".parse().unwrap()]).unwrap();
        service["labels"]["l"].as_str().unwrap().to_owned()
    };
    for header in ["|", ">", "|+"] {
        assert_eq!(label(&format!("{header}\n        b")), "b", "{header}");
        assert_eq!(label(&format!("{header}\n        b\n")), "b\n", "{header}");
        assert_eq!(label(&format!("{header}\n        b\n      m: c")), "b\n", "{header}");
    }
    assert_eq!(label("|+\n        b\n\n"), "b\n\n");
    assert_eq!(label("|-\n        b"), "b");
}

#[test]
fn an_empty_file_is_nothing_to_load_but_may_be_included() {
    assert_eq!(errors(&load_one("# soon\n"), "# soon\n"), ["CY009 compose.yaml \"\""]);
    let main = "include: [empty.yaml]\nservices: {a: {image: a}}\n";
    let loaded = load_all(&[("compose.yaml", main), ("empty.yaml", "")], &["compose.yaml"]);
    assert_eq!(errors(&loaded, main), Vec::<String>::new());
}

#[test]
fn an_include_that_lists_no_env_files_and_names_no_folder_has_those_of_its_file() {
    let image = |options: &str| {
        let main = format!("include: [{{path: sub/c.yaml, {options}}}]\n");
        let files = [
            ("compose.yaml", main.as_str()),
            ("sub/c.yaml", "services: {a: {image: \"a:${TAG:-none}\", build: ./x}}\n"),
            ("sub/.env", "TAG=sub\n"),
        ];
        let project = load_all(&files, &["compose.yaml"]).project.unwrap();
        let service = serde_json::to_value(&project.services[&"a".parse().unwrap()]).unwrap();
        format!("{} {}", service["image"].as_str().unwrap(), service["build"]["context"].as_str().unwrap())
    };
    assert_eq!(image("env_file: []"), "a:sub ./sub/x");
    assert_eq!(image("project_directory: ''"), "a:sub ./sub/x");
    assert_eq!(image("env_file: /dev/null"), "a:none ./sub/x");
}

#[test]
fn a_name_is_text_in_every_file_and_nothing_leaves_the_one_before() {
    let first = "name: one\nservices: {a: {image: a}}\n";
    let name = |second: &str| {
        let loaded = load_all(&[("1.yaml", first), ("2.yaml", second)], &["1.yaml", "2.yaml"]);
        loaded.project.filter(|_| loaded.diagnostics.is_empty()).map(|project| project.name.to_string())
    };
    assert_eq!(name("name: null\n").as_deref(), Some("one"));
    assert_eq!(name("name:\n").as_deref(), Some("one"));
    assert_eq!(name("name: 'null'\n").as_deref(), Some("null"));
    assert_eq!(name("name: 5\n"), None);
    assert_eq!(name("name: [a]\n"), None);
}

#[test]
fn a_name_that_cannot_be_used_is_shown_where_it_stands() {
    for (name, message) in [
        ("\"--\"", "project name must not be empty"),
        ("${NONE:?set it}", "required variable NONE is missing a value: set it"),
        ("${", "this is not a valid variable reference"),
    ] {
        let text = format!("services: {{a: {{image: a}}}}\nname: {name}\n");
        let loaded = load_one(&text);
        let finding = loaded.diagnostics.iter().find(|finding| finding.code == "CY030").unwrap();
        assert_eq!((finding.span.of(&text), finding.path.as_str()), (name, "name"));
        assert_eq!(finding.message, message);
    }
}

#[test]
fn a_value_is_what_its_tag_says() {
    for (value, is_right) in [
        ("!!int x", false),
        ("!!int 1.5", false),
        ("!!int '5'", true),
        ("!!float 5", true),
        ("!!bool yes", false),
        ("!!bool true", true),
        ("!!null x", false),
        ("!!str 5", true),
    ] {
        let text = format!("services: {{a: {{image: a}}}}\nx-value: {value}\n");
        assert_eq!(load_one(&text).diagnostics.is_empty(), is_right, "{value}");
    }
}

#[test]
fn a_tag_makes_what_it_says_and_an_unknown_one_text() {
    let text =
        "services: {a: {image: a}}\nx-a: !mine 010\nx-b: !<tag:yaml.org,2002:int> 010\nx-c: !!str 010\n";
    let project = load_one(text).project.unwrap();
    let wanted = serde_json::json!({"x-a": "010", "x-b": 8, "x-c": "010"});
    assert_eq!(serde_json::to_value(&project.extra).unwrap(), wanted);
}

/// The YAML specification has it be text; the reference's reader looks over it.
#[test]
fn a_tag_without_a_name_says_nothing() {
    let project = load_one("services: {a: {image: a}}\nx-a: ! 5\nx-b: ! '5'\n").project.unwrap();
    assert_eq!(serde_json::to_value(&project.extra).unwrap(), serde_json::json!({"x-a": 5, "x-b": "5"}));
}

#[test]
fn numbers_of_64_bits_keep_their_digits_and_larger_ones_without_end_are_text() {
    let text = "services: {a: {image: a, labels: {id: 12345678901234567890, far: 1e400}}}\n";
    let project = load_one(text).project.unwrap();
    let service = serde_json::to_value(&project.services[&"a".parse().unwrap()]).unwrap();
    assert_eq!(service["labels"], serde_json::json!({"far": "1e400", "id": "12345678901234567890"}));
}

#[test]
fn a_selected_service_with_a_disabled_dependency_is_shown_where_it_names_it() {
    let text = "services:\n  a: {image: a, depends_on: [b]}\n  b: {image: b, profiles: [p]}\n";
    let files = ProjectFiles(BTreeMap::from([("compose.yaml".to_owned(), text.to_owned())]));
    let request = LoadRequest { services: vec!["a".to_owned()], ..LoadRequest::default() };
    let loaded = load(&files, &request);
    let finding = loaded.diagnostics.iter().find(|finding| finding.code == "CY108").unwrap();
    assert_eq!(finding.span.of(text), "b");
    assert!(finding.help.as_deref().unwrap().contains('p'));
}
