//! What may stand at the cursor.

use composeyard_compose::{
    LoadRequest, ProjectFiles,
    assist::{Assistant, Completion, Completions},
    check,
};

use crate::{FILE, Project, growth::growth};

fn completions(project: &Project) -> Completions {
    project.assistant().completion(FILE, project.offset)
}

/// The labels that begin with what has been typed.
fn labels(marked: &str) -> Vec<String> {
    let project = Project::at(marked);
    let found = completions(&project);
    let typed = &project.text()[found.replace.start..project.offset];
    found.items.into_iter().map(|item| item.label).filter(|label| label.starts_with(typed)).collect()
}

/// The text after a choice, with the cursor.
fn chosen(marked: &str, label: &str) -> String {
    apply(&Project::at(marked), label)
}

fn apply(project: &Project, label: &str) -> String {
    let found = completions(project);
    let is_meant = |item: &&Completion| item.label == label;
    let labels: Vec<_> = found.items.iter().map(|item| &item.label).collect();
    let item = found.items.iter().find(is_meant).unwrap_or_else(|| panic!("{label} is not in {labels:?}"));
    let text = project.text();
    let (before, after) = item.insert.split_at(item.caret);
    format!("{}{before}|{after}{}", &text[..found.replace.start], &text[found.replace.end..])
}

const STACK: &str = "services:\n  web:\n    image: nginx:1.27\n  db:\n    image: postgres:17\n    healthcheck:\n      test: x\n";

fn in_stack(rest: &str) -> String {
    format!("{STACK}{rest}")
}

#[test]
fn the_first_letters_of_a_file_are_a_section() {
    assert_eq!(labels("ser|"), ["services"]);
    assert_eq!(chosen("ser|", "services"), "services:\n  |");
}

#[test]
fn keys_that_are_there_are_not_offered_again() {
    let found = labels(&in_stack("  app:\n    build: .\n    |\n"));
    assert!(!found.contains(&"build".to_owned()) && found[0] == "image", "{found:?}");
}

#[test]
fn required_keys_come_first() {
    assert_eq!(labels(&in_stack("  app:\n    depends_on:\n      db:\n        |\n"))[0], "condition");
    assert_eq!(labels(&in_stack("  app:\n    ports:\n      - published: \"1\"\n        |\n"))[0], "target");
}

#[test]
fn a_key_brings_what_belongs_below_it() {
    let at = |typed: &str| in_stack(&format!("  app:\n    {typed}|\n"));
    assert!(chosen(&at("por"), "ports").ends_with("    ports:\n      - |\n"));
    assert!(chosen(&at("hea"), "healthcheck").ends_with("    healthcheck:\n      |\n"));
    assert!(chosen(&at("env"), "environment").ends_with("    environment:\n      |\n"));
    assert!(chosen(&at("dep"), "depends_on").ends_with("    depends_on:\n      - |\n"));
    assert!(chosen(&at("ima"), "image").ends_with("    image: |\n"));
}

#[test]
fn a_key_follows_the_style_of_the_file() {
    let wide = "services:\n    web:\n        ports:\n        - \"80:80\"\n    app:\n        vol|\n";
    assert!(chosen(wide, "volumes").ends_with("        volumes:\n        - |\n"));
    let listed = "services:\n  web:\n    environment:\n      - A=1\n  app:\n    env|\n";
    assert!(chosen(listed, "environment").ends_with("    environment:\n      - |\n"));
    let windows = "services:\r\n  app:\r\n    hea|\r\n";
    assert_eq!(chosen(windows, "healthcheck"), "services:\r\n  app:\r\n    healthcheck:\r\n      |\r\n");
}

#[test]
fn a_key_that_has_its_colon_is_only_renamed() {
    assert!(chosen("services:\n  app:\n    ima|g: nginx\n", "image").ends_with("    image|: nginx\n"));
}

#[test]
fn a_colon_without_its_blank_gets_one() {
    assert!(chosen("services:\n  app:\n    restart:|\n", "always").ends_with("restart: always|\n"));
    assert!(chosen("services:\n  app:\n    depends_on:\n      -|\n  db:\n", "db").contains("- db|\n"));
}

#[test]
fn services_are_offered_where_they_are_named_but_never_the_service_itself() {
    for rest in [
        "depends_on:\n      - |",
        "depends_on: [|",
        "depends_on:\n      |",
        "links:\n      - |",
        "extends: |",
    ] {
        let found = labels(&in_stack(&format!("  app:\n    {rest}")));
        let found: Vec<_> = found.iter().filter(|it| *it != "service" && *it != "file").collect();
        assert!(found.starts_with(&[&"web".to_owned(), &"db".to_owned()]), "{rest}: {found:?}");
        assert!(!found.contains(&&"app".to_owned()));
    }
    assert_eq!(labels(&in_stack("  app:\n    network_mode: ser|\n")), ["service:web", "service:db"]);
}

