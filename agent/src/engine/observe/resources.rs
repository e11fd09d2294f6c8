//! Networks and volumes of a project.

use std::collections::{BTreeMap, HashMap};

use bollard::{
    Docker,
    query_parameters::{InspectNetworkOptions, ListNetworksOptionsBuilder, ListVolumesOptionsBuilder},
};
use composeyard_compose::{Project, ProjectName};
use composeyard_plan::{ObservedNetwork, ObservedVolume};

use super::super::{EngineError, labels::Labels, labels::project_filter, names};

/// Networks that carry the label, and declared ones found by name.
pub(super) async fn networks(
    docker: &Docker,
    project: &ProjectName,
    wanted: Option<&Project>,
) -> Result<Vec<ObservedNetwork>, EngineError> {
    let filters = project_filter(project.as_str());
    let options = ListNetworksOptionsBuilder::default().filters(&filters).build();
    let mut found: BTreeMap<String, ObservedNetwork> = docker
        .list_networks(Some(options))
        .await?
        .into_iter()
        .map(|network| {
            let id = network.id.unwrap_or_default();
            (id.clone(), observed_network(id, network.name, &network.labels.unwrap_or_default()))
        })
        .collect();
    for network in wanted.into_iter().flat_map(|project| project.networks.values()) {
        if found.values().any(|known| known.name == network.name) {
            continue;
        }
        let name = names::resource(&network.name)?;
        match docker.inspect_network(name.as_str(), None::<InspectNetworkOptions>).await {
            Ok(details) => {
                let id = details.id.unwrap_or_default();
                let network = observed_network(id.clone(), details.name, &details.labels.unwrap_or_default());
                found.insert(id, network);
            }
            Err(bollard::errors::Error::DockerResponseServerError { status_code: 404, .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let mut found: Vec<_> = found.into_values().collect();
    found.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    Ok(found)
}

fn observed_network(id: String, name: Option<String>, labels: &HashMap<String, String>) -> ObservedNetwork {
    let label = |key: &str| labels.get(key).cloned();
    ObservedNetwork {
        id,
        name: name.unwrap_or_default(),
        key: label(Labels::NETWORK).unwrap_or_default(),
        project: label(Labels::PROJECT).unwrap_or_default(),
        config_hash: label(Labels::CONFIG_HASH),
    }
}

/// Volumes that carry the label, and declared ones found by name.
pub(super) async fn volumes(
    docker: &Docker,
    project: &ProjectName,
    wanted: Option<&Project>,
) -> Result<Vec<ObservedVolume>, EngineError> {
    let filters = project_filter(project.as_str());
    let options = ListVolumesOptionsBuilder::default().filters(&filters).build();
    let listed = docker.list_volumes(Some(options)).await?.volumes.unwrap_or_default();
    let mut found: BTreeMap<String, ObservedVolume> =
        listed.into_iter().map(|volume| (volume.name.clone(), observed_volume(volume))).collect();
    for volume in wanted.into_iter().flat_map(|project| project.volumes.values()) {
        if found.contains_key(&volume.name) {
            continue;
        }
        match docker.inspect_volume(names::resource(&volume.name)?.as_str()).await {
            Ok(details) => drop(found.insert(details.name.clone(), observed_volume(details))),
            Err(bollard::errors::Error::DockerResponseServerError { status_code: 404, .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(found.into_values().collect())
}

fn observed_volume(volume: bollard::models::Volume) -> ObservedVolume {
    let label = |key: &str| volume.labels.get(key).cloned();
    ObservedVolume {
        key: label(Labels::VOLUME).unwrap_or_default(),
        project: label(Labels::PROJECT).unwrap_or_default(),
        config_hash: label(Labels::CONFIG_HASH),
        driver: volume.driver,
        name: volume.name,
    }
}
