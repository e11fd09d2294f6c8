//! Images: fetch what is missing, build what has a `build`.

use composeyard_compose::{ServiceName, model::Service};

use crate::{
    Action, BuildChanges, ObservedImage, PlanError, Pull, Target, UpOptions, draft::Draft, image_of, support,
};

/// What is done about one image.
enum Need {
    Pull(String),
    Build(String),
}

/// Plans the images of the selected services, each once.
pub(crate) fn plan(
    draft: &mut Draft<'_>,
    selected: &[ServiceName],
    options: &UpOptions,
) -> Result<(), PlanError> {
    let project = draft.project;
    // An image that several services name is built by the one that has a `build`.
    let (builders, users): (Vec<_>, Vec<_>) =
        selected.iter().partition(|name| project.services[*name].build.is_some());
    for name in builders.into_iter().chain(users) {
        let service = &project.services[name];
        let image = image_of(&project.name, name, service);
        if draft.images.contains_key(&image) {
            continue;
        }
        for hook in service.pre_start.iter().filter(|hook| !hook.image.is_empty() && hook.image != image) {
            pull_for_hook(draft, &hook.image);
        }
        let Some(need) = need(draft, name, service, &image, options)? else { continue };
        let (action, reason) = match need {
            Need::Pull(reason) => (Action::PullImage { image: image.clone(), optional: false }, reason),
            Need::Build(reason) => {
                let changes = BuildChanges::default();
                (Action::BuildImage { service: name.clone(), image: image.clone(), changes }, reason)
            }
        };
        let step = draft.add(Target::Image(image.clone()), action, Vec::new(), reason);
        draft.images.insert(image, step);
    }
    Ok(())
}

/// The image of a `pre_start` command, when it is not here.
fn pull_for_hook(draft: &mut Draft<'_>, image: &str) {
    if draft.observed.images.contains_key(image) || draft.images.contains_key(image) {
        return;
    }
    let action = Action::PullImage { image: image.to_owned(), optional: false };
    let reason = format!("image {image} is not on this machine");
    let step = draft.add(Target::Image(image.to_owned()), action, Vec::new(), reason);
    draft.images.insert(image.to_owned(), step);
}

fn need(
    draft: &mut Draft<'_>,
    name: &ServiceName,
    service: &Service,
    image: &str,
    options: &UpOptions,
) -> Result<Option<Need>, PlanError> {
    let found = draft.observed.images.get(image);
    let local = found.is_some();
    if service.build.is_some() && !options.no_build {
        let reason = match (options.build, local) {
            (true, _) => "a build was asked for".to_owned(),
            (_, false) => format!("image {image} does not exist yet"),
            _ if service.pull_policy == "build" => "pull_policy is build".to_owned(),
            _ => return Ok(None),
        };
        support::buildable(name, service)?;
        return Ok(Some(Need::Build(reason)));
    }
    if service.image.is_empty() && service.build.is_some() {
        let why =
            format!("Service {name}: image {image} does not exist, and no build is wanted. Build it first.");
        return if local { Ok(None) } else { Err(PlanError(why)) };
    }
    if service.image.is_empty() {
        return Err(PlanError(format!("Service {name} has neither image nor build. Give it one of them.")));
    }
    let policy = match options.pull {
        Some(Pull::Always) => return Ok(Some(Need::Pull("a pull was asked for".to_owned()))),
        Some(Pull::Never) if !local => {
            return Err(PlanError(format!(
                "Service {name}: image {image} is not on this machine, and no pull is wanted. Pull it first."
            )));
        }
        Some(Pull::Never | Pull::Missing) => "missing",
        None => service.pull_policy.as_str(),
    };
    match policy {
        "always" => return Ok(Some(Need::Pull("pull_policy is always".to_owned()))),
        "never" if !local => {
            return Err(PlanError(format!(
                "Service {name}: image {image} is not on this machine and pull_policy is never. Pull it yourself or \
                 change pull_policy."
            )));
        }
        "" | "missing" | "if_not_present" | "never" | "build" => {}
        policy => match (longest_age(policy), found) {
            (Some(age), Some(found)) if is_older(draft, found, age) => {
                return Ok(Some(Need::Pull(format!("pull_policy is {policy} and the image is older"))));
            }
            (Some(_), _) => {}
            (None, _) => draft
                .warnings
                .push(format!("Service {name}: pull_policy {policy} is not known and counts as missing.")),
        },
    }
    Ok((!local).then(|| Need::Pull(format!("image {image} is not on this machine"))))
}

/// `daily`, `weekly`, `every_12h`, `every_1w2d`: nanoseconds.
fn longest_age(policy: &str) -> Option<i64> {
    const DAY: i64 = 24 * 3_600_000_000_000;
    match policy {
        "daily" => Some(DAY),
        "weekly" => Some(7 * DAY),
        every => {
            let mut rest = every.strip_prefix("every_").filter(|rest| !rest.is_empty())?;
            let mut age: i64 = 0;
            while !rest.is_empty() {
                let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                let count: i64 = rest[..digits].parse().ok()?;
                let unit = match rest.as_bytes().get(digits)? {
                    b'w' => 7 * DAY,
                    b'd' => DAY,
                    b'h' => DAY / 24,
                    b'm' => DAY / 24 / 60,
                    b's' => DAY / 24 / 3600,
                    _ => return None,
                };
                age = age.checked_add(count.checked_mul(unit)?)?;
                rest = &rest[digits + 1..];
            }
            Some(age)
        }
    }
}

/// True when the image was last pulled so long ago, or nobody knows when.
fn is_older(draft: &Draft<'_>, image: &ObservedImage, age: i64) -> bool {
    draft.observed.engine.is_some_and(|engine| engine.now.saturating_sub(image.tagged_at) >= age)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_words_or_counts_with_units() {
        const HOUR: i64 = 3_600_000_000_000;
        assert_eq!(longest_age("daily"), Some(24 * HOUR));
        assert_eq!(longest_age("weekly"), Some(7 * 24 * HOUR));
        assert_eq!(longest_age("every_12h"), Some(12 * HOUR));
        assert_eq!(longest_age("every_1d2h30m"), Some(26 * HOUR + HOUR / 2));
        for nonsense in ["", "every_", "every_x", "every_5", "every_99999999999999w", "sometimes", "every_1é"]
        {
            assert_eq!(longest_age(nonsense), None, "{nonsense}");
        }
    }
}
