//! What exists of a project: lists by label, then inspection for what lists do not tell (health, exit code, times).

use std::collections::{BTreeMap, HashMap};

use bollard::{
    Docker,
    models::{ContainerInspectResponse, ContainerStateStatusEnum, ContainerSummary, HealthStatusEnum},
    query_parameters::{
        InspectContainerOptions, InspectNetworkOptions, ListContainersOptionsBuilder,
        ListNetworksOptionsBuilder, ListVolumesOptionsBuilder,
    },
};
use composeyard_compose::{
    Project, ProjectName, ServiceName,
    model::{Condition, Dependency},
};
use composeyard_plan::{
    ContainerState, Health, MadeFrom, Observed, ObservedContainer, ObservedImage, ObservedNetwork,
    ObservedVolume, PublishedPort, image_of,
};
use composeyard_protocol::ProjectSummary;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::{ContainerId, EngineError, labels::Labels, labels::project_filter, names, time::nanoseconds};

/// Inspections in flight at once.
const PARALLEL: usize = 16;

/// Reads everything that carries the project's label, and by name what `wanted` declares.
pub(super) async fn observe(
    docker: &Docker,
    project: &ProjectName,
    wanted: Option<&Project>,
) -> Result<Observed, EngineError> {
    let (containers, networks, volumes, images) = futures_util::try_join!(
        containers(docker, project),
        networks(docker, project, wanted),
        volumes(docker, project, wanted),
        images(docker, wanted),
    )?;
    Ok(Observed { containers, networks, volumes, images })
}

/// Projects that have containers. `GET /containers/json`.
pub(super) async fn projects(docker: &Docker) -> Result<Vec<ProjectSummary>, EngineError> {
    let filters = HashMap::from([("label".to_owned(), vec![Labels::PROJECT.to_owned()])]);
    let options = ListContainersOptionsBuilder::default().all(true).filters(&filters).build();
    let mut projects = BTreeMap::<ProjectName, ProjectSummary>::new();
    for container in docker.list_containers(Some(options)).await? {
        let labels = container.labels.unwrap_or_default();
        let Some(Ok(name)) = labels.get(Labels::PROJECT).map(|name| ProjectName::new(name.as_str())) else {
            continue;
        };
        let summary = projects.entry(name.clone()).or_insert(ProjectSummary {
            name,
            saved: false,
            running: 0,
            containers: 0,
        });
        summary.containers += 1;
        summary.running += u32::from(
            container.state.is_some_and(|state| state == bollard::models::ContainerSummaryStateEnum::RUNNING),
        );
    }
    Ok(projects.into_values().collect())
}

async fn containers(docker: &Docker, project: &ProjectName) -> Result<Vec<ObservedContainer>, EngineError> {
    listed(docker, project_filter(project.as_str())).await
}

/// The containers of one service, one-off runs left out.
pub(super) async fn containers_of(
    docker: &Docker,
    project: &ProjectName,
    service: &ServiceName,
) -> Result<Vec<ObservedContainer>, EngineError> {
    let mut filters = project_filter(project.as_str());
    let labels = filters.entry("label".to_owned()).or_default();
    labels.push(format!("{}={service}", Labels::SERVICE));
    labels.push(format!("{}=False", Labels::ONEOFF));
    listed(docker, filters).await
}

async fn listed(
    docker: &Docker,
    filters: HashMap<String, Vec<String>>,
) -> Result<Vec<ObservedContainer>, EngineError> {
    let options = ListContainersOptionsBuilder::default().all(true).filters(&filters).build();
    let listed = docker.list_containers(Some(options)).await?;
    let mut found: Vec<ObservedContainer> = stream::iter(listed)
        .map(|summary| container(docker, summary))
        .buffer_unordered(PARALLEL)
        .try_filter_map(|container| std::future::ready(Ok(container)))
        .try_collect()
        .await?;
    found.sort_by(|a, b| (&a.service, a.number, &a.name).cmp(&(&b.service, b.number, &b.name)));
    Ok(found)
}

