//! The socket's own rules: hello first, one end for each request, limits.

use composeyard_protocol::{FailureKind, Outcome, Request, ServerMessage};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{Frame, FrameHeader};

use crate::support::agent::TestAgent;
use crate::support::page::{Heard, failure};

const POLICY: u16 = 1008;

async fn refused_first_message(message: Message) -> (TestAgent, u16) {
    let agent = TestAgent::start().await;
    let mut page = agent.open_with_token().await;
    page.send(message).await;
    let code = page.closed().await;
    (agent, code)
}

#[tokio::test]
async fn silence_for_five_seconds_is_closed() {
    let agent = TestAgent::start().await;
    let mut page = agent.open_with_token().await;
    assert_eq!(page.closed().await, POLICY);
    assert_eq!(agent.engine.calls(), [""; 0]);
}

#[tokio::test]
async fn a_request_before_hello_is_refused_without_an_engine_call() {
    let request = json!({"type": "request", "id": 1, "request": {"request": "list_projects"}});
    let (agent, code) = refused_first_message(Message::text(request.to_string())).await;
    assert_eq!(code, POLICY);
    assert_eq!(agent.engine.calls(), [""; 0]);
}

#[tokio::test]
async fn a_hello_of_another_version_is_told_both_versions() {
    let agent = TestAgent::start().await;
    let mut page = agent.open_with_token().await;
    page.say(&json!({"type": "hello", "version": 999})).await;
    let ServerMessage::Refused { failure } = page.message().await else { panic!("no refusal") };
    assert_eq!(failure.kind, FailureKind::Version);
    assert!(failure.message.contains("999"), "{}", failure.message);
    assert_eq!(page.closed().await, POLICY);
}

#[tokio::test]
async fn a_second_hello_and_noise_close_the_connection() {
    let agent = TestAgent::start().await;
    for message in [r#"{"type":"hello","version":1}"#, "noise", "{}", r#"{"type":"exec"}"#, "[1,2]", "null"] {
        let mut page = agent.page().await;
        page.send(Message::text(message)).await;
        assert_eq!(page.closed().await, POLICY, "{message}");
    }
    assert_eq!(agent.engine.calls(), [""; 0]);
}

#[tokio::test]
async fn a_request_that_is_none_ends_with_its_reason() {
    let agent = TestAgent::start().await;
    let mut page = agent.page().await;
    let follow = |tail: serde_json::Value| json!({"request": "follow_logs", "project": "demo", "services": [], "tail": tail, "cursors": []});
    let bad = [
        json!({"request": "exec", "project": "demo"}),
        json!({"request": "open_project", "project": "demo", "extra": 1}),
        json!({"request": "open_project"}),
        json!({"request": "scale", "project": "demo", "selection": {}, "scale": {"app": -1}}),
        json!({"request": "scale", "project": "demo", "selection": {}, "scale": {"app": 1e99}}),
        json!({"request": "scale", "project": "demo", "selection": {}, "scale": {"a b": 1}}),
        follow(json!(-1)),
        follow(json!(1e99)),
        json!([]),
    ];
    for (id, request) in (1..).zip(bad) {
        let (_, outcome) = page.ask_raw(id, request.clone()).await;
        failure(outcome, FailureKind::BadRequest);
    }
    assert_eq!(agent.engine.calls(), [""; 0]);
}

#[tokio::test]
async fn a_project_name_that_is_a_path_is_refused_by_every_request() {
    let agent = TestAgent::start().await;
    let mut page = agent.page().await;
    let long = "a".repeat(300);
    let names =
        ["../x", "/etc", "", ".", "..", "a/b", "a b", "A", "a\0b", "%2e%2e", "-rf", ".composeyard", &long];
    let mut id = 0;
    for name in names {
        let common = |request: &str| json!({"request": request, "project": name, "selection": {}});
        let mut requests = vec![
            json!({"request": "open_project", "project": name}),
            json!({"request": "save_project", "project": name, "files": {"a": "b"}}),
            json!({"request": "watch", "project": name}),
            json!({"request": "follow_logs", "project": name, "services": [], "cursors": []}),
        ];
        for verb in ["up", "down", "start", "stop", "restart"] {
            let command = json!({"verb": verb, "volumes": true, "remove_orphans": true, "services": []});
            for kind in ["plan", "run"] {
                let mut request = common(kind);
                request["command"] = command.clone();
                requests.push(request);
            }
        }
        let mut scale = common("scale");
        scale["scale"] = json!({"app": 1});
        requests.push(scale);
        for request in requests {
            id += 1;
            let (_, outcome) = page.ask_raw(id, request).await;
            failure(outcome, FailureKind::BadRequest);
        }
    }
    assert_eq!(agent.engine.calls(), [""; 0]);
}

