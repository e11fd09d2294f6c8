//! Declarations, uses, rename, outline, and the way back from the resolved project.

use composeyard_compose::{
    LoadRequest, ProjectFiles,
    assist::{origin_of_line, outline, trail},
    check,
    edit::Manner,
    render,
};
use composeyard_yaml::edit::apply;

use crate::{FILE, Project};

/// `file:line text` of each place.
fn definitions(project: &Project) -> Vec<String> {
    let found = project.assistant().definition(FILE, project.offset).into_iter();
    let place = |file: &str, span: composeyard_yaml::Span| {
        format!("{file} {}", span.of(project.files.get(file).unwrap()))
    };
    found.map(|at| place(&at.file, at.span)).collect()
}

#[test]
fn a_name_leads_to_its_declarations_in_every_file() {
    let other = ("compose.override.yaml", "services:\n  db:\n    init: true\n");
    let text = "services:\n  a:\n    image: x:1\n    depends_on: [d|b]\n  db:\n    image: y:1\n";
    assert_eq!(definitions(&Project::with(text, &[other])), ["compose.override.yaml db", "compose.yaml db"]);
}

#[test]
fn variables_anchors_and_paths_lead_somewhere() {
    let others =
        [(".env", "TAG=1\n"), ("app.env", "A=1\n"), ("base.yaml", "services:\n  base:\n    image: x:1\n")];
    let at = |text: &str| definitions(&Project::with(text, &others));
    assert_eq!(at("services:\n  a:\n    image: x:${T|AG}\n"), [".env TAG"]);
    assert_eq!(at("x-a: &one {}\nservices:\n  a:\n    <<: *o|ne\n"), ["compose.yaml one"]);
    assert_eq!(at("services:\n  a:\n    image: x:1\n    env_file: ./app.e|nv\n"), ["app.env "]);
    assert_eq!(
        at("services:\n  a:\n    extends:\n      file: base.yaml\n      service: ba|se\n"),
        ["base.yaml base"]
    );
}

#[test]
fn every_use_of_a_name_is_found() {
    let text =
        "services:\n  a:\n    depends_on: [db]\n    volumes_from:\n      - db:ro\n  d|b:\n    image: x:1\n";
    let project = Project::at(text);
    let found = project.assistant().references(FILE, project.offset);
    let lines: Vec<_> = found.iter().map(|it| (it.line, it.declares(), it.holder.as_str())).collect();
    assert_eq!(lines, [(3, false, "a"), (5, false, "a"), (6, true, "db")]);
}

#[test]
fn addresses_are_uses_too() {
    let text = "services:\n  a:\n    image: x:1\n    environment:\n      DATABASE_URL: postgres://me@db:5432/shop\n      NOTE: db\n  d|b:\n    image: y:1\n";
    let conf = ("nginx.conf", "server db:5432;\n");
    let project = Project::with(text, &[conf]);
    let found = project.assistant().references(FILE, project.offset);
    let drawn: Vec<_> = found.iter().map(|it| (it.location.file.as_str(), it.line, it.manner)).collect();
    assert_eq!(
        drawn,
        [
            (FILE, 5, Manner::Address),
            (FILE, 6, Manner::Maybe),
            (FILE, 7, Manner::Definition),
            ("nginx.conf", 1, Manner::Maybe),
        ]
    );
}

#[test]
fn a_model_is_renamed_with_its_uses() {
    let project = Project::at(
        "services:\n  a:\n    image: x:1\n    models: [l|lm]\n  b:\n    image: x:1\n    models:\n      llm: {endpoint_var: URL}\nmodels:\n  llm:\n    model: ai/smollm2\n",
    );
    let text = "services:\n  a:\n    image: x:1\n    models: [mind]\n  b:\n    image: x:1\n    models:\n      mind: {endpoint_var: URL}\nmodels:\n  mind:\n    model: ai/smollm2\n";
    assert_eq!(renamed(&project, "mind").unwrap(), [text]);
}

#[test]
fn uses_are_found_while_the_text_is_broken() {
    let text = "services:\n  a:\n    depends_on: [db\n    ima\n  d|b:\n    image: x:1\n";
    let project = Project::at(text);
    assert_eq!(project.assistant().references(FILE, project.offset).len(), 2);
}

