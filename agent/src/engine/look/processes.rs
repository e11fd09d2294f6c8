//! The processes of running containers.

use bollard::{Docker, query_parameters::TopOptions};
use composeyard_plan::{ContainerState, ObservedContainer};
use composeyard_protocol::ProcessTable;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::super::{ContainerId, EngineError};

/// Containers that are asked at once.
const PARALLEL: usize = 8;

/// One table for each container that runs, in the given order. `GET /containers/{id}/top`.
pub(in super::super) async fn processes(
    docker: &Docker,
    containers: &[ObservedContainer],
) -> Result<Vec<ProcessTable>, EngineError> {
    let alive = [ContainerState::Running, ContainerState::Paused];
    let alive: Vec<ObservedContainer> =
        containers.iter().filter(|container| alive.contains(&container.state)).cloned().collect();
    stream::iter(alive)
        .map(|container| table(docker, container))
        .buffered(PARALLEL)
        .try_filter_map(|table| std::future::ready(Ok(table)))
        .try_collect()
        .await
}

/// None when the container has ended meanwhile.
async fn table(docker: &Docker, container: ObservedContainer) -> Result<Option<ProcessTable>, EngineError> {
    let id = ContainerId::new(container.id.as_str())?;
    match docker.top_processes(id.as_str(), None::<TopOptions>).await.map_err(EngineError::from) {
        Ok(top) => Ok(Some(ProcessTable {
            service: container.service,
            number: container.number,
            titles: top.titles.unwrap_or_default(),
            processes: top.processes.unwrap_or_default(),
        })),
        Err(error) if matches!(error.status(), Some(404 | 409)) => Ok(None),
        Err(error) => Err(error),
    }
}
