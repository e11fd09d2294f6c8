//! Which file, which bytes, and what is refused.

use composeyard_compose::{
    ProjectFiles,
    edit::{Intent, Resource, plan},
};
use insta::assert_snapshot;

use crate::support::{apply, diff, diffs, project, service, text};

#[test]
fn a_value_is_changed_in_the_last_file_that_sets_it_and_removed_from_all() {
    let base = "services:\n  a:\n    image: x:1\n    environment:\n      MODE: base\n      LEVEL: low\n";
    let over = "services:\n  a:\n    environment:\n      - MODE=over\n";
    let list = [("compose.yaml", base), ("compose.override.yaml", over)];
    let set = |name: &str| Intent::SetEnvironment {
        service: service("a"),
        name: text(name),
        value: Some(text("new")),
    };
    assert_snapshot!(diffs(&list, &set("MODE")), @r"
    compose.override.yaml
    -      - MODE=over
    +      - MODE=new
    ");
    assert_snapshot!(diffs(&list, &set("LEVEL")), @r"
    compose.yaml
    -      LEVEL: low
    +      LEVEL: new
    ");
    assert_snapshot!(diffs(&list, &set("ADDED")), @r"
    compose.yaml
    +      ADDED: new
    ");
    assert_snapshot!(diffs(&list, &Intent::RemoveEnvironment { service: service("a"), name: text("MODE") }), @r"
    compose.override.yaml
    -  a:
    -    environment:
    -      - MODE=over
    +  a: {}
    compose.yaml
    -      MODE: base
    ");
    assert_snapshot!(diffs(&list, &Intent::RemoveService { name: service("a") }), @r"
    compose.override.yaml
    -services:
    -  a:
    -    environment:
    -      - MODE=over
    +services: {}
    compose.yaml
    -services:
    -  a:
    -    image: x:1
    -    environment:
    -      MODE: base
    -      LEVEL: low
    +services: {}
    ");
    assert_snapshot!(diffs(&list, &Intent::SetImage { service: service("b"), image: text("x") }), @"b is not defined in compose.yaml or compose.override.yaml");
}

#[test]
fn what_comes_through_an_alias_is_refused_with_its_anchor() {
    const SHARED: &str = "\
x-base: &base
  image: nginx
  environment: &env
    A: b
services:
  a:
    <<: *base
  b:
    image: y
    environment: *env
  c: &c
    image: z
    ports: ['1:1']
  d:
    <<: *c
    ports: ['2:2']
";
    let image = |name| Intent::SetImage { service: service(name), image: text("new") };
    let env =
        |name| Intent::SetEnvironment { service: service(name), name: text("A"), value: Some(text("c")) };
    assert_snapshot!(diff(SHARED, &image("a")), @"compose.yaml: services.a.image comes from &base; change it there, or write it here without *base");
    assert_snapshot!(diff(SHARED, &env("b")), @"compose.yaml: services.b.environment.A comes from &env; change it there, or write it here without *env");
    assert_snapshot!(diff(SHARED, &image("c")), @"compose.yaml: services.c.image is part of &c, which other parts of the file repeat; they would change too. Change it as text");
    assert_snapshot!(diff(SHARED, &Intent::AddPort { service: service("c"), port: text("3:3") }), @r"
    -    ports: ['1:1']
    +    ports: ['1:1', '3:3']
    ");
    assert_snapshot!(diff(SHARED, &image("b")), @r"
    -    image: y
    +    image: new
    ");
    assert_snapshot!(diff(SHARED, &Intent::RemoveService { name: service("c") }), @"compose.yaml: services.c is part of &c, which other parts of the file repeat; they would change too. Change it as text");
}

#[test]
fn broken_and_missing_files_are_refused() {
    let image = Intent::SetImage { service: service("a"), image: text("x") };
    assert_snapshot!(diff("services:\n  a: [", &image), @"compose.yaml: line 2: the '[' that opens here is never closed; mend this first");
    assert_snapshot!(diff("a: 1\n---\nb: 2\n", &image), @"compose.yaml: the file holds several YAML documents; change it as text");
    assert_snapshot!(diff("- a\n", &Intent::AddResource { resource: Resource::Network, name: text("x"), source: None }), @"compose.yaml: the top level is not a mapping; change it as text");
    let nothing = plan(&ProjectFiles::default(), &[], &image).unwrap_err();
    assert_snapshot!(nothing, @"the project has no compose file");
    let gone = plan(&ProjectFiles::default(), &[text("gone.yaml")], &image).unwrap_err();
    assert_snapshot!(gone, @"gone.yaml is not a file of this project");
}

#[test]
fn line_ends_byte_order_mark_and_a_missing_last_break_stay() {
    let windows = "\u{feff}services:\r\n  a:\r\n    image: x # ü\r\n    ports:\r\n      - '1:1'\r\n";
    let (files, order) = project(&[("compose.yaml", windows)]);
    let port = Intent::AddPort { service: service("a"), port: text("2:2") };
    let after = apply(&files, &plan(&files, &order, &port).unwrap().edits);
    assert_eq!(after.0["compose.yaml"], format!("{windows}      - '2:2'\r\n"));

    let (files, order) = project(&[("compose.yaml", "services:\n  a:\n    image: x")]);
    let after = apply(&files, &plan(&files, &order, &port).unwrap().edits);
    assert_eq!(after.0["compose.yaml"], "services:\n  a:\n    image: x\n    ports:\n      - \"2:2\"");
}
