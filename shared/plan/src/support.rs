//! Keys that the agent cannot honour on a local engine: said before anything starts.

use composeyard_compose::{ServiceName, model::Service};

use crate::draft::Draft;

/// Adds a warning for each such key of the selected services.
pub(crate) fn warn(draft: &mut Draft<'_>, selected: &[ServiceName]) {
    let project = draft.project;
    for name in selected {
        let service = &project.services[name];
        for (key, why) in unsupported(service) {
            draft.warnings.push(format!("Service {name}: {key} is not honoured: {why}."));
        }
        for mount in service.secrets.iter().chain(&service.configs) {
            let objects = project.secrets.get(&mount.source).or_else(|| project.configs.get(&mount.source));
            let Some(object) = objects else { continue };
            let owned = mount.mode.is_some() || !mount.uid.is_empty() || !mount.gid.is_empty();
            if !object.file.is_empty() && owned {
                draft.warnings.push(format!(
                    "Service {name}: uid, gid and mode of {} have no effect: its file is mounted as it is.",
                    mount.source
                ));
            }
        }
    }
}

fn unsupported(service: &Service) -> Vec<(&'static str, &'static str)> {
    let deploy = service.deploy.clone().unwrap_or_default();
    let build = service.build.clone().unwrap_or_default();
    let reservations = deploy.resources.reservations.unwrap_or_default();
    let policy = deploy.restart_policy.unwrap_or_default();
    let swarm = "only a Swarm uses it";
    let buildkit = "it needs BuildKit, and images are built with the classic builder";
    [
        ("deploy.update_config", deploy.update_config.is_some(), swarm),
        ("deploy.rollback_config", deploy.rollback_config.is_some(), swarm),
        ("deploy.placement", deploy.placement != Default::default(), swarm),
        ("deploy.endpoint_mode", !deploy.endpoint_mode.is_empty(), swarm),
        ("deploy.mode", !matches!(deploy.mode.as_str(), "" | "replicated"), swarm),
        ("deploy.resources.reservations.cpus", reservations.cpus != 0.0, swarm),
        ("deploy.restart_policy.delay", policy.delay.is_some(), swarm),
        ("deploy.restart_policy.window", policy.window.is_some(), swarm),
        ("build.ssh", !build.ssh.is_null(), buildkit),
        ("build.secrets", !build.secrets.is_empty(), buildkit),
        ("build.additional_contexts", !build.additional_contexts.is_empty(), buildkit),
        ("build.cache_to", !build.cache_to.is_empty(), buildkit),
        ("build.platforms", build.platforms.len() > 1, buildkit),
        ("build.privileged", build.privileged, buildkit),
        ("models", !service.models.is_empty(), "it needs Docker's model runner"),
        ("pre_start", !service.pre_start.is_empty(), "hooks are not run"),
        ("post_start", !service.post_start.is_empty(), "hooks are not run"),
        ("pre_stop", !service.pre_stop.is_empty(), "hooks are not run"),
        ("use_api_socket", service.use_api_socket, "the engine's socket is not handed out"),
        ("credential_spec", service.credential_spec.is_some(), "it is for Windows containers"),
        ("blkio_config", service.blkio_config.is_some(), "block I/O limits are not passed on"),
    ]
    .into_iter()
    .filter(|(_, used, _)| *used)
    .map(|(key, _, why)| (key, why))
    .collect()
}
