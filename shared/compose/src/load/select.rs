//! Profiles. Compose specification, 15-profiles.

use crate::{Project, model::Service};

/// Moves services that no active profile enables to `disabled_services`.
pub(crate) fn apply_profiles(project: &mut Project, active: &[String]) {
    let services = std::mem::take(&mut project.services);
    for (name, service) in services {
        let target =
            if is_enabled(&service, active) { &mut project.services } else { &mut project.disabled_services };
        target.insert(name, service);
    }
}

fn is_enabled(service: &Service, active: &[String]) -> bool {
    service.profiles.is_empty()
        || active.iter().any(|profile| profile == "*")
        || service.profiles.iter().any(|profile| active.contains(profile))
}
