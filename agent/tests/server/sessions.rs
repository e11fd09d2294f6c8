//! Who is let in.

use crate::support::agent::TestAgent;

#[tokio::test]
async fn the_launch_code_works_once() {
    let agent = TestAgent::start().await;
    let cookie = agent.session().await;
    assert_eq!(agent.get("/api/session", &[("Cookie", &cookie)]).await.status, 204);
    let again = agent.launch(&agent.code).await;
    assert_eq!((again.status, again.header("set-cookie")), (401, ""));
}

#[tokio::test]
async fn without_a_session_or_token_everything_that_matters_is_401_with_one_body() {
    let agent = TestAgent::start().await;
    let port = agent.address.port();
    let cut = &agent.token[..63];
    let other = "0".repeat(64);
    let mut bodies = Vec::new();
    for value in [cut, &other, "", "é"] {
        let bearer = format!("Bearer {value}");
        let cookie = format!("composeyard-{port}={value}");
        for headers in [[("Authorization", bearer.as_str())], [("Cookie", cookie.as_str())]] {
            let answer = agent.get("/api/session", &headers).await;
            assert_eq!(answer.status, 401, "{value}");
            bodies.push(answer.body);
        }
    }
    assert!(bodies.iter().all(String::is_empty));
    assert_eq!(agent.open(&[]).await.err(), Some(401));
    assert_eq!(agent.open(&[("Authorization", &format!("Bearer {other}"))]).await.err(), Some(401));
    assert_eq!(agent.engine.calls(), [""; 0]);
}

#[tokio::test]
async fn a_page_with_its_cookie_opens_the_socket_and_a_cookie_without_a_page_does_not() {
    let agent = TestAgent::start().await;
    let cookie = agent.session().await;
    let origin = agent.origin();
    assert!(agent.open(&[("Cookie", &cookie), ("Origin", &origin)]).await.is_ok());
    assert_eq!(agent.open(&[("Cookie", &cookie)]).await.err(), Some(403));
}

#[tokio::test]
async fn a_script_with_the_token_opens_the_socket() {
    let agent = TestAgent::start().await;
    agent.page().await;
}

#[tokio::test]
async fn two_hundred_wrong_codes_are_slowed_and_the_right_one_still_works() {
    let agent = TestAgent::start().await;
    let mut last = 0;
    for _ in 0..200 {
        last = agent.launch("wrong").await.status;
    }
    assert_eq!(last, 429);
    assert_eq!(agent.launch(&agent.code).await.status, 204);
}

#[tokio::test]
async fn health_is_public_and_tells_no_secret() {
    let agent = TestAgent::start().await;
    let answer = agent.get("/api/health", &[]).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains(r#""name":"composeyard""#), "{}", answer.body);
    for secret in [agent.code.as_str(), agent.token.as_str(), "projects"] {
        assert!(!answer.body.contains(secret) && !answer.head.contains(secret));
    }
}

#[tokio::test]
async fn no_answer_repeats_what_was_tried() {
    let agent = TestAgent::start().await;
    let answers = [
        agent.launch("a-wrong-code").await,
        agent.get("/api/session?code=a-wrong-code", &[]).await,
        agent
            .request(
                "POST /api/session",
                &[("Content-Type", "application/json")],
                "{\"code\":\"a-wrong-code\",\"x\":1}",
            )
            .await,
    ];
    for answer in answers {
        assert!(!answer.body.contains("a-wrong-code") && !answer.head.contains("a-wrong-code"), "{answer:?}");
    }
}
