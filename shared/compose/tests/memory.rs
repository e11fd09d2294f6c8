//! A check that remembers the one before takes over what did not change, and only that. That it finds the same is a law
//! of its own, tried on many thousand edits in `trials`.

use std::sync::Arc;

use composeyard_compose::model::Service;
use composeyard_compose::{LoadRequest, Loaded, Memory, ProjectFiles, ServiceName, check_again};

const TEXT: &str = "\
x-logging: &logging
  driver: json-file
services:
  web:
    image: nginx:1.27
    ports: [\"80:80\"]
  # the database
  db:
    image: postgres:16
    logging: *logging
  cache:
    image: redis:${TAG:-7}
volumes: {}
";

/// Checks a text, with `.env` beside it.
fn checked(memory: &mut Memory, text: &str, variables: &str) -> Loaded {
    let files = [("compose.yaml", text), (".env", variables)];
    let files = files.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let request = LoadRequest { project_name: Some("shop".to_owned()), ..LoadRequest::default() };
    check_again(&ProjectFiles(files.into()), &request, memory)
}

/// The services that a second check takes over from the first.
fn taken_over(before: (&str, &str), after: (&str, &str)) -> Vec<String> {
    let mut memory = Memory::default();
    let [before, after] =
        [before, after].map(|(text, variables)| checked(&mut memory, text, variables).project);
    let (Some(before), Some(after)) = (before, after) else { return vec!["nothing loads".to_owned()] };
    let is_same = |(name, service): &(&ServiceName, &Arc<Service>)| {
        before.services.get(*name).is_some_and(|known| Arc::ptr_eq(known, service))
    };
    after.services.iter().filter(is_same).map(|(name, _)| name.to_string()).collect()
}

#[test]
fn the_services_whose_text_stays_are_taken_over_wherever_they_stand_then() {
    let typed = TEXT.replace("nginx:1.27", "nginx:1.28");
    assert_eq!(taken_over((TEXT, ""), (&typed, "")), ["cache", "db"]);
    let more = TEXT.replace("  cache:", "  queue:\n    image: rabbitmq:4\n  cache:");
    assert_eq!(taken_over((TEXT, ""), (&more, "")), ["cache", "db", "web"]);
    let fewer = TEXT.replace("  web:\n    image: nginx:1.27\n    ports: [\"80:80\"]\n", "");
    assert!(fewer.len() < TEXT.len());
    assert_eq!(taken_over((TEXT, ""), (&fewer, "")), ["cache", "db"]);
}

#[test]
fn nothing_is_taken_over_when_what_the_services_share_has_changed() {
    assert!(taken_over((TEXT, ""), (TEXT, "TAG=8")).is_empty());
    assert!(taken_over((TEXT, ""), (&TEXT.replace("json-file", "local"), "")).is_empty());
    let indented = "services:\n   web:\n    image: nginx:1.27\n";
    assert!(taken_over(("services:\n  web:\n    image: nginx:1.27\n", ""), (indented, "")).is_empty());
}

#[test]
fn what_services_share_counts_only_when_they_use_it() {
    let text = TEXT.replace("    logging: *logging\n", "");
    assert_eq!(taken_over((&text, ""), (&text.replace("json-file", "local"), "")), ["cache", "db", "web"]);
}

#[test]
fn a_text_that_cannot_be_read_in_between_costs_nothing() {
    let mut memory = Memory::default();
    let before = checked(&mut memory, TEXT, "").project.unwrap();
    assert!(checked(&mut memory, &TEXT.replace("image: nginx:1.27", "image: \"nginx"), "").project.is_none());
    let after = checked(&mut memory, TEXT, "").project.unwrap();
    assert!(before.services.iter().all(|(name, service)| Arc::ptr_eq(service, &after.services[name])));
}

#[test]
fn a_finding_stays_until_it_is_mended() {
    let mut memory = Memory::default();
    let wrong = TEXT.replace("ports:", "prots:");
    for text in [wrong.clone(), wrong.replace("redis", "valkey"), format!("# more\n{wrong}")] {
        let findings = checked(&mut memory, &text, "").diagnostics;
        let finding = findings.iter().find(|finding| finding.code == "CY201").unwrap();
        assert_eq!(finding.span.of(&text), "prots");
    }
    assert!(checked(&mut memory, TEXT, "").diagnostics.iter().all(|finding| finding.code != "CY201"));
}

#[test]
fn a_file_that_hardly_holds_anything_but_aliases_is_refused_with_a_memory_too() {
    let mut text = "x-a: &a [k, k, k, k, k, k, k, k, k]\n".to_owned();
    for (name, last) in [("b", "a"), ("c", "b"), ("d", "c")] {
        let aliases = vec![format!("*{last}"); 9].join(", ");
        text.push_str(&format!("x-{name}: &{name} [{aliases}]\n"));
    }
    text.push_str("services:\n  web:\n    image: nginx:1.27\n");
    let loaded = checked(&mut Memory::default(), &text, "");
    assert!(loaded.project.is_none());
    assert!(loaded.diagnostics.iter().any(|finding| finding.code == "CY005"), "{:#?}", loaded.diagnostics);
}

#[test]
fn places_follow_the_text() {
    let mut memory = Memory::default();
    checked(&mut memory, TEXT, "");
    let longer = TEXT.replace("image: nginx:1.27", "image: nginx:1.27-alpine");
    let loaded = checked(&mut memory, &longer, "");
    let written = |path: &str| loaded.origins.get(path).unwrap().span.of(&longer);
    assert_eq!(written("services.cache.image"), "redis:${TAG:-7}");
    assert_eq!(written("services.db.logging.driver"), "json-file");
    assert_eq!(written("services.web.ports[0].target"), "\"80:80\"");
}
