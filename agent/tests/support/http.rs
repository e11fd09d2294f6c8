//! Requests byte by byte: what a client library would not send, an attacker does.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::agent::{PATIENCE, TestAgent};

/// An answer, taken apart.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// A header's value; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        let line = |line: &&str| line.split_once(':').is_some_and(|(key, _)| key.eq_ignore_ascii_case(name));
        self.head
            .lines()
            .find(line)
            .and_then(|line| line.split_once(':'))
            .map_or("", |(_, value)| value.trim())
    }
}

impl TestAgent {
    /// Sends these bytes and reads until the agent closes.
    pub(crate) async fn raw(&self, bytes: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        // The agent may answer and close before it has read all.
        let _ = stream.write_all(bytes).await;
        let mut answer = Vec::new();
        let _ = timeout(PATIENCE, stream.read_to_end(&mut answer))
            .await
            .expect("the agent closes the connection");
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// A request with just these headers.
    pub(crate) async fn bare(&self, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = format!("{line} HTTP/1.1\r\nConnection: close\r\n");
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            request.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        request.push_str(&format!("\r\n{body}"));
        self.raw(request.as_bytes()).await
    }

    /// A request with the right `Host` and these headers.
    pub(crate) async fn request(&self, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let host = self.address.to_string();
        let all = [&[("Host", host.as_str())], headers].concat();
        self.bare(line, &all, body).await
    }

    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.request(&format!("GET {path}"), headers, "").await
    }

    /// Trades a launch code, as the page does.
    pub(crate) async fn launch(&self, code: &str) -> Answer {
        let headers = [("Content-Type", "application/json"), ("Origin", &self.origin())];
        self.request("POST /api/session", &headers, &format!(r#"{{"code":"{code}"}}"#)).await
    }

    /// The cookie of a new session: `name=value`.
    pub(crate) async fn session(&self) -> String {
        let answer = self.launch(&self.code).await;
        assert_eq!(answer.status, 204, "{answer:?}");
        answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned()
    }
}
