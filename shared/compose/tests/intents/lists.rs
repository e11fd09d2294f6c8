//! Items of lists: they move with their comments.

use composeyard_compose::edit::Intent;
use composeyard_yaml::edit::{Path, Value};
use insta::assert_snapshot;

use crate::support::{BLOCK, FLOW, diff, diffs};

const COMMENTED: &str = "\
services:
  a:
    command:
      # first of all
      - one # 1
      - two

      # the third
      - three
        # and more of it
    profiles: [x, 'y']
";

fn list(keys: [&str; 3]) -> Path {
    Path::of(keys)
}

#[test]
fn items_move_with_what_is_said_about_them() {
    let reorder = |path, from, to| Intent::MoveItem { path, from, to };
    assert_snapshot!(diff(COMMENTED, &reorder(list(["services", "a", "command"]), 0, 2)), @r"
    -      # first of all
    -      - one # 1
    -
    +
    +      # first of all
    +      - one # 1
    ");
    assert_snapshot!(diff(COMMENTED, &reorder(list(["services", "a", "command"]), 2, 1)), @r"
    -      - two
    -
    +
    +      - two
    ");
    assert_snapshot!(diff(COMMENTED, &reorder(list(["services", "a", "profiles"]), 1, 0)), @r"
    -    profiles: [x, 'y']
    +    profiles: ['y', x]
    ");
    assert_snapshot!(diff(BLOCK, &reorder(list(["services", "nginx", "ports"]), 1, 0)), @r#"
    -      - "80:80" # http
    +      - "80:80" # http
    "#);
    assert_snapshot!(diff(FLOW, &reorder(list(["services", "web", "networks"]), 0, 1)), @r#"
    -  web: { image: nginx, ports: ["80:80"], depends_on: [db, mq], networks: [a, b] }
    +  web: { image: nginx, ports: ["80:80"], depends_on: [db, mq], networks: [b, a] }
    "#);
    assert_snapshot!(diff(FLOW, &reorder(list(["services", "web", "networks"]), 0, 2)), @"services.web.networks has no item 3; it may come from a service that this one extends");
}

#[test]
fn items_are_added_and_removed() {
    let add = |path, value: &str| Intent::AddItem { path, value: Value::text(value) };
    let remove = |path, index| Intent::RemoveItem { path, index };
    assert_snapshot!(diff(COMMENTED, &add(list(["services", "a", "profiles"]), "z")), @r"
    -    profiles: [x, 'y']
    +    profiles: [x, 'y', 'z']
    ");
    assert_snapshot!(diff(COMMENTED, &add(list(["services", "a", "cap_add"]), "NET_ADMIN")), @r"
    +    cap_add:
    +      - NET_ADMIN
    ");
    assert_snapshot!(diff(COMMENTED, &remove(list(["services", "a", "command"]), 1)), @"-      - two");
    assert_snapshot!(diff(BLOCK, &add(list(["services", "nginx", "image"]), "x")), @"services.nginx.image takes one value, not a list");
}

#[test]
fn items_of_several_files_stay_in_theirs() {
    let base = "services:\n  a:\n    profiles: [one]\n";
    let over = "services:\n  a:\n    profiles: [two, three]\n";
    let files = [("compose.yaml", base), ("dev.yaml", over)];
    let reorder = |from, to| Intent::MoveItem { path: list(["services", "a", "profiles"]), from, to };
    assert_snapshot!(diffs(&files, &reorder(2, 1)), @r"
    dev.yaml
    -    profiles: [two, three]
    +    profiles: [three, two]
    ");
    assert_snapshot!(diffs(&files, &reorder(0, 1)), @"items 1 and 2 of services.a.profiles stand in compose.yaml and dev.yaml; the order of the files decides");
}
