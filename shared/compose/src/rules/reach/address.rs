//! Host names and ports in values: `postgresql://user:secret@db:5432/app`, `kafka:9092,zoo:2181`.

/// A host, and a port if one is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Address<'v> {
    /// What stands before `://`.
    pub(crate) scheme: Option<&'v str>,
    pub(crate) host: &'v str,
    pub(crate) port: Option<u16>,
    /// `host:port` as it stands in the value.
    pub(crate) text: &'v str,
}

/// Schemes that name a host of the network, and the port they mean when none is given.
const SCHEMES: [(&str, u16); 34] = [
    ("amqp", 5672),
    ("amqps", 5671),
    ("bolt", 7687),
    ("cassandra", 9042),
    ("cockroachdb", 26257),
    ("elasticsearch", 9200),
    ("grpc", 0),
    ("http", 80),
    ("https", 443),
    ("influxdb", 8086),
    ("ldap", 389),
    ("ldaps", 636),
    ("mariadb", 3306),
    ("memcache", 11211),
    ("memcached", 11211),
    ("mongodb", 27017),
    ("mqtt", 1883),
    ("mssql", 1433),
    ("mysql", 3306),
    ("mysql2", 3306),
    ("nats", 4222),
    ("neo4j", 7687),
    ("pgsql", 5432),
    ("postgis", 5432),
    ("postgres", 5432),
    ("postgresql", 5432),
    ("redis", 6379),
    ("rediss", 6379),
    ("smtp", 25),
    ("sqlserver", 1433),
    ("tcp", 0),
    ("valkey", 6379),
    ("ws", 80),
    ("wss", 443),
];

impl Address<'_> {
    /// The port that is meant, given or not.
    pub(crate) fn meant_port(&self) -> Option<u16> {
        let usual = || SCHEMES.iter().find(|(name, _)| Some(*name) == self.scheme).map(|(_, port)| *port);
        self.port.or_else(usual).filter(|port| *port > 0)
    }

    /// True for an address that a browser may be given.
    pub(crate) fn is_web(&self) -> bool {
        matches!(self.scheme, Some("http" | "https" | "ws" | "wss"))
    }

    /// True for the container itself.
    pub(crate) fn is_local(&self) -> bool {
        matches!(self.host, "localhost" | "127.0.0.1")
    }

    /// True for one word such as `db`: a name that only a network of containers knows.
    pub(crate) fn is_plain_name(&self) -> bool {
        !self.is_local() && !self.host.contains('.') && self.host.bytes().any(|b| b.is_ascii_alphabetic())
    }
}

/// The addresses of all URLs in a text whose scheme is known; a URL may name several hosts.
pub(crate) fn urls(text: &str) -> impl Iterator<Item = Address<'_>> {
    // Most texts have no colon at all, which is found out much sooner.
    let marks = text.match_indices(':').filter_map(|(at, _)| Some((at, text[at..].strip_prefix("://")?)));
    marks.flat_map(move |(at, rest)| {
        let scheme = scheme(&text[..at]);
        let end = rest.find(ends_authority);
        // What goes on so is a pattern or a template, not an address.
        let is_open = end.is_some_and(|at| rest[at..].starts_with(['\\', '$', '{', '<', '[', '(', '*']));
        let authority = if is_open { "" } else { &rest[..end.unwrap_or(rest.len())] };
        let hosts = authority.rsplit_once('@').map_or(authority, |(_, hosts)| hosts);
        let found = move |piece| Some(Address { scheme, ..address(piece)? });
        hosts.split(',').take(if scheme.is_some() { usize::MAX } else { 0 }).filter_map(found)
    })
}

const fn ends_authority(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '/' | '?'
                | '#'
                | ';'
                | '"'
                | '\''
                | '`'
                | '<'
                | '>'
                | '('
                | ')'
                | '['
                | ']'
                | '{'
                | '}'
                | '|'
                | '\\'
                | '$'
                | '*'
        )
}

/// The known scheme that a text ends with: `postgresql` of `jdbc:postgresql` and of `postgresql+psycopg`.
fn scheme(before: &str) -> Option<&'static str> {
    let word = before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '+').next()?;
    let name = word.split('+').next()?;
    SCHEMES.iter().map(|(known, _)| *known).find(|known| known.eq_ignore_ascii_case(name))
}

/// The addresses of a text that is nothing else: `db:5432`, `one:9092,two:9092`.
pub(crate) fn hosts_with_ports(text: &str) -> Vec<Address<'_>> {
    let with_port = |piece| address(piece).filter(|address| address.port.is_some());
    text.split(',').map(with_port).collect::<Option<_>>().unwrap_or_default()
}

/// A text that is one host name, or a name with a port.
pub(crate) fn address(text: &str) -> Option<Address<'_>> {
    let (host, port) = match text.split_once(':') {
        Some((host, port)) => (host, Some(port.parse().ok().filter(|port| *port > 0)?)),
        None => (text, None),
    };
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    let is_host = host.starts_with(|c: char| c.is_ascii_alphanumeric()) && host.bytes().all(fits);
    is_host.then_some(Address { scheme: None, host, port, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        urls(text).map(|url| format!("{} {:?} {}", url.host, url.meant_port(), url.text)).collect()
    }

    #[test]
    fn urls_name_hosts_and_ports() {
        assert_eq!(found("http://api:8000/v1"), ["api Some(8000) api:8000"]);
        assert_eq!(found("jdbc:postgresql://u:p@db/x"), ["db Some(5432) db"]);
        assert_eq!(found("mysql+pymysql://root:x@db:3307"), ["db Some(3307) db:3307"]);
        assert_eq!(found("mongodb://a:1,b:2/app").len(), 2);
        assert_eq!(found("é\u{2028}http://api"), ["api Some(80) api"]);
        assert_eq!(found("http://a:1,http://b:2"), ["a Some(1) a:1", "b Some(2) b:2"]);
    }

    #[test]
    fn what_names_no_host_is_left_out() {
        for text in [
            "file:///etc/x",
            "http://*:80",
            "http://${HOST}:80",
            "sqlite:///x.db",
            "http://[::1]:80",
            r"http://a\.com",
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
        assert!(hosts_with_ports("10:30").is_empty() || !hosts_with_ports("10:30")[0].is_plain_name());
        assert!(hosts_with_ports("db:5432/app").is_empty());
    }
}
