//! Local images that a project names.

use std::collections::BTreeMap;

use bollard::Docker;
use composeyard_compose::Project;
use composeyard_logs::stamp;
use composeyard_plan::{ObservedImage, images_of};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::{
    super::{EngineError, names},
    PARALLEL,
};

/// The local images that the project's services name.
pub(super) async fn images(
    docker: &Docker,
    wanted: Option<&Project>,
) -> Result<BTreeMap<String, ObservedImage>, EngineError> {
    let Some(project) = wanted else { return Ok(BTreeMap::new()) };
    let mut references: Vec<String> =
        project.services.iter().flat_map(|(name, service)| images_of(&project.name, name, service)).collect();
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
pub(in super::super) async fn image(
    docker: &Docker,
    reference: &str,
) -> Result<Option<ObservedImage>, EngineError> {
    match docker.inspect_image(names::image(reference)?).await {
        Ok(details) => Ok(Some(observed_image(details))),
        Err(bollard::errors::Error::DockerResponseServerError { status_code: 404, .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn observed_image(details: bollard::models::ImageInspect) -> ObservedImage {
    let config = details.config.unwrap_or_default();
    let tagged = details.metadata.and_then(|metadata| metadata.last_tag_time);
    let test = config.healthcheck.and_then(|check| check.test).unwrap_or_default();
    let names = config.env.unwrap_or_default();
    ObservedImage {
        id: details.id.unwrap_or_default(),
        tagged_at: tagged.and_then(|at| stamp::parse(at.as_bytes())).unwrap_or(0).max(0),
        has_healthcheck: test.first().is_some_and(|kind| kind != "NONE"),
        variables: names.iter().filter_map(|line| Some(line.split_once('=')?.0.to_owned())).collect(),
    }
}
