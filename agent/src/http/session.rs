//! Who is let in: the one-time launch code becomes a session, scripts carry the token of the token file. Sessions
//! outlive a restart of the agent, so that an open page finds back by itself; launch code and token do not.

use std::collections::VecDeque;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::StateFolder;
use crate::secret::Secret;

/// How long a session lasts.
pub(super) const LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);
const MAX_SESSIONS: usize = 64;
/// Wrong tries within [`WINDOW`] after which further ones are told to wait.
const MAX_FAILURES: usize = 20;
const WINDOW: Duration = Duration::from_secs(10);

/// The sessions of the agent on one port.
#[derive(Debug)]
pub struct Sessions {
    cookie: String,
    token: Secret,
    lifetime: Duration,
    folder: StateFolder,
    file: String,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    launch: Option<Secret>,
    open: VecDeque<Session>,
    failures: VecDeque<Instant>,
}

/// One session, as it is kept: its value cannot be read back from it.
#[derive(Debug, Serialize, Deserialize)]
struct Session {
    /// SHA-256 of the cookie's value.
    digest: [u8; 32],
    /// Seconds since 1970.
    until: u64,
}

/// Whether a request may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// It carries the cookie of a session.
    Session,
    /// It carries the token.
    Token,
    /// It carries neither.
    Refused,
    /// Neither, once too often.
    Throttled,
}

impl Sessions {
    /// The sessions that are still good, and one launch code to begin another with. The cookie's name holds the port:
    /// cookies are shared by all ports of a host.
    ///
    /// # Errors
    /// When the system has no randomness to give, or the kept sessions are open to others.
    pub fn new(port: u16, lifetime: Duration, folder: StateFolder) -> io::Result<Self> {
        let file = format!("sessions-{port}.json");
        let kept = folder.read(&file).map_err(io::Error::other)?.unwrap_or_default();
        // What cannot be read is no session; a new launch link always works.
        let open = serde_json::from_slice(&kept).unwrap_or_default();
        let state = State { launch: Some(Secret::new()?), open, failures: VecDeque::new() };
        let cookie = format!("composeyard-{port}");
        Ok(Self { cookie, token: Secret::new()?, lifetime, folder, file, state: Mutex::new(state) })
    }

    /// The launch code, until it is used.
    pub fn launch_code(&self) -> Option<Secret> {
        self.state().launch.clone()
    }

    /// The token for scripts.
    pub fn token(&self) -> &Secret {
        &self.token
    }

    /// Trades the launch code for a session; the answer is the value of `Set-Cookie`.
    pub(super) fn begin(&self, code: &str) -> io::Result<Result<String, Access>> {
        let mut state = self.state();
        if !state.launch.as_ref().is_some_and(|launch| launch.is(code)) {
            return Ok(Err(state.failed()));
        }
        let session = Secret::new()?;
        state.launch = None;
        state
            .open
            .push_back(Session { digest: digest(session.expose()), until: now() + self.lifetime.as_secs() });
        if state.open.len() > MAX_SESSIONS {
            state.open.pop_front();
        }
        if let Err(error) = self.folder.write(&self.file, &serde_json::to_vec(&state.open)?) {
            tracing::warn!(%error, "sessions will not outlive this run");
        }
        let (name, value, age) = (&self.cookie, session.expose(), self.lifetime.as_secs());
        Ok(Ok(format!("{name}={value}; HttpOnly; SameSite=Strict; Path=/; Max-Age={age}")))
    }

    /// Judges a request by its headers. What is right is let in however many wrong ones came before.
    pub(super) fn access(&self, headers: &HeaderMap) -> Access {
        let mut state = self.state();
        if cookies(headers, &self.cookie).any(|value| state.is_open(value)) {
            return Access::Session;
        }
        match bearer(headers) {
            Some(token) if self.token.is(token) => Access::Token,
            None if cookies(headers, &self.cookie).next().is_none() => Access::Refused,
            _ => state.failed(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each change is one push or take: a panic leaves no half of one.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_open(&mut self, value: &str) -> bool {
        let now = now();
        self.open.retain(|session| now < session.until);
        let given = digest(value);
        // All are compared: the time does not tell which one is near.
        self.open.iter().fold(false, |found, session| found | bool::from(session.digest.ct_eq(&given)))
    }

    fn failed(&mut self) -> Access {
        let now = Instant::now();
        self.failures.retain(|then| now.duration_since(*then) < WINDOW);
        if self.failures.len() >= MAX_FAILURES {
            return Access::Throttled;
        }
        self.failures.push_back(now);
        Access::Refused
    }
}

fn digest(value: &str) -> [u8; 32] {
    Sha256::digest(value).into()
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

fn cookies<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    let lists = headers.get_all(COOKIE).iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(';')).filter_map(move |pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then_some(value)
    })
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, StateFolder) {
        let folder = tempfile::tempdir().unwrap();
        let state = StateFolder::open(&folder.path().join("state")).unwrap();
        (folder, state)
    }

