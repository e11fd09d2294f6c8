//! Single keys.

use composeyard_compose::edit::Intent;
use composeyard_yaml::edit::{Path, Value};
use insta::assert_snapshot;

use crate::support::{BLOCK, FLOW, diff, diffs, service, text};

#[test]
fn set_image_keeps_quotes_and_comments() {
    let set = |name, image: &str| Intent::SetImage { service: service(name), image: text(image) };
    assert_snapshot!(diff(BLOCK, &set("nginx", "nginx:1.28")), @r"
    -    image: nginx:1.27-alpine  # pinned
    +    image: nginx:1.28  # pinned
    ");
    assert_snapshot!(diff(BLOCK, &set("cache", "valkey:8")), @r#"
    -    image: "redis:7"
    +    image: "valkey:8"
    "#);
    assert_snapshot!(diff(BLOCK, &set("app", "me/app")), @"+    image: me/app");
    assert_snapshot!(diff(FLOW, &set("mq", "rabbitmq:4")), @r"
    -  mq: {}
    +  mq:
    +    image: rabbitmq:4
    ");
    assert_snapshot!(diff(FLOW, &set("db", "${IMAGE:-postgres}")), @r#"
    -  db: {image: postgres, environment: {A: "1", B: x}}
    +  db: {image: "${IMAGE:-postgres}", environment: {A: "1", B: x}}
    "#);
    assert_snapshot!(diff(BLOCK, &set("nginx", " ")), @"the value is empty");
}

#[test]
fn replicas_go_where_the_file_has_them() {
    let set = |replicas| Intent::SetReplicas { service: service("a"), replicas };
    assert_snapshot!(diff("services:\n  a:\n    image: x\n", &set(3)), @r"
    +    deploy:
    +      replicas: 3
    ");
    assert_snapshot!(diff("services:\n  a:\n    scale: 2 # two\n", &set(3)), @r"
    -    scale: 2 # two
    +    scale: 3 # two
    ");
    assert_snapshot!(diff("services:\n  a:\n    deploy: {replicas: 2}\n", &set(3)), @r"
    -    deploy: {replicas: 2}
    +    deploy: {replicas: 3}
    ");
    let list = [
        ("compose.yaml", "services:\n  a:\n    image: x\n"),
        ("prod.yaml", "services:\n  a:\n    deploy:\n      replicas: 2\n"),
    ];
    assert_snapshot!(diffs(&list, &set(5)), @r"
    prod.yaml
    -      replicas: 2
    +      replicas: 5
    ");
}

#[test]
fn any_field_can_be_set_and_unset() {
    let set = |keys: &[&str], value: Option<&str>| {
        let path = Path::of(["services", "nginx"].iter().chain(keys).copied());
        match value {
            Some(value) => Intent::SetKey { path, value: Value::typed_in(value) },
            None => Intent::UnsetKey { path },
        }
    };
    assert_snapshot!(diff(BLOCK, &set(&["restart"], Some("no"))), @r#"+    restart: "no""#);
    assert_snapshot!(diff(BLOCK, &set(&["healthcheck", "retries"], Some("3"))), @r"
    +    healthcheck:
    +      retries: 3
    ");
    assert_snapshot!(diff(BLOCK, &set(&["command"], Some("[\"nginx\", -g, daemon off;]"))), @r#"
    +    command: ["nginx", -g, daemon off;]
    "#);
    assert_snapshot!(diff(BLOCK, &set(&["deploy", "resources", "limits", "memory"], Some("64M"))), @r"
    +    deploy:
    +      resources:
    +        limits:
    +          memory: 64M
    ");
    assert_snapshot!(diff(BLOCK, &set(&["environment", "WORKERS"], None)), @"-      WORKERS: 2");
    assert_snapshot!(diff(BLOCK, &set(&["ports"], None)), @r#"
    -    ports:
    -      - "80:80" # http
    -      - "443:443"
    "#);
    assert_snapshot!(diff(BLOCK, &set(&["image"], None)), @"-    image: nginx:1.27-alpine  # pinned");
    assert_snapshot!(diff(BLOCK, &set(&["ports"], Some("x"))), @"compose.yaml: services.nginx.ports holds comments that would be lost; change it as text");
    assert_snapshot!(diff(BLOCK, &set(&["user"], None)), @"services.nginx.user is not set here");
}

#[test]
fn a_tag_changes_alone() {
    let tag = |image: &str| {
        let source = format!("services:\n  a:\n    image: {image}\n");
        diff(&source, &Intent::SetImageTag { service: service("a"), tag: text("2") })
    };
    assert_snapshot!(tag("nginx:1 # one"), @r"
    -    image: nginx:1 # one
    +    image: nginx:2 # one
    ");
    assert_snapshot!(tag("'nginx'"), @r"
    -    image: 'nginx'
    +    image: 'nginx:2'
    ");
    assert_snapshot!(tag("localhost:5000/me/app"), @r"
    -    image: localhost:5000/me/app
    +    image: localhost:5000/me/app:2
    ");
    assert_snapshot!(tag("localhost:5000/me/app:1"), @r"
    -    image: localhost:5000/me/app:1
    +    image: localhost:5000/me/app:2
    ");
    assert_snapshot!(tag("${REGISTRY}/app:1"), @r"
    -    image: ${REGISTRY}/app:1
    +    image: ${REGISTRY}/app:2
    ");
    let wrong = Intent::SetImageTag { service: service("nginx"), tag: text("a b") };
    assert_snapshot!(diff(BLOCK, &wrong), @r#""a b" is not a tag; use letters, digits, dots, hyphens and underscores"#);
}
