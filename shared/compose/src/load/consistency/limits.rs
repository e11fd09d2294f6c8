//! The same limit in two places.

use super::Checked;

pub(super) fn check(c: &mut Checked<'_>) {
    replicas(c);
    let Some(deploy) = &c.service.deploy else { return };
    let (limits, reservations) = (deploy.resources.limits.as_ref(), deploy.resources.reservations.as_ref());
    let service = c.service;
    let cpus = limits.is_some_and(|limits| service.cpus != 0.0 && limits.cpus != service.cpus);
    let memory =
        limits.is_some_and(|limits| !service.mem_limit.is_zero() && limits.memory != service.mem_limit);
    let reserved = reservations.is_some_and(|reserved| {
        !service.mem_reservation.is_zero() && reserved.memory != service.mem_reservation
    });
    let pids = limits.is_some_and(|limits| service.pids_limit != 0 && limits.pids != service.pids_limit);
    for (differs, key, other) in [
        (cpus, "cpus", "deploy.resources.limits.cpus"),
        (memory, "mem_limit", "deploy.resources.limits.memory"),
        (reserved, "mem_reservation", "deploy.resources.reservations.memory"),
        (pids, "pids_limit", "deploy.resources.limits.pids"),
    ] {
        if differs {
            distinct(c, key, other);
        }
    }
}

fn replicas(c: &mut Checked<'_>) {
    let replicas = c.service.deploy.as_ref().and_then(|deploy| deploy.replicas);
    if let (Some(scale), Some(replicas)) = (c.service.scale, replicas)
        && scale != replicas
    {
        distinct(c, "scale", "deploy.replicas");
    }
    if c.service.scale.is_some_and(|scale| scale < 0) {
        let place = c.value_place(&["scale"]);
        c.error("CY116", place, "scale", "scale must be greater than or equal to 0");
    }
    if replicas.is_some_and(|replicas| replicas < 0) {
        let place = c.value_place(&["deploy", "replicas"]);
        c.error("CY116", place, "deploy", "deploy.replicas must be greater than or equal to 0");
    }
}

fn distinct(c: &mut Checked<'_>, key: &str, other: &str) {
    let place = c.value_place(&[key]);
    let related = c.findings.related(c.value_place(&other.split('.').collect::<Vec<_>>()), "the other value");
    let finding = c.error("CY115", place, key, format!("can't set distinct values on {key} and {other}"));
    finding.help = Some("Remove one of them, or give both the same value.".to_owned());
    finding.related.push(related);
}
