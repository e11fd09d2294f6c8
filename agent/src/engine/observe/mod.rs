//! What exists of a project: lists by label, then inspection for what lists do not tell.
//!
//! | module | what it reads |
//! |---|---|
//! | `containers` | containers: state, health, exit code, times |
//! | `made_from` | what a container was made from, to tell what changed |
//! | `resources` | networks and volumes |
//! | `images` | local images that the project names |

mod containers;
mod images;
mod made_from;
mod resources;

use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

use bollard::{Docker, query_parameters::ListContainersOptionsBuilder};
use composeyard_compose::{Project, ProjectName};
use composeyard_plan::{Observed, ObservedEngine};
use composeyard_protocol::ProjectSummary;

use super::{
    EngineError,
    labels::{Labels, Origin, project_filter},
};

pub(super) use containers::{ALL_ADDRESSES, containers_of};
pub(super) use images::image;

/// Inspections in flight at once.
const PARALLEL: usize = 16;

/// Reads everything that carries the project's label, and by name what `wanted` declares.
pub(super) async fn observe(
    docker: &Docker,
    project: &ProjectName,
    wanted: Option<&Project>,
) -> Result<Observed, EngineError> {
    let (containers, networks, volumes, images, others) = futures_util::try_join!(
        containers::containers(docker, project),
        resources::networks(docker, project, wanted),
        resources::volumes(docker, project, wanted),
        images::images(docker, wanted),
        containers::with_ports(docker, project, wanted),
    )?;
    Ok(Observed { containers, networks, volumes, images, others, engine: wanted.map(|_| engine(docker)) })
}

fn engine(docker: &Docker) -> ObservedEngine {
    let api = docker.client_version();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    ObservedEngine {
        api: (api.major_version, api.minor_version),
        now: i64::try_from(now.as_nanos()).unwrap_or(i64::MAX),
    }
}

/// Where a project's containers say that it comes from; none when they do not say. `GET /containers/json`.
pub(super) async fn origin(docker: &Docker, project: &ProjectName) -> Result<Option<Origin>, EngineError> {
    let filters = project_filter(project.as_str());
    let options = ListContainersOptionsBuilder::default().all(true).filters(&filters).build();
    let found = docker.list_containers(Some(options)).await?.into_iter().find_map(|container| {
        let labels = container.labels?;
        let files = labels.get(Labels::CONFIG_FILES)?.split(',').map(PathBuf::from).collect();
        Some(Origin { folder: PathBuf::from(labels.get(Labels::WORKING_DIR)?), files })
    });
    Ok(found)
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
            folder: String::new(),
            running: 0,
            containers: 0,
        });
        if let Some(folder) = labels.get(Labels::WORKING_DIR).filter(|_| summary.folder.is_empty()) {
            summary.folder.clone_from(folder);
        }
        summary.containers += 1;
        summary.running += u32::from(
            container.state.is_some_and(|state| state == bollard::models::ContainerSummaryStateEnum::RUNNING),
        );
    }
    Ok(projects.into_values().collect())
}