/// None when the container went away after the list was made.
async fn container(
    docker: &Docker,
    summary: ContainerSummary,
) -> Result<Option<ObservedContainer>, EngineError> {
    let id = ContainerId::new(summary.id.clone().unwrap_or_default())?;
    match docker.inspect_container(id.as_str(), None::<InspectContainerOptions>).await {
        Ok(details) => Ok(Some(observed(summary, details))),
        Err(bollard::errors::Error::DockerResponseServerError { status_code: 404, .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn observed(summary: ContainerSummary, details: ContainerInspectResponse) -> ObservedContainer {
    let labels = summary.labels.unwrap_or_default();
    let label = |key: &str| labels.get(key).cloned();
    let made_from = made_from(&details);
    let state = details.state.unwrap_or_default();
    let status = state.status.map_or(ContainerState::Created, container_state);
    let ended = matches!(status, ContainerState::Exited | ContainerState::Dead | ContainerState::Restarting);
    let networks = details.network_settings.and_then(|settings| settings.networks).unwrap_or_default();
    let mut networks: Vec<(String, String)> = networks
        .into_iter()
        .map(|(name, endpoint)| (name, endpoint.network_id.unwrap_or_default()))
        .collect();
    networks.sort();
    let (networks, network_ids) = networks.into_iter().unzip();
    ObservedContainer {
        id: summary.id.unwrap_or_default(),
        name: details.name.unwrap_or_default().trim_start_matches('/').to_owned(),
        service: label(Labels::SERVICE).unwrap_or_default(),
        number: label(Labels::NUMBER).and_then(|number| number.parse().ok()).unwrap_or(0),
        oneoff: label(Labels::ONEOFF).is_some_and(|value| value == "True"),
        state: status,
        health: state.health.and_then(|health| health.status).map_or(Health::None, health),
        exit_code: state.exit_code.filter(|_| ended),
        config_hash: label(Labels::CONFIG_HASH),
        image_id: details.image.unwrap_or_default(),
        image: details.config.and_then(|config| config.image).unwrap_or_default(),
        networks,
        network_ids,
        volumes: details
            .mounts
            .unwrap_or_default()
            .into_iter()
            .filter(|mount| mount.typ.as_deref() == Some("volume"))
            .filter_map(|mount| mount.name)
            .collect(),
        ports: ports(summary.ports.unwrap_or_default()),
        started_at: state.started_at.as_deref().and_then(nanoseconds).unwrap_or(0),
        restarts: details.restart_count.and_then(|count| u32::try_from(count).ok()).unwrap_or(0),
        depends_on: label(Labels::DEPENDS_ON).map(|list| depends_on(&list)).unwrap_or_default(),
        made_from: Some(made_from),
    }
}

fn made_from(details: &ContainerInspectResponse) -> MadeFrom {
    let config = details.config.clone().unwrap_or_default();
    let bindings = details.host_config.as_ref().and_then(|host| host.port_bindings.clone());
    let port = |(target, bindings): (String, Option<Vec<bollard::models::PortBinding>>)| {
        let published = bindings.into_iter().flatten().map(|binding| binding.host_port.unwrap_or_default());
        published.map(move |published| format!("{published}:{target}")).collect::<Vec<_>>()
    };
    let mut ports: Vec<String> = bindings.unwrap_or_default().into_iter().flat_map(port).collect();
    ports.sort();
    let own = |key: &String| !key.starts_with("com.docker.compose.");
    MadeFrom {
        environment: config
            .env
            .unwrap_or_default()
            .iter()
            .filter_map(|line| line.split_once('='))
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect(),
        command: config.cmd.unwrap_or_default(),
        entrypoint: config.entrypoint.unwrap_or_default(),
        ports,
        labels: config.labels.unwrap_or_default().into_iter().filter(|(key, _)| own(key)).collect(),
        healthcheck: config.healthcheck.and_then(|check| check.test).unwrap_or_default(),
    }
}

/// The label `service:condition:restart,…`. Nothing is required of a service that labels alone tell of.
fn depends_on(label: &str) -> BTreeMap<ServiceName, Dependency> {
    let entry = |entry: &str| {
        let mut parts = entry.split(':');
        let name = ServiceName::new(parts.next()?).ok()?;
        let condition = match parts.next() {
            Some("service_healthy") => Condition::ServiceHealthy,
            Some("service_completed_successfully") => Condition::ServiceCompletedSuccessfully,
            _ => Condition::ServiceStarted,
        };
        Some((
            name,
            Dependency {
                condition,
                restart: parts.next() == Some("true"),
                required: false,
                ..Dependency::default()
            },
        ))
    };
    label.split(',').filter_map(entry).collect()
}

fn ports(listed: Vec<bollard::models::PortSummary>) -> Vec<PublishedPort> {
    let mut ports: Vec<PublishedPort> = listed
        .into_iter()
        .filter_map(|port| {
            Some(PublishedPort {
                host_ip: port.ip.unwrap_or_default(),
                host_port: port.public_port?,
                container_port: port.private_port,
                protocol: port.typ.map_or_else(|| "tcp".to_owned(), |protocol| protocol.to_string()),
            })
        })
        .collect();
    ports.sort_by(|a, b| {
        (a.container_port, a.host_port, &a.host_ip).cmp(&(b.container_port, b.host_port, &b.host_ip))
    });
    ports
}

/// The engine's word for a state, as ours.
pub(super) fn container_state(status: ContainerStateStatusEnum) -> ContainerState {
    use ContainerStateStatusEnum as Status;
    match status {
        Status::EMPTY | Status::CREATED => ContainerState::Created,
        Status::RUNNING | Status::STOPPING => ContainerState::Running,
        Status::PAUSED => ContainerState::Paused,
        Status::RESTARTING => ContainerState::Restarting,
        Status::REMOVING => ContainerState::Removing,
        Status::EXITED => ContainerState::Exited,
        Status::DEAD => ContainerState::Dead,
    }
}

/// The engine's word for health, as ours.
pub(super) fn health(status: HealthStatusEnum) -> Health {
    match status {
        HealthStatusEnum::EMPTY | HealthStatusEnum::NONE => Health::None,
        HealthStatusEnum::STARTING => Health::Starting,
        HealthStatusEnum::HEALTHY => Health::Healthy,
        HealthStatusEnum::UNHEALTHY => Health::Unhealthy,
    }
}

async fn networks(
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

async fn volumes(
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
        name: volume.name,
    }
}

/// The local images that the project's services name.
async fn images(
    docker: &Docker,
    wanted: Option<&Project>,
) -> Result<BTreeMap<String, ObservedImage>, EngineError> {
    let Some(project) = wanted else { return Ok(BTreeMap::new()) };
    let mut references: Vec<String> =
        project.services.iter().map(|(name, service)| image_of(&project.name, name, service)).collect();
    references.sort();
    references.dedup();
    stream::iter(references)
        .map(|reference| async move { Ok(image(docker, &reference).await?.map(|image| (reference, image))) })
        .buffer_unordered(PARALLEL)
        .try_filter_map(|found| std::future::ready(Ok(found)))
        .try_collect()
        .await
}

/// One local image; none when it is not there. `GET /images/{name}/json`.
pub(super) async fn image(docker: &Docker, reference: &str) -> Result<Option<ObservedImage>, EngineError> {
    match docker.inspect_image(names::image(reference)?).await {
        Ok(details) => Ok(Some(observed_image(details))),
        Err(bollard::errors::Error::DockerResponseServerError { status_code: 404, .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn observed_image(details: bollard::models::ImageInspect) -> ObservedImage {
    let config = details.config.unwrap_or_default();
    let test = config.healthcheck.and_then(|check| check.test).unwrap_or_default();
    let names = config.env.unwrap_or_default();
    ObservedImage {
        id: details.id.unwrap_or_default(),
        has_healthcheck: test.first().is_some_and(|kind| kind != "NONE"),
        variables: names.iter().filter_map(|line| Some(line.split_once('=')?.0.to_owned())).collect(),
    }
}
