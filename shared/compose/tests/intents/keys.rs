//! Any key, in the form that the file has.

use composeyard_compose::edit::{Intent, Resource, Source};
use composeyard_yaml::edit::{Path, Value};
use insta::assert_snapshot;

use crate::support::{BLOCK, FLOW, diff, text};

const SHORT: &str = "\
services:
  a:
    build: ./app # source
    extends: base
    env_file:
      - one.env # first
    labels:
      - a=1
    depends_on: [b]
    networks:
      - back # behind
    secrets: [sec]
    ulimits:
      nofile: 100
    extra_hosts: ['x:1.2.3.4']
    dns: 8.8.8.8
  b: {image: x, networks: [back]}
  base: {image: y}
networks:
  back:
secrets:
  sec: {file: s}
";

fn set(keys: &str, value: &str) -> Intent {
    Intent::SetKey { path: path(keys), value: Value::typed_in(value) }
}

fn unset(keys: &str) -> Intent {
    Intent::UnsetKey { path: path(keys) }
}

fn path(keys: &str) -> Path {
    let step = |path: Path, key: &str| key.parse().map_or_else(|_| path.key(key), |index| path.item(index));
    keys.split('/').fold(Path::default(), step)
}

#[test]
fn what_is_written_short_stays_short_where_that_can_say_it() {
    assert_snapshot!(diff(SHORT, &set("services/a/build/context", "./new")), @r"
    -    build: ./app # source
    +    build: ./new # source
    ");
    assert_snapshot!(diff(SHORT, &set("services/a/extends/service", "b")), @r"
    -    extends: base
    +    extends: b
    ");
    assert_snapshot!(diff(SHORT, &set("services/a/labels/a", "2")), @r"
    -      - a=1
    +      - a=2
    ");
    assert_snapshot!(diff(SHORT, &set("services/a/labels/new", "x y")), @"+      - new=x y");
    assert_snapshot!(diff(SHORT, &set("services/a/extra_hosts/y", "5.6.7.8")), @r"
    -    extra_hosts: ['x:1.2.3.4']
    +    extra_hosts: ['x:1.2.3.4', 'y:5.6.7.8']
    ");
    assert_snapshot!(diff(SHORT, &unset("services/a/labels/a")), @r"
    -    labels:
    -      - a=1
    ");
    assert_snapshot!(diff(SHORT, &unset("services/a/build/context")), @"-    build: ./app # source");
    assert_snapshot!(diff(SHORT, &unset("services/a/build/target")), @"services.a.build.target is not set here");
}

#[test]
fn what_is_written_short_turns_long_where_it_must() {
    assert_snapshot!(diff(SHORT, &set("services/a/build/target", "dev")), @r"
    -    build: ./app # source
    +    build:
    +      context: ./app # source
    +      target: dev
    ");
    assert_snapshot!(diff(SHORT, &set("services/a/extends/file", "x.yaml")), @r"
    -    extends: base
    +    extends:
    +      service: base
    +      file: x.yaml
    ");
    assert_snapshot!(diff(SHORT, &set("services/a/env_file/0/required", "false")), @r"
    -      - one.env # first
    +      - path: one.env # first
    +        required: false
    ");
    assert_snapshot!(diff(SHORT, &set("services/a/depends_on/b/restart", "true")), @r"
    -    depends_on: [b]
    +    depends_on: { b: { condition: service_started, restart: true } }
    ");
    assert_snapshot!(diff(SHORT, &set("services/a/networks/back/aliases", "[x]")), @r"
    -      - back # behind
    +      back: # behind
    +        aliases: [x]
    ");
    assert_snapshot!(diff(SHORT, &set("services/a/secrets/0/target", "/x")), @r"
    -    secrets: [sec]
    +    secrets: [{ source: sec, target: /x }]
    ");
    assert_snapshot!(diff(SHORT, &set("services/a/ulimits/nofile/hard", "200")), @r"
    -      nofile: 100
    +      nofile:
    +        soft: 100
    +        hard: 200
    ");
    let dns = Intent::AddItem { path: path("services/a/dns"), value: Value::text("1.1.1.1") };
    assert_snapshot!(diff(SHORT, &dns), @r"
    -    dns: 8.8.8.8
    +    dns:
    +      - 8.8.8.8
    +      - 1.1.1.1
    ");
}

#[test]
fn the_common_settings_of_a_service() {
    assert_snapshot!(diff(BLOCK, &set("services/nginx/healthcheck/test", r#"["CMD", "true"]"#)), @r#"
    +    healthcheck:
    +      test: ["CMD", "true"]
    "#);
    assert_snapshot!(diff(BLOCK, &set("services/nginx/healthcheck/interval", "30s")), @r"
    +    healthcheck:
    +      interval: 30s
    ");
    assert_snapshot!(diff(BLOCK, &set("services/nginx/deploy/resources/limits/cpus", "0.5")), @r#"
    +    deploy:
    +      resources:
    +        limits:
    +          cpus: "0.5"
    "#);
    assert_snapshot!(diff(FLOW, &set("services/db/restart", "unless-stopped")), @r#"
    -  db: {image: postgres, environment: {A: "1", B: x}}
    +  db: {image: postgres, environment: {A: "1", B: x}, restart: unless-stopped}
    "#);
    assert_snapshot!(diff(FLOW, &set("services/mq/profiles", "[debug]")), @r"
    -  mq: {}
    +  mq:
    +    profiles: [debug]
    ");
    assert_snapshot!(diff(BLOCK, &set("networks/back/internal", "true")), @"+    internal: true");
    assert_snapshot!(diff(BLOCK, &set("volumes/data/name", "shop-data")), @"+    name: shop-data");
    assert_snapshot!(diff(BLOCK, &set("name", "shop")), @r"
    +
    +name: shop
    ");
    assert_snapshot!(diff(BLOCK, &unset("networks/back")), @r"
    -networks:
    -  back:
    -
    ");
    assert_snapshot!(diff(BLOCK, &set("networks/front/internal", "true")), @"front is not defined in compose.yaml");
    assert_snapshot!(diff(BLOCK, &set("services/gone/user", "1")), @"gone is not defined in compose.yaml");
}

#[test]
fn secrets_and_configs_are_declared_with_a_source() {
    let add = |resource, source| Intent::AddResource { resource, name: text("token"), source };
    assert_snapshot!(diff(BLOCK, &add(Resource::Secret, None)), @r"
    +
    +secrets:
    +  token:
    +    file: ./token.txt
    ");
    assert_snapshot!(diff(BLOCK, &add(Resource::Secret, Some(Source::Environment(text("TOKEN"))))), @r"
    +
    +secrets:
    +  token:
    +    environment: TOKEN
    ");
    assert_snapshot!(diff(BLOCK, &add(Resource::Config, Some(Source::Content(text("a\nb"))))), @r#"
    +
    +configs:
    +  token:
    +    content: "a\nb"
    "#);
    assert_snapshot!(diff(BLOCK, &add(Resource::Secret, Some(Source::Content(text("x"))))), @"a secret cannot be written out in the compose file; use a file or a variable");
    assert_snapshot!(diff(BLOCK, &add(Resource::Volume, Some(Source::External))), @r"
    +  token:
    +    external: true
    ");
}

#[test]
fn a_number_is_text_where_the_key_takes_no_number() {
    assert_snapshot!(diff(BLOCK, &set("services/nginx/user", "1000")), @r#"+    user: "1000""#);
    assert_snapshot!(diff(BLOCK, &set("services/nginx/command", "[sleep, 10]")), @r#"+    command: [sleep, "10"]"#);
    assert_snapshot!(diff(BLOCK, &set("services/nginx/healthcheck/retries", "3")), @r"
    +    healthcheck:
    +      retries: 3
    ");
}
