//! The template projects, read but not run.
//!
//! | file | what it holds them against |
//! |---|---|
//! | `descriptions.rs` | the descriptions that they were made from, in numbers and names |
//! | `readmes.rs` | what their READMEs name: controls of the page, services, variables, files, rules |
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says where it fails")]

mod descriptions;
mod readmes;

use std::{fs, path::Path};

use composeyard_compose::{
    LoadRequest, Project, ProjectFiles, load, settings,
    stacks::{Card, add_secrets},
};

/// A variant as it loads; with this `.env`, or with the secrets of a fresh one.
fn project(template: &str, variant: &str, env: Option<&str>) -> Project {
    let card = card(template);
    let variant = card.variant(Some(variant)).unwrap();
    let mut files = files(&card);
    if let Some(text) = env {
        files.0.insert(settings::FILE.to_owned(), text.to_owned());
    }
    add_secrets(&mut files, &card, variant, &mut || "secret".to_owned());
    let request = LoadRequest {
        files: variant.files.clone(),
        project_name: Some(card.name.to_string()),
        profiles: variant.profiles.clone(),
        ..LoadRequest::default()
    };
    let loaded = load(&files, &request);
    loaded.project.unwrap_or_else(|| panic!("{template} {}: {:?}", variant.name, loaded.diagnostics))
}

fn cards() -> Vec<Card> {
    let index: serde_json::Value = serde_json::from_str(&file(".", "index.json")).unwrap();
    index["stacks"].as_array().unwrap().iter().map(|name| card(name.as_str().unwrap())).collect()
}

fn card(template: &str) -> Card {
    serde_json::from_str(&file(template, "stack.json")).unwrap()
}

fn files(card: &Card) -> ProjectFiles {
    let read = |path: &String| (path.clone(), file(card.name.as_str(), path));
    ProjectFiles(card.files.iter().map(read).collect())
}

fn file(template: &str, path: &str) -> String {
    let stacks = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../static/stacks");
    fs::read_to_string(stacks.join(template).join(path)).unwrap()
}
