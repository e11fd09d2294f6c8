//! flask-redis-nginx: a counter that survives.

use crate::{
    ask::{eventually, get, routes, served_by, until},
    machine::with_both,
};

#[test]
fn three_replicas_count_in_one_redis_that_keeps_the_number() {
    with_both("flask-redis-nginx", "prod", &["HTTP_PORT"], |stack| {
        let port = stack.port("HTTP_PORT");
        stack.up();
        assert_eq!(stack.of("app").len(), 3);
        routes(port, &[("/nginx-health", 200, "ok"), ("/health", 200, "connected")]);
        let first = get(port, "/");
        assert_eq!(first.json()["visits"], 1);
        for (header, value) in [
            ("X-Frame-Options", "SAMEORIGIN"),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer-when-downgrade"),
            ("Content-Security-Policy", "default-src 'self'"),
            ("Server", "nginx"),
        ] {
            assert_eq!(first.header(header), value, "{header}");
        }
        assert_eq!(served_by(port, "/", 11).len(), 3);
        // A master and its workers in each.
        assert_eq!(stack.processes("app", "gunicorn"), [1 + 4; 3]);
        stack.limited(&[("nginx", 0.25, 64, 0), ("app", 0.5, 512, 256), ("redis", 0.25, 128, 0)]);
        assert!(stack.inside("nginx", &["nginx", "-T"]).contains("least_conn;"));

        stack.run(&["scale", "app=4"]);
        stack.healthy();
        assert_eq!(stack.running().get("app"), Some(&4));
        stack.stop_and_start();
        assert_eq!(get(port, "/").json()["visits"], 13, "the counter goes on after stop and start");
        stack.run(&["down"]);
        stack.up();
        assert_eq!(get(port, "/").json()["visits"], 14, "and after down and up");
        stack.down();
    });
}

#[test]
fn the_app_is_unhealthy_while_redis_is_away() {
    with_both("flask-redis-nginx", "default", &["HTTP_PORT"], |stack| {
        let port = stack.port("HTTP_PORT");
        stack.up();
        assert_eq!(stack.running().into_values().collect::<Vec<_>>(), [1, 1, 1]);
        routes(
            port,
            &[("/", 200, "\"visits\":1"), ("/health", 200, "connected"), ("/nginx-health", 200, "ok")],
        );
        stack.run(&["stop", "redis"]);
        assert_eq!(eventually(port, "/health", 503).json()["status"], "unhealthy");
        assert_eq!(get(port, "/nginx-health").status, 200, "Nginx's own health does not hang on it");
        let health = || stack.of("app")[0]["State"]["Health"]["Status"].as_str().unwrap().to_owned();
        until("the engine says so too", || health() == "unhealthy");
        stack.run(&["start", "redis"]);
        eventually(port, "/health", 200);
        until("the engine says so too", || health() == "healthy");
        stack.down();
    });
}

#[test]
fn in_development_a_saved_file_is_in_use_at_once() {
    let ports = ["HTTP_PORT", "APP_PORT"];
    with_both("flask-redis-nginx", "dev", &ports, |stack| {
        stack.up();
        for port in ports.map(|name| stack.port(name)) {
            routes(port, &[("/", 200, "Hello from Flask"), ("/health", 200, "connected")]);
        }
        stack.write("app/app.py", |text| text.replace("Hello from Flask", "Hello again"));
        until("the app has reloaded", || get(stack.port("HTTP_PORT"), "/").body.contains("Hello again"));
        stack.down();
    });
}
