//! Requests that are not for us, not from our page, or not well-formed.

use crate::support::agent::{PAGE, TestAgent};

const PATHS: [&str; 4] = ["/", "/api/health", "/api/ws", "/web-0123456789abcdef.js"];

#[tokio::test]
async fn a_request_for_another_host_gets_an_empty_421() {
    let agent = TestAgent::start().await;
    let port = agent.address.port();
    let hosts =
        ["evil.example", "localhost.", "127.1", "0.0.0.0", "[::ffff:127.0.0.1]", "a@127.0.0.1", "LOCALHOST"];
    for path in PATHS {
        for host in hosts.map(|host| format!("{host}:{port}")).into_iter().chain(["127.0.0.1".to_owned()]) {
            let answer = agent.bare(&format!("GET {path}"), &[("Host", &host)], "").await;
            assert_eq!((answer.status, answer.body.as_str()), (421, ""), "{path} {host}");
        }
    }
    assert_eq!(agent.engine.calls(), [""; 0]);
}

#[tokio::test]
async fn a_rebound_page_gets_421_before_its_socket_opens() {
    let agent = TestAgent::start().await;
    let host = format!("evil.example:{}", agent.address.port());
    let origin = format!("http://{host}");
    let token = format!("Bearer {}", agent.token);
    let headers = [("Host", host.as_str()), ("Origin", &origin), ("Authorization", &token)];
    assert_eq!(agent.open(&headers).await.err(), Some(421));
}

#[tokio::test]
async fn odd_hosts_are_refused_and_the_agent_stays_up() {
    let agent = TestAgent::start().await;
    let good = agent.address.to_string();
    let long = "a".repeat(64 * 1024);
    let no_host = agent.bare("GET /", &[], "").await;
    let two = agent.bare("GET /", &[("Host", &good), ("Host", &good)], "").await;
    let empty = agent.bare("GET /", &[("Host", "")], "").await;
    let long = agent.bare("GET /", &[("Host", &long)], "").await;
    let absolute = agent.bare("GET http://evil.example/", &[("Host", &good)], "").await;
    let latin = agent.raw(b"GET / HTTP/1.1\r\nHost: \xff\xfe\r\nConnection: close\r\n\r\n").await;
    for answer in [no_host, two, empty, long, absolute, latin] {
        assert!([400, 421, 431].contains(&answer.status), "{answer:?}");
    }
    assert_eq!(agent.get("/", &[]).await.status, 200);
}

#[tokio::test]
async fn a_page_from_elsewhere_gets_403() {
    let agent = TestAgent::start().await;
    let port = agent.address.port();
    let token = format!("Bearer {}", agent.token);
    let origins = [
        "http://evil".to_owned(),
        "null".to_owned(),
        "http://127.0.0.1:1".to_owned(),
        format!("http://localhost.evil:{port}"),
        format!("http://127.0.0.1.evil:{port}"),
        format!("https://127.0.0.1:{port}"),
    ];
    for origin in origins {
        for path in PATHS {
            let answer = agent.get(path, &[("Origin", &origin), ("Authorization", &token)]).await;
            assert_eq!((answer.status, answer.body.as_str()), (403, ""), "{path} {origin}");
        }
        let socket = agent.open(&[("Origin", &origin), ("Authorization", &token)]).await;
        assert_eq!(socket.err(), Some(403), "{origin}");
    }
    assert_eq!(agent.engine.calls(), [""; 0]);
}

#[tokio::test]
async fn a_fetch_by_another_site_gets_403_though_it_names_no_origin() {
    let agent = TestAgent::start().await;
    for site in ["cross-site", "same-site"] {
        for path in PATHS {
            let answer = agent.get(path, &[("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", "no-cors")]).await;
            assert_eq!(answer.status, 403, "{path} {site}");
        }
    }
    let frame =
        [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "iframe")];
    assert_eq!(agent.get("/", &frame).await.status, 403);
    let link =
        [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")];
    assert_eq!(agent.get("/", &link).await.status, 200, "a link to the page may be followed");
    assert_eq!(agent.get("/api/health", &link).await.status, 403);
}

