//! `composeyard serve`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A started agent; killed when dropped.
struct Agent {
    child: Child,
    address: String,
    code: String,
    printed: String,
    folder: TempDir,
}

fn command(folder: &TempDir, listen: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_composeyard"));
    command
        .args(["serve", "--no-open", "--host", "unix:///nowhere/docker.sock", "--listen", listen])
        .arg(folder.path().join("projects"))
        .env("XDG_STATE_HOME", folder.path().join("state"))
        .env("COMPOSEYARD_LOG", "trace")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

impl Agent {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // A file: a pipe that nobody reads would stop the agent at its first long log.
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let mut child = command(&folder, "127.0.0.1:0").stderr(log).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut printed = String::new();
        let link = loop {
            let line = lines.next().expect("it prints its link").unwrap();
            printed.push_str(&line);
            if let Some(link) = line.split_whitespace().find(|word| word.contains("#launch=")) {
                break link.to_owned();
            }
        };
        let (page, code) = link.split_once("/#launch=").unwrap();
        let address = page.trim_start_matches("http://").to_owned();
        Self { child, address, code: code.to_owned(), printed, folder }
    }

    fn token_file(&self) -> std::path::PathBuf {
        let port = self.address.rsplit(':').next().unwrap();
        self.folder.path().join(format!("state/composeyard/agent-{port}.token"))
    }

    fn token(&self) -> String {
        std::fs::read_to_string(self.token_file()).unwrap()
    }

    fn ask(&self, line: &str, headers: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        let request = format!(
            "{line} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}",
            self.address
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Sends SIGTERM; gives how long it took, the exit code and what it wrote to standard error.
    fn terminate(&mut self) -> (Duration, Option<i32>, String) {
        let begun = Instant::now();
        let id = rustix::process::Pid::from_raw(self.child.id().try_into().unwrap()).unwrap();
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        let code = self.child.wait().unwrap().code();
        let took = begun.elapsed();
        (took, code, std::fs::read_to_string(self.folder.path().join("log")).unwrap())
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn sigterm_ends_it_within_a_second_or_as_fast_as_it_starts() {
    let begun = Instant::now();
    let mut agent = Agent::start();
    // On a machine that is slow or busy, neither takes less than the other.
    let promised = Duration::from_secs(1).max(3 * begun.elapsed());
    let open = TcpStream::connect(&agent.address).unwrap();
    let (took, code, _) = agent.terminate();
    drop(open);
    assert_eq!(code, Some(0));
    assert!(took < promised, "{took:?}, promised {promised:?}");
}

#[test]
fn only_the_owner_can_read_its_token_and_its_sessions() {
    let agent = Agent::start();
    let answer = agent.ask(
        "POST /api/session",
        "Content-Type: application/json\r\n",
        &format!(r#"{{"code":"{}"}}"#, agent.code),
    );
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    let folder = agent.token_file().parent().unwrap().to_owned();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let files: Vec<std::path::PathBuf> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 2, "{files:?}");
    assert!(files.iter().all(|file| mode(file) == 0o600));
}

#[test]
fn no_secret_is_ever_logged() {
    let mut agent = Agent::start();
    let token = agent.token();
    let json = "Content-Type: application/json\r\n";
    let session = agent.ask("POST /api/session", json, &format!(r#"{{"code":"{}"}}"#, agent.code));
    let cookie = session.split_once("=").unwrap().1.split(';').next().unwrap().to_owned();
    agent.ask("GET /api/session", &format!("Authorization: Bearer {token}\r\n"), "");
    agent.ask("GET /api/session", &format!("Cookie: composeyard={cookie}\r\n"), "");
    let code = agent.code.clone();
    let printed = std::mem::take(&mut agent.printed);
    let (_, _, log) = agent.terminate();
    assert!(!log.is_empty(), "it logs at all");
    for secret in [&token, &cookie, &code] {
        assert!(secret.len() >= 64 && !log.contains(secret.as_str()), "{log}");
    }
    assert!(!printed.contains(&token));
}

#[test]
fn a_taken_port_is_explained() {
    let agent = Agent::start();
    let second = command(&agent.folder, &agent.address).output().unwrap();
    let errors = String::from_utf8(second.stderr).unwrap();
    assert_eq!(second.status.code(), Some(2), "{errors}");
    assert!(errors.contains("Composeyard already runs on"), "{errors}");
    assert!(errors.contains("--listen 127.0.0.1:"), "{errors}");
}

#[test]
fn it_does_not_start_on_a_token_that_others_can_read() {
    let agent = Agent::start();
    let token = agent.token_file();
    std::fs::set_permissions(token.parent().unwrap(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let second = command(&agent.folder, "127.0.0.1:0").output().unwrap();
    assert_eq!(second.status.code(), Some(2));
    assert!(String::from_utf8(second.stderr).unwrap().contains("chmod 700"));
}

#[test]
fn it_serves_without_an_engine() {
    let agent = Agent::start();
    assert!(agent.ask("GET /api/health", "", "").starts_with("HTTP/1.1 200"));
    assert!(agent.ask("GET /", "", "").contains("<!doctype html>"));
}
