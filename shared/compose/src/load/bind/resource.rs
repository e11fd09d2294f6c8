//! Top-level networks, volumes, secrets and configs, and a service's place on a network.

use super::fields::Fields;
use crate::{
    load::{findings::Findings, path::Path, tree::Value},
    model::{Endpoint, FileObject, Ipam, IpamPool, Network, Volume},
};

pub(super) fn network(value: &Value, path: Path<'_>, findings: &mut Findings) -> Option<Network> {
    let mut f = Fields::of(value, path, findings);
    Some(Network {
        name: f.text("name"),
        driver: f.text("driver"),
        driver_opts: f.labels("driver_opts"),
        ipam: f.nested("ipam", ipam).unwrap_or_default(),
        external: f.flag("external"),
        internal: f.flag("internal"),
        attachable: f.flag("attachable"),
        labels: f.labels("labels"),
        enable_ipv4: f.flag_option("enable_ipv4"),
        enable_ipv6: f.flag_option("enable_ipv6"),
        extra: f.extra(),
    })
}

fn ipam(mut f: Fields<'_>) -> Ipam {
    Ipam {
        driver: f.text("driver"),
        config: f.each("config", pool),
        options: f.labels("options"),
        extra: f.extra(),
    }
}

fn pool(value: &Value, path: Path<'_>, findings: &mut Findings) -> Option<IpamPool> {
    let mut f = Fields::of(value, path, findings);
    Some(IpamPool {
        subnet: f.text("subnet"),
        gateway: f.text("gateway"),
        ip_range: f.text("ip_range"),
        aux_addresses: f.labels("aux_addresses"),
        extra: f.extra(),
    })
}

pub(super) fn volume(value: &Value, path: Path<'_>, findings: &mut Findings) -> Option<Volume> {
    let mut f = Fields::of(value, path, findings);
    Some(Volume {
        name: f.text("name"),
        driver: f.text("driver"),
        driver_opts: f.labels("driver_opts"),
        external: f.flag("external"),
        labels: f.labels("labels"),
        extra: f.extra(),
    })
}

pub(super) fn file_object(value: &Value, path: Path<'_>, findings: &mut Findings) -> Option<FileObject> {
    let mut f = Fields::of(value, path, findings);
    Some(FileObject {
        name: f.text("name"),
        file: f.text("file"),
        environment: f.text("environment"),
        content: f.text("content"),
        value: f.optional_text("x-#value"),
        external: f.flag("external"),
        labels: f.labels("labels"),
        driver: f.text("driver"),
        driver_opts: f.options("driver_opts"),
        template_driver: f.text("template_driver"),
        extra: f.extra(),
    })
}

/// A service's entry under `networks`; null is a place without wishes.
pub(super) fn endpoint(
    value: &Value,
    path: Path<'_>,
    findings: &mut Findings,
) -> Option<Option<Box<Endpoint>>> {
    if value.is_null() {
        return Some(None);
    }
    let mut f = Fields::of(value, path, findings);
    Some(Some(Box::new(Endpoint {
        aliases: f.texts("aliases"),
        driver_opts: f.labels("driver_opts"),
        gw_priority: f.int("gw_priority"),
        interface_name: f.text("interface_name"),
        ipv4_address: f.text("ipv4_address"),
        ipv6_address: f.text("ipv6_address"),
        link_local_ips: f.texts("link_local_ips"),
        mac_address: f.text("mac_address"),
        priority: f.int("priority"),
        extra: f.extra(),
    })))
}
