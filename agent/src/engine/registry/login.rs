//! Logins of private registries, as the docker command keeps them: `config.json` in `DOCKER_CONFIG` or `~/.docker`,
//! with passwords in it (`auths`) or with a helper program (`credHelpers`, `credsStore`).

use std::{collections::BTreeMap, process::Stdio, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bollard::auth::DockerCredentials;
use serde::Deserialize;
use tokio::{io::AsyncWriteExt, process::Command, time};

use super::super::contexts;

/// How the file names Docker Hub.
const HUB: &str = "https://index.docker.io/v1/";
/// A helper that asks someone something never answers here.
const HELPER_LIMIT: Duration = Duration::from_secs(20);

/// The file, as far as logins go.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Config {
    auths: BTreeMap<String, Login>,
    cred_helpers: BTreeMap<String, String>,
    creds_store: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase", default)]
struct Login {
    /// `user:password` in base64.
    auth: String,
    username: String,
    password: String,
    identitytoken: String,
    registrytoken: String,
}

/// What a helper answers to `get`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Helped {
    username: String,
    secret: String,
}

/// The login for the registry of an image; none when there is none, which public images do without.
pub(in super::super) async fn login(image: &str) -> Option<DockerCredentials> {
    let path = contexts::folder()?.join("config.json");
    let text = tokio::fs::read_to_string(&path).await.ok()?;
    let config: Config = match serde_json::from_str(&text) {
        Ok(config) => config,
        Err(error) => {
            tracing::warn!("{}: {error}: no login is used", path.display());
            return None;
        }
    };
    config.login(host(image)).await
}

/// The registry's host, as the file names it. An image without one is on Docker Hub.
fn host(image: &str) -> &str {
    match image.split_once('/') {
        Some(("docker.io" | "index.docker.io", _)) => HUB,
        Some((first, _)) if first.contains(['.', ':']) || first == "localhost" => first,
        _ => HUB,
    }
}

impl Config {
    async fn login(&self, host: &str) -> Option<DockerCredentials> {
        let helper = self.cred_helpers.get(host).or(Some(&self.creds_store)).filter(|name| !name.is_empty());
        let stored = self.stored(host).map(|login| login.credentials(host));
        match helper {
            Some(helper) => ask(helper, host).await.or(stored),
            None => stored,
        }
    }

    /// Older files hold `https://host/v1/` where newer ones hold `host`.
    fn stored(&self, host: &str) -> Option<&Login> {
        let bare = |key: &str| {
            let rest = key.trim_start_matches("https://").trim_start_matches("http://");
            rest.split('/').next().unwrap_or_default().to_owned()
        };
        let exact = self.auths.get(host);
        exact.or_else(|| self.auths.iter().find(|(key, _)| bare(key) == host).map(|(_, login)| login))
    }
}

impl Login {
    fn credentials(&self, host: &str) -> DockerCredentials {
        let decoded = STANDARD.decode(self.auth.trim_end_matches('\0')).unwrap_or_default();
        let decoded = String::from_utf8(decoded).unwrap_or_default();
        let (user, password) = decoded.split_once(':').unwrap_or((&self.username, &self.password));
        let text = |value: &str| (!value.is_empty()).then(|| value.to_owned());
        DockerCredentials {
            username: text(user),
            password: text(password.trim_end_matches('\0')),
            identitytoken: text(&self.identitytoken),
            registrytoken: text(&self.registrytoken),
            serveraddress: Some(host.to_owned()),
            ..Default::default()
        }
    }
}

/// Runs `docker-credential-NAME get` with the host on its standard input.
async fn ask(helper: &str, host: &str) -> Option<DockerCredentials> {
    let sound = helper.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if !sound {
        tracing::warn!("{helper:?} is no name of a credential helper");
        return None;
    }
    let mut child = Command::new(format!("docker-credential-{helper}"))
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .inspect_err(|error| tracing::warn!("docker-credential-{helper}: {error}"))
        .ok()?;
    // Dropped after the write: the helper reads to the end.
    child.stdin.take()?.write_all(host.as_bytes()).await.ok()?;
    let output = time::timeout(HELPER_LIMIT, child.wait_with_output())
        .await
        .inspect_err(|_| {
            tracing::warn!("docker-credential-{helper} has not answered for 20 s: no login is used");
        })
        .ok()?
        .ok()?;
    // A helper that knows no login for the host ends with 1.
    let helped: Helped = serde_json::from_slice(&output.stdout).ok().filter(|_| output.status.success())?;
    let token = helped.username == "<token>";
    Some(DockerCredentials {
        username: (!token).then_some(helped.username),
        password: (!token).then(|| helped.secret.clone()),
        identitytoken: token.then_some(helped.secret),
        serveraddress: Some(host.to_owned()),
        ..Default::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_what_stands_before_the_first_slash_if_it_looks_like_one() {
        assert_eq!(host("nginx"), HUB);
        assert_eq!(host("library/nginx:1.27"), HUB);
        assert_eq!(host("docker.io/library/nginx"), HUB);
        assert_eq!(host("localhost/app"), "localhost");
        assert_eq!(host("registry.example:5000/team/app:1"), "registry.example:5000");
    }

    #[tokio::test]
    async fn a_stored_login_is_found_under_old_and_new_names() {
        let text = r#"{"auths": {"a.example": {"auth": "dXNlcjpwYTpzcw=="}, "https://b.example/v1/": {"identitytoken": "t"}}}"#;
        let config: Config = serde_json::from_str(text).unwrap();
        let a = config.login("a.example").await.unwrap();
        assert_eq!((a.username.as_deref(), a.password.as_deref()), (Some("user"), Some("pa:ss")));
        assert_eq!(config.login("b.example").await.unwrap().identitytoken.as_deref(), Some("t"));
        assert!(config.login("c.example").await.is_none());
    }

    #[tokio::test]
    async fn a_helper_that_does_not_exist_or_is_a_path_gives_no_login() {
        for helper in ["composeyard-has-no-such-helper", "../../bin/sh", ""] {
            let config = Config { creds_store: helper.to_owned(), ..Config::default() };
            assert!(config.login("a.example").await.is_none(), "{helper}");
        }
    }
}
