//! What a registry that does not answer everybody wants to see: a password (RFC 7617), or a token that another server
//! gives for it. Distribution's "Token Authentication Specification".

use axum::body::Bytes;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bollard::auth::DockerCredentials;
use hyper::{
    HeaderMap, StatusCode, Uri,
    header::{self, HeaderValue},
    http::uri::Scheme,
};
use serde::Deserialize;

use super::wire::Wire;

/// What a registry asks for.
#[derive(Debug, PartialEq, Eq)]
enum Challenge {
    Basic,
    Bearer { realm: String, service: String },
}

/// A token server's answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Given {
    token: String,
    access_token: String,
}

/// The `Authorization` to ask again with after a 401; none where nothing helps. The token is for reading this repository
/// and for nothing else, whatever the registry would like.
pub(super) async fn proof(
    wire: &Wire,
    asked: &Uri,
    repository: &str,
    refusal: &HeaderMap,
    login: Option<&DockerCredentials>,
) -> Option<HeaderValue> {
    match challenge(refusal)? {
        Challenge::Basic => basic(login?),
        Challenge::Bearer { realm, service } => {
            let realm: Uri = realm.parse().ok()?;
            let is_safe = realm.scheme() == Some(&Scheme::HTTPS) || realm.scheme() == asked.scheme();
            let token = token(wire, is_safe.then_some(realm)?, &service, repository, login).await?;
            secret(format!("Bearer {token}"))
        }
    }
}

async fn token(
    wire: &Wire,
    realm: Uri,
    service: &str,
    repository: &str,
    login: Option<&DockerCredentials>,
) -> Option<String> {
    if let Some(ready) = login.and_then(|login| login.registrytoken.clone()) {
        return Some(ready);
    }
    let scope = format!("repository:{repository}:pull");
    let identity = login.and_then(|login| login.identitytoken.as_deref());
    let answer = match identity {
        Some(identity) => {
            let form = form(&[
                ("grant_type", "refresh_token"),
                ("service", service),
                ("client_id", "composeyard"),
                ("scope", &scope),
                ("refresh_token", identity),
            ]);
            wire.post(realm, form).await?
        }
        None => {
            let separator = if realm.query().is_some() { '&' } else { '?' };
            let query = form(&[("service", service), ("scope", &scope)]);
            let uri = format!("{realm}{separator}{query}").parse().ok()?;
            let json = HeaderValue::from_static("application/json");
            wire.get(uri, json, login.and_then(basic).as_ref()).await?
        }
    };
    (answer.status == StatusCode::OK).then(|| given(&answer.body))?
}

fn given(body: &Bytes) -> Option<String> {
    let Given { token, access_token } = serde_json::from_slice(body).ok()?;
    [token, access_token].into_iter().find(|token| !token.is_empty())
}

fn basic(login: &DockerCredentials) -> Option<HeaderValue> {
    let (user, password) = (login.username.as_deref()?, login.password.as_deref()?);
    secret(format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))
}

fn secret(text: String) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_maybe_shared(Bytes::from(text)).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The first challenge that can be met; a token is better than a password.
fn challenge(refusal: &HeaderMap) -> Option<Challenge> {
    let texts = refusal.get_all(header::WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
    let found: Vec<Challenge> = texts.filter_map(parse).collect();
    let token = found.iter().position(|challenge| *challenge != Challenge::Basic);
    found.into_iter().nth(token.unwrap_or(0))
}

/// `Bearer realm="https://auth.example/token",service="registry.example"`
fn parse(text: &str) -> Option<Challenge> {
    let (scheme, rest) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    if scheme.eq_ignore_ascii_case("basic") {
        return Some(Challenge::Basic);
    }
    let value = |name| parameter(rest, name);
    let is_bearer = scheme.eq_ignore_ascii_case("bearer");
    is_bearer.then(|| {
        Some(Challenge::Bearer { realm: value("realm")?, service: value("service").unwrap_or_default() })
    })?
}

/// One of `name="value", name=value`; a comma within quotes belongs to the value.
fn parameter(mut rest: &str, name: &str) -> Option<String> {
    loop {
        let (key, after) = rest.trim_start_matches([' ', ',']).split_once('=')?;
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => after.split_once(',').unwrap_or((after, "")),
        };
        if key.trim().eq_ignore_ascii_case(name) {
            return Some(value.to_owned());
        }
        rest = after;
    }
}

/// `application/x-www-form-urlencoded`
fn form(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    pairs.join("&")
}

fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bearer(realm: &str, service: &str) -> Option<Challenge> {
        Some(Challenge::Bearer { realm: realm.to_owned(), service: service.to_owned() })
    }

    #[test]
    fn challenges_are_read_as_registries_write_them() {
        for (text, meant) in [
            (r#"Basic realm="basic-realm""#, Some(Challenge::Basic)),
            (
                r#"Bearer realm="https://auth.example/token",service="r.example",scope="repository:a:pull,push""#,
                bearer("https://auth.example/token", "r.example"),
            ),
            (r#"bearer scope="a,realm=b", realm="https://a.example""#, bearer("https://a.example", "")),
            ("Bearer realm=https://a.example, service=s", bearer("https://a.example", "s")),
            ("Bearer", None),
            (r#"Bearer realm="open"#, None),
            ("Negotiate", None),
            ("", None),
        ] {
            assert_eq!(parse(text), meant, "{text}");
        }
    }

    #[test]
    fn a_token_is_preferred_to_a_password() {
        let mut refusal = HeaderMap::new();
        for text in ["Basic realm=\"a\"", "Bearer realm=\"https://a.example\""] {
            refusal.append(header::WWW_AUTHENTICATE, HeaderValue::from_static(text));
        }
        assert_eq!(challenge(&refusal), bearer("https://a.example", ""));
        assert_eq!(challenge(&HeaderMap::new()), None);
    }

    #[test]
    fn a_form_keeps_what_has_a_meaning_of_its_own() {
        let pairs = [("service", "r & d"), ("scope", "repository:a/b:pull")];
        assert_eq!(form(&pairs), "service=r%20%26%20d&scope=repository%3Aa%2Fb%3Apull");
    }
}
