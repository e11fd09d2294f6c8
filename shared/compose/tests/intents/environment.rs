//! `environment`.

use composeyard_compose::edit::Intent;
use insta::assert_snapshot;

use crate::support::{BLOCK, FLOW, diff, service, text};

#[test]
fn environment_keeps_its_form() {
    let set = |name, key: &str, value: Option<&str>| Intent::SetEnvironment {
        service: service(name),
        name: text(key),
        value: value.map(text),
    };
    let remove = |name, key: &str| Intent::RemoveEnvironment { service: service(name), name: text(key) };
    assert_snapshot!(diff(BLOCK, &set("nginx", "MODE", Some("slow"))), @r"
    -      MODE: fast   # or slow
    +      MODE: slow   # or slow
    ");
    assert_snapshot!(diff(BLOCK, &set("nginx", "MODE", Some("yes"))), @r#"
    -      MODE: fast   # or slow
    +      MODE: "yes"   # or slow
    "#);
    assert_snapshot!(diff(BLOCK, &set("nginx", "MODE", None)), @r"
    -      MODE: fast   # or slow
    +      MODE:   # or slow
    ");
    assert_snapshot!(diff(BLOCK, &set("nginx", "WORKERS", Some("4"))), @r"
    -      WORKERS: 2
    +      WORKERS: 4
    ");
    assert_snapshot!(diff(BLOCK, &set("nginx", "WORKERS", Some("012"))), @r#"
    -      WORKERS: 2
    +      WORKERS: "012"
    "#);
    assert_snapshot!(diff(BLOCK, &set("nginx", "NEW", Some("a: b # c"))), @r#"+      NEW: "a: b # c""#);
    assert_snapshot!(diff(BLOCK, &set("app", "NAME", Some("it's \"it\""))), @r#"
    -      - 'NAME=my app'
    +      - 'NAME=it''s "it"'
    "#);
    assert_snapshot!(diff(BLOCK, &set("app", "NEW", Some("x"))), @"+      - 'NEW=x'");
    assert_snapshot!(diff(BLOCK, &set("app", "HOME", None)), @"+      - 'HOME'");
    assert_snapshot!(diff(BLOCK, &set("cache", "EMPTY", Some(""))), @r#"
    +    environment:
    +      EMPTY: ""
    "#);
    assert_snapshot!(diff(FLOW, &set("db", "A", Some("2"))), @r#"
    -  db: {image: postgres, environment: {A: "1", B: x}}
    +  db: {image: postgres, environment: {A: "2", B: x}}
    "#);
    assert_snapshot!(diff(FLOW, &set("db", "C", Some("a,b"))), @r#"
    -  db: {image: postgres, environment: {A: "1", B: x}}
    +  db: {image: postgres, environment: {A: "1", B: x, C: "a,b"}}
    "#);
    assert_snapshot!(diff(BLOCK, &remove("nginx", "MODE")), @"-      MODE: fast   # or slow");
    assert_snapshot!(diff(BLOCK, &remove("app", "NAME")), @"-      - 'NAME=my app'");
    assert_snapshot!(diff(FLOW, &remove("db", "B")), @r#"
    -  db: {image: postgres, environment: {A: "1", B: x}}
    +  db: {image: postgres, environment: {A: "1"}}
    "#);
    assert_snapshot!(diff(BLOCK, &remove("app", "NONE")), @"services.app.environment.NONE is not set here; it may come from env_file");
}
