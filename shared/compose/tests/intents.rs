//! What each intent does to the text: in block and flow style, with comments, in the file that it belongs to.
#![expect(clippy::unwrap_used, reason = "a test says where it fails")]

use composeyard_compose::{
    FileEdit, ProjectFiles, ServiceName,
    edit::{Intent, plan},
    model::Condition,
};
use insta::assert_snapshot;

const BLOCK: &str = r#"# Counter
services:
  # The front
  nginx: # published
    image: nginx:1.27-alpine  # pinned
    ports:
      - "80:80" # http
      - "443:443"
    depends_on:
      # the counter
      - app # first
      - cache
    environment:
      MODE: fast   # or slow
      WORKERS: 2

  app:
    build: ./app
    environment:
      - DEBUG=1
      - 'NAME=my app'
    depends_on:
      cache:
        condition: service_healthy # else 502
    networks:
      - back
    volumes:
      - data:/data
      - ./src:/src

  cache:
    image: "redis:7"
    networks:
      back:
    volumes:
      - type: volume
        source: data
        target: /data

networks:
  back:

volumes:
  # survives
  data:
"#;

const FLOW: &str = r#"services:
  web: { image: nginx, ports: ["80:80"], depends_on: [db, mq], networks: [a, b] }
  db: {image: postgres, environment: {A: "1", B: x}}
  mq: {}
networks: {a: , b: {driver: bridge}}
"#;

fn service(name: &str) -> ServiceName {
    ServiceName::new(name).unwrap()
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn project(files: &[(&str, &str)]) -> (ProjectFiles, Vec<String>) {
    let order = files.iter().map(|(name, _)| text(name)).collect();
    (ProjectFiles(files.iter().map(|(name, body)| (text(name), text(body))).collect()), order)
}

fn apply(files: &ProjectFiles, edits: &[FileEdit]) -> ProjectFiles {
    let mut after = files.clone();
    for (name, body) in &mut after.0 {
        let edits: Vec<_> =
            edits.iter().filter(|edit| edit.file == *name).map(|edit| edit.edit.clone()).collect();
        *body = composeyard_yaml::edit::apply(body, &edits).unwrap();
    }
    after
}

/// The changed lines: `-` before, `+` after. Longest common subsequence.
fn changed(before: &str, after: &str) -> String {
    let lines = |text: &str| text.split_inclusive('\n').map(str::to_owned).collect::<Vec<_>>();
    let (old, new) = (lines(before), lines(after));
    let mut common = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            let best = common[i + 1][j].max(common[i][j + 1]);
            common[i][j] = if old[i] == new[j] { common[i + 1][j + 1] + 1 } else { best };
        }
    }
    let (mut i, mut j, mut shown) = (0, 0, String::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && common[i + 1][j] >= common[i][j + 1]) {
            shown += &format!("-{}\n", old[i].trim_end_matches('\n'));
            i += 1;
        } else {
            shown += &format!("+{}\n", new[j].trim_end_matches('\n'));
            j += 1;
        }
    }
    shown
}

/// What an intent changes in one file, or the refusal.
fn diff(source: &str, intent: &Intent) -> String {
    diffs(&[("compose.yaml", source)], intent)
}

