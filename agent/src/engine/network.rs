//! Networks: create, remove, join, leave.

use bollard::{
    Docker,
    models::{
        self, EndpointSettings, Ipam, IpamConfig, NetworkConnectRequest, NetworkCreateRequest,
        NetworkDisconnectRequest,
    },
    query_parameters::{InspectNetworkOptions, ListNetworksOptionsBuilder},
};
use composeyard_compose::{
    ProjectName,
    model::{self, IpamPool},
};

use super::{
    ContainerId, EngineError,
    labels::{self, Labels},
    names::resource,
};

/// `POST /networks/create`. One that exists by now counts as made.
pub(super) async fn create(
    docker: &Docker,
    project: &ProjectName,
    key: &str,
    network: &model::Network,
) -> Result<(), EngineError> {
    let name = resource(&network.name)?;
    // Older engines make a second network of the same name without a word.
    if docker.inspect_network(name.as_str(), None::<InspectNetworkOptions>).await.is_ok() {
        return Ok(());
    }
    let request = NetworkCreateRequest {
        name: network.name.clone(),
        driver: (!network.driver.is_empty()).then(|| network.driver.clone()),
        options: Some(network.driver_opts.clone().into_iter().collect()),
        internal: Some(network.internal),
        attachable: Some(network.attachable),
        enable_ipv4: network.enable_ipv4,
        enable_ipv6: network.enable_ipv6,
        ipam: ipam(&network.ipam),
        labels: Some(labels::network(project, key, network)),
        ..Default::default()
    };
    match docker.create_network(request).await.map_err(EngineError::from) {
        Err(error) if error.status() == Some(409) => Ok(()),
        Err(error) => Err(error),
        Ok(made) => give_way(docker, project, key, network, &made.id).await,
    }
}

/// Removes the network that was just made where another of its name was made meanwhile: somebody who was killed may have
/// asked for it, older engines make both, and no container can join one of two. `GET /networks`.
async fn give_way(
    docker: &Docker,
    project: &ProjectName,
    key: &str,
    network: &model::Network,
    made: &str,
) -> Result<(), EngineError> {
    let filters = labels::project_filter(project.as_str());
    let options = ListNetworksOptionsBuilder::default().filters(&filters).build();
    let is_twin = |other: &models::Network| {
        let other_key = other.labels.as_ref().and_then(|labels| labels.get(Labels::NETWORK));
        other.name.as_ref() == Some(&network.name)
            && other_key.is_some_and(|other| other == key)
            && other.id.as_ref().is_some_and(|id| id != made)
    };
    if docker.list_networks(Some(options)).await?.iter().any(is_twin) {
        remove(docker, made).await?;
    }
    Ok(())
}

fn ipam(wanted: &model::Ipam) -> Option<Ipam> {
    if *wanted == model::Ipam::default() {
        return None;
    }
    let text = |value: &str| (!value.is_empty()).then(|| value.to_owned());
    let pool = |pool: &IpamPool| IpamConfig {
        subnet: text(&pool.subnet),
        ip_range: text(&pool.ip_range),
        gateway: text(&pool.gateway),
        auxiliary_addresses: (!pool.aux_addresses.is_empty())
            .then(|| pool.aux_addresses.clone().into_iter().collect()),
    };
    Some(Ipam {
        driver: text(&wanted.driver),
        config: Some(wanted.config.iter().map(pool).collect()),
        options: (!wanted.options.is_empty()).then(|| wanted.options.clone().into_iter().collect()),
    })
}

/// `DELETE /networks/{id}`. True when it is gone; false when something still uses it.
pub(super) async fn remove(docker: &Docker, id: &str) -> Result<bool, EngineError> {
    match docker.remove_network(resource(id)?.as_str()).await.map_err(EngineError::from) {
        Ok(()) => Ok(true),
        Err(error) if error.status() == Some(404) => Ok(true),
        Err(error) if matches!(error.status(), Some(403 | 409)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// `POST /networks/{id}/connect`. A container that is on it already counts as joined.
pub(super) async fn connect(
    docker: &Docker,
    container: &ContainerId,
    network: &str,
    settings: EndpointSettings,
) -> Result<(), EngineError> {
    let request =
        NetworkConnectRequest { container: container.as_str().to_owned(), endpoint_config: Some(settings) };
    match docker.connect_network(resource(network)?.as_str(), request).await.map_err(EngineError::from) {
        Err(error) if error.to_string().contains("already exists in network") => Ok(()),
        other => other,
    }
}

/// `POST /networks/{id}/disconnect` with force. A container or network that is gone counts as done.
pub(super) async fn disconnect(
    docker: &Docker,
    container: &ContainerId,
    network: &str,
) -> Result<(), EngineError> {
    let request = NetworkDisconnectRequest { container: container.as_str().to_owned(), force: Some(true) };
    match docker.disconnect_network(resource(network)?.as_str(), request).await.map_err(EngineError::from) {
        Err(error) if error.status() == Some(404) => Ok(()),
        Err(error) if error.to_string().contains("is not connected") => Ok(()),
        other => other,
    }
}
