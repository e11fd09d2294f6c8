//! Keys that the agent cannot honour on this engine, said before anything starts: what would change the result is
//! refused, what only loses a convenience is a warning.

use composeyard_compose::{
    Project, ServiceName,
    model::{MountType, Service},
};

use crate::{ObservedEngine, PlanError, draft::Draft};

/// A key that cannot be honoured, and why.
struct Lack {
    key: &'static str,
    why: &'static str,
    /// The service would not be what its file says.
    refused: bool,
}

/// Refuses the selected services, or adds a warning for each such key.
pub(crate) fn check(draft: &mut Draft<'_>, selected: &[ServiceName]) -> Result<(), PlanError> {
    let project = draft.project;
    for name in selected {
        let service = &project.services[name];
        for Lack { key, why, refused } in lacks(service, draft.observed.engine) {
            if refused {
                return Err(PlanError(format!("Service {name}: {key} cannot be honoured: {why}.")));
            }
            draft.warnings.push(format!("Service {name}: {key} is not honoured: {why}."));
        }
        objects(draft, name, service)?;
    }
    Ok(())
}

/// The keys of a service that [`crate::plan`] refuses or warns of.
pub fn not_honoured(service: &Service, engine: Option<ObservedEngine>) -> Vec<&'static str> {
    let building = if service.build.is_some() { build(service) } else { Vec::new() };
    lacks(service, engine).into_iter().chain(building).map(|lack| lack.key).collect()
}

/// Refuses a build that the classic builder would get wrong.
pub(crate) fn buildable(name: &ServiceName, service: &Service) -> Result<(), PlanError> {
    match build(service).into_iter().next() {
        Some(Lack { key, why, .. }) => {
            Err(PlanError(format!("Service {name}: {key} cannot be honoured: {why}.")))
        }
        None => Ok(()),
    }
}

/// Secrets and configs that only a Swarm has, and owners that a mounted file cannot have.
fn objects(draft: &mut Draft<'_>, name: &ServiceName, service: &Service) -> Result<(), PlanError> {
    let Project { secrets, configs, .. } = draft.project;
    let used = service.secrets.iter().map(|mount| ("secret", secrets, mount));
    for (kind, declared, mount) in used.chain(service.configs.iter().map(|mount| ("config", configs, mount)))
    {
        let Some(object) = declared.get(&mount.source) else { continue };
        if object.external {
            return Err(PlanError(format!(
                "Service {name}: {kind} {} is external: only a Swarm has those. Give it a file instead.",
                mount.source
            )));
        }
        let owned = mount.mode.is_some() || !mount.uid.is_empty() || !mount.gid.is_empty();
        if !object.file.is_empty() && owned {
            draft.warnings.push(format!(
                "Service {name}: uid, gid and mode of {} have no effect: its file is mounted as it is.",
                mount.source
            ));
        }
    }
    Ok(())
}

fn lacks(service: &Service, engine: Option<ObservedEngine>) -> Vec<Lack> {
    swarm(service).into_iter().chain(hosts(service)).chain(newer(service, engine)).collect()
}

/// The entries that are used.
fn used<const N: usize>(refused: bool, entries: [(&'static str, bool, &'static str); N]) -> Vec<Lack> {
    let used = entries.into_iter().filter(|(_, used, _)| *used);
    used.map(|(key, _, why)| Lack { key, why, refused }).collect()
}

fn swarm(service: &Service) -> Vec<Lack> {
    let deploy = service.deploy.clone().unwrap_or_default();
    let reservations = deploy.resources.reservations.unwrap_or_default();
    let policy = deploy.restart_policy.unwrap_or_default();
    let why = "only a Swarm uses it";
    used(
        false,
        [
            ("deploy.update_config", deploy.update_config.is_some(), why),
            ("deploy.rollback_config", deploy.rollback_config.is_some(), why),
            ("deploy.placement", deploy.placement != Default::default(), why),
            ("deploy.endpoint_mode", !deploy.endpoint_mode.is_empty(), why),
            ("deploy.mode", !matches!(deploy.mode.as_str(), "" | "replicated"), why),
            ("deploy.resources.reservations.cpus", reservations.cpus != 0.0, why),
            ("deploy.restart_policy.delay", policy.delay.is_some(), why),
            ("deploy.restart_policy.window", policy.window.is_some(), why),
        ],
    )
}

/// What no Linux engine does for us.
fn hosts(service: &Service) -> Vec<Lack> {
    let isolated = !matches!(service.isolation.as_str(), "" | "default");
    let windows = "it is for Windows containers";
    let mut lacks = used(
        true,
        [
            ("provider", service.provider.is_some(), "programs of providers are not run"),
            ("models", !service.models.is_empty(), "it needs Docker's model runner"),
            ("use_api_socket", service.use_api_socket, "the engine's socket is not handed out"),
        ],
    );
    lacks.extend(used(
        false,
        [
            ("credential_spec", service.credential_spec.is_some(), windows),
            ("isolation", isolated, windows),
            ("cpu_count", service.cpu_count != 0, windows),
            ("cpu_percent", service.cpu_percent != 0.0, windows),
        ],
    ));
    lacks
}

/// What needs a newer engine than this one.
fn newer(service: &Service, engine: Option<ObservedEngine>) -> Vec<Lack> {
    let Some(engine) = engine else { return Vec::new() };
    let below = |minor: usize| engine.api < (1, minor);
    let mounts = |what: fn(&composeyard_compose::model::Mount) -> bool| service.volumes.iter().any(what);
    let subpath = mounts(|mount| mount.volume.as_ref().is_some_and(|volume| !volume.subpath.is_empty()));
    let images = mounts(|mount| mount.kind == MountType::Image);
    let start_interval = service.healthcheck.as_ref().is_some_and(|check| check.start_interval.is_some());
    let endpoints = || service.networks.values().flatten();
    let own_mac =
        !service.mac_address.is_empty() || endpoints().any(|endpoint| !endpoint.mac_address.is_empty());
    let mut lacks = used(
        true,
        [
            ("volumes.subpath", subpath && below(45), "it needs API 1.45 (Docker 26)"),
            ("volumes of type image", images && below(48), "it needs API 1.48 (Docker 28)"),
            ("healthcheck.start_interval", start_interval && below(44), "it needs API 1.44 (Docker 25)"),
            ("mac_address", own_mac && below(44), "it needs API 1.44 (Docker 25)"),
        ],
    );
    let gateway = endpoints().any(|endpoint| endpoint.gw_priority != 0);
    let annotations = !service.annotations.is_empty();
    lacks.extend(used(
        false,
        [
            ("annotations", annotations && below(43), "it needs API 1.43 (Docker 24)"),
            ("networks.gw_priority", gateway && below(48), "it needs API 1.48 (Docker 28)"),
        ],
    ));
    lacks
}

/// What only BuildKit does.
fn build(service: &Service) -> Vec<Lack> {
    let build = service.build.clone().unwrap_or_default();
    let why = "it needs BuildKit, and images are built with the classic builder";
    used(
        true,
        [
            ("build.ssh", !build.ssh.is_null(), why),
            ("build.secrets", !build.secrets.is_empty(), why),
            ("build.additional_contexts", !build.additional_contexts.is_empty(), why),
            ("build.cache_to", !build.cache_to.is_empty(), why),
            ("build.platforms", build.platforms.len() > 1, why),
            ("build.privileged", build.privileged, why),
            ("build.entitlements", !build.entitlements.is_empty(), why),
            ("build.ulimits", !build.ulimits.is_empty(), "the classic builder is not told of it"),
        ],
    )
}
