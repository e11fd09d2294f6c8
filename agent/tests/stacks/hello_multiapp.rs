//! hello-multiapp: two apps, one stack.

use std::time::{Duration, Instant};

use crate::{
    ask::{eventually, get, routes, served_by, until},
    machine::{Stack, Tool, with_both},
    seen::said,
};

const PORTS: [&str; 2] = ["FRONTEND_PORT", "API_PORT"];

#[test]
fn the_page_reaches_the_api_and_one_service_is_rebuilt_alone() {
    with_both("hello-multiapp", "default", &PORTS, |stack| {
        stack.up();
        // It does not wait for health: its first requests may find no api.
        eventually(stack.port("FRONTEND_PORT"), "/api/hello", 200);
        page_and_api_answer(stack);
        logs_are_told_by_service(stack);
        a_fixed_port_is_for_one_container(stack);
        stack.run(&["down"]);

        stack.choose("wait");
        stack.up();
        eventually(stack.port("FRONTEND_PORT"), "/", 200);
        // It waited for health: the first answer of the api through the page is a good one.
        page_and_api_answer(stack);
        one_service_is_rebuilt_alone(stack);
        stack.down();
    });
}

fn page_and_api_answer(stack: &Stack) {
    routes(
        stack.port("FRONTEND_PORT"),
        &[
            ("/api/hello?name=you", 200, "Hello, you"),
            ("/", 200, "Hello Multi-App"),
            ("/api/version", 200, "1.0.0"),
            ("/app.js", 200, "fetch"),
        ],
    );
    routes(
        stack.port("API_PORT"),
        &[("/health", 200, "healthy"), ("/version", 200, "\"docker\""), ("/docs", 200, "swagger")],
    );
}

fn logs_are_told_by_service(stack: &Stack) {
    let all = stack.run(&["logs"]);
    for container in ["api-1 ", "frontend-1 "] {
        assert!(all.lines().any(|line| line.starts_with(container)), "{container}: {all}");
    }
    let last = stack.run(&["logs", "--tail=2", "api"]);
    assert_eq!(last.lines().count(), 2, "{last}");
    assert!(last.lines().all(|line| line.starts_with("api-1 ")), "{last}");
}

/// The lesson that the variant `scale` has the answer to.
fn a_fixed_port_is_for_one_container(stack: &Stack) {
    let refused = stack.try_run(&["up", "-d", "--scale", "api=3", "--scale", "frontend=2"]);
    assert!(!refused.status.success() && said(&refused).contains("port"), "{}", said(&refused));
}

fn one_service_is_rebuilt_alone(stack: &Stack) {
    let page = stack.port("FRONTEND_PORT");
    let frontend = || stack.of("frontend")[0]["Id"].clone();
    let before = frontend();
    stack.write("hello-multiapp-api/main.py", |text| text.replace("1.0.0", "1.1.0"));
    stack.run(&["up", "-d", "--build", "api"]);
    until("the new api answers", || get(page, "/api/version").body.contains("1.1.0"));
    assert_eq!(frontend(), before, "the frontend is left alone");
}

/// The description gives about 15 s with built images: most of it is the engine's, so that the reference is the measure.
/// Both start in turn, so that what else the machine does falls on both.
#[test]
fn it_is_in_full_operation_as_soon_as_by_the_reference() {
    let both = [Tool::Composeyard, Tool::DockerCompose];
    let [Some(ours), Some(theirs)] = both.map(|tool| Stack::new(tool, "hello-multiapp", "wait", &PORTS))
    else {
        return;
    };
    let mut fastest = [Duration::MAX; 2];
    for stack in [&ours, &theirs] {
        stack.up();
        stack.run(&["down"]);
    }
    for _ in 0..3 {
        for (stack, fastest) in [&ours, &theirs].into_iter().zip(&mut fastest) {
            *fastest = start_to_full_operation(stack).min(*fastest);
        }
    }
    let [ours, theirs] = fastest;
    println!("start to full operation: {ours:?}, by the reference {theirs:?}");
    assert!(ours.as_secs_f64() <= 1.5 * theirs.as_secs_f64(), "{ours:?}, the reference {theirs:?}");
}

/// From the command to the first good answer through the page; nothing is left behind.
fn start_to_full_operation(stack: &Stack) -> Duration {
    let begun = Instant::now();
    stack.run(&["up", "-d"]);
    eventually(stack.port("FRONTEND_PORT"), "/api/hello", 200);
    let taken = begun.elapsed();
    stack.down();
    taken
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
        stack.run(&["up", "-d", "--scale", "api=3", "--scale", "frontend=2"]);
        assert_eq!(stack.running(), counts(3));

        stack.stop_and_start();
        eventually(page, "/api/hello", 200);
        stack.down();
    });
}
