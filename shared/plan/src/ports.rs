//! Host ports that a start asks for: which stops set one free, and whether somebody else has it.

use std::collections::{BTreeMap, BTreeSet};

use composeyard_compose::{
    ServiceName,
    model::{Port, Service},
};

use crate::{PortHolder, PublishedPort, StepId, draft::Draft};

/// Host ports that stops in this plan set free, with those stops: a start that wants one comes after.
pub(crate) fn freed(draft: &Draft<'_>) -> BTreeMap<u16, BTreeSet<StepId>> {
    let mut freed = BTreeMap::<u16, BTreeSet<StepId>>::new();
    for container in &draft.observed.containers {
        let Some(stop) = draft.stops.get(&container.id) else { continue };
        for port in &container.ports {
            freed.entry(port.host_port).or_default().insert(*stop);
        }
    }
    freed
}

/// Host ports that a service asks for, ranges spelled out.
pub(crate) fn published(service: &Service) -> Vec<u16> {
    let range = |text: &str| -> Option<std::ops::RangeInclusive<u16>> {
        let (low, high) = text.split_once('-').unwrap_or((text, text));
        Some(low.parse().ok()?..=high.parse().ok()?)
    };
    service.ports.iter().filter_map(|port| range(&port.published)).flatten().collect()
}

/// Warns of each port that a container of someone else has. The start is tried all the same: that one may end first.
pub(crate) fn warn_of_taken(draft: &mut Draft<'_>, name: &ServiceName, service: &Service) {
    for port in &service.ports {
        let holder =
            draft.observed.others.iter().find(|other| other.ports.iter().any(|held| clash(port, held)));
        let Some(PortHolder { container, project, .. }) = holder else { continue };
        let of_project = if project.is_empty() { String::new() } else { format!(" of project {project}") };
        let published = &port.published;
        draft.warnings.push(format!(
            "Service {name}: port {published} is used by container {container}{of_project}. Stop it, or publish a \
             different port."
        ));
    }
}

/// A wanted range leaves the engine a choice.
fn clash(wanted: &Port, held: &PublishedPort) -> bool {
    let everywhere = |address: &str| matches!(address, "" | "0.0.0.0" | "::");
    let same_address =
        wanted.host_ip == held.host_ip || everywhere(&wanted.host_ip) || everywhere(&held.host_ip);
    let protocol = if wanted.protocol.is_empty() { "tcp" } else { &wanted.protocol };
    wanted.published.parse() == Ok(held.host_port) && protocol == held.protocol && same_address
}
