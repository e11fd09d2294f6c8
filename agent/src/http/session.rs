//! Who is let in: the one-time launch code becomes a session, scripts carry the token of the token file.

use std::collections::VecDeque;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE};

use crate::secret::Secret;

/// How long a session lasts.
pub(super) const LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);
const MAX_SESSIONS: usize = 64;
/// Wrong tries within [`WINDOW`] after which further wrong ones are answered more tersely and slowly.
const MAX_FAILURES: usize = 20;
const WINDOW: Duration = Duration::from_secs(10);

/// The sessions of one run of the agent. They end with it.
#[derive(Debug)]
pub struct Sessions {
    cookie: String,
    token: Secret,
    lifetime: Duration,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    launch: Option<Secret>,
    open: VecDeque<(Secret, Instant)>,
    failures: VecDeque<Instant>,
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
    /// No session yet, and one launch code to begin the first with. The cookie's name holds the port: cookies are
    /// shared by all ports of a host.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn new(port: u16, lifetime: Duration) -> io::Result<Self> {
        let state = State { launch: Some(Secret::new()?), open: VecDeque::new(), failures: VecDeque::new() };
        let cookie = format!("composeyard-{port}");
        Ok(Self { cookie, token: Secret::new()?, lifetime, state: Mutex::new(state) })
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
        let max_age = self.lifetime.as_secs();
        let cookie = format!(
            "{}={}; HttpOnly; SameSite=Strict; Path=/; Max-Age={max_age}",
            self.cookie,
            session.expose()
        );
        state.launch = None;
        state.open.push_back((session, Instant::now()));
        if state.open.len() > MAX_SESSIONS {
            state.open.pop_front();
        }
        Ok(Ok(cookie))
    }

    /// Judges a request by its headers. What is right is let in however many wrong ones came before.
    pub(super) fn access(&self, headers: &HeaderMap) -> Access {
        let mut state = self.state();
        if cookies(headers, &self.cookie).any(|value| state.is_open(value, self.lifetime)) {
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
    fn is_open(&mut self, value: &str, lifetime: Duration) -> bool {
        self.open.retain(|(_, since)| since.elapsed() < lifetime);
        // All are compared: the time does not tell which one is near.
        self.open.iter().fold(false, |found, (session, _)| found | session.is(value))
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

    fn sessions(lifetime: Duration) -> Sessions {
        Sessions::new(7420, lifetime).unwrap()
    }

    fn with_cookie(set_cookie: &str) -> HeaderMap {
        let pair = set_cookie.split(';').next().unwrap();
        HeaderMap::from_iter([(COOKIE, format!("theme=dark; {pair}").parse().unwrap())])
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
        let with =
            |token: &str| HeaderMap::from_iter([(AUTHORIZATION, format!("Bearer {token}").parse().unwrap())]);
        assert_eq!(sessions.access(&with(sessions.token().expose())), Access::Token);
        assert_eq!(sessions.access(&with("wrong")), Access::Refused);
    }

    #[test]
    fn secrets_do_not_print() {
        let sessions = sessions(LIFETIME);
        let printed = format!("{sessions:?}");
        assert!(!printed.contains(sessions.token().expose()));
        assert!(!printed.contains(sessions.launch_code().unwrap().expose()));
    }
}
