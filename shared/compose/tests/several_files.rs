//! What loading promises where a project has several files: overrides, bases, includes.
#![allow(missing_docs, clippy::unwrap_used)]

#[path = "support/loading.rs"]
mod loading;

use composeyard_compose::Severity;
use loading::{json, load_files};

#[test]
fn later_files_override_earlier_ones() {
    let loaded = load_files(
        &[
            (
                "a.yaml",
                "services:\n  app:\n    image: a\n    environment: {A: 1, B: 1}\n    ports: ['80:80']\n",
            ),
            ("b.yaml", "services:\n  app:\n    image: b\n    environment: [B=2]\n    ports: ['81:81']\n"),
        ],
        &["a.yaml", "b.yaml"],
    );
    let project = loaded.project.unwrap();
    let app = &project.services[&"app".parse().unwrap()];
    assert_eq!(app.image, "b");
    assert_eq!(app.ports.len(), 2);
    let values: Vec<_> = app.environment.iter().map(|(k, v)| (k.as_str(), v.as_deref())).collect();
    assert_eq!(values, [("A", Some("1")), ("B", Some("2"))]);
    assert_eq!(loaded.origins.get("services.app.image").unwrap().file, "b.yaml");
    assert_eq!(loaded.origins.get("services.app.environment.A").unwrap().file, "a.yaml");
}

#[test]
fn a_service_extends_one_of_another_file_whose_paths_are_its_own() {
    let loaded = load_files(
        &[
            (
                "compose.yaml",
                "services:\n  app:\n    extends: {file: sub/base.yaml, service: base}\n    hostname: h\n",
            ),
            (
                "sub/base.yaml",
                "services:\n  base:\n    extends: root\n    build: ./ctx\n  root:\n    image: i\n",
            ),
        ],
        &["compose.yaml"],
    );
    assert_eq!(loaded.diagnostics, []);
    let project = loaded.project.unwrap();
    let app = &project.services[&"app".parse().unwrap()];
    assert_eq!(app.build.as_ref().unwrap().context, "./sub/ctx");
    assert_eq!((app.image.as_str(), app.hostname.as_str()), ("i", "h"));
}

#[test]
fn included_projects_bring_their_own_folder_and_env() {
    let loaded = load_files(
        &[
            ("compose.yaml", "include: [sub/compose.yaml]\nservices:\n  app: {image: a}\n"),
            ("sub/compose.yaml", "services:\n  db:\n    image: redis:${TAG}\n    volumes: ['./d:/d']\n"),
            ("sub/.env", "TAG=7\n"),
        ],
        &["compose.yaml"],
    );
    assert_eq!(loaded.diagnostics, []);
    let project = loaded.project.unwrap();
    assert_eq!(json(&project, "db")["image"], "redis:7");
    assert_eq!(json(&project, "db")["volumes"][0]["source"], "./sub/d");
}

#[test]
fn a_file_that_is_included_twice_counts_once() {
    let pools = "ipam: {config: [{subnet: 10.0.0.0/8, gateway: 10.0.0.1}, {subnet: 10.0.0.0/8}]}";
    let inner = format!("services: {{b: {{image: b, networks: [n]}}}}\nnetworks: {{n: {{{pools}}}}}\n");
    let project = |includes: &str| {
        let file = format!("include: [{includes}]\nservices: {{a: {{image: a}}}}\n");
        load_files(&[("compose.yaml", &file), ("i.yaml", &inner)], &["compose.yaml"]).project.unwrap()
    };
    assert_eq!(project("i.yaml, i.yaml").networks, project("i.yaml").networks);
}

#[test]
fn a_base_that_an_included_project_extends_too_is_read_anew() {
    let files = [
        ("compose.yaml", "include: [sub/c.yaml]\nservices: {a: {extends: {file: sub/c.yaml, service: b}}}\n"),
        ("sub/c.yaml", "services: {b: {extends: {file: deep/base.yaml, service: base}}}\n"),
        ("sub/deep/base.yaml", "services: {base: {image: \"i:$TAG\", volumes: ['./d:/d']}}\n"),
        ("sub/.env", "TAG=included\n"),
        (".env", "TAG=own\n"),
    ];
    let project = load_files(&files, &["compose.yaml"]).project.unwrap();
    for (service, image) in [("a", "i:own"), ("b", "i:own")] {
        assert_eq!(json(&project, service)["image"], image);
        assert_eq!(json(&project, service)["volumes"][0]["source"], "./sub/deep/d");
    }
    let project = load_files(&files[..4], &["compose.yaml"]).project.unwrap();
    assert_eq!(json(&project, "a")["image"], "i:");
    assert_eq!(json(&project, "b")["image"], "i:included");
}

