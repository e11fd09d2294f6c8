//! HTTP as a browser's address bar does it, and waiting for an answer.

use std::{
    collections::BTreeSet,
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use serde_json::Value;

/// How long a container may take to answer, or a state to come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(200);

/// An answer, taken apart.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// A header's value; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        let pairs = self.head.lines().filter_map(|line| line.split_once(':'));
        pairs
            .into_iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map_or("", |(_, value)| value.trim())
    }
}

/// An answer, or none when nobody listens or the connection breaks.
pub(crate) fn send(method: &str, port: u16, path: &str, headers: &str, body: &str) -> Option<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    // Version 1.0: the server closes after its answer and sends no chunks. Nginx compresses for 1.1 only; HEAD has no
    // body that could come in chunks.
    let version = if method == "HEAD" { "1.1" } else { "1.0" };
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    let close = if method == "HEAD" { "Connection: close\r\n" } else { "" };
    let request = format!(
        "{method} {path} HTTP/{version}\r\nHost: localhost:{port}\r\n{close}{length}{headers}\r\n{body}"
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split_whitespace().nth(1)?.parse().ok()?;
    Some(Answer { status, head: head.to_owned(), body: body.to_owned() })
}

pub(crate) fn get(port: u16, path: &str) -> Answer {
    send("GET", port, path, "", "").unwrap_or_else(|| panic!("nobody answers on port {port}"))
}

pub(crate) fn with_json(method: &str, port: u16, path: &str, body: &str) -> Answer {
    send(method, port, path, "Content-Type: application/json\r\n", body)
        .unwrap_or_else(|| panic!("nobody answers on port {port}"))
}

/// Asks until `wanted` holds. For what a program promises to reach by itself.
#[track_caller]
pub(crate) fn until(what: &str, mut wanted: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !wanted() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain: {what}");
        std::thread::sleep(PAUSE);
    }
}

/// The first answer with this status.
#[track_caller]
pub(crate) fn eventually(port: u16, path: &str, status: u16) -> Answer {
    let mut last = None;
    until(&format!("{path} on port {port} answers {status}"), || {
        last = send("GET", port, path, "", "");
        last.as_ref().is_some_and(|answer| answer.status == status)
    });
    last.unwrap()
}

/// Who answers: the names of the containers that `path` meets.
pub(crate) fn served_by(port: u16, path: &str, times: usize) -> BTreeSet<String> {
    let name = |_| get(port, path).json()["served_by"].as_str().unwrap().to_owned();
    (0..times).map(name).collect()
}

/// Paths and what they answer: status and a part of the body.
#[track_caller]
pub(crate) fn routes(port: u16, table: &[(&str, u16, &str)]) {
    for (path, status, part) in table {
        let answer = get(port, path);
        assert_eq!(answer.status, *status, "{path}: {answer:?}");
        assert!(answer.body.contains(part), "{path} lacks {part:?}: {answer:?}");
    }
}
