//! Containers, networks and volumes are made just as `docker compose` makes them.

use std::collections::BTreeMap;

use crate::real::{Stack, docker, has_compose, skipped};
use composeyard::engine::{Engine, Origin};
use composeyard_compose::{FileSource, LoadRequest, Project, files::ReadError, load};
use composeyard_plan::{Command, UpOptions, plan};
use composeyard_protocol::Outcome;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

const FILE: &str = r#"
services:
  cache:
    image: redis:7-alpine
    command: redis-server --save 60 1
    restart: unless-stopped
    healthcheck:
      test: ["CMD", "redis-cli", "ping"]
      interval: 1s
      timeout: 2s
      retries: 5
      start_period: 3s
    volumes:
      - data:/data
      - /anonymous
    networks:
      back:
        aliases: [store]
    stop_grace_period: 1s
    deploy:
      resources:
        limits: {cpus: "0.5", memory: 128M, pids: 50}
        reservations: {memory: 64M}
  web:
    image: busybox
    command: ["sleep", "600"]
    entrypoint: []
    hostname: webhost
    user: "0:0"
    working_dir: /srv
    environment: {B: "2", A: "1"}
    expose: ["3000", "4000-4002/udp"]
    ports:
      - "80"
      - "127.0.0.1::81"
    volumes:
      - ./site:/site:ro
      - type: bind
        source: ./site
        target: /long
      - type: tmpfs
        target: /mem
        tmpfs: {size: 1m}
    tmpfs: /scratch
    networks: [front, back]
    depends_on:
      cache: {condition: service_healthy, restart: true}
    labels: {own.label: "yes"}
    cap_add: [NET_ADMIN]
    cap_drop: [CHOWN]
    dns: 1.1.1.1
    extra_hosts: ["a.local:10.0.0.1"]
    init: true
    tty: true
    stdin_open: true
    read_only: true
    shm_size: 32m
    sysctls: {net.core.somaxconn: "512"}
    ulimits: {nproc: 100, nofile: {soft: 10, hard: 20}}
    stop_signal: SIGINT
    stop_grace_period: 1s
    logging: {driver: json-file, options: {max-size: 1m}}
    security_opt: [no-new-privileges=true]
    pids_limit: 20
    cpu_shares: 512
  side:
    image: busybox
    command: sleep 600
    network_mode: "service:cache"
    pid: "service:cache"
    volumes_from: [cache]
    stop_grace_period: 1s
    restart: on-failure:3
networks:
  front: {}
  back:
    internal: true
    labels: {a: b}
    ipam: {config: [{subnet: SUBNET}]}
volumes:
  data:
    labels: {c: d}
"#;

struct Disk;

impl FileSource for Disk {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        std::fs::read_to_string(path).map_err(|_| ReadError::NotFound(path.to_owned()))
    }
}

