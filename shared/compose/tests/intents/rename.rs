//! A new name and all that follows it.

use composeyard_compose::edit::{Intent, Manner, Resource, plan};
use insta::assert_snapshot;

use crate::support::{BLOCK, apply, diff, project, service, text};

#[test]
fn rename_service_follows_every_reference() {
    const REFERENCES: &str = "\
services:
  db: {image: x}
  a:
    depends_on: [db]
    links: ['db:sql', other]
    volumes_from:
      - db:ro
    network_mode: \"service:db\"
  b:
    extends:
      service: db
    depends_on:
      db: {condition: service_started}
  c:
    extends: {file: other.yaml, service: db}
";
    assert_snapshot!(diff(REFERENCES, &Intent::RenameService { from: service("db"), to: service("sql") }), @r#"
    -  db: {image: x}
    +  sql: {image: x}
    -    depends_on: [db]
    -    links: ['db:sql', other]
    +    depends_on: [sql]
    +    links: ['sql:sql', other]
    -      - db:ro
    -    network_mode: "service:db"
    +      - sql:ro
    +    network_mode: "service:sql"
    -      service: db
    +      service: sql
    -      db: {condition: service_started}
    +      sql: {condition: service_started}
    "#);
    assert_snapshot!(diff(BLOCK, &Intent::RenameService { from: service("cache"), to: service("app") }), @"services has app already; choose another name");
}

#[test]
fn rename_follows_addresses_that_can_mean_nothing_else() {
    const ADDRESSES: &str = r#"services:
  api: {image: api}
  web:
    environment:
      API_URL: http://api:8000/v1 # the API
      API_HOST: api
      ROLE: api
      IMAGE: api:8000
      BACK: "http://\u0061pi/\tapi"
      QUEUE: "amqp://u:p@api/\tq"
    command: ["--upstream=http://api:8000", "api"]
    healthcheck:
      test: >-
        curl -f
        http://api/health
    depends_on: [api]
  worker:
    environment:
      - API_ADDR=api:8000
      - NAME=api
"#;
    let rename = Intent::RenameService { from: service("api"), to: service("backend") };
    assert_snapshot!(diff(ADDRESSES, &rename), @r#"
    -  api: {image: api}
    +  backend: {image: api}
    -      API_URL: http://api:8000/v1 # the API
    -      API_HOST: api
    +      API_URL: http://backend:8000/v1 # the API
    +      API_HOST: backend
    -      BACK: "http://\u0061pi/\tapi"
    -      QUEUE: "amqp://u:p@api/\tq"
    -    command: ["--upstream=http://api:8000", "api"]
    +      BACK: "http://backend/\tapi"
    +      QUEUE: "amqp://u:p@backend/\tq"
    +    command: ["--upstream=http://backend:8000", "api"]
    -        http://api/health
    -    depends_on: [api]
    +        http://backend/health
    +    depends_on: [backend]
    -      - API_ADDR=api:8000
    +      - API_ADDR=backend:8000
    "#);
    let (files, order) = project(&[("compose.yaml", ADDRESSES)]);
    let left: Vec<String> = plan(&files, &order, &rename)
        .unwrap()
        .mentions
        .into_iter()
        .filter(|mention| mention.manner == Manner::Maybe)
        .map(|mention| format!("{} {:?}", mention.path, mention.span.of(ADDRESSES)))
        .collect();
    assert_snapshot!(left.join("\n"), @r#"
    services.web.environment.ROLE "api"
    services.web.environment.IMAGE "api"
    services.web.environment.BACK "\"http://\\u0061pi/\\tapi\""
    services.web.command[1] "api"
    services.worker.environment[1] "api"
    "#);
}

#[test]
fn rename_finds_what_comes_through_anchors_and_merge_keys_where_it_is_written() {
    const SHARED: &str = "\
x-common: &common
  depends_on:
    - db # shared
  environment: &env
    DB_HOST: db
services:
  db:
    image: postgres
  a:
    <<: *common
  b:
    environment: *env
    build:
      context: .
      additional_contexts:
        base: service:db
  c:
    build:
      context: .
      additional_contexts: ['base=service:db']
    volumes_from: ['container:db', 'db:ro']
";
    assert_snapshot!(diff(SHARED, &Intent::RenameService { from: service("db"), to: service("sql") }), @r"
    -    - db # shared
    +    - sql # shared
    -    DB_HOST: db
    +    DB_HOST: sql
    -  db:
    +  sql:
    -        base: service:db
    +        base: service:sql
    -      additional_contexts: ['base=service:db']
    -    volumes_from: ['container:db', 'db:ro']
    +      additional_contexts: ['base=service:sql']
    +    volumes_from: ['container:db', 'sql:ro']
    ");
}

#[test]
fn rename_reaches_included_files_and_templates() {
    let list = [
        (
            "compose.yaml",
            "include: [more/part.yaml]\nservices:\n  db:\n    image: x\n  web:\n    extends: {file: base.yaml, service: web}\n",
        ),
        (
            "more/part.yaml",
            "services:\n  job:\n    image: y\n    depends_on: [db]\n    extends: {file: ../compose.yaml, service: db}\n",
        ),
        ("base.yaml", "services:\n  web:\n    depends_on: [db]\n  other:\n    depends_on: [db]\n"),
    ];
    let (files, _) = project(&list);
    let plan = plan(&files, &[], &Intent::RenameService { from: service("db"), to: service("sql") }).unwrap();
    let after = apply(&files, &plan.edits);
    assert_snapshot!(after.0["compose.yaml"], @r"
    include: [more/part.yaml]
    services:
      sql:
        image: x
      web:
        extends: {file: base.yaml, service: web}
    ");
    assert_snapshot!(after.0["more/part.yaml"], @r"
    services:
      job:
        image: y
        depends_on: [sql]
        extends: {file: ../compose.yaml, service: sql}
    ");
    assert_snapshot!(after.0["base.yaml"], @r"
    services:
      web:
        depends_on: [sql]
      other:
        depends_on: [db]
    ");
}

#[test]
fn resources_are_renamed_in_short_and_long_form() {
    const ALL: &str = "\
services:
  a:
    networks: [net, other]
    volumes: ['vol:/data:ro', ./vol:/x, vol]
    secrets: [sec]
    configs:
      - source: conf
        target: /etc/x
    environment:
      PASSWORD_FILE: /run/secrets/sec
      PASSWORD: sec
  b:
    networks:
      net: # here
        aliases: [x]
    volumes:
      - type: volume
        source: vol
        target: /data
      - {type: bind, source: vol, target: /y}
    secrets:
      - source: sec
    build:
      context: .
      secrets: [sec]
networks:
  net:
volumes:
  \"vol\": {}
secrets:
  sec: {file: ./sec}
configs:
  conf:
    file: ./conf
";
    let rename =
        |resource, from: &str| Intent::RenameResource { resource, from: text(from), to: text("new") };
    assert_snapshot!(diff(ALL, &rename(Resource::Network, "net")), @r"
    -    networks: [net, other]
    +    networks: [new, other]
    -      net: # here
    +      new: # here
    -  net:
    +  new:
    ");
    assert_snapshot!(diff(ALL, &rename(Resource::Volume, "vol")), @r#"
    -    volumes: ['vol:/data:ro', ./vol:/x, vol]
    +    volumes: ['new:/data:ro', ./vol:/x, vol]
    -        source: vol
    +        source: new
    -  "vol": {}
    +  "new": {}
    "#);
    assert_snapshot!(diff(ALL, &rename(Resource::Secret, "sec")), @r"
    -    secrets: [sec]
    +    secrets: [new]
    -      PASSWORD_FILE: /run/secrets/sec
    +      PASSWORD_FILE: /run/secrets/new
    -      - source: sec
    +      - source: new
    -      secrets: [sec]
    +      secrets: [new]
    -  sec: {file: ./sec}
    +  new: {file: ./sec}
    ");
    assert_snapshot!(diff(ALL, &rename(Resource::Config, "conf")), @r"
    -      - source: conf
    +      - source: new
    -  conf:
    +  new:
    ");
    assert_snapshot!(diff(ALL, &rename(Resource::Network, "default")), @"no compose file declares a network default");
    let taken =
        Intent::RenameResource { resource: Resource::Network, from: text("net"), to: text("default") };
    assert_snapshot!(diff(ALL, &taken), @"default is the network of every service that names none; its name cannot be given or taken away");
}

#[test]
fn addresses_in_other_files_are_told() {
    let list = [
        ("compose.yaml", "services:\n  app:\n    image: x\n"),
        ("nginx.conf", "upstream x { server app:5000; }\nproxy_pass http://app/;\n# the app\n"),
    ];
    let (files, _) = project(&list);
    let plan =
        plan(&files, &[], &Intent::RenameService { from: service("app"), to: service("web") }).unwrap();
    let told = plan.mentions.iter().map(|it| format!("{} {:?} {:?}", it.file, it.span, it.manner));
    assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @r"
    compose.yaml Span { start: 12, end: 15 } Definition
    nginx.conf Span { start: 20, end: 23 } Maybe
    nginx.conf Span { start: 50, end: 53 } Maybe
    ");
    assert_eq!(apply(&files, &plan.edits).0["nginx.conf"], list[1].1);
}