#[tokio::test]
async fn a_container_id_that_is_a_path_is_refused_without_an_engine_call() {
    let agent = TestAgent::start().await;
    agent.put("demo", "compose.yaml", "services: {}\n");
    let mut page = agent.page().await;
    let long = "a".repeat(10_000);
    let ids = [
        "../../version",
        "%2e%2e/%2e%2e/version",
        "a/../../../images/json",
        "..",
        "a b",
        "a\0",
        "",
        "․․",
        &long,
    ];
    for (id, container) in (1..).zip(ids) {
        let cursor = json!({"container": container, "time": 0, "seen": 0});
        let request = json!({"request": "follow_logs", "project": "demo", "services": [], "tail": 1, "cursors": [cursor]});
        let (_, outcome) = page.ask_raw(id, request).await;
        failure(outcome, FailureKind::BadRequest);
    }
    assert_eq!(agent.engine.calls(), [""; 0]);
}

#[tokio::test]
async fn a_stream_ends_once_when_it_is_cancelled() {
    let agent = TestAgent::start().await;
    agent.put("demo", "compose.yaml", "services: {}\n");
    let mut page = agent.page().await;
    page.start(7, Request::Watch { project: "demo".parse().unwrap() }).await;
    assert!(matches!(page.message().await, ServerMessage::State { .. }));
    for _ in 0..3 {
        page.say(&json!({"type": "cancel", "id": 7})).await;
    }
    assert_eq!(page.end_of(7).await.1, Outcome::Cancelled);
    let (said, outcome) = page.ask(8, Request::ListProjects).await;
    assert_eq!(outcome, Outcome::Done);
    let ended_again = |m: &ServerMessage| matches!(m, ServerMessage::Finished { id, .. } if id.0 == 7);
    assert!(!said.iter().any(ended_again), "{said:?}");
}

#[tokio::test]
async fn a_number_in_use_cannot_be_used_again() {
    let agent = TestAgent::start().await;
    let mut page = agent.page().await;
    for _ in 0..2 {
        page.start(7, Request::Watch { project: "demo".parse().unwrap() }).await;
    }
    assert_eq!(page.closed().await, POLICY);
}

#[tokio::test]
async fn too_many_streams_at_once_are_refused_one_by_one() {
    let agent = TestAgent::start().await;
    let mut page = agent.page().await;
    for id in 0..33 {
        page.start(id, Request::Watch { project: "demo".parse().unwrap() }).await;
    }
    let (_, outcome) = page.end_of(32).await;
    failure(outcome, FailureKind::BadRequest);
}

#[tokio::test]
async fn a_message_over_the_limit_is_closed_with_1009() {
    let agent = TestAgent::start().await;
    let mut page = agent.page().await;
    page.send(Message::text("x".repeat(1024 * 1024 + 1))).await;
    assert_eq!(page.closed().await, 1009);
}

#[tokio::test]
async fn text_that_is_not_utf_8_is_closed_with_1007() {
    let agent = TestAgent::start().await;
    let mut page = agent.page().await;
    page.send(Message::Frame(Frame::message(vec![0xff, 0xfe], OpCode::Data(Data::Text), true))).await;
    assert_eq!(page.closed().await, 1007);
}

#[tokio::test]
async fn reserved_bits_are_closed_with_1002() {
    let agent = TestAgent::start().await;
    let mut page = agent.page().await;
    let header = FrameHeader { rsv1: true, opcode: OpCode::Data(Data::Text), ..FrameHeader::default() };
    page.send(Message::Frame(Frame::from_payload(header, "hello".into()))).await;
    assert_eq!(page.closed().await, 1002);
}

#[tokio::test]
async fn a_binary_message_is_refused() {
    let agent = TestAgent::start().await;
    let mut page = agent.page().await;
    page.send(Message::binary(vec![1, 2, 3])).await;
    assert_eq!(page.closed().await, POLICY);
}

#[tokio::test]
async fn compression_is_not_negotiated() {
    let agent = TestAgent::start().await;
    let token = format!("Bearer {}", agent.token);
    let request = [
        ("Authorization", token.as_str()),
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("Sec-WebSocket-Extensions", "permessage-deflate"),
    ];
    let mut bytes = format!("GET /api/ws HTTP/1.1\r\nHost: {}\r\n", agent.address);
    for (name, value) in request {
        bytes.push_str(&format!("{name}: {value}\r\n"));
    }
    let answer = agent.raw(format!("{bytes}\r\n").as_bytes()).await;
    assert_eq!((answer.status, answer.header("sec-websocket-extensions")), (101, ""), "{answer:?}");
}

#[tokio::test]
async fn stopping_the_agent_closes_pages_with_1001_within_a_second() {
    let agent = TestAgent::start().await;
    let mut page = agent.page().await;
    agent.stop().await;
    assert_eq!(page.closed().await, 1001);
}

#[tokio::test]
async fn the_engines_state_is_in_the_hello() {
    let agent = TestAgent::start().await;
    let mut page = agent.open_with_token().await;
    page.say(&json!({"type": "hello", "version": 1})).await;
    let Heard::Message(hello) = page.hear().await else { panic!("no hello") };
    let ServerMessage::Hello { engine, workspace, .. } = *hello else { panic!("{hello:?}") };
    assert!(matches!(engine, composeyard_protocol::EngineState::Up { .. }), "{engine:?}");
    assert_eq!(workspace, agent.projects().canonicalize().unwrap().display().to_string());
}
