//! compose-examples: one application in three deployments.

use std::process::Command;

use crate::{
    ask::{get, routes, served_by, with_json},
    machine::{Stack, with_both},
    seen::said,
};

#[test]
fn nginx_takes_the_three_replicas_in_turn_and_the_password_stays_in_its_file() {
    with_both("compose-examples", "cluster", &["HTTP_PORT"], |stack| {
        let port = stack.port("HTTP_PORT");
        stack.up();
        routes(
            port,
            &[
                ("/", 200, "<title>Books"),
                ("/api/health", 200, "connected"),
                ("/api/books", 200, "Middlemarch"),
            ],
        );
        // In turn: any three in a row are three different ones.
        assert_eq!(served_by(port, "/api/", 3).len(), 3);
        assert_eq!(served_by(port, "/api/", 3).len(), 3);

        assert_eq!(get(port, "/api/books").header("X-Cache"), "hit");
        let book = r#"{"title": "Emma", "author": "Jane Austen"}"#;
        assert_eq!(with_json("POST", port, "/api/books", book).status, 201);
        assert_eq!(with_json("POST", port, "/api/books", book).status, 409);
        assert_eq!(get(port, "/api/books").header("X-Cache"), "miss", "a new book empties the cache");

        for service in ["api", "web", "nginx"] {
            assert_eq!(stack.of(service)[0]["Config"]["User"], "1001:1001", "{service}");
            assert_eq!(stack.of(service)[0]["HostConfig"]["ReadonlyRootfs"], true, "{service}");
        }
        let password = std::fs::read_to_string(stack.dir.join("secrets/db_password.txt")).unwrap();
        assert_eq!(password.len(), 48);
        let inspected = serde_json::to_string(&stack.containers()).unwrap();
        assert!(!inspected.contains(&password), "docker inspect does not show the password");

        scaled(stack);

        stack.stop_and_start();
        routes(port, &[("/api/books", 200, "Emma")]);
        stack.run(&["down"]);
        stack.up();
        routes(port, &[("/api/books", 200, "Emma")]);
        stack.down();
    });
}

/// Nginx learns the addresses when it starts: it is told of more containers by a restart.
fn scaled(stack: &Stack) {
    let port = stack.port("HTTP_PORT");
    for count in [5, 2] {
        stack.run(&["scale", &format!("api={count}")]);
        stack.healthy();
        assert_eq!(stack.running().get("api"), Some(&count));
        stack.run(&["restart", "nginx"]);
        stack.healthy();
        assert_eq!(served_by(port, "/api/", 3 * count).len(), count);
    }
}

#[test]
fn the_basic_stack_runs_one_of_each() {
    let ports = ["WEB_PORT", "API_PORT"];
    with_both("compose-examples", "basic", &ports, |stack| {
        stack.up();
        assert_eq!(stack.running().into_values().collect::<Vec<_>>(), [1, 1, 1, 1]);
        routes(
            stack.port("WEB_PORT"),
            &[("/", 200, "<title>Books"), ("/api/books", 200, "Walden"), ("/any", 200, "root")],
        );
        routes(stack.port("API_PORT"), &[("/health", 200, "connected"), ("/docs", 200, "swagger")]);
        let log = stack.inside("db", &["cat", "/var/log/postgresql/postgresql.log"]);
        assert!(log.contains("ready to accept connections"), "the log is in its volume: {log}");
        stack.down();
    });
}

/// The loader of `docker stack deploy` reads the file as it would on a manager.
#[test]
fn swarm_accepts_its_file() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../static/stacks/compose-examples");
    let read = Command::new("docker")
        .args(["stack", "config", "-c", "compose.swarm.yaml"])
        .current_dir(folder)
        .output();
    let Some(read) = read.ok().filter(|read| !said(read).contains("unknown")) else {
        println!("skipped: this docker has no `stack config`");
        return;
    };
    assert!(read.status.success(), "{}", said(&read));
    let printed = said(&read);
    for part in [
        "driver: overlay",
        "failure_action: rollback",
        "replicas: 3",
        "external: true",
        "node.role == manager",
    ] {
        assert!(printed.contains(part), "{part}: {printed}");
    }
}
