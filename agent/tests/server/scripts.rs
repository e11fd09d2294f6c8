//! Requests of scripts, without a socket.

use composeyard_protocol::{FailureKind, Outcome, ServerMessage};
use serde_json::{Value, json};

use crate::support::agent::TestAgent;
use crate::support::http::Answer;
use crate::support::page::failure;

const LINE: &str = "POST /api/requests";
const JSON: (&str, &str) = ("Content-Type", "application/json");

impl TestAgent {
    async fn asked(&self, headers: &[(&str, &str)], request: &Value) -> Answer {
        self.request(LINE, headers, &request.to_string()).await
    }

    /// What was said before the end, and the end.
    async fn script(&self, request: Value) -> (Vec<ServerMessage>, Outcome) {
        let bearer = format!("Bearer {}", self.token);
        let answer = self.asked(&[JSON, ("Authorization", &bearer)], &request).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, "application/x-ndjson"),
            "{answer:?}"
        );
        // The lines stand between the lengths of the chunks.
        let lines = answer.body.lines().filter(|line| line.starts_with('{'));
        let mut said: Vec<ServerMessage> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
        match said.pop() {
            Some(ServerMessage::Finished { outcome, .. }) => (said, outcome),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_script_with_the_token_gets_a_message_a_line_and_the_end_last() {
    let agent = TestAgent::start().await;
    agent.put("demo", "compose.yaml", "services: {app: {image: x}}\n");
    let (said, outcome) = agent.script(json!({"request": "list_projects"})).await;
    assert_eq!(outcome, Outcome::Done);
    assert!(
        matches!(&said[..], [ServerMessage::Projects { projects, .. }] if projects.len() == 1),
        "{said:?}"
    );

    let down = json!({"request": "plan", "project": "demo", "selection": {}, "command": {"verb": "down", "volumes": false, "remove_orphans": false}});
    let (said, outcome) = agent.script(down).await;
    assert_eq!(outcome, Outcome::Done);
    assert!(matches!(&said[..], [ServerMessage::Plan { .. }]), "{said:?}");
}

#[tokio::test]
async fn what_fails_says_why_as_on_the_socket() {
    let agent = TestAgent::start().await;
    let (said, outcome) = agent.script(json!({"request": "open_project", "project": "none"})).await;
    assert!(said.is_empty());
    failure(outcome, FailureKind::BadRequest);
    let logs = json!({"request": "follow_logs", "project": "demo", "services": [], "tail": 1, "cursors": []});
    let (_, outcome) = agent.script(logs).await;
    assert!(failure(outcome, FailureKind::BadRequest).message.contains("composeyard logs"));
}

#[tokio::test]
async fn without_the_token_or_not_as_a_request_nothing_is_done() {
    let agent = TestAgent::start().await;
    let (bearer, cookie) = (format!("Bearer {}", agent.token), agent.session().await);
    let request = json!({"request": "list_projects"});
    let (token, session) = (("Authorization", bearer.as_str()), ("Cookie", cookie.as_str()));
    let text = ("Content-Type", "text/plain");
    for (headers, status) in [
        (&[JSON][..], 401),
        (&[JSON, ("Authorization", "Bearer wrong")], 401),
        (&[JSON, session], 403),
        (&[JSON, session, ("Origin", &agent.origin())], 403),
        (&[text, token], 415),
        (&[JSON, token, ("Origin", "http://elsewhere")], 403),
    ] {
        assert_eq!(agent.asked(headers, &request).await.status, status, "{headers:?}");
    }
    let unknown = agent.asked(&[JSON, token], &json!({"request": "fly"})).await;
    assert_eq!(unknown.status, 400);
    assert!(unknown.body.contains("unknown variant `fly`"), "{unknown:?}");
    let huge = agent.asked(&[JSON, token], &json!({"request": "a".repeat(2 << 20)})).await;
    assert_eq!(huge.status, 413);
    assert_eq!(agent.get("/api/requests", &[token]).await.status, 405);
    assert_eq!(agent.engine.calls(), [""; 0]);
}
