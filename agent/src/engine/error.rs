//! What can go wrong with the engine, in the user's words.

use bollard::errors::Error;
use composeyard_compose::name::NameError;
use composeyard_protocol::{Failure, FailureKind};

/// Why the engine did not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// No engine answers.
    #[error("no Docker engine answers: {reason}")]
    NotConnected {
        /// Why.
        reason: String,
        /// What to do.
        help: String,
    },
    /// A name or id that must not reach the engine.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The engine answered with a refusal.
    #[error("{message}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// The engine's own words.
        message: String,
    },
    /// The connection broke, timed out or spoke nonsense.
    #[error("the connection to the engine failed: {0}")]
    Transport(String),
    /// A local file could not be read.
    #[error("{path}: {reason}")]
    File {
        /// Which.
        path: String,
        /// Why.
        reason: String,
    },
    /// The step cannot be done as the project asks.
    #[error("{0}")]
    Step(String),
    /// The request was cancelled.
    #[error("cancelled")]
    Cancelled,
}

impl EngineError {
    /// The HTTP status of a refusal.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// A refusal with the last thing that went well: the builder's messages do not say which instruction failed.
    pub(super) fn after(self, last: &str) -> Self {
        match self {
            Self::Refused { status, message } if !last.is_empty() => {
                Self::Refused { status, message: format!("{last}: {message}") }
            }
            other => other,
        }
    }

    /// As the page shows it.
    pub fn to_failure(&self) -> Failure {
        let (kind, help) = match self {
            Self::NotConnected { help, .. } => (FailureKind::NoEngine, Some(help.clone())),
            Self::Transport(_) => {
                (FailureKind::NoEngine, Some("Check that Docker runs, then try again.".to_owned()))
            }
            Self::Name(_) => (FailureKind::BadRequest, None),
            Self::File { .. } => (
                FailureKind::Project,
                Some("Add the file or change the path in the compose file.".to_owned()),
            ),
            Self::Refused { message, .. } => (FailureKind::Engine, advice(message)),
            Self::Step(_) | Self::Cancelled => (FailureKind::Engine, None),
        };
        Failure { kind, message: self.to_string(), help }
    }
}

/// What to do about the refusals that people meet most.
fn advice(message: &str) -> Option<String> {
    let has = |part: &str| message.contains(part);
    let help = if has("port is already allocated") || has("address already in use") {
        "Another program or container uses this host port. Stop it, or publish a different port."
    } else if has("is already in use by container") {
        "A container with this name exists. Remove it, or change container_name."
    } else if has("no matching manifest") {
        "The image does not exist for this machine's platform. Choose another tag or set platform."
    } else if has("no basic auth credentials") || has("requested access to the resource is denied") {
        "Log in to the image's registry with the docker command first: docker login."
    } else if has("manifest unknown") || has("repository does not exist") || has("pull access denied") {
        "Check the image's name and tag; a private image needs a login with the docker command first."
    } else if has("no such host") || has("i/o timeout") || has("connection refused") {
        "The image's registry cannot be reached. Check the network, or use an image that exists locally."
    } else if has("could not find an available, non-overlapping IPv4 address pool") {
        "The engine has no address range left. Remove unused networks: docker network prune."
    } else if has("Pool overlaps") {
        "Another network uses this subnet. Choose a different one in ipam."
    } else if has("no space left on device") {
        "The engine's disk is full. Remove unused images and volumes."
    } else if has("executable file not found") {
        "The image has no such program. Check command and entrypoint."
    } else if has("returned a non-zero code") {
        "This instruction of the Dockerfile failed. The build's output above says why."
    } else if has("bind source path does not exist") {
        "Create the file or folder on the host, or change the path."
    } else {
        return None;
    };
    Some(help.to_owned())
}

impl From<Error> for EngineError {
    fn from(error: Error) -> Self {
        match error {
            Error::DockerResponseServerError { status_code, message } => {
                Self::Refused { status: status_code, message: shorten(message) }
            }
            Error::DockerStreamError { error } => Self::Refused { status: 200, message: shorten(error) },
            Error::RequestTimeoutError => Self::Transport("no answer in time".to_owned()),
            other => Self::Transport(chain(&other)),
        }
    }
}

/// An error with its causes: hyper's own text says nothing without them.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    shorten(text)
}

const LONGEST_MESSAGE: usize = 2000;

/// An engine's message is shown whole unless it is absurd.
fn shorten(mut text: String) -> String {
    if text.len() > LONGEST_MESSAGE {
        let end = (0..=LONGEST_MESSAGE).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_comes_with_advice() {
        let refused = EngineError::Refused {
            status: 500,
            message: "driver failed: Bind for 0.0.0.0:80 failed: port is already allocated".to_owned(),
        };
        assert!(refused.to_failure().help.is_some_and(|help| help.contains("publish a different port")));
    }

    #[test]
    fn an_endless_message_is_cut_at_a_character() {
        let error = EngineError::from(Error::DockerStreamError { error: "é".repeat(5000) });
        assert!(error.to_string().len() <= LONGEST_MESSAGE + '…'.len_utf8());
    }
}
