//! A project from its containers' labels, for commands on one whose files are not known.

use std::{borrow::Cow, sync::Arc};

use composeyard_compose::{
    Project, ServiceName,
    model::{Service, Volume},
};

use crate::Observed;

/// The project itself if it has services; else with what its containers, networks and volumes say about it.
pub(crate) fn from_labels<'a>(project: &'a Project, observed: &Observed) -> Cow<'a, Project> {
    if !project.services.is_empty() || !project.disabled_services.is_empty() {
        return Cow::Borrowed(project);
    }
    let mut rebuilt = project.clone();
    for container in observed.containers.iter().filter(|container| !container.oneoff) {
        let Ok(name) = ServiceName::new(container.service.as_str()) else { continue };
        let service = Service { depends_on: container.depends_on.clone(), ..Default::default() };
        rebuilt.services.insert(name, Arc::new(service));
    }
    for volume in observed.volumes.iter().filter(|volume| volume.project == project.name.as_str()) {
        let made = Volume { name: volume.name.clone(), ..Default::default() };
        rebuilt.volumes.insert(volume.key.clone(), made);
    }
    Cow::Owned(rebuilt)
}
