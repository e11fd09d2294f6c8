//! An engine's address behind SSH, as the docker command takes it: `ssh://[USER@]HOST[:PORT][/SOCKET]`.

use std::ffi::OsString;
use std::path::Path;

/// Where the engine is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Place {
    user: Option<String>,
    /// A name of `~/.ssh/config`, or of the network, or an address.
    host: String,
    port: Option<u16>,
    /// The engine's socket there, when it is not the usual one.
    socket: Option<String>,
}

impl Place {
    /// Reads an address.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(in super::super) fn parse(url: &str) -> Result<Self, String> {
        let wrong = |why: &str| Err(format!("{url}: {why}"));
        let Some(rest) = url.strip_prefix("ssh://") else { return wrong("it does not begin with ssh://") };
        let (place, socket) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, place) = match place.rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, place),
        };
        if user.is_some_and(|user| user.contains(':')) {
            return wrong("a password does not belong there, use a key");
        }
        let (host, port) = match place.strip_prefix('[').and_then(|place| place.split_once(']')) {
            Some((host, port)) => (host, port.strip_prefix(':')),
            None => place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port))),
        };
        let port = match port.map(str::parse) {
            Some(Err(_)) => return wrong("its port is no number"),
            Some(Ok(port)) => Some(port),
            None => None,
        };
        // Neither becomes an option of ssh, nor anything but a word to the shell of the other side.
        if [Some(host), user].into_iter().flatten().any(|word| word.is_empty() || word.starts_with('-')) {
            return wrong("it names no host, or no user before the @");
        }
        if !socket.chars().all(|one| one.is_ascii_alphanumeric() || "/._-".contains(one)) {
            return wrong("the path of the socket holds what no shell should read");
        }
        let socket = Some(format!("/{socket}")).filter(|socket| socket != "/");
        Ok(Self { user: user.map(str::to_owned), host: host.to_owned(), port, socket })
    }

    /// The arguments of `ssh`. All connections share the first one's login, by way of this socket.
    pub(super) fn arguments(&self, shared: &Path) -> Vec<OsString> {
        let mut words: Vec<OsString> =
            ["-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=20"].map(Into::into).into();
        let mut shared_by = OsString::from("ControlPath=");
        shared_by.push(shared);
        words.extend(["-o".into(), "ControlMaster=auto".into(), "-o".into(), shared_by]);
        if let Some(user) = &self.user {
            words.extend(["-l".into(), user.into()]);
        }
        if let Some(port) = self.port {
            words.extend(["-p".into(), port.to_string().into()]);
        }
        words.extend(["--".into(), self.host.as_str().into(), "docker".into()]);
        if let Some(socket) = &self.socket {
            words.extend(["--host".into(), format!("unix://{socket}").into()]);
        }
        words.extend(["system".into(), "dial-stdio".into()]);
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(url: &str) -> String {
        let words = Place::parse(url).unwrap().arguments(Path::new("/run/shared"));
        let words: Vec<String> = words.into_iter().map(|word| word.into_string().unwrap()).collect();
        words.join(" ")
    }

    #[test]
    fn user_port_and_socket_are_where_the_docker_command_has_them() {
        assert_eq!(
            words("ssh://far"),
            "-T -o BatchMode=yes -o ConnectTimeout=20 -o ControlMaster=auto -o ControlPath=/run/shared -- far docker \
             system dial-stdio"
        );
        for (url, tail) in [
            ("ssh://me@far", "-l me -- far docker system dial-stdio"),
            ("ssh://far:2222", "-p 2222 -- far docker system dial-stdio"),
            ("ssh://me@[::1]:22", "-l me -p 22 -- ::1 docker system dial-stdio"),
            ("ssh://far/", "-- far docker system dial-stdio"),
            (
                "ssh://far/run/user/1000/docker.sock",
                "-- far docker --host unix:///run/user/1000/docker.sock system dial-stdio",
            ),
        ] {
            assert!(words(url).ends_with(tail), "{url}: {}", words(url));
        }
    }

    #[test]
    fn what_could_become_an_option_a_command_or_a_password_in_the_open_is_refused() {
        for url in [
            "ssh://",
            "ssh://@far",
            "ssh://-oProxyCommand=touch%20x",
            "ssh://-oProxyCommand=x@far",
            "ssh://me:secret@far",
            "ssh://far:port",
            "ssh://far/sock;reboot",
            "ssh://far/$(reboot)",
            "tcp://far",
        ] {
            assert!(Place::parse(url).is_err(), "{url}");
        }
    }
}