    fn sessions(lifetime: Duration) -> Sessions {
        Sessions::new(7420, lifetime, folder().1).unwrap()
    }

    fn with_cookie(set_cookie: &str) -> HeaderMap {
        let pair = set_cookie.split(';').next().unwrap();
        HeaderMap::from_iter([(COOKIE, format!("theme=dark; {pair}").parse().unwrap())])
    }

    fn with_token(token: &str) -> HeaderMap {
        HeaderMap::from_iter([(AUTHORIZATION, format!("Bearer {token}").parse().unwrap())])
    }

    fn begin(sessions: &Sessions) -> String {
        let code = sessions.launch_code().unwrap();
        sessions.begin(code.expose()).unwrap().unwrap()
    }

    #[test]
    fn the_launch_code_opens_one_session_and_no_second() {
        let sessions = sessions(LIFETIME);
        let code = sessions.launch_code().unwrap();
        let cookie = begin(&sessions);
        assert!(cookie.starts_with("composeyard-7420="));
        for part in ["; HttpOnly", "; SameSite=Strict", "; Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert_eq!(sessions.access(&with_cookie(&cookie)), Access::Session);
        assert_eq!(sessions.begin(code.expose()).unwrap(), Err(Access::Refused));
    }

    #[test]
    fn wrong_cut_and_foreign_values_are_refused() {
        let (ours, theirs) = (sessions(LIFETIME), sessions(LIFETIME));
        let (cookie, foreign) = (begin(&ours), begin(&theirs));
        let cut = cookie.split(';').next().unwrap();
        let cut = &cut[..cut.len() - 1];
        for value in ["composeyard-7420=", "composeyard-7421=x", cut, &foreign] {
            assert_eq!(ours.access(&with_cookie(value)), Access::Refused, "{value}");
        }
    }

    #[test]
    fn a_session_outlives_a_restart_but_launch_code_and_token_do_not() {
        let (_kept, folder) = folder();
        let before = Sessions::new(7420, LIFETIME, folder.clone()).unwrap();
        let cookie = begin(&before);
        let after = Sessions::new(7420, LIFETIME, folder.clone()).unwrap();
        assert_eq!(after.access(&with_cookie(&cookie)), Access::Session);
        assert_eq!(after.access(&with_token(before.token().expose())), Access::Refused);
        let elsewhere = Sessions::new(7421, LIFETIME, folder.clone()).unwrap();
        assert_eq!(elsewhere.access(&with_cookie(&cookie.replace("7420", "7421"))), Access::Refused);
        let kept = String::from_utf8(folder.read("sessions-7420.json").unwrap().unwrap()).unwrap();
        assert!(
            !kept.contains(&cookie["composeyard-7420=".len()..][..64]),
            "the file does not let anyone in"
        );
    }

    #[test]
    fn a_session_ends_with_its_lifetime() {
        let sessions = sessions(Duration::ZERO);
        let cookie = begin(&sessions);
        assert_eq!(sessions.access(&with_cookie(&cookie)), Access::Refused);
    }

    #[test]
    fn many_wrong_tries_are_slowed_but_the_right_one_gets_in() {
        let sessions = sessions(LIFETIME);
        let last = (0..200).map(|_| sessions.begin("wrong").unwrap()).last();
        assert_eq!(last, Some(Err(Access::Throttled)));
        let cookie = begin(&sessions);
        assert_eq!(sessions.access(&with_cookie(&cookie)), Access::Session);
    }

    #[test]
    fn scripts_get_in_with_the_token() {
        let sessions = sessions(LIFETIME);
        assert_eq!(sessions.access(&with_token(sessions.token().expose())), Access::Token);
        assert_eq!(sessions.access(&with_token("wrong")), Access::Refused);
    }

    #[test]
    fn secrets_do_not_print() {
        let sessions = sessions(LIFETIME);
        let printed = format!("{sessions:?}");
        assert!(!printed.contains(sessions.token().expose()));
        assert!(!printed.contains(sessions.launch_code().unwrap().expose()));
    }
}
