//! unified-stack: its acceptance criteria, one after the other on one start, because a start takes its time.

use std::{collections::BTreeMap, net::TcpListener};

use serde_json::Value;

use crate::{
    ask::{PATIENCE, get, routes, send, until, with_json},
    machine::{Stack, Tool, with_both},
    seen::said,
};

const PORTS: [&str; 5] = ["PROXY_PORT", "FRONTEND_PORT", "BACKEND_PORT", "DB_PORT", "REDIS_PORT"];

#[test]
fn the_acceptance_criteria_hold_and_the_worker_comes_by_its_profile() {
    with_both("unified-stack", "default", &PORTS, |stack| {
        one_command_starts_everything_behind_one_address(stack);
        the_page_speaks_to_the_backend_through_the_proxy(stack);
        a_changed_source_is_in_use_at_once(stack);
        let note = leave_something_behind(stack);
        stack.stop_and_start();
        stopping_releases_everything_but_the_data(stack);
        the_data_is_there_after_the_next_start(stack, &note);
        with_its_profile_the_worker_does_the_jobs(stack);
        workers_can_be_many_and_a_published_port_one(stack);
        stack.down();
    });
}

/// AC1.
fn one_command_starts_everything_behind_one_address(stack: &Stack) {
    stack.up();
    let running: Vec<String> = stack.running().into_keys().collect();
    assert_eq!(running, ["backend", "db", "frontend", "proxy", "redis"]);
    started_in_the_order_of_health(stack);
    // The table of the README.
    stack.limited(&[
        ("db", 1.0, 512, 256),
        ("redis", 0.5, 256, 128),
        ("backend", 2.0, 1024, 512),
        ("frontend", 2.0, 2048, 512),
        ("proxy", 0.5, 256, 128),
    ]);
    routes(
        stack.port("PROXY_PORT"),
        &[
            ("/", 200, "<div id=\"root\">"),
            ("/api/", 200, "frontend-config"),
            ("/admin/login/", 200, "Django"),
            ("/static/admin/css/base.css", 200, "DJANGO Admin"),
            ("/media/none", 404, ""),
            ("/@vite/client", 200, "HMRContext"),
            ("/src/main.jsx", 200, "createRoot"),
            ("/health", 200, "ok"),
        ],
    );
}

/// Each starts after what it waits for was found healthy.
fn started_in_the_order_of_health(stack: &Stack) {
    let field =
        |service: &str, of: fn(&Value) -> &Value| of(&stack.of(service)[0]).as_str().unwrap().to_owned();
    let started = |service| field(service, |it| &it["State"]["StartedAt"]);
    let found = |service| field(service, |it| &it["State"]["Health"]["Status"]);
    for (first, then) in
        [("db", "backend"), ("redis", "backend"), ("backend", "frontend"), ("frontend", "proxy")]
    {
        assert_eq!(found(first), "healthy");
        assert!(started(first) < started(then), "{first} before {then}");
    }
}

/// AC2.
fn the_page_speaks_to_the_backend_through_the_proxy(stack: &Stack) {
    let port = stack.port("PROXY_PORT");
    let config = get(port, "/api/v1/config/frontend/").json();
    let base = config["apiUrl"].as_str().unwrap();
    assert!(base.starts_with('/'), "the page asks its own origin: {base}");
    assert_eq!(get(port, &format!("{base}/health/")).json()["database"], "connected");
    let shake = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                 Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: vite-hmr\r\n";
    assert!(upgrades(port, "/ws", shake), "hot reload goes through the proxy");
    let log = stack.run(&["logs", "proxy"]);
    let line = log.lines().find(|line| line.contains("/api/v1/health/")).expect("the proxy logs the request");
    let line: Value = serde_json::from_str(&line[line.find('{').unwrap()..]).unwrap();
    assert!(line["upstream"].as_str().unwrap().ends_with(":8000"), "{line}");
}

fn upgrades(port: u16, path: &str, headers: &str) -> bool {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n{headers}\r\n").unwrap();
    let mut start = [0; 12];
    stream.read_exact(&mut start).unwrap();
    &start == b"HTTP/1.1 101"
}

fn a_changed_source_is_in_use_at_once(stack: &Stack) {
    let says = |path, part: &str| {
        send("GET", stack.port("PROXY_PORT"), path, "", "").is_some_and(|answer| answer.body.contains(part))
    };
    stack.write("backend/api/views.py", |text| text.replace("\"healthy\" if", "\"in health\" if"));
    until("Django has reloaded", || says("/api/v1/health/", "in health"));
    stack.write("frontend/src/App.jsx", |text| text.replace("<h1>", "<h1>Again "));
    until("Vite serves the new source", || says("/src/App.jsx", "Again "));
}

