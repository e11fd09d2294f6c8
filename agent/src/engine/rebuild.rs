//! A running project as files: gathers what the engine shows of it for [`composeyard_compose::rebuild`].

use std::{collections::BTreeSet, future::Future};

use bollard::{
    Docker,
    query_parameters::{InspectContainerOptions, InspectNetworkOptions, ListContainersOptionsBuilder},
};
use composeyard_compose::{
    ProjectFiles, ProjectName,
    rebuild::{
        self, Inspection,
        inspection::{Container, Defaults},
    },
};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::{Serialize, de::DeserializeOwned};

use super::{ContainerId, EngineError, Labels, labels::project_filter, names};

/// Inspections in flight at once.
const PARALLEL: usize = 16;

/// Looks at everything of the project and writes its files.
pub(super) async fn rebuild(docker: &Docker, project: &ProjectName) -> Result<ProjectFiles, EngineError> {
    let containers = containers(docker, project).await?;
    if containers.is_empty() {
        return Err(EngineError::Step(format!(
            "project {project} has no containers on the engine: there is nothing to rebuild it from"
        )));
    }
    let images = containers.iter().map(|container| container.image.clone()).collect();
    let networks =
        containers.iter().flat_map(|container| container.network_settings.networks.keys().cloned()).collect();
    let volumes = containers
        .iter()
        .flat_map(|container| &container.mounts)
        .filter(|mount| mount.r#type == "volume")
        .map(|mount| mount.name.clone())
        .collect();
    let (images, networks, volumes, defaults) = futures_util::try_join!(
        each(images, async |name| Ok(docker.inspect_image(names::image(&name)?).await?)),
        each(networks, async |name| {
            let name = names::resource(&name)?;
            Ok(docker.inspect_network(name.as_str(), None::<InspectNetworkOptions>).await?)
        }),
        each(volumes, async |name| Ok(docker.inspect_volume(names::resource(&name)?.as_str()).await?)),
        defaults(docker),
    )?;
    let project = project.clone();
    Ok(rebuild::rebuild(&Inspection { project, containers, images, networks, volumes, defaults }))
}

/// `GET /containers/json`, then each one's details. One-off runs are left out.
async fn containers(docker: &Docker, project: &ProjectName) -> Result<Vec<Container>, EngineError> {
    let mut filters = project_filter(project.as_str());
    filters.entry("label".to_owned()).or_default().push(format!("{}=False", Labels::ONEOFF));
    let options = ListContainersOptionsBuilder::default().all(true).filters(&filters).build();
    let listed = docker.list_containers(Some(options)).await?;
    let ids = listed.into_iter().filter_map(|container| container.id).collect();
    each(ids, async |id| {
        let id = ContainerId::new(id)?;
        Ok(docker.inspect_container(id.as_str(), None::<InspectContainerOptions>).await?)
    })
    .await
}

/// `GET /info`
async fn defaults(docker: &Docker) -> Result<Defaults, EngineError> {
    as_core(docker.info().await?)
}

/// Looks at each name; what is gone by now is left out.
async fn each<T, F, Found>(names: BTreeSet<String>, look: impl Fn(String) -> F) -> Result<Vec<T>, EngineError>
where
    T: DeserializeOwned,
    F: Future<Output = Result<Found, EngineError>>,
    Found: Serialize,
{
    let found = |looked: Result<Found, EngineError>| match looked {
        Ok(details) => as_core(details).map(Some),
        Err(error) if error.status() == Some(404) => Ok(None),
        Err(error) => Err(error),
    };
    stream::iter(names)
        .map(look)
        .buffered(PARALLEL)
        .map(found)
        .try_filter_map(|found| std::future::ready(Ok(found)))
        .try_collect()
        .await
}

/// bollard's type as the core's: both have the API's shape.
fn as_core<T: DeserializeOwned>(details: impl Serialize) -> Result<T, EngineError> {
    let wrong = |error: serde_json::Error| EngineError::Transport(format!("an unexpected answer: {error}"));
    rebuild::read(serde_json::to_value(details).map_err(wrong)?).map_err(wrong)
}
