//! The addresses in a configuration of nginx: what `proxy_pass` and its like hand requests to, and the servers of each
//! `upstream`. <https://nginx.org/en/docs/http/ngx_http_proxy_module.html>

use std::collections::HashMap;

use super::address::{Address, address, urls};

/// Directives whose value is a URL, or the name of an `upstream` in its place.
const URLS: [&str; 2] = ["proxy_pass", "grpc_pass"];

/// Directives whose value is an address, or the name of an `upstream`.
const ADDRESSES: [&str; 4] = ["fastcgi_pass", "uwsgi_pass", "scgi_pass", "memcached_pass"];

/// A word or one of `;{}`, and where it starts.
type Token<'t> = (usize, &'t str);

/// The addresses with the bytes at which they start. What has a variable in it, and what leads to an `upstream` of the
/// same file, is left out.
pub(super) fn addresses(text: &str) -> Vec<(usize, Address<'_>)> {
    let tokens = tokens(text);
    let (mut found, mut upstreams) = (Vec::new(), Vec::new());
    let mut variables: HashMap<&str, Token<'_>> = HashMap::new();
    let mut in_upstream = false;
    let mut starts = true;
    for (number, (_, word)) in tokens.iter().enumerate() {
        let value = tokens.get(number + 1).copied().filter(|(_, value)| !matches!(*value, ";" | "{" | "}"));
        match (*word, value) {
            ("}", _) => in_upstream = false,
            ("upstream", Some((_, name))) if starts => {
                upstreams.push(name);
                in_upstream = true;
            }
            ("set", Some((_, name))) if starts => {
                variables.extend(tokens.get(number + 2).map(|value| (name, *value)));
            }
            ("server", Some(value)) if starts && in_upstream => found.extend(bare(value)),
            (word, Some(value)) if starts && ADDRESSES.contains(&word) => found.extend(bare(value)),
            (word, Some(value)) if starts && URLS.contains(&word) => {
                let written = variables.get(authority(value.1)).copied();
                found.extend(written.and_then(bare));
                found.extend(in_urls(written.unwrap_or(value)));
            }
            _ => {}
        }
        starts = matches!(*word, ";" | "{" | "}");
    }
    found.retain(|(_, address)| address.port.is_some() || !upstreams.contains(&address.host));
    found
}

/// What stands between the scheme and the path: a host, or the variable that has it.
fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

fn in_urls((at, value): Token<'_>) -> impl Iterator<Item = (usize, Address<'_>)> {
    urls(value).filter_map(move |url| Some((at + value.find(url.text)?, url)))
}

fn bare((at, value): Token<'_>) -> Option<(usize, Address<'_>)> {
    address(value).map(|address| (at, address))
}

/// The words of a text without its comments and quotes.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let mut start = None;
        for (offset, c) in line.char_indices() {
            let ends = c.is_whitespace() || matches!(c, ';' | '{' | '}' | '"' | '\'');
            // `${…}` belongs to its word.
            let word = start.map_or("", |start: usize| &line[start..offset]);
            let in_variable = c == '{' && word.ends_with('$') || c == '}' && word.contains("${");
            if ends && !in_variable {
                tokens.extend(start.take().map(|start| (at + start, &line[start..offset])));
                if matches!(c, ';' | '{' | '}') {
                    tokens.push((at + offset, &line[offset..=offset]));
                }
            } else if c == '#' && start.is_none() {
                break;
            } else {
                start.get_or_insert(offset);
            }
        }
        tokens.extend(start.map(|start| (at + start, &line[start..])));
        at += line.len();
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::addresses;

    fn found(text: &str) -> Vec<&str> {
        let found = addresses(text);
        for (at, address) in &found {
            assert!(text[*at..].starts_with(address.text), "{text}");
        }
        found.into_iter().map(|(_, address)| address.text).collect()
    }

    #[test]
    fn what_requests_are_handed_to_is_found() {
        assert_eq!(found("location / { proxy_pass http://api:8000/v1/; }"), ["api:8000"]);
        assert_eq!(found("location ~ \\.php$ {\n  fastcgi_pass php:9000;\n}\n"), ["php:9000"]);
        assert_eq!(found("grpc_pass\n  grpc://api:50051 ;"), ["api:50051"]);
    }

    #[test]
    fn servers_of_an_upstream_count_and_its_name_does_not() {
        let text = "upstream app {\n  least_conn;\n  server one:80 weight=2;\n  server two;\n}\nserver {\n  listen 80;\n  server_name web;\n  location / { proxy_pass http://app; }\n}\n";
        assert_eq!(found(text), ["one:80", "two"]);
    }

    #[test]
    fn a_variable_that_the_file_sets_is_followed() {
        assert_eq!(found("set $it api:8000;\nlocation / { proxy_pass http://$it/v1; }"), ["api:8000"]);
        assert_eq!(found("set $it http://api:8000;\nlocation / { proxy_pass $it; }"), ["api:8000"]);
        assert!(found("set $it api:8000;").is_empty());
    }

    #[test]
    fn comments_variables_and_sockets_are_left_out() {
        for text in [
            "# proxy_pass http://api:8000;",
            "proxy_pass http://$host:8000;",
            "proxy_pass http://${API_HOST}:8000;",
            "fastcgi_pass unix:/run/php.sock;",
            "upstream app { server unix:/run/app.sock; }",
            "server web:80;",
            "add_header X \"proxy_pass\" always;",
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
    }
}
