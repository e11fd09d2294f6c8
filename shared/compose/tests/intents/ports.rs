//! `ports`.

use composeyard_compose::edit::Intent;
use insta::assert_snapshot;

use crate::support::{BLOCK, FLOW, diff, diffs, service, text};

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
    assert_snapshot!(diff(BLOCK, &remove("nginx", 2)), @"services.nginx.ports has no item 3; it may come from a service that this one extends");
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