#[tokio::test]
async fn a_form_cannot_start_a_session_and_get_changes_nothing() {
    let agent = TestAgent::start().await;
    let body = format!(r#"{{"code":"{}"}}"#, agent.code);
    for mime in ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ""] {
        let answer = agent.request("POST /api/session", &[("Content-Type", mime)], &body).await;
        assert_eq!(answer.status, 415, "{mime}");
    }
    assert_eq!(agent.get(&format!("/api/session?code={}", agent.code), &[]).await.status, 401);
    for line in
        ["POST /", "PUT /api/health", "DELETE /api/session", "POST /stacks/index.json", "POST /api/ws"]
    {
        assert_eq!(agent.request(line, &[], "").await.status, 405, "{line}");
    }
    assert_eq!(agent.launch(&agent.code).await.status, 204, "the code is still unused");
}

#[tokio::test]
async fn no_other_origin_is_ever_allowed_to_read() {
    let agent = TestAgent::start().await;
    let preflight = [
        ("Origin", "http://evil"),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "content-type"),
    ];
    let mut answers = vec![agent.request("OPTIONS /api/session", &preflight, "").await];
    for path in PATHS {
        answers.push(agent.get(path, &[]).await);
        answers.push(agent.get(path, &[("Origin", &agent.origin())]).await);
    }
    for answer in answers {
        assert_eq!(answer.header("access-control-allow-origin"), "", "{answer:?}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{answer:?}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{answer:?}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{answer:?}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{answer:?}");
    }
}

#[tokio::test]
async fn the_page_has_a_policy_without_inline_code() {
    let agent = TestAgent::start().await;
    let answer = agent.get("/", &[]).await;
    let policy = answer.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    assert_eq!(answer.header("cache-control"), "no-cache");
    assert!(!answer.body.contains("__CSP_NONCE__") && answer.body.len() > PAGE.len());
}

#[tokio::test]
async fn there_is_no_way_through_to_the_engines_own_api() {
    let agent = TestAgent::start().await;
    let token = format!("Bearer {}", agent.token);
    let paths = [
        "/plugins/pull",
        "/build",
        "/containers/json",
        "/v1.41/exec/1/start",
        "/swarm",
        "/images/load",
        "/api/containers/json",
        "/api/engine/_ping",
        "/api/../containers/json",
        "/api/ws/../../version",
    ];
    for path in paths {
        let answer = agent.get(path, &[("Authorization", &token)]).await;
        assert_eq!(answer.status, 404, "{path}");
    }
    assert_eq!(agent.engine.calls(), [""; 0]);
}

#[tokio::test]
async fn only_files_of_the_build_are_served() {
    let agent = TestAgent::start().await;
    for path in
        ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/stacks/../../x", "/stacks%00", "//etc/passwd"]
    {
        let answer = agent.get(path, &[]).await;
        assert!([400, 404].contains(&answer.status), "{path} {answer:?}");
    }
    assert_eq!(agent.get("/stacks/index.json", &[]).await.body, "[]");
}

#[tokio::test]
async fn oversized_and_ambiguous_requests_are_refused() {
    let agent = TestAgent::start().await;
    let host = agent.address.to_string();
    assert_eq!(agent.get(&format!("/{}", "a".repeat(8 * 1024)), &[]).await.status, 414);
    let many: Vec<(&str, &str)> = [("X-A", "1")].repeat(10_000);
    assert!([400, 431].contains(&agent.request("GET /", &many, "").await.status));
    let smuggled = format!(
        "POST /api/session HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\
         Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n"
    );
    assert_eq!(agent.raw(smuggled.as_bytes()).await.status, 400);
    let large = "x".repeat(100_000);
    let answer = agent.request("POST /api/session", &[("Content-Type", "application/json")], &large).await;
    assert_eq!(answer.status, 413);
}
