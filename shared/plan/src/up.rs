//! `up`: images, networks, volumes, containers, orphans, then starts.

use std::collections::BTreeSet;

use composeyard_compose::{Project, ServiceName};

use crate::{
    Observed, Plan, PlanError, UpOptions, containers,
    draft::Draft,
    images, networks,
    order::{dependencies, upwards, with_dependencies},
    start, support, volumes,
};

/// Plans `up` for what the selected services use.
pub(crate) fn plan(project: &Project, observed: &Observed, options: &UpOptions) -> Result<Plan, PlanError> {
    let selected = selected(project, &options.services, options.scale.keys())?;
    let services = || selected.iter().map(|name| &project.services[name]);
    let networks: BTreeSet<&str> =
        services().flat_map(|service| service.networks.keys().map(String::as_str)).collect();
    let volumes: BTreeSet<&str> =
        services().flat_map(|service| service.volumes.iter().map(|mount| mount.source.as_str())).collect();
    let mut draft = Draft::new(project, observed);
    support::check(&mut draft, &selected)?;
    images::plan(&mut draft, &selected, options.build)?;
    networks::plan(&mut draft, |key| networks.contains(key))?;
    volumes::plan(&mut draft, &options.recreate_volumes, |key| volumes.contains(key))?;
    reconcile(&mut draft, &selected, options)?;
    start::plan(&mut draft, &selected)?;
    if options.wait {
        start::wait(&mut draft, &selected, options.wait_timeout);
    }
    Ok(draft.finish())
}

/// The part that changes containers, up to their start.
pub(crate) fn reconcile(
    draft: &mut Draft<'_>,
    selected: &[ServiceName],
    options: &UpOptions,
) -> Result<(), PlanError> {
    for name in selected {
        containers::plan(draft, name, options)?;
    }
    orphans(draft, options.remove_orphans);
    Ok(())
}

/// The named services and what they depend on, in dependency order; all when none is named.
pub(crate) fn selected<'a>(
    project: &Project,
    named: &'a [ServiceName],
    also: impl Iterator<Item = &'a ServiceName>,
) -> Result<Vec<ServiceName>, PlanError> {
    for name in named.iter().chain(also) {
        if !project.services.contains_key(name) {
            let why = if project.disabled_services.contains_key(name) {
                "is not enabled by the active profiles"
            } else {
                "does not exist in this project"
            };
            return Err(PlanError(format!("Service {name} {why}.")));
        }
    }
    let dependencies = dependencies(project);
    let wanted = with_dependencies(&dependencies, named);
    let mut order = upwards(&dependencies);
    order.retain(|name| named.is_empty() || wanted.contains(name));
    Ok(order)
}

/// Containers of services that the files no longer name: removed, or mentioned.
fn orphans(draft: &mut Draft<'_>, remove: bool) {
    let project = draft.project;
    let known: BTreeSet<&str> =
        project.services.keys().chain(project.disabled_services.keys()).map(ServiceName::as_str).collect();
    let orphans: Vec<_> = draft
        .observed
        .containers
        .iter()
        .filter(|c| !c.oneoff && !known.contains(c.service.as_str()))
        .collect();
    if remove {
        for orphan in orphans {
            draft.remove(orphan, "its service is no longer in the files");
        }
    } else if !orphans.is_empty() {
        let names: Vec<&str> = orphans.iter().map(|orphan| orphan.name.as_str()).collect();
        draft.warnings.push(format!(
            "Containers of services that the files no longer name: {}. They are left alone unless you remove orphans.",
            names.join(", ")
        ));
    }
}
