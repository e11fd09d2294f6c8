//! Under which names the agent answers: the fixed list that `Host` and `Origin` are held against.

use std::net::{IpAddr, SocketAddr};

/// The `Host` values the agent answers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    port: u16,
    hosts: Vec<String>,
}

impl Address {
    /// The names of a listener: those of loopback, or the address it is bound to, and what the user adds.
    pub fn new(bound: SocketAddr, allowed: &[String]) -> Self {
        let port = bound.port();
        let mut names = vec!["127.0.0.1".to_owned(), "localhost".to_owned(), "[::1]".to_owned()];
        match bound.ip() {
            ip if ip.is_loopback() || ip.is_unspecified() => {}
            IpAddr::V4(ip) => names.push(ip.to_string()),
            IpAddr::V6(ip) => names.push(format!("[{ip}]")),
        }
        names.extend(allowed.iter().map(|name| name.to_ascii_lowercase()));
        let mut hosts: Vec<String> = names.iter().map(|name| format!("{name}:{port}")).collect();
        if port == 80 {
            hosts.extend(names);
        }
        Self { port, hosts }
    }

    /// The bound port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// True for a `Host` of the list, letter by letter.
    pub fn is_host(&self, host: &[u8]) -> bool {
        self.hosts.iter().any(|known| known.as_bytes() == host)
    }

    /// True for the origin of a page that came from here.
    pub fn is_origin(&self, origin: &[u8]) -> bool {
        origin.strip_prefix(b"http://").is_some_and(|host| self.is_host(host))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_names_with_the_bound_port_are_hosts() {
        let address = Address::new("127.0.0.1:7420".parse().unwrap(), &[]);
        for good in ["127.0.0.1:7420", "localhost:7420", "[::1]:7420"] {
            assert!(address.is_host(good.as_bytes()), "{good}");
        }
        for bad in [
            "",
            "evil.example",
            "evil.example:7420",
            "127.0.0.1",
            "localhost",
            "localhost.:7420",
            "127.0.0.1:7421",
            "LOCALHOST:7420",
            "127.1:7420",
            "0.0.0.0:7420",
            "[::ffff:127.0.0.1]:7420",
            "a@127.0.0.1:7420",
            "localhost.evil:7420",
            "127.0.0.1.evil:7420",
            "127.0.0.1:7420 ",
            "127.0.0.1:07420",
        ] {
            assert!(!address.is_host(bad.as_bytes()), "{bad}");
        }
    }

    #[test]
    fn only_pages_from_here_are_origins() {
        let address = Address::new("127.0.0.1:7420".parse().unwrap(), &[]);
        assert!(address.is_origin(b"http://127.0.0.1:7420"));
        for bad in [
            "null",
            "http://evil",
            "https://127.0.0.1:7420",
            "http://127.0.0.1:8080",
            "http://127.0.0.1",
            "http://localhost.evil:7420",
            "http://127.0.0.1:7420/",
            "HTTP://127.0.0.1:7420",
            "file://",
        ] {
            assert!(!address.is_origin(bad.as_bytes()), "{bad}");
        }
    }

    #[test]
    fn a_name_that_the_user_adds_is_a_host_too() {
        let address = Address::new("0.0.0.0:80".parse().unwrap(), &["lab.example".to_owned()]);
        assert!(address.is_host(b"lab.example:80") && address.is_host(b"lab.example"));
        assert!(!address.is_host(b"0.0.0.0:80"));
    }
}
