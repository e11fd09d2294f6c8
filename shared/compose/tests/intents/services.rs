//! Services as a whole.

use composeyard_compose::edit::Intent;
use insta::assert_snapshot;

use crate::support::{BLOCK, FLOW, diff, service, text};

#[test]
fn add_service_goes_last_and_keeps_the_blank_line_between_services() {
    let intent = Intent::AddService { name: service("db"), image: text("postgres:17") };
    assert_snapshot!(diff(BLOCK, &intent), @r"
    +  db:
    +    image: postgres:17
    +
    ");
    assert_snapshot!(diff(FLOW, &intent), @"there is a service db already; choose another name");
    assert_snapshot!(diff("", &intent), @r"
    +services:
    +  db:
    +    image: postgres:17
    ");
    assert_snapshot!(diff("# mine\nservices: {} # none yet\n", &intent), @r"
    -services: {} # none yet
    +services: # none yet
    +  db:
    +    image: postgres:17
    ");
    assert_snapshot!(diff("services:\n  a:\n    image: x\n    # ports: [80]", &intent), @r"
    -    # ports: [80]
    +    # ports: [80]
    +  db:
    +    image: postgres:17
    ");
    assert_snapshot!(diff(BLOCK, &Intent::AddService { name: service("app"), image: text("x") }), @"there is a service app already; choose another name");
}

#[test]
fn remove_service_takes_its_comments_and_every_reference() {
    assert_snapshot!(diff(BLOCK, &Intent::RemoveService { name: service("cache") }), @r#"
    -      - cache
    -    depends_on:
    -      cache:
    -        condition: service_healthy # else 502
    -  cache:
    -    image: "redis:7"
    -    networks:
    -      back:
    -    volumes:
    -      - type: volume
    -        source: data
    -        target: /data
    -
    "#);
    assert_snapshot!(diff(BLOCK, &Intent::RemoveService { name: service("nginx") }), @r#"
    -  # The front
    -  nginx: # published
    -    image: nginx:1.27-alpine  # pinned
    -    ports:
    -      - "80:80" # http
    -      - "443:443"
    -    depends_on:
    -      # the counter
    -      - app # first
    -      - cache
    -    environment:
    -      MODE: fast   # or slow
    -      WORKERS: 2
    -
    "#);
    assert_snapshot!(diff(FLOW, &Intent::RemoveService { name: service("db") }), @r#"
    -  web: { image: nginx, ports: ["80:80"], depends_on: [db, mq], networks: [a, b] }
    -  db: {image: postgres, environment: {A: "1", B: x}}
    +  web: { image: nginx, ports: ["80:80"], depends_on: [mq], networks: [a, b] }
    "#);
    assert_snapshot!(diff("services:\n  a:\n    image: x\n", &Intent::RemoveService { name: service("a") }), @r"
    -services:
    -  a:
    -    image: x
    +services: {}
    ");
    let commented = "services:\n  a:\n    image: x\n    # ports: [80]\n  # next\n  b: {}\n";
    assert_snapshot!(diff(commented, &Intent::RemoveService { name: service("a") }), @r"
    -  a:
    -    image: x
    -    # ports: [80]
    ");
    assert_snapshot!(diff(BLOCK, &Intent::RemoveService { name: service("nobody") }), @"nobody is not defined in compose.yaml");
}

#[test]
fn a_new_service_joins_the_networks_that_the_others_share() {
    let add = Intent::AddService { name: service("new"), image: text("x") };
    let on = |lists: [&str; 3]| {
        let [a, b, c] =
            lists.map(|list| if list.is_empty() { text("") } else { format!(", networks: {list}") });
        format!("services:\n  a: {{image: x{a}}}\n  b: {{image: x{b}}}\n  c: {{image: x{c}}}\n")
    };
    assert_snapshot!(diff(&on(["[back]", "[front, back]", "{back: }"]), &add), @"+  new: { image: x, networks: [back] }");
    assert_snapshot!(diff(&on(["[front]", "[front, back]", "[back]"]), &add), @"+  new: { image: x, networks: [front] }");
    assert_snapshot!(diff(&on(["[back]", "", "[back]"]), &add), @"+  new: { image: x }");
    assert_snapshot!(diff(&on(["[back, default]", "[back]", "[back]"]), &add), @"+  new: { image: x }");
    let hosts = "services:\n  a:\n    network_mode: host\n  b:\n    networks:\n      - back\n";
    assert_snapshot!(diff(hosts, &add), @r"
    +  new:
    +    image: x
    +    networks:
    +      - back
    ");
}
