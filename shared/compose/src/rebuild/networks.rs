//! A service's place on its networks, and the networks of the project.

use std::net::IpAddr;

use serde_json::Value;

use super::{
    inspection::{Container, Endpoint, Network, Pool},
    mounts::external,
    sheet::{Sheet, own_labels, pairs},
    site::{Site, label, number, own_key},
};
use crate::ServiceName;

/// The network that services join when nothing is written.
const DEFAULT: &str = "default";

/// `network_mode` or `networks`, with the links and the address that go with them.
pub(super) fn place(sheet: &mut Sheet, service: &ServiceName, container: &Container, site: &Site<'_>) {
    let endpoints: Vec<(&String, &String, &Endpoint)> = container
        .network_settings
        .networks
        .iter()
        .filter_map(|(name, endpoint)| Some((site.networks.get(name)?, name, endpoint)))
        .collect();
    let mode = container.host_config.network_mode.as_str();
    let is_mode = matches!(mode, "host" | "none") || mode.starts_with("container:");
    if is_mode || endpoints.is_empty() {
        sheet.put("network_mode", if mode == "default" { "bridge".to_owned() } else { site.mode(mode) });
        return;
    }
    // The engine's mode is the network that was joined first; Compose takes the first name unless told.
    let first = endpoints.iter().map(|(key, ..)| *key).min();
    let mut networks: Vec<(&String, Sheet)> = endpoints
        .iter()
        .map(|(key, name, endpoint)| {
            let mut written = written_endpoint(service, container, endpoint, site);
            if *name == mode && first != Some(*key) {
                written.put("priority", 1);
            }
            (*key, written)
        })
        .collect();
    networks.sort_by_key(|(key, _)| *key);
    let all_plain = networks.iter().all(|(_, endpoint)| endpoint.is_empty());
    if !all_plain {
        let entries = networks.into_iter().map(|(key, endpoint)| (key.clone(), Value::from(endpoint)));
        sheet.put("networks", entries.collect::<Value>());
    } else if !matches!(&networks[..], [(only, _)] if *only == DEFAULT) {
        let keys = networks.iter().map(|(key, _)| key.as_str());
        sheet.put("networks", keys.collect::<Value>());
    }
    links(sheet, &endpoints, site);
    sheet.put("mac_address", container.config.mac_address.as_str());
}

fn written_endpoint(
    service: &ServiceName,
    container: &Container,
    endpoint: &Endpoint,
    site: &Site<'_>,
) -> Sheet {
    let mut written = Sheet::default();
    let own = |alias: &&String| {
        **alias != service.as_str()
            && !is_own_name(alias, service, container, site)
            && !(alias.len() >= 12 && container.id.starts_with(alias.as_str()))
    };
    let mut aliases: Vec<String> = Vec::new();
    for alias in endpoint.aliases.iter().filter(own) {
        if !aliases.contains(alias) {
            aliases.push(alias.clone());
        }
    }
    written.put("aliases", aliases);
    written.put("ipv4_address", endpoint.ipam_config.ipv4_address.as_str());
    written.put("ipv6_address", endpoint.ipam_config.ipv6_address.as_str());
    written.put("link_local_ips", endpoint.ipam_config.link_local_ips.as_slice());
    written.put("driver_opts", pairs(&endpoint.driver_opts));
    written.put("gw_priority", endpoint.gw_priority);
    written
}

/// `project-service-1`, or with underscores as Compose 1 wrote it, or what the container is called.
pub(super) fn is_own_name(name: &str, service: &ServiceName, container: &Container, site: &Site<'_>) -> bool {
    is_composed_name(name, service, container, site) || name == container.name.trim_start_matches('/')
}

/// True for the name that Compose gives by itself; while a container is replaced, 12 digits stand before it.
pub(super) fn is_composed_name(
    name: &str,
    service: &ServiceName,
    container: &Container,
    site: &Site<'_>,
) -> bool {
    let (project, number) = (&site.seen.project, number(container));
    let is_composed = |name: &str| {
        name == format!("{project}-{service}-{number}") || name == format!("{project}_{service}_{number}")
    };
    let is_prefix = |prefix: &str| prefix.len() == 12 && prefix.bytes().all(|b| b.is_ascii_hexdigit());
    is_composed(name)
        || name.split_once('_').is_some_and(|(prefix, rest)| is_prefix(prefix) && is_composed(rest))
}

