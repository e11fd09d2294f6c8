//! `depends_on`.

use composeyard_compose::{edit::Intent, model::Condition};
use insta::assert_snapshot;

use crate::support::{BLOCK, FLOW, diff, service};

#[test]
fn connect_lengthens_the_list_only_when_the_condition_needs_it() {
    let connect =
        |from, to, condition| Intent::Connect { service: service(from), dependency: service(to), condition };
    let (started, healthy) = (Condition::ServiceStarted, Condition::ServiceHealthy);
    assert_snapshot!(diff(BLOCK, &connect("nginx", "app", started)), @r"");
    assert_snapshot!(diff(BLOCK, &connect("nginx", "app", healthy)), @r"
    -      - app # first
    -      - cache
    +      app: # first
    +        condition: service_healthy
    +      cache:
    +        condition: service_started
    ");
    assert_snapshot!(diff(BLOCK, &connect("app", "cache", started)), @r"
    -        condition: service_healthy # else 502
    +        condition: service_started # else 502
    ");
    assert_snapshot!(diff(BLOCK, &connect("app", "nginx", healthy)), @r"
    +      nginx:
    +        condition: service_healthy
    ");
    let inner = "services:\n  a:\n    depends_on:\n      b: { condition: service_healthy }\n";
    assert_snapshot!(diff(inner, &connect("a", "c", started)), @"+      c: { condition: service_started }");
    assert_snapshot!(diff(BLOCK, &connect("cache", "nginx", started)), @r"
    +    depends_on:
    +      - nginx
    ");
    assert_snapshot!(diff(BLOCK, &connect("cache", "nginx", healthy)), @r"
    +    depends_on:
    +      nginx:
    +        condition: service_healthy
    ");
    assert_snapshot!(diff(FLOW, &connect("web", "mq", healthy)), @r#"
    -  web: { image: nginx, ports: ["80:80"], depends_on: [db, mq], networks: [a, b] }
    +  web: { image: nginx, ports: ["80:80"], depends_on: { db: { condition: service_started }, mq: { condition: service_healthy } }, networks: [a, b] }
    "#);
    assert_snapshot!(diff(FLOW, &connect("db", "mq", healthy)), @r#"
    -  db: {image: postgres, environment: {A: "1", B: x}}
    +  db: {image: postgres, environment: {A: "1", B: x}, depends_on: { mq: { condition: service_healthy } }}
    "#);
    let tight = "services:\n  a:\n    depends_on:\n    - b # why\n  b: {}\n  c: {}\n";
    assert_snapshot!(diff(tight, &connect("a", "c", healthy)), @r"
    -    - b # why
    +      b: # why
    +        condition: service_started
    +      c:
    +        condition: service_healthy
    ");
    assert_snapshot!(diff(BLOCK, &connect("app", "app", started)), @"app cannot depend on itself");
}

#[test]
fn disconnect_removes_the_entry_and_an_emptied_key() {
    let cut = |from, to| Intent::Disconnect { service: service(from), dependency: service(to) };
    assert_snapshot!(diff(BLOCK, &cut("nginx", "app")), @r"
    -      # the counter
    -      - app # first
    ");
    assert_snapshot!(diff(BLOCK, &cut("app", "cache")), @r"
    -    depends_on:
    -      cache:
    -        condition: service_healthy # else 502
    ");
    assert_snapshot!(diff(FLOW, &cut("web", "mq")), @r#"
    -  web: { image: nginx, ports: ["80:80"], depends_on: [db, mq], networks: [a, b] }
    +  web: { image: nginx, ports: ["80:80"], depends_on: [db], networks: [a, b] }
    "#);
    assert_snapshot!(diff(BLOCK, &cut("cache", "app")), @"services.cache.depends_on does not name app; the dependency may follow from links, volumes_from or network_mode");
}
