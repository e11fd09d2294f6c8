//! Names of services inside values: hosts of URLs, `host:port`, `DB_HOST=db`. Only what can mean nothing else is
//! certain; a bare word that happens to be a service's name is not.

use std::ops::Range;

/// Words of a variable's name that make its value an address.
const HOST_WORDS: [&str; 21] = [
    "HOST",
    "HOSTS",
    "HOSTNAME",
    "ADDR",
    "ADDRESS",
    "ADDRESSES",
    "SERVER",
    "SERVERS",
    "URL",
    "URLS",
    "URI",
    "ENDPOINT",
    "ENDPOINTS",
    "BROKER",
    "BROKERS",
    "UPSTREAM",
    "BACKEND",
    "DSN",
    "PEERS",
    "SEEDS",
    "NODES",
];

/// Options of commands that take a host.
const HOST_OPTIONS: [&str; 5] = ["--host=", "--hostname=", "--server=", "host=", "hostaddr="];

/// A place in a text where a service's name stands as a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// Byte of the text at which the name starts.
    pub(super) at: usize,
    /// True when it can only be the service's address.
    pub(super) certain: bool,
}

/// Every place where a text speaks of the host `name`. `variable` is the name of the variable or option that holds
/// the text, empty when there is none.
pub(super) fn hits(text: &str, variable: &str, name: &str) -> Vec<Hit> {
    let is_host = is_host_variable(variable);
    let words =
        text.match_indices(name).map(|(at, _)| at..at + name.len()).filter(|word| stands_alone(text, word));
    let judged = words.map(|word| Hit { at: word.start, certain: is_address(text, &word, is_host) });
    judged.collect()
}

/// True when the last words of a variable's name say that it holds an address: `DB_HOST`, `API_URL`.
fn is_host_variable(variable: &str) -> bool {
    let words = variable.split(['_', '.', '-']).map(str::to_ascii_uppercase);
    words.into_iter().any(|word| HOST_WORDS.contains(&word.as_str()))
}

/// Not a part of a longer name.
fn stands_alone(text: &str, word: &Range<usize>) -> bool {
    let joins = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    // The default in `${HOST:-db}`.
    let before = text[..word.start].chars().next_back().filter(|_| !text[..word.start].ends_with(":-"));
    let after = text[word.end..].chars().next();
    let dot_follows = text[word.end..].strip_prefix('.').is_some_and(|rest| rest.starts_with(joins));
    !before.is_some_and(|c| joins(c) || c == '.') && !after.is_some_and(joins) && !dot_follows
}

fn is_address(text: &str, word: &Range<usize>, is_host: bool) -> bool {
    let (before, after) = (&text[..word.start], &text[word.end..]);
    // `${HOST:-db}`: what counts stands around the braces.
    let default = before.rfind("${").filter(|open| {
        !before[*open..].contains('}') && before.ends_with([':', '-', '=']) && after.starts_with('}')
    });
    let (before, after) = match default {
        Some(open) => (&before[..open], &after[1..]),
        None => (before, after),
    };
    in_url(before, after)
        || (is_host && listed(before) && ends_host(after))
        || HOST_OPTIONS.iter().any(|option| before.ends_with(option) && starts_option(before, option))
        || (before.ends_with("@tcp(") && after.starts_with(':'))
}

/// An option begins a word.
fn starts_option(before: &str, option: &str) -> bool {
    before.strip_suffix(option).is_some_and(|rest| rest.is_empty() || rest.ends_with([' ', '"', '\'', '\n']))
}

/// The authority of a URL lies before: `http://`, `postgres://user:pw@`, `mongodb://a:1,`.
fn in_url(before: &str, after: &str) -> bool {
    let Some(scheme_end) = before.rfind("://") else { return false };
    let scheme = before[..scheme_end].chars().next_back();
    let authority = &before[scheme_end + 3..];
    let open = !authority.contains(['/', '?', '#', ' ', '\n', '"', '\'', '<', '>', '|', ';']);
    let starts = authority.is_empty() || authority.ends_with(['@', ',']);
    scheme.is_some_and(|c| c.is_ascii_alphanumeric() || c == '}') && open && starts && ends_host(after)
}

/// Nothing stands before but other addresses of a list, or `name=`.
fn listed(before: &str) -> bool {
    before.is_empty() || before.ends_with([',', '=']) || before.ends_with(", ")
}

/// What may follow a host: the end, a port, a path, the next of a list.
fn ends_host(after: &str) -> bool {
    match after.strip_prefix(':') {
        Some(port) => port.starts_with(|c: char| c.is_ascii_digit() || c == '$'),
        None => {
            after.is_empty()
                || after.starts_with(['/', '?', '#', ',', ' ', '\n', '\r', '"', '\'', ')', '`', ';'])
        }
    }
}

/// The places where a text names the file below `/run/secrets` that a secret is mounted as.
pub(super) fn secret_paths(text: &str, name: &str) -> Vec<Hit> {
    const FOLDER: &str = "/run/secrets/";
    let starts = text.match_indices(FOLDER).map(|(at, _)| at + FOLDER.len());
    let named = starts.filter(|at| {
        text[*at..].strip_prefix(name).is_some_and(|rest| {
            !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'))
        })
    });
    named.map(|at| Hit { at, certain: true }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certain(text: &str, variable: &str) -> Vec<usize> {
        hits(text, variable, "db").into_iter().filter(|hit| hit.certain).map(|hit| hit.at).collect()
    }

    #[test]
    fn hosts_of_urls_are_certain() {
        for text in [
            "http://db",
            "http://db:8000/path",
            "postgresql://user:pw@db/shop",
            "postgresql://user:${PW}@db:5432/shop?x=1",
            "mongodb://a:1,db:2/?replicaSet=r",
            "curl -f http://db:8000 || exit 1",
            "redis://${HOST:-db}:6379",
            "user:pw@tcp(db:3306)/shop",
            "pg_isready --host=db",
            "host=db port=5432",
        ] {
            assert_eq!(certain(text, "").len(), 1, "{text}");
        }
    }

    #[test]
    fn a_variable_that_is_called_a_host_holds_one() {
        for (text, variable) in [
            ("db", "DB_HOST"),
            ("db:5432", "PG_ADDR"),
            ("a:1,db:2", "KAFKA_BROKERS"),
            ("${H:-db}", "DATABASE_HOST"),
        ] {
            assert_eq!(certain(text, variable).len(), 1, "{text}");
        }
        for (text, variable) in [("db", "POSTGRES_DB"), ("db", ""), ("db:5432", "IMAGE"), ("/db", "API_URL")]
        {
            assert_eq!(certain(text, variable), Vec::<usize>::new(), "{text}");
        }
    }

    #[test]
    fn parts_of_longer_names_and_paths_are_none() {
        for text in [
            "http://mydb",
            "http://db2",
            "http://db-old",
            "http://db.example.org",
            "http://x/db",
            "postgres://h/db",
        ] {
            assert_eq!(certain(text, "API_URL"), Vec::<usize>::new(), "{text}");
        }
    }

    #[test]
    fn a_secret_is_known_by_the_file_it_is_mounted_as() {
        assert_eq!(secret_paths("/run/secrets/db", "db").len(), 1);
        assert_eq!(secret_paths("$(cat /run/secrets/db)", "db").len(), 1);
        assert_eq!(secret_paths("/run/secrets/db_password", "db").len(), 0);
    }
}