/// `links` to services and `external_links` to what is none. Each link of Compose is there under three names.
fn links(sheet: &mut Sheet, endpoints: &[(&String, &String, &Endpoint)], site: &Site<'_>) {
    let (mut links, mut external) = (Vec::<String>::new(), Vec::<String>::new());
    for link in endpoints.iter().flat_map(|(.., endpoint)| &endpoint.links) {
        let (other, alias) = link.split_once(':').unwrap_or((link, link));
        let written = match site.service_of(other) {
            Some((service, _)) if alias == service.as_str() => service.to_string(),
            Some((service, _)) => format!("{service}:{alias}"),
            None if alias == other => other.to_owned(),
            None => format!("{other}:{alias}"),
        };
        let given_by_compose = site.service_of(other).is_some_and(|(service, _)| {
            let (project, stem) = (&site.seen.project, alias.rsplit_once(['-', '_']).map(|(stem, _)| stem));
            stem.is_some_and(|stem| stem == service.as_str() || stem == format!("{project}-{service}"))
        });
        let list = if site.service_of(other).is_some() { &mut links } else { &mut external };
        if !given_by_compose && !list.contains(&written) {
            list.push(written);
        }
    }
    sheet.put("links", links);
    sheet.put("external_links", external);
}

/// The top-level `networks`; a default network without options goes without saying.
pub(super) fn top(site: &Site<'_>) -> Sheet {
    let mut all = Sheet::default();
    let mut keys: Vec<(&String, &String)> = site.networks.iter().map(|(name, key)| (key, name)).collect();
    keys.sort();
    for (key, name) in keys {
        let seen = site.seen.networks.iter().find(|network| network.name == *name);
        let own =
            seen.filter(|network| own_key(&site.seen.project, &network.labels, label::NETWORK).is_some());
        let written = own.map_or_else(|| external(key, name), |network| declared(key, network, site));
        if key != DEFAULT || !written.is_empty() {
            all.keep(key, written);
        }
    }
    all
}

fn declared(key: &str, network: &Network, site: &Site<'_>) -> Sheet {
    // Newer engines note these for themselves.
    const OF_ENGINE: [&str; 2] = ["com.docker.network.enable_ipv4", "com.docker.network.enable_ipv6"];
    let mut written = Sheet::default();
    if network.name != format!("{}_{key}", site.seen.project) {
        written.put("name", network.name.as_str());
    }
    if network.driver != "bridge" {
        written.put("driver", network.driver.as_str());
    }
    let options = network.options.iter().filter(|(key, _)| !OF_ENGINE.contains(&key.as_str()));
    written.put("driver_opts", pairs(options));
    written.put("internal", network.internal);
    written.put("attachable", network.attachable);
    written.put("enable_ipv6", network.enable_ipv6);
    written.put("ipam", ipam(network, site));
    written.put("labels", own_labels(&network.labels, &std::collections::BTreeMap::new()));
    written
}

/// Addresses, unless the engine chose them.
fn ipam(network: &Network, site: &Site<'_>) -> Sheet {
    let mut written = Sheet::default();
    if network.ipam.driver != "default" {
        written.put("driver", network.ipam.driver.as_str());
    }
    let containers = site.services.values().flatten();
    let has_fixed_addresses = containers
        .filter_map(|container| container.network_settings.networks.get(&network.name))
        .any(|endpoint| {
            let fixed = &endpoint.ipam_config;
            !fixed.ipv4_address.is_empty() || !fixed.ipv6_address.is_empty()
        });
    if has_fixed_addresses || !network.ipam.config.iter().all(chosen_by_engine) {
        written.put("config", network.ipam.config.iter().map(pool).collect::<Value>());
    }
    written.put("options", pairs(&network.ipam.options));
    written
}

fn pool(pool: &Pool) -> Value {
    let mut written = Sheet::default();
    written.put("subnet", pool.subnet.as_str());
    written.put("ip_range", pool.ip_range.as_str());
    written.put("gateway", pool.gateway.as_str());
    written.put("aux_addresses", pairs(&pool.auxiliary_addresses));
    written.into()
}

/// True for a subnet that the engine takes by itself: it names the gateway then, and takes the subnet from
/// 172.17.0.0/16 to 172.31.0.0/16, from 192.168.0.0/16 in blocks of /20, or a random fd00::/8 in blocks of /64.
/// Docker daemon, "default-address-pools".
fn chosen_by_engine(pool: &Pool) -> bool {
    let Some((address, size)) = pool.subnet.split_once('/') else { return true };
    let from_default_pools = match (address.parse::<IpAddr>(), size) {
        (Ok(IpAddr::V4(address)), "16") => matches!(address.octets(), [172, 17..=31, ..]),
        (Ok(IpAddr::V4(address)), "20") => matches!(address.octets(), [192, 168, ..]),
        (Ok(IpAddr::V6(address)), "64") => address.segments()[0] & 0xff00 == 0xfd00,
        _ => false,
    };
    from_default_pools
        && !pool.gateway.is_empty()
        && pool.ip_range.is_empty()
        && pool.auxiliary_addresses.is_empty()
}
