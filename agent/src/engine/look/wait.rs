//! The end of a container.

use bollard::{Docker, errors::Error, query_parameters::WaitContainerOptions};
use futures_util::StreamExt;

use super::super::{ContainerId, EngineError};

/// Its exit code. `POST /containers/{id}/wait`.
pub(in super::super) async fn wait(docker: &Docker, container: &ContainerId) -> Result<i64, EngineError> {
    let mut answers = docker.wait_container(container.as_str(), None::<WaitContainerOptions>);
    match answers.next().await {
        Some(Ok(ended)) => Ok(ended.status_code),
        // A code that is not 0 comes as an error, with or without words.
        Some(Err(Error::DockerContainerWaitError { code, .. })) => Ok(code),
        Some(Err(error)) => Err(error.into()),
        None => Err(EngineError::Refused { status: 200, message: "it does not say how it ended".to_owned() }),
    }
}