#[test]
fn names_in_the_list_are_not_offered_again() {
    assert_eq!(labels(&in_stack("  app:\n    depends_on: [web, |]\n")), ["db"]);
    assert_eq!(labels(&in_stack("  app:\n    depends_on:\n      - db\n      - |\n")), ["web"]);
}

#[test]
fn the_long_form_waits_for_health_where_there_is_a_check() {
    let at = in_stack("  app:\n    depends_on:\n      web:\n        condition: service_started\n      |\n");
    assert!(chosen(&at, "db").ends_with("      db:\n        condition: service_healthy|\n"));
    let flow = in_stack("  app:\n    depends_on: {|}\n");
    assert!(chosen(&flow, "web").ends_with("{web: {condition: service_started}|}\n"));
}

#[test]
fn a_list_not_begun_offers_the_long_form_too() {
    let at = in_stack("  app:\n    depends_on:\n      |\n");
    assert_eq!(labels(&at), ["web", "db", "web:", "db:"]);
    assert!(chosen(&at, "db").ends_with("      - db|\n"));
    assert!(chosen(&at, "db:").ends_with("      db:\n        condition: service_healthy|\n"));
}

#[test]
fn closed_sets_are_offered_and_quoted_where_yaml_needs_it() {
    let condition = in_stack("  app:\n    depends_on:\n      db:\n        condition: |\n");
    assert_eq!(labels(&condition).len(), 3);
    assert!(chosen("services:\n  a:\n    restart: |\n", "no").ends_with("restart: \"no\"|\n"));
    assert!(chosen("services:\n  a:\n    restart: \"|\"\n", "no").ends_with("restart: \"no|\"\n"));
    assert_eq!(labels("services:\n  a:\n    init: |\n"), ["true", "false"]);
}

#[test]
fn resources_are_offered_by_their_kind() {
    let resources = "networks:\n  front:\nvolumes:\n  data:\nsecrets:\n  pass:\n    file: x\n";
    let at = |rest: &str| labels(&format!("{resources}services:\n  a:\n    {rest}"));
    assert_eq!(at("networks:\n      - |"), ["front"]);
    assert_eq!(at("networks: [fr|"), ["front"]);
    assert_eq!(at("secrets:\n      - |")[0], "pass");
    assert!(at("volumes:\n      - |").contains(&"data".to_owned()));
    assert_eq!(at("volumes:\n      - type: volume\n        source: |"), ["data"]);
}

#[test]
fn what_is_used_and_not_declared_is_offered_as_a_declaration() {
    let text = "services:\n  a:\n    networks: [back]\n    volumes:\n      - data:/x\nvolumes:\n  |\n";
    assert_eq!(labels(text), ["data"]);
    assert!(chosen(text, "data").ends_with("volumes:\n  data:|\n"));
}

#[test]
fn images_come_with_a_tag_those_in_use_first() {
    let found = labels(&in_stack("  app:\n    image: |\n"));
    assert_eq!(found[..2], ["nginx:1.27", "postgres:17"]);
    assert!(labels("services:\n  a:\n    image: red|").iter().all(|image| image.starts_with("redis:")));
}

#[test]
fn the_image_says_which_port_folder_and_variables_it_has() {
    let postgres = |rest: &str| Project::at(&format!("services:\n  db:\n    image: postgres:17\n    {rest}"));
    assert!(apply(&postgres("ports:\n      - |"), "5432:5432").ends_with("- \"5432:5432\"|"));
    assert!(
        apply(&postgres("volumes:\n      - |"), "db-data").ends_with("- db-data:/var/lib/postgresql/data|")
    );
    assert!(apply(&postgres("environment:\n      |"), "POSTGRES_PASSWORD").ends_with("POSTGRES_PASSWORD: |"));
    assert!(apply(&postgres("environment:\n      - |"), "POSTGRES_DB").ends_with("- POSTGRES_DB=|"));
}

#[test]
fn a_host_port_that_is_taken_is_not_offered() {
    let text = "services:\n  a:\n    image: nginx:1\n    ports: [\"8080:80\"]\n  b:\n    image: nginx:1\n    ports:\n      - |";
    assert!(labels(text).contains(&"8081:80".to_owned()));
}

#[test]
fn variables_of_the_project_are_offered_inside_a_text() {
    let marked = "services:\n  a:\n    image: nginx:${T|\n    user: ${WHO}\n";
    let project = Project::with(marked, &[(".env", "TAG=1.27\n")]);
    assert!(apply(&project, "TAG").contains("image: nginx:${TAG}|\n"));
    assert!(completions(&project).items.iter().any(|item| item.label == "WHO"));
    assert!(labels("services:\n  a:\n    image: nginx:$$T|\n    user: ${TAG}\n").is_empty());
    assert!(chosen("x-a: $|\nx-b: ${TAG}\n", "TAG").starts_with("x-a: ${TAG}|\n"));
}

