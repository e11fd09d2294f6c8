//! `up`: images, networks, volumes, containers, orphans, then starts.

use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

use composeyard_compose::{Project, ServiceName};

use crate::{
    Observed, Plan, PlanError, RunOptions, UpOptions, containers,
    draft::Draft,
    images, networks, one_off,
    order::{dependencies, upwards, with_dependencies},
    start, support, volumes,
};

/// Containers of one project.
const MOST: u64 = 10_000;

/// Plans `up` for what the selected services use; for all networks and volumes when those are asked for.
/// `one_off`: one container of its own for this service, in place of those that it should have.
pub(crate) fn plan(
    project: &Project,
    observed: &Observed,
    options: &UpOptions,
    one_off: Option<&RunOptions>,
) -> Result<Plan, PlanError> {
    let selected = chosen(project, options)?;
    let asked = as_asked(project, options);
    let project = asked.as_ref();
    not_too_many(project, &selected)?;
    let services = || selected.iter().map(|name| &project.services[name]);
    let networks: BTreeSet<&str> =
        services().flat_map(|service| service.networks.keys().map(String::as_str)).collect();
    let volumes: BTreeSet<&str> =
        services().flat_map(|service| service.volumes.iter().map(|mount| mount.source.as_str())).collect();
    let mut draft = Draft::new(project, observed).with_grace(options.grace);
    support::check(&mut draft, &selected)?;
    images::plan(&mut draft, &selected, options)?;
    let all = options.all_resources;
    networks::plan(&mut draft, |key| all || networks.contains(key))?;
    volumes::plan(&mut draft, &options.recreate_volumes, |key| all || volumes.contains(key))?;
    reconcile(&mut draft, &selected, options, one_off)?;
    if options.no_start {
        return Ok(draft.finish());
    }
    start::plan(&mut draft, &selected)?;
    if options.wait {
        start::wait(&mut draft, &selected, options.wait_timeout);
    }
    Ok(draft.finish())
}

/// The services that are brought up, in dependency order.
fn chosen(project: &Project, options: &UpOptions) -> Result<Vec<ServiceName>, PlanError> {
    let mut services = selected(project, &options.services, options.scale.keys())?;
    if options.no_deps && !options.services.is_empty() {
        services.retain(|name| options.services.contains(name));
    }
    Ok(services)
}

/// A number with a digit too many must not fill the memory with steps.
fn not_too_many(project: &Project, selected: &[ServiceName]) -> Result<(), PlanError> {
    let count: u64 = selected.iter().map(|name| u64::from(project.services[name].replicas())).sum();
    if count > MOST {
        return Err(PlanError(format!(
            "{count} containers are too many: {MOST} are the most. Lower scale or replicas."
        )));
    }
    Ok(())
}

/// The project with the numbers of containers that the command asks for, and without dependencies that it leaves alone.
fn as_asked<'a>(project: &'a Project, options: &UpOptions) -> Cow<'a, Project> {
    let mut asked = Cow::Borrowed(project);
    for (name, count) in &options.scale {
        if let Some(service) = asked.to_mut().services.get_mut(name) {
            Arc::make_mut(service).scale = Some(i64::from(*count));
        }
    }
    if options.no_deps && !options.services.is_empty() {
        for service in asked.to_mut().services.values_mut() {
            Arc::make_mut(service).depends_on.retain(|on, _| options.services.contains(on));
        }
    }
    asked
}

/// The part that changes containers, up to their start.
pub(crate) fn reconcile(
    draft: &mut Draft<'_>,
    selected: &[ServiceName],
    options: &UpOptions,
    one_off: Option<&RunOptions>,
) -> Result<(), PlanError> {
    for name in selected {
        match one_off.filter(|run| run.service == *name) {
            Some(run) => one_off::create(draft, run),
            None => containers::plan(draft, name, options)?,
        }
    }
    orphans(draft, options);
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

/// Containers of services that the files no longer name: removed, mentioned or ignored.
fn orphans(draft: &mut Draft<'_>, options: &UpOptions) {
    let project = draft.project;
    let known: BTreeSet<&str> =
        project.services.keys().chain(project.disabled_services.keys()).map(ServiceName::as_str).collect();
    let orphans: Vec<_> = draft
        .observed
        .containers
        .iter()
        .filter(|c| !c.oneoff && !known.contains(c.service.as_str()))
        .collect();
    if options.remove_orphans {
        for orphan in orphans {
            draft.remove(orphan, "its service is no longer in the files");
        }
    } else if !orphans.is_empty() && !options.ignore_orphans {
        let names: Vec<&str> = orphans.iter().map(|orphan| orphan.name.as_str()).collect();
        draft.warnings.push(format!(
            "Containers of services that the files no longer name: {}. They are left alone unless you remove orphans.",
            names.join(", ")
        ));
    }
}
