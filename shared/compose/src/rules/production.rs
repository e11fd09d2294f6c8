//! Which files and services are meant for production.

use crate::model::Condition;
use crate::{Project, ServiceName};

use super::Context;

/// True for `compose.prod.yaml`, `docker-compose.production.yml` and their like.
pub(super) fn is_file(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    name.split(['.', '-', '_']).any(|part| matches!(part, "prod" | "production"))
}

/// The services that a production file should keep running. None of them without such a file among those that are
/// loaded. Jobs that others wait to end, and services that nobody starts, are left out.
pub(super) fn services<'p>(context: &Context<'p>) -> impl Iterator<Item = &'p ServiceName> {
    let applies = context.compose_files.iter().any(|name| is_file(name));
    let project: Option<&'p Project> = context.project().filter(|_| applies);
    project.into_iter().flat_map(|project| {
        let is_job = |name: &ServiceName| {
            project.services.values().any(|service| {
                let waits = service.depends_on.get(name);
                waits.is_some_and(|wait| wait.condition == Condition::ServiceCompletedSuccessfully)
            })
        };
        let runs = project.services.iter().filter(move |(name, service)| {
            service.replicas() > 0
                && service.provider.is_none()
                && service.profiles.is_empty()
                && !is_job(name)
        });
        runs.map(|(name, _)| name)
    })
}
