//! Where the engine is and how it is reached: what was asked for, `DOCKER_HOST`, the Docker context, or a socket that
//! is there. Decided anew with each attempt, because a context may change while the agent runs.

use std::io;
use std::path::{Path, PathBuf};

use bollard::{ClientVersion, Docker};
use composeyard_protocol::EngineState;

use super::{
    contexts,
    ssh::{Place, Tunnel},
};

/// bollard's own time limit for the head of an answer, seconds: a stop with a long grace period takes its time.
const ANSWER_LIMIT: u64 = 600;

const DEFAULT_SOCKET: &str = "/var/run/docker.sock";

/// An engine's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Endpoint {
    /// `unix:///var/run/docker.sock`, `tcp://10.0.0.7:2376`.
    pub(super) url: String,
    /// For an engine behind TLS: the folder of `ca.pem`, `cert.pem` and `key.pem`.
    certificates: Option<PathBuf>,
}

impl Endpoint {
    /// The given one, that of `DOCKER_HOST`, that of the Docker context, else the first socket that exists. The first
    /// two are reached over TLS when `DOCKER_TLS_VERIFY` is set, with the certificates in `DOCKER_CERT_PATH` or the
    /// docker command's own folder.
    ///
    /// # Errors
    /// The state to show: there is no such context, or the engine is reached in a way that is not spoken here.
    pub(super) fn choose(host: Option<&str>) -> Result<Self, EngineState> {
        if let Some(url) = host.map(str::to_owned).or_else(|| variable("DOCKER_HOST")) {
            let verified = variable("DOCKER_TLS_VERIFY").is_some();
            let kept = variable("DOCKER_CERT_PATH").map(PathBuf::from).or_else(contexts::folder);
            return Self::spoken(url, kept.filter(|_| verified));
        }
        let (named, folder) = (variable("DOCKER_CONTEXT"), contexts::folder());
        let of_context = folder.as_ref().map_or(Ok(None), |folder| contexts::host(folder, named.as_deref()));
        match of_context {
            Ok(Some(url)) => {
                let kept = folder.and_then(|folder| contexts::certificates(&folder, named.as_deref()));
                Self::spoken(url, kept)
            }
            Ok(None) => Ok(Self::of_the_machine()),
            Err(reason) => {
                let help = "List the contexts with docker context ls; change DOCKER_CONTEXT, or choose another one \
                            with docker context use.";
                Err(EngineState::Down { reason, help: help.to_owned() })
            }
        }
    }

    fn of_the_machine() -> Self {
        let runtime_dir = std::env::var("XDG_RUNTIME_DIR").unwrap_or_default();
        let candidates = [
            DEFAULT_SOCKET.to_owned(),
            format!("{runtime_dir}/docker.sock"),
            format!("{runtime_dir}/podman/podman.sock"),
            "/run/podman/podman.sock".to_owned(),
        ];
        let found = candidates.iter().find(|path| Path::new(path).exists());
        let socket = found.map_or(DEFAULT_SOCKET, String::as_str);
        Self { url: format!("unix://{socket}"), certificates: None }
    }

    /// An address that this build can speak to, with the certificates that are kept for it.
    fn spoken(url: String, kept: Option<PathBuf>) -> Result<Self, EngineState> {
        let (scheme, _) = url.split_once("://").unwrap_or_default();
        match scheme {
            "ssh" => match Place::parse(&url) {
                Ok(_) => Ok(Self { url, certificates: None }),
                Err(reason) => Err(EngineState::Down {
                    reason,
                    help: "Write ssh://USER@HOST, or ssh://USER@HOST:PORT/PATH/OF/docker.sock.".to_owned(),
                }),
            },
            "https" if kept.is_none() => Err(EngineState::Down {
                reason: format!("the engine at {url} is reached over TLS, and no certificates are named for it"),
                help: "Set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the folder of ca.pem, cert.pem and key.pem."
                    .to_owned(),
            }),
            "tcp" | "https" => Ok(Self { url, certificates: kept }),
            _ => Ok(Self { url, certificates: None }),
        }
    }

    /// The way to an engine behind SSH; none where no such way is needed.
    ///
    /// # Errors
    /// When there is no room for a socket.
    pub(super) fn tunnel(&self) -> io::Result<Option<Tunnel>> {
        Place::parse(&self.url).ok().map(Tunnel::to).transpose()
    }

    /// The path of its socket on this machine, where it has one.
    pub(super) fn socket(&self) -> Option<&Path> {
        self.url.strip_prefix("unix://").map(Path::new)
    }

    /// A client for it, through its tunnel, that speaks this version of the API; nothing is sent yet.
    ///
    /// # Errors
    /// bollard's: the socket is missing, the address or a certificate cannot be read.
    pub(super) fn client(
        &self,
        tunnel: Option<&Tunnel>,
        version: &ClientVersion,
    ) -> Result<Docker, bollard::errors::Error> {
        let near = tunnel.map(Tunnel::url);
        let url = near.as_deref().unwrap_or(&self.url);
        match &self.certificates {
            Some(folder) => {
                let [key, certificate, authority] =
                    ["key.pem", "cert.pem", "ca.pem"].map(|name| folder.join(name));
                Docker::connect_with_ssl(url, &key, &certificate, &authority, ANSWER_LIMIT, version)
            }
            None if url.starts_with("unix://") => Docker::connect_with_unix(url, ANSWER_LIMIT, version),
            None if url.starts_with("tcp://") || url.starts_with("http://") => {
                Docker::connect_with_http(url, ANSWER_LIMIT, version)
            }
            None => Err(bollard::errors::Error::UnsupportedURISchemeError { uri: url.to_owned() }),
        }
    }

    /// As people know it: a socket by its path.
    pub(super) fn shown(&self) -> &str {
        self.url.strip_prefix("unix://").unwrap_or(&self.url)
    }
}

/// A variable of the agent's environment; an empty one counts as none.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(url: &str, kept: Option<&str>) -> Result<Endpoint, EngineState> {
        Endpoint::spoken(url.to_owned(), kept.map(PathBuf::from))
    }

    #[test]
    fn an_address_behind_ssh_that_cannot_be_read_is_refused_with_the_way_to_write_it() {
        assert!(spoken("ssh://me@far", None).is_ok());
        let Err(EngineState::Down { reason, help }) = spoken("ssh://me:secret@far", None) else { panic!() };
        assert!(reason.contains("password") && help.contains("ssh://USER@HOST"), "{reason} {help}");
    }

    #[test]
    fn an_engine_behind_tls_needs_certificates() {
        let Err(EngineState::Down { help, .. }) = spoken("https://10.0.0.7:2376", None) else { panic!() };
        assert!(help.contains("DOCKER_CERT_PATH"), "{help}");
        for url in ["https://10.0.0.7:2376", "tcp://10.0.0.7:2376"] {
            let endpoint = spoken(url, Some("certs")).unwrap();
            assert_eq!(endpoint.certificates, Some(PathBuf::from("certs")), "{url}");
        }
    }

    #[test]
    fn certificates_are_for_addresses_of_a_network_only() {
        assert_eq!(spoken("tcp://10.0.0.7:2375", None).unwrap().certificates, None);
        assert_eq!(spoken("unix:///run/docker.sock", Some("certs")).unwrap().certificates, None);
    }
}