/// A row, an upload and a key in Redis.
fn leave_something_behind(stack: &Stack) -> String {
    let port = stack.port("PROXY_PORT");
    let edge = "Content-Type: multipart/form-data; boundary=edge\r\n";
    let part = |name: &str, value: &str| {
        format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let file = "--edge\r\nContent-Disposition: form-data; name=\"attachment\"; filename=\"kept.txt\"\r\n\r\nkept\r\n--edge--\r\n";
    let added = send("POST", port, "/api/v1/notes/", edge, &(part("text", "kept") + file)).unwrap();
    assert_eq!(added.status, 201, "{added:?}");
    stack.inside("redis", &["redis-cli", "set", "kept", "kept"]);
    let attachment = added.json()["attachment"].as_str().unwrap().to_owned();
    attachment[attachment.find("/media/").unwrap()..].to_owned()
}

/// AC3.
fn stopping_releases_everything_but_the_data(stack: &Stack) {
    if stack.is(Tool::DockerCompose) {
        stack.script(&["docker-dev.sh", "stop"]);
    } else {
        stack.run(&["down"]);
    }
    assert!(stack.containers().is_empty());
    for name in PORTS {
        TcpListener::bind(("127.0.0.1", stack.port(name))).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    let volumes = stack.volumes();
    for name in [
        "app-postgres-data",
        "app-redis-data",
        "app-backend-media",
        "app-backend-static",
        "app-frontend-node-modules",
        "app-proxy-logs",
    ] {
        assert!(volumes.contains(&format!("{}_{name}", stack.name)), "{name}: {volumes:?}");
    }
}

/// AC4.
fn the_data_is_there_after_the_next_start(stack: &Stack, upload: &str) {
    if stack.is(Tool::DockerCompose) {
        let listed = stack.script(&["docker-dev.sh", "start"]);
        assert_eq!(listed.matches("(healthy)").count(), 5, "it waits for all: {listed}");
        assert_eq!(stack.script(&["docker-dev.sh", "status"]).lines().count(), 1 + 5);
    } else {
        stack.up();
    }
    let port = stack.port("PROXY_PORT");
    routes(port, &[("/api/v1/notes/", 200, "\"kept\""), (upload, 200, "kept")]);
    assert_eq!(stack.inside("redis", &["redis-cli", "get", "kept"]).trim(), "kept");
    let log = stack.inside("proxy", &["cat", "/var/log/nginx/proxy.log"]);
    assert!(log.contains("POST /api/v1/notes/"), "the log of the first run is there");
}

/// What waited in the queue is done once somebody does it.
fn with_its_profile_the_worker_does_the_jobs(stack: &Stack) {
    let port = stack.port("PROXY_PORT");
    let job = with_json("POST", port, "/api/v1/jobs/", r#"{"text": "one two three"}"#).json();
    let path = format!("/api/v1/jobs/{}/", job["id"].as_str().unwrap());
    assert_eq!(get(port, &path).json()["state"], "PENDING");
    stack.choose("with-celery");
    stack.up();
    assert_eq!(stack.running().get("celery"), Some(&1));
    stack.limited(&[("celery", 1.0, 512, 256)]);
    until("the job is done", || get(port, &path).json()["state"] == "SUCCESS");
    assert_eq!(get(port, &path).json()["words"], 3);
}

fn workers_can_be_many_and_a_published_port_one(stack: &Stack) {
    stack.run(&["scale", "celery=3"]);
    // One that is still on its way up does not hear that it is to stop.
    stack.healthy();
    assert_eq!(stack.running().get("celery"), Some(&3));
    let refused = stack.try_run(&["scale", "backend=2"]);
    assert!(!refused.status.success() && said(&refused).contains("port"), "{}", said(&refused));
    stack.run(&["scale", "backend=1", "celery=1"]);
    assert_eq!((stack.running()["backend"], stack.running()["celery"]), (1, 1));
    let port = stack.port("PROXY_PORT");
    until("the backend answers", || get(port, "/api/v1/notes/").status == 200);
}

#[test]
fn the_sums_are_those_of_the_description() {
    use composeyard_compose::{LoadRequest, ProjectFiles, load, model::Totals};
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../static/stacks/unified-stack/compose.yaml");
    let text = std::fs::read_to_string(folder).unwrap();
    let files = ProjectFiles(BTreeMap::from([("compose.yaml".to_owned(), text)]));
    let request = LoadRequest {
        files: vec!["compose.yaml".to_owned()],
        profiles: vec!["with-celery".to_owned()],
        ..LoadRequest::default()
    };
    let totals = Totals::of(&load(&files, &request).project.unwrap());
    let gigabytes = |bytes: i64| bytes as f64 / f64::from(1 << 30);
    assert_eq!((totals.limits.cpus, gigabytes(totals.limits.memory.0)), (7.0, 4.5));
    assert_eq!((totals.reservations.cpus, gigabytes(totals.reservations.memory.0)), (2.75, 1.75));
}
