//! Containers of a project or a service.

use std::collections::{BTreeMap, HashMap};

use bollard::{
    Docker,
    models::{
        ContainerInspectResponse, ContainerStateStatusEnum, ContainerSummary, HealthStatusEnum,
        RestartPolicyNameEnum,
    },
    query_parameters::{InspectContainerOptions, ListContainersOptions, ListContainersOptionsBuilder},
};
use composeyard_compose::{
    Project, ProjectName, ServiceName,
    model::{Condition, Dependency},
};
use composeyard_logs::stamp;
use composeyard_plan::{ContainerState, Health, ObservedContainer, PortHolder, PublishedPort};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::{
    super::{ContainerId, EngineError, labels::Labels, labels::project_filter},
    PARALLEL,
    made_from::made_from,
};

/// The host's address of a port that is published on all of them.
pub(in super::super) const ALL_ADDRESSES: &str = "0.0.0.0";

/// All that carry the project's label.
pub(super) async fn containers(
    docker: &Docker,
    project: &ProjectName,
) -> Result<Vec<ObservedContainer>, EngineError> {
    listed(docker, project_filter(project.as_str())).await
}

/// The containers of one service, one-off runs left out.
pub(in super::super) async fn containers_of(
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

/// Containers outside the project that have ports of the host; none where the project wants no such port.
pub(super) async fn with_ports(
    docker: &Docker,
    project: &ProjectName,
    wanted: Option<&Project>,
) -> Result<Vec<PortHolder>, EngineError> {
    let mut ports_wanted =
        wanted.into_iter().flat_map(|wanted| wanted.services.values()).flat_map(|service| &service.ports);
    if ports_wanted.all(|port| port.published.is_empty()) {
        return Ok(Vec::new());
    }
    let holder = |summary: ContainerSummary| {
        let of = summary.labels.unwrap_or_default().remove(Labels::PROJECT).unwrap_or_default();
        let name = summary.names.unwrap_or_default().into_iter().next().unwrap_or_default();
        PortHolder {
            container: name.trim_start_matches('/').to_owned(),
            project: of,
            ports: ports(summary.ports.unwrap_or_default()),
        }
    };
    let running = docker.list_containers(None::<ListContainersOptions>).await?;
    let others = running.into_iter().map(holder);
    Ok(others.filter(|other| other.project != project.as_str() && !other.ports.is_empty()).collect())
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
    let policy = details.host_config.and_then(|host| host.restart_policy).and_then(|policy| policy.name);
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
        started_at: state
            .started_at
            .as_deref()
            .and_then(|at| stamp::parse(at.as_bytes()))
            .filter(|at| *at > 0)
            .unwrap_or(0),
        restarts: details.restart_count.and_then(|count| u32::try_from(count).ok()).unwrap_or(0),
        ends_for_good: matches!(policy, Some(RestartPolicyNameEnum::EMPTY | RestartPolicyNameEnum::NO)),
        depends_on: label(Labels::DEPENDS_ON).map(|list| depends_on(&list)).unwrap_or_default(),
        made_from: Some(made_from),
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
        let restart = parts.next() == Some("true");
        Some((name, Dependency { condition, restart, required: false, ..Dependency::default() }))
    };
    label.split(',').filter_map(entry).collect()
}

fn ports(listed: Vec<bollard::models::PortSummary>) -> Vec<PublishedPort> {
    let mut ports: Vec<PublishedPort> = listed
        .into_iter()
        .filter_map(|port| {
            Some(PublishedPort {
                host_port: port.public_port?,
                // Podman leaves out what stands for all addresses.
                host_ip: port.ip.filter(|ip| !ip.is_empty()).unwrap_or_else(|| ALL_ADDRESSES.to_owned()),
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
fn container_state(status: ContainerStateStatusEnum) -> ContainerState {
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
fn health(status: HealthStatusEnum) -> Health {
    match status {
        HealthStatusEnum::EMPTY | HealthStatusEnum::NONE => Health::None,
        HealthStatusEnum::STARTING => Health::Starting,
        HealthStatusEnum::HEALTHY => Health::Healthy,
        HealthStatusEnum::UNHEALTHY => Health::Unhealthy,
    }
}
