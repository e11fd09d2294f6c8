//! loc8: the same application for development and hardened for production.

use std::{
    collections::BTreeSet,
    fs::File,
    process::{Command, Stdio},
};

use crate::{
    ask::{eventually, get, routes, send, served_by, until, with_json},
    machine::{Stack, Tool, with_both},
    seen::{docker, said},
};

const PLACE: &str = r#"{"name": "Oulu", "population": 1000, "rate": 0.02}"#;

#[test]
fn production_is_hardened_scales_and_keeps_its_data() {
    with_both("loc8", "prod", &["HTTP_PORT"], |stack| {
        let port = stack.port("HTTP_PORT");
        stack.up();
        routes(
            port,
            &[
                ("/", 200, "<title>LOC8"),
                ("/api/health", 200, "\"file\""),
                ("/docs", 200, "swagger"),
                ("/openapi.json", 200, "/api/predict/{name}"),
                ("/health", 200, "ok"),
            ],
        );
        assert_eq!(with_json("PUT", port, "/api/places", PLACE).status, 204);
        assert_eq!(get(port, "/api/predict/Oulu?years=2").json()["years"], serde_json::json!([1020, 1040]));

        assets_are_compressed_and_kept(port);
        runs_four_workers_as_an_ordinary_user(stack);
        three_backends_answer(stack);
        if stack.is(Tool::Composeyard) {
            a_backup_brings_the_volume_back(stack);
        }
        stack.run(&["down"]);
        stack.up();
        routes(port, &[("/api/places", 200, "Oulu")]);

        assert_eq!(in_use(port), ["\"file\"", "\"off\""]);
        stack.choose("prod-data");
        database_and_cache_come_by_their_profiles(stack);
        stack.limited(&[("postgres", 1.0, 512, 256), ("redis", 0.25, 128, 64)]);
        assert_eq!(stack.inside("postgres", &["printenv", "POSTGRES_PASSWORD"]).trim().len(), 48);
        only_nginx_is_published(stack);
        assert_eq!(with_json("PUT", port, "/api/places", PLACE).status, 204);
        stack.stop_and_start();
        routes(port, &[("/api/places", 200, "Oulu"), ("/api/health", 200, "\"postgresql\"")]);
        too_many_requests_are_refused(port);
        stack.down();
    });
}

/// The backend's store and cache, as JSON.
fn in_use(port: u16) -> [String; 2] {
    let health = eventually(port, "/api/health", 200).json();
    ["store", "cache"].map(|what| health[what].to_string())
}

/// The backend looks for both when it starts: the README has it restarted.
fn database_and_cache_come_by_their_profiles(stack: &Stack) {
    stack.up();
    let services = ["backend", "frontend", "nginx", "postgres", "redis"].map(|name| (name.to_owned(), 1));
    assert_eq!(stack.running(), services.into());
    stack.run(&["restart", "backend"]);
    stack.healthy();
    assert_eq!(in_use(stack.port("HTTP_PORT")), ["\"postgresql\"", "\"redis\""]);
    assert_eq!(
        stack.of("backend")[0]["RestartCount"],
        0,
        "its workers make one table at once: none may fail"
    );
}

fn assets_are_compressed_and_kept(port: u16) {
    let page = get(port, "/").body;
    let start = page.find("/assets/").expect("a built page");
    let path = &page[start..start + page[start..].find('"').unwrap()];
    // Compressed bytes are no text: HEAD tells enough.
    let answer = send("HEAD", port, path, "Accept-Encoding: gzip\r\n", "").unwrap();
    assert_eq!(answer.header("Content-Encoding"), "gzip", "{answer:?}");
    assert!(answer.header("Cache-Control").contains("immutable"), "{answer:?}");
    assert_eq!(get(port, "/").header("X-Content-Type-Options"), "nosniff");
}

fn runs_four_workers_as_an_ordinary_user(stack: &Stack) {
    let backend = stack.of("backend");
    assert_eq!(backend[0]["HostConfig"]["ReadonlyRootfs"], true);
    assert_eq!(stack.inside("backend", &["id", "-u"]).trim(), "1000");
    assert_eq!(stack.processes("backend", "gunicorn"), [1 + 4], "a master and its workers");
    stack.limited(&[("nginx", 0.5, 128, 32), ("backend", 1.0, 512, 256), ("frontend", 1.0, 512, 64)]);
    let conf = stack.of("nginx")[0]["Mounts"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["Type"] == "bind")
        .unwrap()
        .clone();
    assert_eq!(conf["RW"], false, "{conf}");
    only_nginx_is_published(stack);
}

