//! Where an image is asked for: its name taken apart, and the registry's addresses as the engine would try them.

use std::net::IpAddr;

use bollard::models::RegistryServiceConfig;
use hyper::Uri;
use tokio::net::lookup_host;

use super::super::names;

/// What Docker Hub is called in names of images, and where it answers.
const HUB: (&str, &str) = ("docker.io", "registry-1.docker.io");

/// An image's name, taken apart and completed as the engine does it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// `docker.io`, `registry.example:5000`
    pub(super) registry: String,
    /// `library/nginx`
    pub(super) repository: String,
    /// Tag or digest: `latest`, `sha256:…`.
    pub(super) version: String,
}

impl Reference {
    /// None for what is no name of an image.
    pub(super) fn parse(image: &str) -> Option<Self> {
        let (name, digest) = match names::image(image).ok()?.split_once('@') {
            Some((name, digest)) => (name, Some(digest)),
            None => (image, None),
        };
        let is_host = |part: &str| part.contains(['.', ':']) || part == "localhost";
        let (registry, path) = match name.split_once('/') {
            Some((host, path)) if is_host(host) => (host, path),
            _ => (HUB.0, name),
        };
        let (path, tag) = path.split_once(':').unwrap_or((path, "latest"));
        let is_hub = registry == HUB.0 || registry == "index.docker.io";
        Some(Self {
            registry: if is_hub { HUB.0 } else { registry }.to_owned(),
            repository: if is_hub && !path.contains('/') {
                format!("library/{path}")
            } else {
                path.to_owned()
            },
            version: digest.unwrap_or(tag).to_owned(),
        })
    }
}

/// One address of a registry.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Origin {
    /// `https://registry.example:5000`
    pub(super) base: String,
    /// The user's login is for it; mirrors get none.
    pub(super) takes_login: bool,
}

/// What the engine says of the registries it speaks to, and where it is.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) registries: RegistryServiceConfig,
    /// It runs on this machine: its `localhost` is ours.
    pub(super) is_near: bool,
}

impl Settings {
    /// The addresses to try in this order, the next one when one cannot be reached.
    pub(super) async fn origins(&self, registry: &str) -> Vec<Origin> {
        if registry == HUB.0 {
            let mirrors = self.registries.mirrors.iter().flatten();
            let mirrors =
                mirrors.map(|url| Origin { base: url.trim_end_matches('/').to_owned(), takes_login: false });
            let hub = Origin { base: format!("https://{}", HUB.1), takes_login: true };
            return mirrors.chain([hub]).collect();
        }
        let addresses = addresses(registry).await;
        if !self.is_near && addresses.iter().any(IpAddr::is_loopback) {
            return Vec::new();
        }
        let schemes: &[&str] =
            if self.is_insecure(registry, &addresses) { &["https", "http"] } else { &["https"] };
        let origin = |scheme: &&str| Origin { base: format!("{scheme}://{registry}"), takes_login: true };
        schemes.iter().map(origin).collect()
    }

    /// True when the engine would speak to it without encryption.
    fn is_insecure(&self, registry: &str, addresses: &[IpAddr]) -> bool {
        let named = self.registries.index_configs.iter().flatten().find(|(name, _)| *name == registry);
        if let Some((_, index)) = named {
            return index.secure == Some(false);
        }
        let ranges = self.registries.insecure_registry_cidrs.iter().flatten();
        ranges
            .filter_map(|range| parse_range(range))
            .any(|range| addresses.iter().any(|at| is_in(*at, range)))
    }
}

/// The addresses of `host[:port]`; none for a name that is not known.
async fn addresses(registry: &str) -> Vec<IpAddr> {
    let Ok(uri) = format!("https://{registry}").parse::<Uri>() else { return Vec::new() };
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    match lookup_host((host, uri.port_u16().unwrap_or(443))).await {
        Ok(found) => found.map(|address| address.ip()).collect(),
        Err(_) => Vec::new(),
    }
}

