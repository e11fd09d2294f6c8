//! Rendering and hashes against what `docker compose` 2.40.3 printed for the same file.
#![allow(missing_docs, clippy::unwrap_used)]

use composeyard_compose::{LoadRequest, Project, ProjectFiles, load, render};

const COMPOSE: &str = include_str!("render/compose.yaml");

struct Absolute;

impl composeyard_compose::FileSource for Absolute {
    fn read(&self, path: &str) -> Result<String, composeyard_compose::files::ReadError> {
        match path {
            "/srv/hashy/compose.yaml" => Ok(COMPOSE.to_owned()),
            other => Err(composeyard_compose::files::ReadError::NotFound(other.to_owned())),
        }
    }
}

fn project() -> Project {
    let request = LoadRequest { project_dir: "/srv/hashy".to_owned(), ..LoadRequest::default() };
    let loaded = load(&Absolute, &request);
    assert_eq!(loaded.diagnostics, []);
    loaded.project.unwrap()
}

#[test]
fn hashes_equal_those_of_the_reference() {
    let hashes: Vec<String> = project()
        .services
        .iter()
        .map(|(name, service)| format!("{name} {}", render::config_hash(service)))
        .collect();
    let expected: Vec<&str> = include_str!("render/hashes.txt").lines().collect();
    assert_eq!(hashes, expected);
}

#[test]
fn json_equals_that_of_the_reference() {
    assert!(render::json(&project()).trim() == include_str!("render/expected.json").trim());
}

#[test]
fn yaml_holds_the_same_values_as_that_of_the_reference() {
    let ours: serde_yaml::Value = serde_yaml::from_str(&render::yaml(&project())).unwrap();
    let theirs: serde_yaml::Value = serde_yaml::from_str(include_str!("render/expected.yaml")).unwrap();
    assert_eq!(ours, theirs);
}

#[test]
fn dollars_are_doubled_so_that_the_text_loads_again() {
    let text = "services:\n  app:\n    image: a\n    command: [echo, $$HOME]\n";
    let files = ProjectFiles([("compose.yaml".to_owned(), text.to_owned())].into());
    let project = load(&files, &LoadRequest::default()).project.unwrap();
    let again = ProjectFiles([("compose.yaml".to_owned(), render::yaml(&project))].into());
    assert_eq!(load(&again, &LoadRequest::default()).project.unwrap(), project);
}
