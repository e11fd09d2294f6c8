//! Images: fetch what is missing, build what has a `build`.

use composeyard_compose::{ServiceName, model::Service};

use crate::{Action, PlanError, Target, draft::Draft, image_of};

/// What is done about one image.
enum Need {
    Pull(String),
    Build(String),
}

/// Plans the images of the selected services, each once.
pub(crate) fn plan(draft: &mut Draft<'_>, selected: &[ServiceName], build: bool) -> Result<(), PlanError> {
    let project = draft.project;
    // An image that several services name is built by the one that has a `build`.
    let (builders, users): (Vec<_>, Vec<_>) =
        selected.iter().partition(|name| project.services[*name].build.is_some());
    for name in builders.into_iter().chain(users) {
        let service = &project.services[name];
        let image = image_of(&project.name, name, service);
        if draft.images.contains_key(&image) || service.provider.is_some() {
            continue;
        }
        let Some(need) = need(draft, name, service, &image, build)? else { continue };
        let (action, reason) = match need {
            Need::Pull(reason) => (Action::PullImage { image: image.clone() }, reason),
            Need::Build(reason) => {
                (Action::BuildImage { service: name.clone(), image: image.clone() }, reason)
            }
        };
        let step = draft.add(Target::Image(image.clone()), action, Vec::new(), reason);
        draft.images.insert(image, step);
    }
    Ok(())
}

fn need(
    draft: &mut Draft<'_>,
    name: &ServiceName,
    service: &Service,
    image: &str,
    build: bool,
) -> Result<Option<Need>, PlanError> {
    let local = draft.observed.images.contains_key(image);
    if service.build.is_some() {
        let reason = match (build, local) {
            (true, _) => "a build was asked for".to_owned(),
            (_, false) => format!("image {image} does not exist yet"),
            _ if service.pull_policy == "build" => "pull_policy is build".to_owned(),
            _ => return Ok(None),
        };
        return Ok(Some(Need::Build(reason)));
    }
    if service.image.is_empty() {
        return Err(PlanError(format!("Service {name} has neither image nor build. Give it one of them.")));
    }
    match service.pull_policy.as_str() {
        "always" => return Ok(Some(Need::Pull("pull_policy is always".to_owned()))),
        "never" if !local => {
            return Err(PlanError(format!(
                "Service {name}: image {image} is not on this machine and pull_policy is never. Pull it yourself or \
                 change pull_policy."
            )));
        }
        "" | "missing" | "if_not_present" | "never" | "build" => {}
        other => draft.warnings.push(format!(
            "Service {name}: pull_policy {other} counts as missing: the age of an image is not looked at."
        )),
    }
    Ok((!local).then(|| Need::Pull(format!("image {image} is not on this machine"))))
}
