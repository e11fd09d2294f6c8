//! Volumes: create and remove.

use bollard::{Docker, models::VolumeCreateRequest, query_parameters::RemoveVolumeOptions};
use composeyard_compose::{ProjectName, model::Volume};

use super::{EngineError, labels, names::resource};

/// `POST /volumes/create`: the engine answers with the existing one when there is one.
pub(super) async fn create(
    docker: &Docker,
    project: &ProjectName,
    key: &str,
    volume: &Volume,
) -> Result<(), EngineError> {
    let request = VolumeCreateRequest {
        name: Some(resource(&volume.name)?.as_str().to_owned()),
        driver: (!volume.driver.is_empty()).then(|| volume.driver.clone()),
        driver_opts: (!volume.driver_opts.is_empty())
            .then(|| volume.driver_opts.clone().into_iter().collect()),
        labels: Some(labels::volume(project, key, volume)),
        ..Default::default()
    };
    docker.create_volume(request).await?;
    Ok(())
}

/// `DELETE /volumes/{name}`. True when it is gone; false when something still uses it.
pub(super) async fn remove(docker: &Docker, name: &str) -> Result<bool, EngineError> {
    let removed = docker.remove_volume(resource(name)?.as_str(), None::<RemoveVolumeOptions>).await;
    match removed.map_err(EngineError::from) {
        Ok(()) => Ok(true),
        Err(error) if error.status() == Some(404) => Ok(true),
        Err(error) if error.status() == Some(409) => Ok(false),
        Err(error) => Err(error),
    }
}
