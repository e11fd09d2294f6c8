//! What a README tells a reader to click, look at and type is there.

use std::{collections::BTreeSet, fs, path::Path};

use composeyard_compose::{rules, stacks::Card};

use crate::{cards, file, files, project};

#[test]
fn every_readme_says_how_to_run_it_what_to_look_at_what_to_do_in_trouble_and_what_differs() {
    for card in cards() {
        let readme = file(card.name.as_str(), "README.md");
        let sections: Vec<&str> = readme.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        for section in
            ["Run it", "What to look at", "Troubleshooting", "Differences from the original description"]
        {
            assert!(sections.contains(&section), "{}: {section}", card.name);
        }
        let rows = troubles(&card);
        assert!(rows.len() >= 7, "{}: {} rows", card.name, rows.len());
        for [symptom, in_composeyard, ..] in &rows {
            assert!(!in_composeyard.is_empty(), "{}: where to click when {symptom}", card.name);
        }
    }
}

#[test]
fn where_to_click_names_controls_of_the_page() {
    let page = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/src"));
    for card in cards() {
        for [symptom, in_composeyard, ..] in troubles(&card) {
            for control in between(&in_composeyard, "**") {
                assert!(page.contains(&format!("\"{control}\"")), "{}, {symptom}: {control}", card.name);
            }
        }
    }
}

#[test]
fn where_to_click_names_services_variables_volumes_and_files_that_the_stack_has() {
    for card in cards() {
        let names = names(&card);
        for [symptom, in_composeyard, ..] in troubles(&card) {
            for name in between(&in_composeyard, "`").into_iter().filter(|name| !name.starts_with('/')) {
                assert!(names.contains(name), "{}, {symptom}: {name}", card.name);
            }
        }
    }
}

#[test]
fn commands_name_files_profiles_and_scripts_that_the_stack_has() {
    let mut count = 0;
    for card in cards() {
        let profiles: BTreeSet<&String> = card.variants.iter().flat_map(|it| &it.profiles).collect();
        let text = file(card.name.as_str(), "README.md");
        let words: Vec<&str> =
            text.split_whitespace().map(|word| word.trim_matches(['`', ',', ';'])).collect();
        for pair in words.windows(2) {
            let is_known = match pair[0] {
                "-f" if pair[1].ends_with(".yaml") => card.files.iter().any(|file| file == pair[1]),
                "--profile" => profiles.iter().any(|profile| *profile == pair[1]),
                _ if pair[1].ends_with(".sh") => {
                    let script = pair[1].trim_start_matches("./");
                    card.files.iter().any(|file| file == script)
                }
                _ => continue,
            };
            assert!(is_known, "{}: {} {}", card.name, pair[0], pair[1]);
            count += 1;
        }
    }
    assert!(count >= 15, "{count} names");
}

#[test]
fn codes_are_those_of_rules() {
    let known: BTreeSet<String> = rules::all().map(|rule| rule.code.to_string()).collect();
    let mut count = 0;
    for card in cards() {
        let text = file(card.name.as_str(), "README.md");
        let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
        for code in words.filter(|word| word.starts_with("CY") && word.len() == 5) {
            assert!(known.contains(code), "{}: {code}", card.name);
            count += 1;
        }
    }
    assert!(count >= 4, "{count} codes");
}

/// The rows of the section: symptom, in Composeyard, on the command line, likely cause.
fn troubles(card: &Card) -> Vec<[String; 4]> {
    let readme = file(card.name.as_str(), "README.md");
    let section = readme.split("\n## ").find(|section| section.starts_with("Troubleshooting")).unwrap();
    let rows = section.lines().filter(|line| line.starts_with('|')).skip(2);
    let cells = |row: &str| -> Vec<String> {
        let row = row.strip_prefix('|').and_then(|row| row.strip_suffix('|')).unwrap();
        row.split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    rows.map(|row| cells(row).try_into().unwrap_or_else(|cells| panic!("four cells: {cells:?}"))).collect()
}

/// What stands between each pair of marks.
fn between<'text>(text: &'text str, mark: &str) -> Vec<&'text str> {
    text.split(mark).skip(1).step_by(2).collect()
}

/// Services and volumes of all variants, variables, files.
fn names(card: &Card) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = files(card).0.into_keys().chain(card.secret_files.clone()).collect();
    let example = file(card.name.as_str(), ".env.example");
    let variables = example.lines().filter_map(|line| line.trim_start_matches('#').split_once('='));
    names.extend(variables.map(|(name, _)| name.to_owned()));
    for variant in &card.variants {
        let project = project(card.name.as_str(), &variant.name, None);
        names.extend(project.services.keys().map(ToString::to_string));
        names.extend(project.volumes.into_keys());
    }
    names
}

/// All Rust text below a folder.
fn sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text += &sources(&path);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text += &fs::read_to_string(path).unwrap();
        }
    }
    text
}
