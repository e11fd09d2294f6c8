//! A service's place on its networks.

use bollard::models::{EndpointIpamConfig, EndpointSettings};
use composeyard_compose::model::{Endpoint, by_priority};
use composeyard_plan::container_name;

use super::Site;

/// One network to be on.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Attachment {
    /// The engine's name of the network.
    pub(in super::super) network: String,
    pub(in super::super) settings: EndpointSettings,
}

/// `HostConfig.NetworkMode` and all networks: the one with the highest priority first, by name where equal.
pub(super) fn all(site: &Site<'_>) -> (String, Vec<Attachment>) {
    if !site.service.network_mode.is_empty() {
        return (site.service.network_mode.clone(), Vec::new());
    }
    let keys = by_priority(&site.service.networks).into_iter();
    let attachments: Vec<Attachment> = keys.filter_map(|key| attachment(site, key)).collect();
    let mode = attachments.first().map_or_else(|| "none".to_owned(), |main| main.network.clone());
    (mode, attachments)
}

/// How a container of the service is on one network; none for a network that the project does not have.
pub(in super::super) fn attachment(site: &Site<'_>, key: &str) -> Option<Attachment> {
    let network = site.project.networks.get(key)?.name.clone();
    let endpoint = site.service.networks.get(key).cloned().flatten().unwrap_or_default();
    Some(Attachment { network, settings: settings(site, *endpoint) })
}

fn settings(site: &Site<'_>, endpoint: Endpoint) -> EndpointSettings {
    let text = |value: String| (!value.is_empty()).then_some(value);
    let own = container_name(&site.project.name, site.name, site.service, site.number);
    // Whoever asks for the service by name does not mean a container that runs one command.
    let mut aliases = if site.one_off.is_some() { Vec::new() } else { vec![own, site.name.to_string()] };
    aliases.extend(endpoint.aliases);
    let fixed = EndpointIpamConfig {
        ipv4_address: text(endpoint.ipv4_address),
        ipv6_address: text(endpoint.ipv6_address),
        link_local_ips: (!endpoint.link_local_ips.is_empty()).then_some(endpoint.link_local_ips),
    };
    let mac =
        if endpoint.mac_address.is_empty() { site.service.mac_address.clone() } else { endpoint.mac_address };
    EndpointSettings {
        aliases: Some(aliases),
        links: (!site.links.is_empty()).then(|| site.links.to_vec()),
        ipam_config: (fixed != EndpointIpamConfig::default()).then_some(fixed),
        mac_address: text(mac),
        driver_opts: (!endpoint.driver_opts.is_empty()).then(|| endpoint.driver_opts.into_iter().collect()),
        gw_priority: (endpoint.gw_priority != 0).then_some(endpoint.gw_priority),
        ..Default::default()
    }
}