fn renamed(project: &Project, to: &str) -> Result<Vec<String>, String> {
    let edits = project.assistant().rename(FILE, project.offset, to).map_err(|refusal| refusal.reason)?;
    let text = |(name, text): (&String, &String)| {
        let here: Vec<_> =
            edits.iter().filter(|edit| edit.file == *name).map(|edit| edit.edit.clone()).collect();
        apply(text, &here).expect("edits that fit")
    };
    Ok(project.files.0.iter().map(text).collect())
}

#[test]
fn a_service_is_renamed_with_everything_that_names_it() {
    let project = Project::at(
        "services:\n  a:\n    image: x:1\n    depends_on: [d|b] # first\n  db:\n    image: y:1\n",
    );
    let text = "services:\n  a:\n    image: x:1\n    depends_on: [store] # first\n  store:\n    image: y:1\n";
    assert_eq!(renamed(&project, "store").unwrap(), [text]);
}

#[test]
fn a_variable_is_renamed_in_the_files_and_in_env() {
    let project =
        Project::with("services:\n  a:\n    image: x:${T|AG}\n    user: $TAG\n", &[(".env", "TAG=1\n")]);
    let expected = ["VERSION=1\n", "services:\n  a:\n    image: x:${VERSION}\n    user: $VERSION\n"];
    assert_eq!(renamed(&project, "VERSION").unwrap(), expected);
}

#[test]
fn a_name_that_is_taken_or_not_allowed_is_refused() {
    let project = Project::with("services:\n  a:\n    image: x:${T|AG}\n", &[(".env", "TAG=1\nWHO=2\n")]);
    assert!(renamed(&project, "WHO").is_err());
    assert!(renamed(&project, "1X").is_err());
    assert!(renamed(&Project::at("services:\n  a|:\n    image: x:1\n  b:\n    image: x:1\n"), "b").is_err());
    assert!(renamed(&Project::at("services: # x|\n"), "b").is_err());
}

#[test]
fn the_outline_lists_sections_and_names_even_of_a_broken_file() {
    let text = "services:\n  a:\n    ima\n  b:\n    image: x\nnetworks: {n: }\nx-note: {k: v}\n";
    let drawn: Vec<_> =
        outline(text).iter().map(|it| format!("{}{}", " ".repeat(it.depth), it.name)).collect();
    assert_eq!(drawn, ["services", " a", " b", "networks", " n", "x-note"]);
}

#[test]
fn a_cursor_knows_the_keys_around_it() {
    let text = "services:\n  a:\n    ports:\n      - target: 80\n    \n  b:\n";
    let names = |offset: usize| trail(text, offset).into_iter().map(|it| it.name).collect::<Vec<_>>();
    assert_eq!(names(text.find("80").unwrap()), ["services", "a", "ports", "target"]);
    assert_eq!(names(text.find("    \n").unwrap() + 4), ["services", "a"]);
}

#[test]
fn each_line_of_the_resolved_project_leads_to_where_it_was_written() {
    let mut files = ProjectFiles::default();
    let main = "services:\n  web:\n    image: nginx:${TAG:-1}\n    ports:\n      - \"8080:80\"\n";
    let other = "services:\n  web:\n    ports:\n      - \"9090:90\"\n    init: true\n";
    files.0.insert(FILE.to_owned(), main.to_owned());
    files.0.insert("compose.override.yaml".to_owned(), other.to_owned());
    let loaded =
        check(&files, &LoadRequest { project_name: Some("shop".to_owned()), ..LoadRequest::default() });
    let resolved = render::yaml(loaded.project.as_ref().unwrap());
    let origin = |line: &str| {
        let at = origin_of_line(
            &resolved,
            resolved.find(line).unwrap_or_else(|| panic!("{resolved}")),
            &loaded.origins,
        )?;
        Some(format!("{} {}", at.file, at.span.of(files.get(&at.file)?)))
    };
    assert_eq!(origin("image:").as_deref(), Some("compose.yaml nginx:${TAG:-1}"));
    assert_eq!(origin("init:").as_deref(), Some("compose.override.yaml true"));
    assert_eq!(origin("published: \"9090\"").as_deref(), Some("compose.override.yaml \"9090:90\""));
}