fn diffs(list: &[(&str, &str)], intent: &Intent) -> String {
    let (files, order) = project(list);
    let edits = match plan(&files, &order, intent) {
        Ok(edits) => edits,
        Err(refusal) => return refusal.to_string(),
    };
    let after = apply(&files, &edits);
    let of_file = |(name, body): (&String, &String)| {
        let lines = changed(&files.0[name], body);
        let head = if list.len() > 1 && !lines.is_empty() { format!("{name}\n") } else { String::new() };
        head + &lines
    };
    after.0.iter().map(of_file).collect()
}

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
    assert_snapshot!(diff(BLOCK, &Intent::RemoveService { name: service("nobody") }), @"nobody is not defined in compose.yaml; when it comes from an included file, change it there");
}

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
    assert_snapshot!(diff(BLOCK, &Intent::RenameService { from: service("cache"), to: service("app") }), @"there is a service app already; choose another name");
}

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
fn ports_are_always_quoted_and_in_the_form_of_the_list() {
    let add = |name, port: &str| Intent::AddPort { service: service(name), port: text(port) };
    let set = |name, index, port: &str| Intent::SetPort { service: service(name), index, port: text(port) };
    let remove = |name, index| Intent::RemovePort { service: service(name), index };
    const LONG: &str = "services:\n  a:\n    ports:\n      - target: 80\n        published: '8080' # host\n        protocol: tcp\n";
    assert_snapshot!(diff(BLOCK, &add("nginx", "8080:80")), @r#"+      - "8080:80""#);
    assert_snapshot!(diff(BLOCK, &add("app", "5000")), @r#"
    +    ports:
    +      - "5000"
    "#);
    assert_snapshot!(diff(FLOW, &add("web", "443:443")), @r#"
    -  web: { image: nginx, ports: ["80:80"], depends_on: [db, mq], networks: [a, b] }
    +  web: { image: nginx, ports: ["80:80", "443:443"], depends_on: [db, mq], networks: [a, b] }
    "#);
    assert_snapshot!(diff(FLOW, &add("db", "5432:5432")), @r#"
    -  db: {image: postgres, environment: {A: "1", B: x}}
    +  db: {image: postgres, environment: {A: "1", B: x}, ports: ["5432:5432"]}
    "#);
    assert_snapshot!(diff(LONG, &add("a", "127.0.0.1:443:443/udp")), @r"
    +      - host_ip: 127.0.0.1
    +        target: 443
    +        published: '443'
    +        protocol: udp
    ");
    assert_snapshot!(diff(BLOCK, &set("nginx", 0, "81:80")), @r#"
    -      - "80:80" # http
    +      - "81:80" # http
    "#);
    assert_snapshot!(diff("services:\n  a:\n    ports:\n    - 80:80\n", &set("a", 0, "22:22")), @r#"
    -    - 80:80
    +    - "22:22"
    "#);
    assert_snapshot!(diff(LONG, &set("a", 0, "9090:90")), @r"
    -      - target: 80
    -        published: '8080' # host
    -        protocol: tcp
    +      - target: 90
    +        published: '9090' # host
    ");
    assert_snapshot!(diff(LONG, &set("a", 0, "${PORT:-80}:80")), @r"
    -        published: '8080' # host
    -        protocol: tcp
    +        published: '${PORT:-80}' # host
    ");
    assert_snapshot!(diff(LONG, &set("a", 0, "127.0.0.1:${PORT:-80}:80")), @"127.0.0.1:${PORT:-80}:80 cannot be written in the long form of services.a.ports[0]; change it as text");
    assert_snapshot!(diff(BLOCK, &remove("nginx", 0)), @r#"-      - "80:80" # http"#);
    assert_snapshot!(diff(FLOW, &remove("web", 0)), @r#"
    -  web: { image: nginx, ports: ["80:80"], depends_on: [db, mq], networks: [a, b] }
    +  web: { image: nginx, depends_on: [db, mq], networks: [a, b] }
    "#);
    assert_snapshot!(diff(LONG, &remove("a", 0)), @r"
    -  a:
    -    ports:
    -      - target: 80
    -        published: '8080' # host
    -        protocol: tcp
    +  a: {}
    ");
    assert_snapshot!(diff(BLOCK, &remove("nginx", 2)), @"services.nginx.ports has no item 3; it may come from an included or extended file");
}

#[test]
fn ports_of_several_files_count_through() {
    let base = "services:\n  a:\n    ports: ['80:80']\n";
    let over = "services:\n  a:\n    ports:\n      - target: 81\n        published: 8081\n";
    let list = [("compose.yaml", base), ("dev.yaml", over)];
    assert_snapshot!(diffs(&list, &Intent::SetPort { service: service("a"), index: 1, port: text("8082:81") }), @r#"
    dev.yaml
    -        published: 8081
    +        published: "8082"
    "#);
    let replaced = over.replace("ports:", "ports: !override");
    let list = [("compose.yaml", base), ("dev.yaml", replaced.as_str())];
    assert_snapshot!(diffs(&list, &Intent::AddPort { service: service("a"), port: text("1:1") }), @r#"
    dev.yaml
    +      - target: 1
    +        published: "1"
    "#);
    let list = [("compose.yaml", base), ("dev.yaml", "services:\n  a:\n    ports: !reset []\n")];
    assert_snapshot!(diffs(&list, &Intent::AddPort { service: service("a"), port: text("1:1") }), @"dev.yaml: services.a.ports is taken away with !reset; remove that first");
}

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
    assert_snapshot!(diff(BLOCK, &remove("app", "NONE")), @"NONE is not set in services.app.environment; it may come from env_file, or from an included or extended file");
}

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

#[test]
fn networks_are_declared_when_they_are_new() {
    let attach =
        |name, network: &str| Intent::AttachNetwork { service: service(name), network: text(network) };
    let detach =
        |name, network: &str| Intent::DetachNetwork { service: service(name), network: text(network) };
    assert_snapshot!(diff(BLOCK, &attach("app", "front")), @r"
    +      - front
    +  front:
    ");
    assert_snapshot!(diff(BLOCK, &attach("cache", "front")), @r"
    +      front:
    +  front:
    ");
    assert_snapshot!(diff(BLOCK, &attach("nginx", "back")), @r"
    +    networks:
    +      - back
    ");
    assert_snapshot!(diff(FLOW, &attach("db", "a")), @r#"
    -  db: {image: postgres, environment: {A: "1", B: x}}
    +  db: {image: postgres, environment: {A: "1", B: x}, networks: [a]}
    "#);
    assert_snapshot!(diff(BLOCK, &detach("app", "back")), @r"
    -    networks:
    -      - back
    ");
    assert_snapshot!(diff(FLOW, &detach("web", "a")), @r#"
    -  web: { image: nginx, ports: ["80:80"], depends_on: [db, mq], networks: [a, b] }
    +  web: { image: nginx, ports: ["80:80"], depends_on: [db, mq], networks: [b] }
    "#);
    assert_snapshot!(diff(BLOCK, &detach("nginx", "default")), @"nginx is on the default network because it names no other; attach it to another one instead");
    assert_snapshot!(diff("services:\n  a:\n    network_mode: host\n", &attach("a", "x")), @"a has network_mode: host, which excludes networks; remove network_mode first");
    assert_snapshot!(diff(BLOCK, &Intent::AddNetwork { name: text("front") }), @"+  front:");
    assert_snapshot!(diff("services:\n  a:\n    image: x\n", &Intent::AddNetwork { name: text("front") }), @r"
    +
    +networks:
    +  front:
    ");
    assert_snapshot!(diff(BLOCK, &Intent::RemoveNetwork { name: text("back") }), @r"
    -    networks:
    -      - back
    -    networks:
    -      back:
    -networks:
    -  back:
    -
    ");
    assert_snapshot!(diff(FLOW, &Intent::RemoveNetwork { name: text("a") }), @r#"
    -  web: { image: nginx, ports: ["80:80"], depends_on: [db, mq], networks: [a, b] }
    +  web: { image: nginx, ports: ["80:80"], depends_on: [db, mq], networks: [b] }
    -networks: {a: , b: {driver: bridge}}
    +networks: {b: {driver: bridge}}
    "#);
    assert_snapshot!(diff(BLOCK, &Intent::AddNetwork { name: text("back") }), @"networks has back already");
}

#[test]
fn volumes_are_declared_when_they_are_new() {
    let attach = |name, volume: &str| Intent::AttachVolume {
        service: service(name),
        volume: text(volume),
        target: text("/cache"),
    };
    let detach = |name| Intent::DetachVolume { service: service(name), volume: text("data") };
    assert_snapshot!(diff(BLOCK, &attach("app", "tmp")), @r"
    +      - tmp:/cache
    +  tmp:
    ");
    assert_snapshot!(diff(BLOCK, &attach("cache", "data")), @r"
    +      - type: volume
    +        source: data
    +        target: /cache
    ");
    assert_snapshot!(diff(FLOW, &attach("mq", "data")), @r"
    -  mq: {}
    +  mq:
    +    volumes:
    +      - data:/cache
    +volumes: { data: }
    ");
    let again = "services:\n  a:\n    volumes: [tmp:/cache:ro]\n";
    assert_snapshot!(diff(again, &attach("a", "tmp")), @"");
    assert_snapshot!(diff(BLOCK, &detach("app")), @"-      - data:/data");
    assert_snapshot!(diff(BLOCK, &detach("cache")), @r"
    -    volumes:
    -      - type: volume
    -        source: data
    -        target: /data
    ");
    assert_snapshot!(diff(BLOCK, &Intent::RemoveVolume { name: text("data") }), @r"
    -      - data:/data
    -    volumes:
    -      - type: volume
    -        source: data
    -        target: /data
    -
    -volumes:
    -  # survives
    -  data:
    ");
    assert_snapshot!(diff(BLOCK, &attach("app", "./src")), @r#""./src" is not a name; use letters, digits, dots, hyphens and underscores"#);
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
    let set = |path: &[&str], value: Option<&str>| Intent::SetField {
        service: service("nginx"),
        path: path.iter().map(|key| text(key)).collect(),
        value: value.map(text),
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
    assert_snapshot!(diff(BLOCK, &set(&["user"], None)), @"services.nginx.user is not set here; it may come from an included or extended file");
}

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
    assert_snapshot!(diffs(&list, &Intent::SetImage { service: service("b"), image: text("x") }), @"b is not defined in compose.yaml or compose.override.yaml; when it comes from an included file, change it there");
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
    assert_snapshot!(diff("- a\n", &Intent::AddNetwork { name: text("x") }), @"compose.yaml: the top level is not a mapping; change it as text");
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
    let after = apply(&files, &plan(&files, &order, &port).unwrap());
    assert_eq!(after.0["compose.yaml"], format!("{windows}      - '2:2'\r\n"));

    let (files, order) = project(&[("compose.yaml", "services:\n  a:\n    image: x")]);
    let after = apply(&files, &plan(&files, &order, &port).unwrap());
    assert_eq!(after.0["compose.yaml"], "services:\n  a:\n    image: x\n    ports:\n      - \"2:2\"");
}
