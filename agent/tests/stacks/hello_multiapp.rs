//! hello-multiapp: two apps, one stack.

use std::time::{Duration, Instant};

use crate::{
    ask::{eventually, get, routes, served_by, until},
    machine::{Stack, Tool, with_both},
};

const PORTS: [&str; 2] = ["FRONTEND_PORT", "API_PORT"];

#[test]
fn the_page_reaches_the_api_and_one_service_is_rebuilt_alone() {
    with_both("hello-multiapp", "wait", &PORTS, |stack| {
        let (page, api) = (stack.port("FRONTEND_PORT"), stack.port("API_PORT"));
        stack.up();
        routes(
            api,
            &[("/health", 200, "healthy"), ("/version", 200, "\"docker\""), ("/docs", 200, "swagger")],
        );
        // It waited for health: the first answer through the page is a good one.
        routes(
            page,
            &[
                ("/", 200, "Hello Multi-App"),
                ("/api/hello?name=you", 200, "Hello, you"),
                ("/api/version", 200, "1.0.0"),
                ("/app.js", 200, "fetch"),
            ],
        );

        let frontend = stack.container("frontend");
        let id = |name: &str| {
            stack.containers().iter().find(|it| it["Name"] == format!("/{name}")).unwrap()["Id"].clone()
        };
        let before = id(&frontend);
        stack.write("hello-multiapp-api/main.py", |text| text.replace("1.0.0", "1.1.0"));
        stack.run(&["up", "-d", "--build", "api"]);
        until("the new api answers", || get(page, "/api/version").body.contains("1.1.0"));
        assert_eq!(id(&frontend), before, "the frontend is left alone");
        stack.down();
    });
}

/// The description gives about 15 s with built images: most of it is the engine's, so that the reference is the measure.
#[test]
fn it_is_in_full_operation_as_soon_as_by_the_reference() {
    let [Some(ours), Some(theirs)] = [Tool::Composeyard, Tool::DockerCompose].map(start_to_full_operation)
    else {
        return;
    };
    println!("start to full operation: {ours:?}, by the reference {theirs:?}");
    assert!(ours.as_secs_f64() <= 1.5 * theirs.as_secs_f64(), "{ours:?}, the reference {theirs:?}");
}

/// The fastest of three starts, from the command to the first good answer through the page.
fn start_to_full_operation(tool: Tool) -> Option<Duration> {
    let stack = Stack::new(tool, "hello-multiapp", "wait", &PORTS)?;
    stack.up();
    let start = || {
        stack.run(&["down"]);
        let begun = Instant::now();
        stack.run(&["up", "-d"]);
        eventually(stack.port("FRONTEND_PORT"), "/api/hello", 200);
        begun.elapsed()
    };
    let fastest = [start(), start(), start()].into_iter().min();
    stack.down();
    fastest
}

#[test]
fn three_apis_and_two_pages_stand_behind_the_fixed_ports() {
    with_both("hello-multiapp", "scale", &PORTS, |stack| {
        let (page, api) = (stack.port("FRONTEND_PORT"), stack.port("API_PORT"));
        stack.up();
        let counts = |api| {
            [("api", api), ("frontend", 2), ("lb", 1)].map(|(name, count)| (name.to_owned(), count)).into()
        };
        assert_eq!(stack.running(), counts(3));
        until("all three apis are met", || served_by(api, "/hello", 20).len() == 3);

        stack.run(&["scale", "api=1"]);
        assert_eq!(stack.running(), counts(1));
        until("only the one that is left is met", || {
            get(page, "/api/hello").status == 200 && served_by(api, "/hello", 10).len() == 1
        });

        stack.stop_and_start();
        eventually(page, "/api/hello", 200);
        stack.down();
    });
}
