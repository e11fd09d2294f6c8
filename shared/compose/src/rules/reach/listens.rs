//! On which ports a service listens, as far as its image, its Dockerfile and the Compose files tell.

use std::ops::RangeInclusive;

use crate::facts::images;
use crate::model::{MountType, Port, Service};
use crate::rules::dockerfile::Dockerfile;

/// What is known about a port of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The service listens there.
    Heard,
    /// It is a port of the host that leads to this port of the container.
    Published(u16),
    /// Other ports are named, this one is not.
    Unheard,
    /// The file does not tell.
    Unknown,
}

/// What is known about a port of a service; `dockerfile` is the one it is built from, when that can be read.
pub(crate) fn judge(service: &Service, dockerfile: Option<&Dockerfile>, port: u16) -> Verdict {
    judge_by(service, dockerfile, port, || is_mentioned(service, port))
}

/// As [`judge`], by whether the service's own lines hold the number.
pub(crate) fn judge_by(
    service: &Service,
    dockerfile: Option<&Dockerfile>,
    port: u16,
    is_mentioned: impl FnOnce() -> bool,
) -> Verdict {
    if heard(service, dockerfile).any(|range| range.contains(&port)) {
        return Verdict::Heard;
    }
    if is_mentioned() || dockerfile.is_some_and(|file| mentions(&file.text, port)) {
        return Verdict::Unknown;
    }
    if let Some(target) = published(service, port) {
        return Verdict::Published(target);
    }
    let may_be_told_otherwise =
        || !service.configs.is_empty() || service.volumes.iter().any(|mount| mount.kind == MountType::Bind);
    if heard(service, dockerfile).next().is_none() || may_be_told_otherwise() || !service.env_file.is_empty()
    {
        return Verdict::Unknown;
    }
    Verdict::Unheard
}

/// Whether all ports of the service may be known, from its image or its Dockerfile; what a Compose file publishes is only
/// what others need.
pub(crate) fn is_known_well(service: &Service, dockerfile: Option<&Dockerfile>) -> bool {
    !images::ports(&service.image).is_empty() || dockerfile.is_some_and(|file| !file.exposes.is_empty())
}

/// The ports that something names as the service's own.
pub(crate) fn heard<'s>(
    service: &'s Service,
    dockerfile: Option<&'s Dockerfile>,
) -> impl Iterator<Item = RangeInclusive<u16>> + 's {
    let targets =
        service.ports.iter().filter_map(|port| u16::try_from(port.target).ok()).map(|port| port..=port);
    let exposed = service.expose.iter().filter_map(|text| range(text.split('/').next().unwrap_or_default()));
    let of_image = images::ports(&service.image).iter().map(|port| *port..=*port);
    let of_file = dockerfile.into_iter().flat_map(|file| &file.exposes).map(|port| *port..=*port);
    targets.chain(exposed).chain(of_image).chain(of_file)
}

fn range(text: &str) -> Option<RangeInclusive<u16>> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    Some(first.parse().ok()?..=last.parse().ok()?)
}

/// The container port behind a host port.
pub(crate) fn published(service: &Service, port: u16) -> Option<u16> {
    let leads = |known: &&Port| known.published.parse() == Ok(port) && known.target != u32::from(port);
    service.ports.iter().find(leads).and_then(|known| u16::try_from(known.target).ok())
}

/// True when the service's own lines hold the number: a command, a variable, a label may set the port.
pub(crate) fn is_mentioned(service: &Service, port: u16) -> bool {
    let mut test = service.healthcheck.iter().flat_map(|check| &check.test);
    is_mentioned_beside_test(service, port) || test.any(|text| mentions(text, port))
}

/// As [`is_mentioned`], the health check left out.
pub(crate) fn is_mentioned_beside_test(service: &Service, port: u16) -> bool {
    let values = service.environment.values().flatten().chain(service.labels.values());
    let words = service.command.iter().chain(&service.entrypoint).flatten();
    let number = port.to_string();
    values.chain(words).any(|text| holds(text, &number))
}

/// True when a text holds the number on its own.
pub(crate) fn mentions(text: &str, port: u16) -> bool {
    holds(text, &port.to_string())
}

fn holds(text: &str, number: &str) -> bool {
    text.as_bytes().split(|byte| !byte.is_ascii_digit()).any(|digits| digits == number.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_counts_only_on_its_own() {
        assert!(mentions("--port=8000", 8000) && mentions("0.0.0.0:8000", 8000));
        assert!(!mentions("18000", 8000) && !mentions("80", 8000));
    }
}