/// `127.0.0.0/8`
fn parse_range(text: &str) -> Option<(IpAddr, u32)> {
    let (address, bits) = text.split_once('/')?;
    Some((address.parse().ok()?, bits.parse().ok()?))
}

fn is_in(address: IpAddr, (start, bits): (IpAddr, u32)) -> bool {
    match (address, start) {
        (IpAddr::V4(address), IpAddr::V4(start)) => {
            let differing = u32::from(address) ^ u32::from(start);
            bits <= 32 && differing.leading_zeros() >= bits
        }
        (IpAddr::V6(address), IpAddr::V6(start)) => {
            let differing = u128::from(address) ^ u128::from(start);
            bits <= 128 && differing.leading_zeros() >= bits
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use bollard::models::IndexInfo;

    use super::*;

    #[test]
    fn names_of_images_are_completed_as_the_engine_completes_them() {
        let parsed = |image: &str| {
            Reference::parse(image).map(|found| [found.registry, found.repository, found.version].join(" "))
        };
        for (image, parts) in [
            ("nginx", "docker.io library/nginx latest"),
            ("me/app:1", "docker.io me/app 1"),
            ("index.docker.io/nginx", "docker.io library/nginx latest"),
            ("localhost/app", "localhost app latest"),
            ("localhost:5000/a/b:1", "localhost:5000 a/b 1"),
            ("registry.example/app@sha256:ab", "registry.example app sha256:ab"),
            ("nginx:1@sha256:ab", "docker.io library/nginx sha256:ab"),
        ] {
            assert_eq!(parsed(image).as_deref(), Some(parts), "{image}");
        }
        assert_eq!(parsed("../../v2/x"), None);
    }

    fn settings(is_near: bool) -> Settings {
        let open = IndexInfo { secure: Some(false), ..IndexInfo::default() };
        let registries = RegistryServiceConfig {
            insecure_registry_cidrs: Some(vec!["127.0.0.0/8".to_owned(), "10.1.0.0/16".to_owned()]),
            index_configs: Some(HashMap::from([("open.invalid:5000".to_owned(), open)])),
            mirrors: Some(vec!["http://mirror.invalid/".to_owned()]),
        };
        Settings { registries, is_near }
    }

    async fn bases(is_near: bool, registry: &str) -> Vec<String> {
        settings(is_near).origins(registry).await.into_iter().map(|origin| origin.base).collect()
    }

    #[tokio::test]
    async fn only_registries_that_the_engine_calls_insecure_are_asked_without_encryption() {
        assert_eq!(bases(true, "127.0.0.1:5000").await, ["https://127.0.0.1:5000", "http://127.0.0.1:5000"]);
        assert_eq!(bases(true, "10.1.2.3").await, ["https://10.1.2.3", "http://10.1.2.3"]);
        let open = ["https://open.invalid:5000", "http://open.invalid:5000"];
        assert_eq!(bases(true, "open.invalid:5000").await, open);
        for secure in ["10.2.0.1:5000", "registry.invalid", "[::1]:5000"] {
            assert_eq!(bases(true, secure).await, [format!("https://{secure}")]);
        }
    }

    #[tokio::test]
    async fn a_far_engines_localhost_is_not_asked_for_here() {
        assert!(bases(false, "localhost:5000").await.is_empty());
        assert!(bases(false, "127.0.0.1:5000").await.is_empty());
        assert_eq!(bases(false, "registry.invalid").await, ["https://registry.invalid"]);
    }

    #[tokio::test]
    async fn mirrors_of_docker_hub_come_first_and_get_no_login() {
        let origins = settings(true).origins("docker.io").await;
        let shown: Vec<_> = origins.iter().map(|one| (one.base.as_str(), one.takes_login)).collect();
        assert_eq!(shown, [("http://mirror.invalid", false), ("https://registry-1.docker.io", true)]);
    }
}