fn project(stack: &Stack) -> Project {
    let file = stack.path().join("compose.yaml").display().to_string();
    let request = LoadRequest {
        files: vec![file],
        project_dir: stack.path().display().to_string(),
        project_name: Some(stack.name.clone()),
        ..Default::default()
    };
    let loaded = load(&Disk, &request);
    loaded.project.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_made_equals_what_the_reference_makes() {
    if skipped() || !has_compose() {
        return;
    }
    let stack = Stack::new("like").await;
    stack.write("compose.yaml", &FILE.replace("SUBNET", "10.213.7.0/24"));
    stack.write("site/index.html", "hello");
    let file = stack.path().join("compose.yaml").display().to_string();
    let compose =
        |arguments: &[&str]| docker(&[&["compose", "-p", &stack.name, "-f", &file][..], arguments].concat());

    compose(&["up", "-d"]);
    let theirs = pictures(&stack.name);
    compose(&["down", "-v"]);
    let project = project(&stack);
    up(&stack.engine, &project, &stack).await;
    let ours = pictures(&stack.name);

    assert_eq!(theirs.len(), 6, "three containers, two networks, one volume: {theirs:#?}");
    assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>());
    let mut differences = Vec::new();
    for (name, theirs) in &theirs {
        differences.extend(compare(name, theirs, &ours[name]));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_takes_over_what_was_started_and_the_other_way_round() {
    if skipped() || !has_compose() {
        return;
    }
    let stack = Stack::new("take").await;
    stack.write("compose.yaml", &FILE.replace("SUBNET", "10.213.8.0/24"));
    stack.write("site/index.html", "hello");
    let file = stack.path().join("compose.yaml").display().to_string();
    let project = project(&stack);
    let ids = || {
        let label = format!("label=com.docker.compose.project={}", stack.name);
        docker(&["ps", "-q", "--filter", &label, "--format", "{{.Names}} {{.ID}}"])
    };

    up(&stack.engine, &project, &stack).await;
    let ours = ids();
    docker(&["compose", "-p", &stack.name, "-f", &file, "up", "-d"]);
    assert_eq!(ids(), ours, "the reference replaces nothing");

    docker(&["compose", "-p", &stack.name, "-f", &file, "down", "-v"]);
    docker(&["compose", "-p", &stack.name, "-f", &file, "up", "-d"]);
    let plan = stack.plan(&project, &Command::Up(UpOptions::default())).await;
    assert!(plan.is_empty(), "{plan:#?}");
}

async fn up(engine: &Engine, project: &Project, stack: &Stack) {
    let observed = engine.observe(&project.name, Some(project)).await.unwrap();
    let plan = plan(project, &observed, &Command::Up(UpOptions::default())).unwrap();
    let (sender, mut receiver) = mpsc::channel(64);
    tokio::spawn(async move { while receiver.recv().await.is_some() {} });
    let origin = Origin { folder: stack.path().to_owned(), files: vec![stack.path().join("compose.yaml")] };
    let outcome = engine.execute(project, origin, &plan, sender, CancellationToken::new()).await;
    assert_eq!(outcome, Outcome::Done);
}

/// `kind name` to its flattened inspection, ids as names and lists sorted: the reference fills some from unordered maps.
fn pictures(project: &str) -> BTreeMap<String, BTreeMap<String, Value>> {
    let label = format!("label=com.docker.compose.project={project}");
    let mut pictures = BTreeMap::new();
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    for (kind, list, inspect) in [
        ("container", &["ps", "-aq", "--no-trunc"][..], &["inspect"][..]),
        ("network", &["network", "ls", "-q", "--no-trunc"], &["network", "inspect"]),
        ("volume", &["volume", "ls", "-q"], &["volume", "inspect"]),
    ] {
        let found = docker(&[list, &["--filter", &label]].concat());
        for id in found.split_whitespace() {
            let details: Value = serde_json::from_str(&docker(&[inspect, &[id]].concat())).unwrap();
            let name = details[0]["Name"].as_str().unwrap().trim_start_matches('/').to_owned();
            ids.insert(id.to_owned(), name.clone());
            let mut flat = BTreeMap::new();
            flatten("", &details[0], &mut flat);
            pictures.insert(format!("{kind} {name}"), flat);
        }
    }
    for value in pictures.values_mut().flat_map(BTreeMap::values_mut) {
        let mut text = value.to_string();
        for (id, name) in &ids {
            text = text.replace(id, &format!("<{name}>"));
        }
        *value = serde_json::from_str(&text).unwrap();
        if let Value::Array(list) = value {
            list.sort_by_key(Value::to_string);
        }
    }
    pictures
}

fn flatten(path: &str, value: &Value, flat: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            entries.iter().for_each(|(key, value)| flatten(&format!("{path}/{key}"), value, flat));
        }
        // Nothing and empty are the same to the engine, except where they are commands.
        Value::Null => {}
        Value::Object(_) => {}
        Value::Array(list) if list.is_empty() => {}
        other => drop(flat.insert(path.to_owned(), other.clone())),
    }
}

/// Differs between any two runs, or says which tool it was.
fn volatile(path: &str) -> bool {
    const PREFIXES: &[&str] = &[
        "/Id",
        "/ExecIDs",
        "/Created",
        "/State/",
        "/ResolvConfPath",
        "/HostnamePath",
        "/HostsPath",
        "/LogPath",
        "/GraphDriver",
        "/NetworkSettings/Sandbox",
        "/NetworkSettings/Ports",
        "/NetworkSettings/Networks",
        "/Mounts",
        "/Containers",
        "/Config/Labels/com.docker.compose.version",
        "/Labels/com.docker.compose.version",
        "/CreatedAt",
        "/IPAM/Config",
        "/Path",
        "/Args",
    ];
    PREFIXES.iter().any(|prefix| path.starts_with(prefix))
}

/// The engine takes the start of the id where the file gives no host name.
fn is_default_hostname(path: &str, value: Option<&Value>) -> bool {
    let hex = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    path == "/Config/Hostname" && value.and_then(Value::as_str).is_some_and(hex)
}

fn compare(name: &str, theirs: &BTreeMap<String, Value>, ours: &BTreeMap<String, Value>) -> Vec<String> {
    let keys: std::collections::BTreeSet<_> = theirs.keys().chain(ours.keys()).collect();
    keys.into_iter()
        .filter(|key| !volatile(key) && !is_default_hostname(key, theirs.get(*key)))
        // The hash of a container that shares with another holds that one's id.
        .filter(|key| !(name.contains("-side-") && key.ends_with("config-hash")))
        .filter(|key| theirs.get(*key) != ours.get(*key))
        .map(|key| format!("{name}{key}: reference {:?}, ours {:?}", theirs.get(key), ours.get(key)))
        .collect()
}
