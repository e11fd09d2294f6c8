//! Requests that look into containers: only those of projects in the workspace.

use composeyard_protocol::{FailureKind, Outcome, Request, ServerMessage};
use serde_json::json;

use crate::support::agent::TestAgent;
use crate::support::page::failure;

fn requests() -> Vec<Request> {
    let (project, service) = (json!("demo"), json!("app"));
    [
        json!({"request": "images", "project": project}),
        json!({"request": "top", "project": project}),
        json!({"request": "events", "project": project}),
        json!({"request": "port", "project": project, "service": service, "private_port": 80, "protocol": "tcp"}),
        json!({"request": "read_file", "project": project, "service": service, "path": "/etc/passwd"}),
        json!({"request": "write_file", "project": project, "service": service, "path": "/x", "mode": 420, "content": ""}),
    ]
    .map(|request| serde_json::from_value(request).unwrap())
    .into()
}

#[tokio::test]
async fn a_project_that_is_not_in_the_workspace_is_not_looked_into() {
    let agent = TestAgent::start().await;
    let mut page = agent.page().await;
    for (id, request) in (1..).zip(requests()) {
        let (said, outcome) = page.ask(id, request).await;
        failure(outcome, FailureKind::BadRequest);
        assert!(said.is_empty());
    }
    assert_eq!(agent.engine.calls(), [""; 0]);
}

#[tokio::test]
async fn where_nothing_runs_there_is_nothing_to_see() {
    let agent = TestAgent::start().await;
    agent.put("demo", "compose.yaml", "services: {app: {image: x}}\n");
    let mut page = agent.page().await;
    for (id, request) in (1..).zip(requests()) {
        match request {
            Request::Images { .. } | Request::Top { .. } => {
                let (said, outcome) = page.ask(id, request).await;
                assert_eq!((said.len(), outcome), (1, Outcome::Done));
                assert!(
                    matches!(&said[0], ServerMessage::Images { images, .. } if images.is_empty())
                        || matches!(&said[0], ServerMessage::Processes { tables, .. } if tables.is_empty())
                );
            }
            Request::Events { .. } => {}
            request => drop(failure(page.ask(id, request).await.1, FailureKind::BadRequest)),
        }
    }
}

#[tokio::test]
async fn what_is_no_file_for_a_container_is_refused_before_the_engine_is_asked() {
    let agent = TestAgent::start().await;
    agent.put("demo", "compose.yaml", "services: {app: {image: x}}\n");
    let mut page = agent.page().await;
    let large = "A".repeat(900_000);
    for (id, (path, content)) in
        (1..).zip([("/x", "no base64!"), ("/x", large.as_str()), ("x", ""), ("/x/..", "")])
    {
        let request = json!({
            "request": "write_file", "project": "demo", "service": "app", "path": path, "mode": 420, "content": content
        });
        failure(page.ask_raw(id, request).await.1, FailureKind::BadRequest);
    }
    assert_eq!(agent.engine.calls(), [""; 0]);
}