#[test]
fn logging_with_another_driver_is_replaced_even_when_the_driver_is_nothing() {
    let base = "services: {a: {image: a, logging: {driver: , options: {a: b}}}}\n";
    let over = "services: {a: {logging: {driver: json-file}}}\n";
    let codes = |order: [&str; 2]| {
        let loaded = load_files(&[("a.yaml", base), ("b.yaml", over)], &order);
        let errors = loaded.diagnostics.iter().filter(|finding| finding.severity == Severity::Error);
        errors.map(|error| format!("{} {}", error.code, error.file)).collect::<Vec<_>>()
    };
    assert_eq!(codes(["b.yaml", "a.yaml"]), ["CY208 a.yaml"]);
}

#[test]
fn an_include_takes_texts_and_nothing_else() {
    for entry in [
        "path: 5",
        "path: [5]",
        "path: {a: b}",
        "path: i.yaml, env_file: 5",
        "path: i.yaml, project_directory: [a]",
    ] {
        let file = format!("include: [{{{entry}}}]\nservices: {{a: {{image: a}}}}\n");
        let loaded = load_files(&[("compose.yaml", &file), ("i.yaml", "services: {}")], &["compose.yaml"]);
        let errors = loaded.diagnostics.iter().filter(|finding| finding.severity == Severity::Error);
        assert_eq!(errors.count(), 1, "{entry}: {:?}", loaded.diagnostics);
    }
}

#[test]
fn reset_and_override_take_away_what_earlier_files_gave() {
    let loaded = load_files(
        &[
            ("a.yaml", "services:\n  app:\n    image: a\n    ports: ['80:80']\n    dns: [1.1.1.1]\n"),
            ("b.yaml", "services:\n  app:\n    ports: !reset []\n    dns: !override [8.8.8.8]\n"),
        ],
        &["a.yaml", "b.yaml"],
    );
    let app = json(&loaded.project.unwrap(), "app");
    assert_eq!(app.get("ports"), None);
    assert_eq!(app["dns"], serde_json::json!(["8.8.8.8"]));
}

#[test]
fn a_tag_at_a_service_leaves_what_the_service_extends() {
    let text = "services:\n  base: {image: a, hostname: h, ports: ['80:80'], command: x}\n  app: !override\n    image: b\n    extends: base\n    ports: !override ['81:81']\n    environment: {A: !reset 010}\n";
    let project = load_files(&[("compose.yaml", text)], &["compose.yaml"]).project.unwrap();
    let app = &project.services[&"app".parse().unwrap()];
    assert_eq!((app.image.as_str(), app.hostname.as_str()), ("b", "h"));
    // Below a tag the reference reads no more of them.
    assert_eq!(app.ports.iter().map(|port| port.target).collect::<Vec<_>>(), [80, 81]);
    assert_eq!(app.environment["A"].as_deref(), Some("010"));
}

#[test]
fn what_an_override_cannot_say_is_ignored_with_a_warning() {
    for (key, base, over) in
        [("networks", "{n: }", "text"), ("depends_on", "[b]", "b"), ("build", "{context: .}", "[x]")]
    {
        let main =
            format!("services: {{a: {{image: a, {key}: {base}}}, b: {{image: b}}}}\nnetworks: {{n: }}\n");
        let over = format!("services: {{a: {{{key}: {over}}}}}\n");
        let loaded = load_files(&[("a.yaml", &main), ("b.yaml", &over)], &["a.yaml", "b.yaml"]);
        let told: Vec<_> = loaded.diagnostics.iter().map(|d| (d.code.as_str(), d.severity)).collect();
        assert_eq!(told, [("CY031", Severity::Warning)], "{key}");
        assert_eq!(loaded.project, load_files(&[("a.yaml", &main)], &["a.yaml"]).project, "{key}");
    }
}

#[test]
fn paths_of_a_base_are_not_taken_for_those_of_the_file_itself() {
    let main = "services: {a: {image: a, env_file: [./a.env], extends: {file: base.yaml, service: a}}}";
    let base = "services: {a: {env_file: a.env}}";
    let loaded =
        load_files(&[("compose.yaml", main), ("base.yaml", base), ("a.env", "A=1")], &["compose.yaml"]);
    assert_eq!(json(&loaded.project.unwrap(), "a")["env_file"].as_array().unwrap().len(), 2);
}
