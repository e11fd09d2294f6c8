//! `up`: images, networks, volumes, containers, orphans, then starts.

use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

use composeyard_compose::{Project, ServiceName};

use crate::{
    ContainerState, Observed, ObservedContainer, Plan, PlanError, RunOptions, UpOptions, containers,
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
    let selected = with_stopped(&draft, selected);
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

/// With the services that nobody asked for and whose containers stop because a network or a volume is made anew: what
/// ran before runs after.
fn with_stopped(draft: &Draft<'_>, selected: Vec<ServiceName>) -> Vec<ServiceName> {
    let stops =
        |c: &&ObservedContainer| c.state == ContainerState::Running && draft.stops.contains_key(&c.id);
    let stopped: BTreeSet<&str> =
        draft.observed.containers.iter().filter(stops).map(|c| c.service.as_str()).collect();
    if selected.iter().map(ServiceName::as_str).collect::<BTreeSet<_>>().is_superset(&stopped) {
        return selected;
    }
    let mut order = upwards(&dependencies(draft.project));
    order.retain(|name| selected.contains(name) || stopped.contains(name.as_str()));
    order
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
    draft.selected = selected.iter().cloned().collect();
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

/// Containers of services that the files no longer name, and of `run` that have ended: removed, mentioned or ignored.
fn orphans(draft: &mut Draft<'_>, options: &UpOptions) {
    let project = draft.project;
    let known: BTreeSet<&str> =
        project.services.keys().chain(project.disabled_services.keys()).map(ServiceName::as_str).collect();
    let (ended, unnamed): (Vec<_>, Vec<_>) = draft
        .observed
        .containers
        .iter()
        .filter(|c| if c.oneoff { has_ended(c) } else { !known.contains(c.service.as_str()) })
        .partition(|c| c.oneoff);
    if options.remove_orphans {
        for orphan in unnamed {
            draft.remove(orphan, "its service is no longer in the files");
        }
        for run in ended {
            draft.remove(run, "its command has ended");
        }
        return;
    }
    for (kind, containers) in
        [("of services that the files no longer name", &unnamed), ("of run that have ended", &ended)]
    {
        if !containers.is_empty() && !options.ignore_orphans {
            draft.warnings.push(format!(
                "Containers {kind}: {}. They are left alone unless you remove orphans.",
                names(containers)
            ));
        }
    }
}

fn has_ended(container: &ObservedContainer) -> bool {
    matches!(container.state, ContainerState::Exited | ContainerState::Dead)
}

pub(crate) fn names(containers: &[&ObservedContainer]) -> String {
    let names: Vec<&str> = containers.iter().map(|container| container.name.as_str()).collect();
    names.join(", ")
}
