//! The images that containers were made from.

use std::collections::BTreeMap;

use bollard::{Docker, models::ImageInspect};
use composeyard_logs::stamp;
use composeyard_plan::ObservedContainer;
use composeyard_protocol::ImageInUse;

use super::super::{EngineError, names};

/// One for each container, by name. `GET /images/{name}/json`, once for each image.
pub(in super::super) async fn images(
    docker: &Docker,
    containers: &[ObservedContainer],
) -> Result<Vec<ImageInUse>, EngineError> {
    let mut known: BTreeMap<&str, Option<ImageInspect>> = BTreeMap::new();
    for container in containers {
        if !known.contains_key(container.image_id.as_str()) {
            known.insert(&container.image_id, inspected(docker, &container.image_id).await?);
        }
    }
    let mut images: Vec<ImageInUse> = containers
        .iter()
        .map(|container| in_use(container, known.get(container.image_id.as_str()).and_then(Option::as_ref)))
        .collect();
    images.sort_by(|a, b| a.container.cmp(&b.container));
    Ok(images)
}

/// None for an image that was removed by force while its container stays.
async fn inspected(docker: &Docker, id: &str) -> Result<Option<ImageInspect>, EngineError> {
    match docker.inspect_image(names::image(id)?).await.map_err(EngineError::from) {
        Ok(image) => Ok(Some(image)),
        Err(error) if error.status() == Some(404) => Ok(None),
        Err(error) => Err(error),
    }
}

fn in_use(container: &ObservedContainer, image: Option<&ImageInspect>) -> ImageInUse {
    let bare = ImageInUse {
        container: container.name.clone(),
        id: container.image_id.clone(),
        ..ImageInUse::default()
    };
    let Some(image) = image else { return bare };
    let (repository, tag) = name(container, image);
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let platform: Vec<String> = [&image.os, &image.architecture, &image.variant]
        .into_iter()
        .map(text)
        .filter(|part| !part.is_empty())
        .collect();
    let tagged = image.metadata.as_ref().and_then(|metadata| metadata.last_tag_time.as_deref());
    let nanos = |at: &str| stamp::parse(at.as_bytes()).filter(|at| *at > 0);
    ImageInUse {
        repository,
        tag,
        platform: platform.join("/"),
        size: image.size.and_then(|size| u64::try_from(size).ok()).unwrap_or(0),
        tagged_at: tagged.and_then(nanos).or_else(|| image.created.as_deref().and_then(nanos)).unwrap_or(0),
        ..bare
    }
}

/// The name that the container was made by, as far as the image still has it; else its first one.
fn name(container: &ObservedContainer, image: &ImageInspect) -> (String, String) {
    let tags = image.repo_tags.as_deref().unwrap_or_default();
    let made_by =
        tags.iter().find(|tag| **tag == container.image || **tag == format!("{}:latest", container.image));
    let name = made_by.or(tags.first()).and_then(|name| name.rsplit_once(':'));
    name.map(|(repository, tag)| (repository.to_owned(), tag.to_owned())).unwrap_or_default()
}
