//! Image references as files write them: `docker.io/library/postgres:17@sha256:…`.

/// The last part of the repository, when the image is one of the official ones: `postgres` for `postgres:17`,
/// `docker.io/library/postgres`.
pub(crate) fn official(image: &str) -> Option<&str> {
    let name = repository(image);
    (!name.contains('/')).then_some(name)
}

/// The name without registry, tag and digest when the registry is Docker Hub: `grafana/grafana`, `postgres`.
pub(crate) fn repository(image: &str) -> &str {
    let name = image.split('@').next().unwrap_or_default();
    let name = match name.rfind(':') {
        Some(colon) if !name[colon..].contains('/') => &name[..colon],
        _ => name,
    };
    let name = name.strip_prefix("docker.io/").unwrap_or(name);
    name.strip_prefix("library/").unwrap_or(name)
}

/// The tag, if any.
pub(crate) fn tag(image: &str) -> Option<&str> {
    let name = image.split('@').next().unwrap_or_default();
    let last = name.rsplit('/').next().unwrap_or_default();
    last.split_once(':').map(|(_, tag)| tag)
}

#[cfg(test)]
mod tests {
    use super::{official, tag};

    #[test]
    fn names_and_tags_are_told_from_registry_ports() {
        assert_eq!((official("postgres:17"), tag("postgres:17")), (Some("postgres"), Some("17")));
        assert_eq!((official("localhost:5000/app"), tag("localhost:5000/app")), (None, None));
        assert_eq!(official("docker.io/library/redis"), Some("redis"));
        assert_eq!((official("redis@sha256:0"), tag("redis@sha256:0")), (Some("redis"), None));
    }
}
