//! `pull`, `build` and `push`: images, and no container.

use std::collections::BTreeSet;

use composeyard_compose::{Project, ServiceName, model::Service};

use crate::{
    Action, BuildOptions, Observed, Plan, PlanError, PullOptions, PushOptions, StepId, Target, draft::Draft,
    image_of, support, up,
};

/// Fetches the images of the services, each once. What a service builds may be missing in the registry.
pub(crate) fn pull(project: &Project, observed: &Observed, options: &PullOptions) -> Result<Plan, PlanError> {
    let mut draft = Draft::new(project, observed);
    let mut planned = BTreeSet::new();
    for name in chosen(project, &options.services, options.include_deps)? {
        let service = &project.services[&name];
        let image = &service.image;
        let local = observed.images.contains_key(image);
        let buildable = service.build.is_some();
        let left_out = match service.pull_policy.as_str() {
            _ if image.is_empty() => true,
            "never" | "build" => true,
            "missing" | "if_not_present" => local,
            _ => (options.only_missing && local) || (options.ignore_buildable && buildable),
        };
        if left_out || !planned.insert(image.clone()) {
            continue;
        }
        let optional = options.ignore_failures || buildable;
        let action = Action::PullImage { image: image.clone(), optional };
        draft.add(Target::Image(image.clone()), action, Vec::new(), "a pull was asked for");
    }
    Ok(draft.finish())
}

/// Builds the images of the services that have a `build`, each once.
pub(crate) fn build(
    project: &Project,
    observed: &Observed,
    options: &BuildOptions,
) -> Result<Plan, PlanError> {
    let mut draft = Draft::new(project, observed);
    let (mut planned, mut sent) = (BTreeSet::new(), BTreeSet::new());
    for name in chosen(project, &options.services, options.with_dependencies)? {
        let service = &project.services[&name];
        let image = image_of(&project.name, &name, service);
        if service.build.is_none() || !planned.insert(image.clone()) {
            continue;
        }
        support::buildable(&name, service)?;
        let changes = options.changes.clone();
        let action = Action::BuildImage { service: name.clone(), image: image.clone(), changes };
        let built = draft.add(Target::Image(image), action, Vec::new(), "a build was asked for");
        if options.push {
            send(&mut draft, &mut sent, &name, &[built], false);
        }
    }
    if planned.is_empty() {
        draft.warnings.push("No service here has a build: there is nothing to build.".to_owned());
    }
    Ok(draft.finish())
}

/// Sends what the services build to the registries, under all names, each once. What nobody builds came from there.
pub(crate) fn push(project: &Project, observed: &Observed, options: &PushOptions) -> Result<Plan, PlanError> {
    let mut draft = Draft::new(project, observed);
    let mut sent = BTreeSet::new();
    for name in chosen(project, &options.services, options.include_deps)? {
        if project.services[&name].build.is_some() {
            send(&mut draft, &mut sent, &name, &[], options.ignore_failures);
        }
    }
    if sent.is_empty() {
        draft
            .warnings
            .push("No service here has both an image and a build: there is nothing to push.".to_owned());
    }
    Ok(draft.finish())
}

fn send(
    draft: &mut Draft<'_>,
    sent: &mut BTreeSet<String>,
    name: &ServiceName,
    after: &[StepId],
    optional: bool,
) {
    let service = &draft.project.services[name];
    if service.image.is_empty() {
        draft.warnings.push(format!("Service {name}: its image has no name of its own, and is not pushed."));
        return;
    }
    for image in names(service) {
        if sent.insert(image.to_owned()) {
            let action = Action::PushImage { image: image.to_owned(), optional };
            draft.add(Target::Image(image.to_owned()), action, after.to_vec(), "a push was asked for");
        }
    }
}

/// All names that a build gives to the image of a service.
fn names(service: &Service) -> impl Iterator<Item = &str> {
    let tags = service.build.iter().flat_map(|build| &build.tags);
    std::iter::once(&service.image).chain(tags).map(String::as_str)
}

/// The named services, with what they depend on or without; all when none is named.
fn chosen(
    project: &Project,
    named: &[ServiceName],
    dependencies: bool,
) -> Result<Vec<ServiceName>, PlanError> {
    let mut services = up::selected(project, named, std::iter::empty())?;
    if !named.is_empty() && !dependencies {
        services.retain(|name| named.contains(name));
    }
    Ok(services)
}
