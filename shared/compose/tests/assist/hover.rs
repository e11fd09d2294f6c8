//! What a thing means.

use composeyard_compose::assist::Hover;

use crate::{FILE, Project};

fn hover(marked: &str) -> Hover {
    of(&Project::at(marked))
}

fn of(project: &Project) -> Hover {
    project.assistant().hover(FILE, project.offset).expect("a card")
}

fn fact<'h>(hover: &'h Hover, label: &str) -> &'h str {
    let fact = hover.facts.iter().find(|fact| fact.label == label);
    fact.map_or_else(|| panic!("no {label} in {:?}", hover.facts), |fact| &fact.text)
}

#[test]
fn a_key_says_what_it_does_takes_and_defaults_to() {
    let card = hover("services:\n  a:\n    image: x:1\n    stop_gr|ace_period: 1m\n");
    assert_eq!(card.title, "stop_grace_period");
    assert!(card.doc.starts_with("How long"));
    assert_eq!(fact(&card, "default"), "10s");
    assert!(card.link.is_some_and(|link| link.ends_with("#stop_grace_period")));
}

#[test]
fn a_value_with_variables_shows_what_it_comes_to() {
    let project = Project::with("services:\n  a:\n    im|age: nginx:${TAG}\n", &[(".env", "TAG=1.27\n")]);
    assert_eq!(fact(&of(&project), "value"), "nginx:1.27");
}

#[test]
fn a_value_that_another_file_replaces_names_the_place() {
    let other = ("compose.override.yaml", "services:\n  a:\n    image: nginx:2\n");
    let project = Project::with("services:\n  a:\n    im|age: nginx:1\n", &[other]);
    let card = of(&project);
    let value = card.facts.iter().find(|fact| fact.label == "value").expect("a value");
    assert_eq!(value.text, "nginx:2");
    let (location, line) = value.from.as_ref().expect("an origin");
    assert_eq!((location.file.as_str(), *line), ("compose.override.yaml", 3));
}

#[test]
fn a_short_form_shows_its_long_form() {
    let card = hover("services:\n  a:\n    image: x:1\n    ports:\n      - \"80|80:80\"\n");
    assert!(fact(&card, "value").contains("target: 80"), "{card:?}");
}

#[test]
fn a_variable_shows_its_value_and_its_line() {
    let project =
        Project::with("services:\n  a:\n    image: nginx:${TA|G:-1}\n", &[(".env", "# tag\nTAG=1.27\n")]);
    let card = of(&project);
    assert_eq!((card.title.as_str(), fact(&card, "value")), ("${TAG}", "1.27"));
    assert_eq!(fact(&card, "when empty"), "1");
    assert_eq!(card.facts[0].from.as_ref().map(|(at, line)| (at.file.as_str(), *line)), Some((".env", 2)));
}

#[test]
fn a_name_shows_who_uses_it() {
    let text = "services:\n  web:\n    image: nginx:1\n    networks: [back]\n  db:\n    image: postgres:17\n    networks: [ba|ck]\nnetworks:\n  back:\n    driver: bridge\n";
    let card = hover(text);
    assert_eq!(card.title, "network back");
    assert_eq!(fact(&card, "used by"), "web, db");
    assert_eq!(fact(&card, "driver"), "bridge");
}

#[test]
fn a_finding_says_why_it_matters() {
    let card = hover("services:\n  a:\n    image: ng|inx\n");
    let rules = card.facts.iter().filter(|fact| fact.label.starts_with("CY")).count();
    assert!(rules > 0, "{card:?}");
}