#[test]
fn files_of_the_project_are_offered_where_a_path_is_meant() {
    let others = [("app/Dockerfile", ""), ("app.env", ""), ("more.yaml", "")];
    let at = |rest: &str| {
        let project = Project::with(&format!("services:\n  a:\n    {rest}"), &others);
        completions(&project).items.into_iter().map(|item| item.label).collect::<Vec<_>>()
    };
    assert_eq!(at("build: |"), ["./app"]);
    assert!(at("env_file: |").contains(&"./app.env".to_owned()));
    assert_eq!(at("extends:\n      file: |"), ["./more.yaml"]);
}

#[test]
fn paths_start_from_the_folder_of_an_included_file_and_from_the_root_for_one_that_is_merged() {
    let text = "services:\n  a:\n    env_file: ";
    let files = [
        ("compose.yaml", "include: [sub/compose.yaml]\n"),
        ("sub/compose.yaml", text),
        ("sub/app.env", "A=1\n"),
        ("all.env", "B=2\n"),
    ];
    let files = ProjectFiles(files.map(|(name, text)| (name.to_owned(), text.to_owned())).into());
    let offered = |merged: &[&str]| {
        let merged: Vec<String> = merged.iter().map(|name| (*name).to_owned()).collect();
        let loaded = check(&files, &LoadRequest { files: merged.clone(), ..LoadRequest::default() });
        let found = Assistant::new(&files, &merged, &loaded).completion("sub/compose.yaml", text.len());
        found
            .items
            .into_iter()
            .map(|item| item.label)
            .filter(|label| label.ends_with("env"))
            .collect::<Vec<_>>()
    };
    assert_eq!(offered(&[]), ["../all.env", "./app.env"]);
    assert_eq!(offered(&["compose.yaml", "sub/compose.yaml"]), ["./all.env", "./sub/app.env"]);
}

#[test]
fn anchors_are_offered_behind_a_star() {
    assert_eq!(labels("x-base: &base\n  init: true\nservices:\n  a:\n    <<: *|\n"), ["*base"]);
}

#[test]
fn nothing_is_offered_in_comments_in_texts_and_where_only_the_user_knows() {
    assert!(labels("services: # |").is_empty());
    assert!(labels("services:\n  a:\n    hostname: |").is_empty());
    assert!(labels("services:\n  |").is_empty());
}

#[test]
fn every_key_of_the_table_can_be_chosen_and_reads_back_as_that_key() {
    let found = completions(&Project::at("services:\n  a:\n    |\n"));
    for item in &found.items {
        let text = chosen("services:\n  a:\n    |\n", &item.label).replace('|', "");
        let (documents, error) = composeyard_yaml::parse(&text);
        assert!(error.is_none(), "{}: {text}", item.label);
        assert!(documents[0].at(&["services", "a", &item.label]).is_some(), "{text}");
    }
    assert!(found.items.len() > 70);
}

#[test]
fn a_cursor_anywhere_in_any_text_is_answered() {
    let texts = [
        "services:\n  a: {b: [c, {d: e}], 'f': \"g\"}\n  - - x\n\t- y: |\n z\r\n# ü\n",
        "[{\"",
        "- - : [",
        "a: 'é\n${",
        "&x *y !z",
    ];
    for text in texts {
        for offset in (0..=text.len()).filter(|offset| text.is_char_boundary(*offset)) {
            let marked = format!("{}|{}", &text[..offset], &text[offset..]);
            let project =
                Project::at(&marked.replacen('|', "\u{1}", 1).replace('|', "¦").replace('\u{1}', "|"));
            let found = completions(&project);
            assert!(found.replace.start <= project.offset, "{marked}");
            project.assistant().hover(FILE, project.offset);
            project.assistant().references(FILE, project.offset);
        }
    }
}

/// Takes a list of the choices below `depends_on` in a project of so many services.
fn choosing_among(services: usize) -> impl Fn() {
    let mut text = String::from("services:\n");
    for number in 0..services {
        let service =
            format!("  s{number}:\n    image: x:1\n    healthcheck: {{test: x}}\n    depends_on: [s0]\n");
        text.push_str(&service);
    }
    text.push_str("  last:\n    depends_on:\n      |\n");
    let project = Project::at(&text);
    move || assert_eq!(completions(&project).items.len(), 2 * services)
}

#[test]
fn the_time_for_choices_grows_with_the_file_and_no_faster() {
    let times = growth(10.0, choosing_among(200), choosing_among(1_000));
    assert!(times <= 10.0, "{times:.1} times the time for 5 times the services");
}
