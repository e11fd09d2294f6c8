//! Volumes: make what is missing; make anew what differs only when the user agreed to lose its data.

use std::collections::BTreeSet;

use composeyard_compose::{
    Project, ServiceName,
    model::{Mount, MountType, Volume},
    render::volume_hash,
};

use crate::{Action, Observed, PlanError, StepId, Target, draft::Draft, order::volume_parents, resources};

/// Plans every declared volume that `used` accepts. `agreed` are the keys whose data may be lost.
pub(crate) fn plan(
    draft: &mut Draft<'_>,
    agreed: &[String],
    used: impl Fn(&str) -> bool,
) -> Result<(), PlanError> {
    let project = draft.project;
    let mut diverged = Vec::new();
    for (key, volume) in project.volumes.iter().filter(|(key, _)| used(key)) {
        let all = &draft.observed.volumes;
        let live = resources::live(all, project.name.as_str(), key, &volume.name);
        if volume.external {
            external(draft.observed, key, volume)?;
            continue;
        }
        let Some(live) = live else {
            create(draft, key, Vec::new(), format!("volume {} does not exist", volume.name));
            continue;
        };
        resources::warn_about_others(draft, all, key, live);
        if !resources::is_ours(draft, live) {
            continue;
        }
        if live.config_hash.as_ref().is_none_or(|stored| *stored == volume_hash(volume)) {
            continue;
        }
        if live.name != volume.name {
            let reason = format!("it has a new name; {} stays with its data", live.name);
            create(draft, key, Vec::new(), reason);
        } else if agreed.contains(key) {
            diverged.push(key.as_str());
        } else {
            draft.warnings.push(format!(
                "Volume {} exists, but differs from the file. It is kept as it is: making it anew would lose its data.",
                live.name
            ));
        }
    }
    recreate(draft, &diverged);
    Ok(())
}

fn external(observed: &Observed, key: &str, volume: &Volume) -> Result<(), PlanError> {
    if observed.volumes.iter().any(|live| live.name == volume.name) {
        return Ok(());
    }
    Err(PlanError(format!(
        "Volume {key} is external, but the engine has no volume named {}. Create it (docker volume create {}) or \
         remove external: true.",
        volume.name, volume.name
    )))
}

fn create(draft: &mut Draft<'_>, key: &str, after: Vec<StepId>, reason: impl Into<String>) {
    let action = Action::CreateVolume { key: key.to_owned() };
    let step = draft.add(Target::Volume(key.to_owned()), action, after, reason);
    draft.volumes.insert(key.to_owned(), step);
}

/// The engine removes a volume only when no container refers to it, not even a stopped one: all users go first, and
/// the container stage makes them again.
fn recreate(draft: &mut Draft<'_>, keys: &[&str]) {
    if keys.is_empty() {
        return;
    }
    let users = users(draft.project, keys);
    let mut gone = Vec::new();
    for name in &users {
        for container in draft.containers(name) {
            gone.push(draft.remove(container, "a volume it mounts is made anew"));
        }
    }
    for key in keys {
        let name = draft.project.volumes[*key].name.clone();
        let target = Target::Volume((*key).to_owned());
        let removed = draft.add(
            target,
            Action::RemoveVolume { name },
            gone.clone(),
            "its configuration changed; its data is lost as agreed",
        );
        create(draft, key, vec![removed], "its configuration changed");
    }
    draft.recreated.extend(users);
}

/// Services that mount one of the volumes, themselves or through `volumes_from`.
fn users(project: &Project, keys: &[&str]) -> BTreeSet<ServiceName> {
    let mounts = |mount: &Mount| mount.kind == MountType::Volume && keys.contains(&mount.source.as_str());
    let mut users: BTreeSet<ServiceName> = project
        .services
        .iter()
        .filter(|(_, service)| service.volumes.iter().any(mounts))
        .map(|(name, _)| name.clone())
        .collect();
    loop {
        let heirs: Vec<ServiceName> = project
            .services
            .iter()
            .filter(|(name, service)| {
                !users.contains(*name) && volume_parents(service).any(|parent| users.contains(&parent))
            })
            .map(|(name, _)| name.clone())
            .collect();
        if heirs.is_empty() {
            return users;
        }
        users.extend(heirs);
    }
}
