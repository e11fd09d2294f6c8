//! The engine's clock, by which it stamps what it tells.

use bollard::Docker;
use composeyard_logs::stamp;

use super::super::EngineError;

/// Nanoseconds since 1970. `GET /info`.
pub(in super::super) async fn now(docker: &Docker) -> Result<i64, EngineError> {
    let told = docker.info().await?.system_time.unwrap_or_default();
    stamp::parse(told.as_bytes())
        .ok_or_else(|| EngineError::Refused { status: 200, message: format!("{told:?} is no time") })
}
