//! Networks and volumes of a service and of the project.

use composeyard_compose::edit::{Intent, Resource};
use insta::assert_snapshot;

use crate::support::{BLOCK, FLOW, diff, service, text};

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
    assert_snapshot!(diff("services:\n  a:\n    network_mode: host\n", &attach("a", "x")), @"a has network_mode: host, which excludes networks");
    assert_snapshot!(diff(BLOCK, &Intent::AddResource { resource: Resource::Network, name: text("front"), source: None }), @"+  front:");
    assert_snapshot!(diff("services:\n  a:\n    image: x\n", &Intent::AddResource { resource: Resource::Network, name: text("front"), source: None }), @r"
    +
    +networks:
    +  front:
    ");
    assert_snapshot!(diff(BLOCK, &Intent::RemoveResource { resource: Resource::Network, name: text("back") }), @r"
    -    networks:
    -      - back
    -    networks:
    -      back:
    -networks:
    -  back:
    -
    ");
    assert_snapshot!(diff(FLOW, &Intent::RemoveResource { resource: Resource::Network, name: text("a") }), @r#"
    -  web: { image: nginx, ports: ["80:80"], depends_on: [db, mq], networks: [a, b] }
    +  web: { image: nginx, ports: ["80:80"], depends_on: [db, mq], networks: [b] }
    -networks: {a: , b: {driver: bridge}}
    +networks: {b: {driver: bridge}}
    "#);
    assert_snapshot!(diff(BLOCK, &Intent::AddResource { resource: Resource::Network, name: text("back"), source: None }), @"networks has back already");
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
    assert_snapshot!(diff(BLOCK, &Intent::RemoveResource { resource: Resource::Volume, name: text("data") }), @r"
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
fn secrets_and_configs_come_in_the_form_of_the_list() {
    let secret = |name, target: Option<&str>| Intent::AttachSecret {
        service: service(name),
        secret: text("token"),
        target: target.map(text),
    };
    assert_snapshot!(diff(BLOCK, &secret("app", None)), @r"
    +    secrets:
    +      - token
    +
    +secrets:
    +  token:
    +    file: ./token.txt
    ");
    assert_snapshot!(diff(BLOCK, &secret("app", Some("/run/token"))), @r"
    +    secrets:
    +      - source: token
    +        target: /run/token
    +
    +secrets:
    +  token:
    +    file: ./token.txt
    ");
    let long =
        "services:\n  a:\n    configs:\n      - source: c\n        target: /c\nconfigs:\n  c: {file: c}\n";
    let config = Intent::AttachConfig { service: service("a"), config: text("d"), target: None };
    assert_snapshot!(diff(long, &config), @r"
    +      - source: d
    +  d: { file: ./d.txt }
    ");
    let detach = Intent::DetachConfig { service: service("a"), config: text("c") };
    assert_snapshot!(diff(long, &detach), @r"
    -  a:
    -    configs:
    -      - source: c
    -        target: /c
    +  a: {}
    ");
}
