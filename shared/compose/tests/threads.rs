//! A file of many services is loaded on two threads, when nothing leads from one service to the other. A project of two
//! files never is: with an override that says nothing it must come out the same. The rules run on two threads too.

use std::{collections::BTreeSet, fmt::Write as _};

use composeyard_compose::{LoadRequest, Loaded, ProjectFiles, check};

/// A file of 500 services; `odd` writes more lines for some of them.
fn file(odd: impl Fn(usize) -> &'static str) -> String {
    file_of(500, odd)
}

fn file_of(services: usize, odd: impl Fn(usize) -> &'static str) -> String {
    let mut text = "x-logging: &logging\n  driver: json-file\nservices:\n".to_owned();
    for number in 0..services {
        let _ = write!(
            text,
            "  app-{number}:\n    image: app:{number}\n    logging: *logging\n    volumes: [\"data-{number}:/data\"]\n{}",
            odd(number)
        );
    }
    text.push_str("volumes:\n");
    for number in 0..services {
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
fn same_on_two_threads(text: &str) -> Loaded {
    let (shared, whole) = (loaded(text, &["compose.yaml"]), loaded(text, &["compose.yaml", "nothing.yaml"]));
    assert_eq!(shared.project, whole.project);
    // What a rule says of all the project's files may differ.
    let of_the_file = |loaded: &Loaded| {
        let findings = loaded.diagnostics.iter().filter(|finding| !finding.code.starts_with("CY3"));
        findings.cloned().collect::<Vec<_>>()
    };
    assert_eq!(of_the_file(&shared), of_the_file(&whole));
    shared
}

#[test]
fn many_services_come_out_as_one_after_the_other() {
    let loaded =
        same_on_two_threads(&file(
            |number| if number == 440 { "    ports: [\"80-81:80-81\"]\n" } else { "" },
        ));
    let project = loaded.project.map(|project| (project.services.len(), project.networks.len()));
    assert_eq!(project, Some((500, 1)));
}

#[test]
fn mistakes_at_both_ends_are_found() {
    let loaded = same_on_two_threads(&file(|number| match number {
        3 => "    prots: []\n",
        70 => "    depends_on: [app-499]\n",
        200 => "    networks: [gone]\n",
        330 => "    hostname: ${HOST}\n",
        499 => "    depends_on: [app-70]\n    cpus: many\n",
        _ => "",
    }));
    let found: Vec<&str> = loaded.diagnostics.iter().map(|finding| finding.code.as_str()).collect();
    for code in ["CY201", "CY012", "CY102", "CY106"] {
        assert!(found.contains(&code), "{code} is not in {found:?}");
    }
}

#[test]
fn what_leads_from_one_service_to_another_is_followed() {
    same_on_two_threads(&file(|number| match number {
        2 => "    environment: &shared\n      A: b\n",
        498 => "    environment: *shared\n",
        _ => "",
    }));
    let loaded = same_on_two_threads(&file(|number| if number == 499 { "    extends: app-1\n" } else { "" }));
    assert!(loaded.project.is_some());
}

#[test]
fn more_findings_of_a_kind_than_are_shown_are_the_same_ones() {
    let loaded = same_on_two_threads(&file(|_| "    hostname: ${HOST}\n"));
    assert_eq!(loaded.diagnostics.iter().filter(|finding| finding.code == "CY012").count(), 100);
}

/// The limit from which two threads are used is 400 services.
#[test]
fn rules_find_in_a_long_file_what_they_find_in_a_short_one() {
    let odd = |number| match number {
        3 => "    privileged: true\n",
        60 => "    ports: [\"8080:80\"]\n    environment: {API: \"http://nobody:80\", DB_PASSWORD: secret}\n",
        140 => "    ports: [\"8080:80\"]\n    scale: 2\n    container_name: one\n",
        250 => "    healthcheck: {test: [CMD, curl, localhost], start_interval: 1s}\n",
        301 => "    depends_on: [app-250]\n    restart: no\n",
        _ => "",
    };
    let found = |services| {
        let loaded = loaded(&file_of(services, odd), &["compose.yaml"]);
        let rules = loaded.diagnostics.into_iter().filter(|finding| finding.code.starts_with("CY3"));
        rules.map(|finding| (finding.code, finding.path, finding.message)).collect::<Vec<_>>()
    };
    let short = found(390);
    let codes: BTreeSet<&str> = short.iter().map(|(code, ..)| code.as_str()).collect();
    assert!(codes.len() >= 8, "{codes:?}");
    for _ in 0..5 {
        assert_eq!(found(500), short);
    }
}
