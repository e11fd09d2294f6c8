//! A file of many services is loaded in two halves at the same time, when nothing leads from one to the other. A project
//! of two files never is: with an override that says nothing it must come out the same.

use std::fmt::Write as _;

use composeyard_compose::{LoadRequest, Loaded, ProjectFiles, check};

/// A file of 500 services; `odd` writes more lines for some of them.
fn file(odd: impl Fn(usize) -> &'static str) -> String {
    let mut text = "x-logging: &logging\n  driver: json-file\nservices:\n".to_owned();
    for number in 0..500 {
        let _ = write!(
            text,
            "  app-{number}:\n    image: app:{number}\n    logging: *logging\n    volumes: [\"data-{number}:/data\"]\n{}",
            odd(number)
        );
    }
    text.push_str("volumes:\n");
    for number in 0..500 {
        let _ = writeln!(text, "  data-{number}:");
    }
    text
}

fn loaded(text: &str, files: &[&str]) -> Loaded {
    let sources = [("compose.yaml", text), ("nothing.yaml", "services: {}\n")];
    let sources = sources.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let request = LoadRequest {
        files: files.iter().map(|file| (*file).to_owned()).collect(),
        project_name: Some("many".to_owned()),
        ..LoadRequest::default()
    };
    check(&ProjectFiles(sources.into()), &request)
}

#[track_caller]
fn same_in_halves(text: &str) -> Loaded {
    let (halves, whole) = (loaded(text, &["compose.yaml"]), loaded(text, &["compose.yaml", "nothing.yaml"]));
    assert_eq!(halves.project, whole.project);
    // What a rule says of all the project's files may differ.
    let of_the_file = |loaded: &Loaded| {
        let findings = loaded.diagnostics.iter().filter(|finding| !finding.code.starts_with("CY3"));
        findings.cloned().collect::<Vec<_>>()
    };
    assert_eq!(of_the_file(&halves), of_the_file(&whole));
    halves
}

#[test]
fn many_services_come_out_as_one_after_the_other() {
    let loaded =
        same_in_halves(&file(|number| if number == 440 { "    ports: [\"80-81:80-81\"]\n" } else { "" }));
    let project = loaded.project.map(|project| (project.services.len(), project.networks.len()));
    assert_eq!(project, Some((500, 1)));
}

#[test]
fn mistakes_in_both_halves_are_found() {
    let loaded = same_in_halves(&file(|number| match number {
        3 => "    prots: []\n",
        70 => "    depends_on: [app-499]\n",
        330 => "    hostname: ${HOST}\n",
        499 => "    depends_on: [app-70]\n    cpus: many\n",
        _ => "",
    }));
    let found: Vec<&str> = loaded.diagnostics.iter().map(|finding| finding.code.as_str()).collect();
    for code in ["CY201", "CY012", "CY106"] {
        assert!(found.contains(&code), "{code} is not in {found:?}");
    }
}

#[test]
fn what_leads_from_one_half_to_the_other_is_followed() {
    same_in_halves(&file(|number| match number {
        2 => "    environment: &shared\n      A: b\n",
        498 => "    environment: *shared\n",
        _ => "",
    }));
    let loaded = same_in_halves(&file(|number| if number == 499 { "    extends: app-1\n" } else { "" }));
    assert!(loaded.project.is_some());
}

#[test]
fn more_findings_of_a_kind_than_are_shown_are_the_same_ones() {
    let loaded = same_in_halves(&file(|_| "    hostname: ${HOST}\n"));
    assert_eq!(loaded.diagnostics.iter().filter(|finding| finding.code == "CY012").count(), 100);
}
