//! Names that Compose gives to what it makes.

use composeyard_compose::{ProjectName, ServiceName, model::Service};

/// `container_name`, else `<project>-<service>-<number>`.
pub fn container_name(project: &ProjectName, name: &ServiceName, service: &Service, number: u32) -> String {
    if service.container_name.is_empty() {
        format!("{project}-{name}-{number}")
    } else {
        service.container_name.clone()
    }
}

/// The reference of a service's image: `image`, else `<project>-<service>` for one that is only built.
pub fn image_of(project: &ProjectName, name: &ServiceName, service: &Service) -> String {
    if service.image.is_empty() { format!("{project}-{name}") } else { service.image.clone() }
}

/// References of all images that a service runs: its own, then those of its `pre_start` commands.
pub fn images_of(project: &ProjectName, name: &ServiceName, service: &Service) -> Vec<String> {
    let own = image_of(project, name, service);
    let hooks = service.pre_start.iter().map(|hook| hook.image.clone()).filter(|image| !image.is_empty());
    std::iter::once(own).chain(hooks).collect()
}

/// The name of a replacement until the container it replaces is gone: the first 12 digits of the old id, then the
/// final name.
pub(crate) fn temporary_name(old_id: &str, name: &str) -> String {
    let short: String = old_id.chars().take(12).collect();
    format!("{short}_{name}")
}

/// True when a container has the temporary form of this name.
pub(crate) fn is_temporary(current: &str, name: &str) -> bool {
    current
        .strip_suffix(name)
        .and_then(|start| start.strip_suffix('_'))
        .is_some_and(|id| id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