fn only_nginx_is_published(stack: &Stack) {
    let published: Vec<String> = stack
        .containers()
        .iter()
        .filter(|it| it["HostConfig"]["PortBindings"].as_object().is_some_and(|ports| !ports.is_empty()))
        .map(|it| it["Config"]["Labels"]["com.docker.compose.service"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(published, ["nginx"], "one open port");
}

fn three_backends_answer(stack: &Stack) {
    let port = stack.port("HTTP_PORT");
    stack.run(&["scale", "backend=3"]);
    stack.healthy();
    assert_eq!(stack.running().get("backend"), Some(&3));
    let mut met = BTreeSet::new();
    until("Nginx meets all three", || {
        // Slower than the rate limit.
        std::thread::sleep(std::time::Duration::from_millis(600));
        met.extend(served_by(port, "/api/", 5));
        met.len() == 3
    });
    stack.run(&["scale", "backend=1"]);
}

fn a_backup_brings_the_volume_back(stack: &Stack) {
    if !docker(&["image", "inspect", "alpine:3.20"]).status.success() {
        println!("skipped: the backup needs the image alpine:3.20");
        return;
    }
    let volume = format!("{}_backend_data", stack.name);
    let script = |name: &str| {
        let output = Command::new("sh")
            .args([&format!("scripts/{name}.sh"), &volume, "backup.tar.gz"])
            .current_dir(&stack.dir)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", said(&output));
    };
    stack.run(&["stop", "backend"]);
    script("backup");
    let wiped = docker(&[
        "run",
        "--rm",
        "-v",
        &format!("{volume}:/data"),
        "alpine:3.20",
        "find",
        "/data",
        "-mindepth",
        "1",
        "-delete",
    ]);
    assert!(wiped.status.success(), "{}", said(&wiped));
    script("restore");
    stack.run(&["start", "backend"]);
    assert_eq!(eventually(stack.port("HTTP_PORT"), "/api/places", 200).json()[0]["name"], "Oulu");
}

fn too_many_requests_are_refused(port: u16) {
    // What was asked before takes room in the burst, a tenth of a second for each.
    std::thread::sleep(std::time::Duration::from_secs(1));
    // All at once: one after the other, a slow machine asks no more than is allowed.
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..80).map(|_| scope.spawn(|| get(port, "/api/").status)).collect();
        asked.into_iter().map(|answer| answer.join().unwrap()).collect()
    });
    let count = |status| answers.iter().filter(|it| **it == status).count();
    assert_eq!(count(200) + count(429), answers.len(), "{answers:?}");
    assert!(count(429) > 0 && count(200) >= 20, "a burst of twenty passes, then it is enough: {answers:?}");
    assert_eq!(get(port, "/health").status, 200, "only the api is limited");
}

#[test]
fn development_reloads_and_its_profiles_bring_a_database_and_a_cache() {
    let ports = ["HTTP_PORT", "FRONTEND_PORT", "BACKEND_PORT"];
    with_both("loc8", "dev", &ports, |stack| {
        let port = stack.port("HTTP_PORT");
        stack.up();
        routes(
            port,
            &[
                ("/", 200, "/@vite/client"),
                ("/api/health", 200, "\"file\""),
                ("/docs", 200, "swagger"),
                ("/openapi.json", 200, "/api/predict/{name}"),
                ("/health", 200, "ok"),
            ],
        );
        routes(stack.port("FRONTEND_PORT"), &[("/", 200, "/@vite/client")]);
        routes(stack.port("BACKEND_PORT"), &[("/api/health", 200, "healthy"), ("/docs", 200, "swagger")]);
        sources_are_reloaded(stack);

        assert_eq!(in_use(port), ["\"file\"", "\"off\""]);
        stack.choose("dev-data");
        database_and_cache_come_by_their_profiles(stack);
        assert_eq!(with_json("PUT", stack.port("BACKEND_PORT"), "/api/places", PLACE).status, 204);
        let cached = || get(port, "/api/analytics/summary").json()["cached"].as_bool().unwrap();
        assert_eq!((cached(), cached()), (false, true));
        a_dump_brings_the_database_back(stack);
        stack.run(&["down"]);
        stack.up();
        routes(port, &[("/api/places", 200, "Oulu")]);
        stack.down();
    });
}

fn sources_are_reloaded(stack: &Stack) {
    let port = stack.port("HTTP_PORT");
    stack.write("Backend/main.py", |text| text.replace("title=\"LOC8\"", "title=\"LOC8 again\""));
    until("the backend has reloaded", || {
        send("GET", port, "/openapi.json", "", "").is_some_and(|answer| answer.body.contains("LOC8 again"))
    });
    stack.write("Frontend/src/App.jsx", |text| text.replace("<h1>LOC8</h1>", "<h1>LOC8 again</h1>"));
    until("Vite serves the new source", || get(port, "/src/App.jsx").body.contains("LOC8 again"));
}

/// By the commands of the README, while everything runs.
fn a_dump_brings_the_database_back(stack: &Stack) {
    let port = stack.port("BACKEND_PORT");
    let places = || get(port, "/api/places").json();
    let before = places();
    let dump = stack.dir.join("backup.sql");
    let run = |words: &[&str], input: Stdio| {
        let mut exec = stack.command(&[&["exec", "-T", "postgres"], words].concat());
        let output = exec.stdin(input).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        output.stdout
    };
    let dumped = run(&["pg_dump", "-U", "loc8", "--clean", "--if-exists", "loc8"], Stdio::null());
    std::fs::write(&dump, dumped).unwrap();
    for place in [PLACE.replace("1000", "5"), PLACE.replace("Oulu", "Turku")] {
        assert_eq!(with_json("PUT", port, "/api/places", &place).status, 204);
    }
    assert_ne!(places(), before);
    let restore = ["psql", "-U", "loc8", "-v", "ON_ERROR_STOP=1", "loc8"];
    run(&restore, File::open(&dump).unwrap().into());
    assert_eq!(places(), before);
}
